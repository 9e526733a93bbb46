-- A visit that is to be bulk billed after all is charged for as before where its money could not be given back: the practice sees it and
-- can try again.
alter table payments.payment
    add column bulk_bill_failed_at timestamptz,
    -- One that is tried again has not failed.
    add constraint payment_bulk_bill_is_one_thing check (bulk_bill_asked_at is null or bulk_bill_failed_at is null);
