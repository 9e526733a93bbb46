-- Appointments wait for their payment, and know what became of it. The quote stays as it was signed.
alter table bookings.appointment
    add column quote jsonb,
    add column cohort text,
    add column pay_until timestamptz,
    add column payment_step text,
    add column payment_failure text,
    add column repair_until timestamptz,
    add column fee_waived_by text,
    add column claim_lodged_at timestamptz,
    add constraint appointment_cohort check (cohort in ('veteran', 'under_16', 'concession', 'medicare', 'anyone')),
    add constraint appointment_payment_step check (payment_step in ('not_required', 'card_saved', 'authorised', 'captured')),
    add constraint appointment_fee_waived_by check (fee_waived_by in ('refilled', 'practice', 'platform')),
    add constraint appointment_pay_until check (status <> 'awaiting_payment' or pay_until is not null);
create index appointment_pay_until_idx on bookings.appointment (pay_until) where status = 'awaiting_payment';

-- What a booking's money stands at, as payments told it: shown, never reckoned with.
create table bookings.payment_standing (
    booking_id uuid constraint payment_standing_pkey primary key,
    status text not null,
    total_cents bigint not null,
    captured_cents bigint not null,
    refunded_cents bigint not null,
    fee_cents bigint not null,
    aggregate_version bigint not null
);
-- For which sort of patient a time is held.
alter table bookings.hold add column cohort text;
