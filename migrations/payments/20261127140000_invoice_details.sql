-- Which practice a document is about, also where the platform issues it; and what stands on a patient's: who came, whom they saw
-- and when, as bookings told it.
alter table payments.invoice add column organization_id uuid;
create index invoice_organization_idx on payments.invoice (organization_id, created_at, invoice_id);

create table payments.billed_visit (
    booking_id uuid constraint billed_visit_pkey primary key,
    recipient_name text not null,
    practitioner_name text not null,
    -- Nothing clinical where the appointment type is discreet.
    service_text text not null,
    starts_at timestamptz not null,
    time_zone text not null,
    updated_at timestamptz not null
);

-- A practice bulk bills what the patient was to pay for: what was paid goes back first, and then nothing is charged any more.
alter table payments.payment add column bulk_bill_asked_at timestamptz;
create index payment_bulk_bill_asked_idx on payments.payment (bulk_bill_asked_at)
    where bulk_bill_asked_at is not null and not bulk_billed;
