-- One row for each booking: what is owed through us and what came of it. For now nothing is collected here.
create table payments.payment (
    payment_id uuid constraint payment_pkey primary key,
    booking_id uuid not null constraint payment_booking_key unique,
    -- A quote pays once: this stops its replay.
    quote_id uuid not null constraint payment_quote_key unique,
    status text not null,
    price_cents bigint not null,
    bulk_billed boolean not null,
    patient_charge_cents bigint not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payment_status check (status in ('not_required', 'voided')),
    constraint payment_price_sign check (price_cents >= 0 and patient_charge_cents >= 0),
    -- Health Insurance Act 1973 s 20A (C-52): a bulk-billed service carries no charge to the patient.
    constraint payment_bulk_billed_is_uncharged check (not bulk_billed or patient_charge_cents = 0)
);
