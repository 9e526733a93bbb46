-- Tax invoices, adjustment notes and the platform's invoices. Numbers of one issuer have no gaps: each names the one before it,
-- which has to be there.
create table payments.invoice_series (
    -- A practice, or the platform as the nil id.
    issuer_id uuid constraint invoice_series_pkey primary key,
    last_number bigint not null,
    constraint invoice_series_last check (last_number >= 0)
);

create table payments.invoice (
    invoice_id uuid constraint invoice_pkey primary key,
    issuer_id uuid not null constraint invoice_series_fkey references payments.invoice_series,
    number bigint not null,
    previous_number bigint generated always as (nullif(number - 1, 0)) stored,
    kind text not null,
    -- What it is a consequence of: an intent, a refund, a practice's month. One document for each.
    cause_id uuid not null,
    payment_id uuid,
    booking_id uuid,
    corrects bigint,
    issued_on date not null,
    issuer_name text not null,
    issuer_abn text,
    -- The person's name goes when the time of the record is over; the document stays, so that numbers have no gaps.
    recipient_name text,
    lines jsonb not null,
    total_cents bigint not null,
    gst_cents bigint not null,
    rebate_cents bigint not null default 0,
    created_at timestamptz not null,
    constraint invoice_number_key unique (issuer_id, number),
    constraint invoice_number check (number > 0),
    constraint invoice_previous_fkey foreign key (issuer_id, previous_number) references payments.invoice (issuer_id, number),
    constraint invoice_corrects_fkey foreign key (issuer_id, corrects) references payments.invoice (issuer_id, number),
    constraint invoice_kind check (kind in ('tax_invoice', 'adjustment_note', 'platform_invoice')),
    constraint invoice_cause_key unique (kind, cause_id),
    constraint invoice_adjusts check ((kind = 'adjustment_note') = (corrects is not null)),
    constraint invoice_amounts check (total_cents >= 0 and gst_cents between 0 and total_cents and rebate_cents >= 0)
);
create index invoice_payment_idx on payments.invoice (payment_id);
create index invoice_booking_idx on payments.invoice (booking_id);
revoke delete on payments.invoice from payments_app;
revoke update on payments.invoice from payments_app;
grant update (recipient_name) on payments.invoice to payments_app;
