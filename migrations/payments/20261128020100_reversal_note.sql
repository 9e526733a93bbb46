-- A refund may come back from the bank after its adjustment note was issued. Documents are never changed, so another one, in the same
-- series, takes the note back and names it.
alter table payments.invoice
    drop constraint invoice_kind,
    add constraint invoice_kind
        check (kind in ('tax_invoice', 'adjustment_note', 'reversal_note', 'platform_invoice')),
    drop constraint invoice_adjusts,
    add constraint invoice_adjusts
        check ((kind in ('adjustment_note', 'reversal_note')) = (corrects is not null));
