-- Whose a booking is, as bookings told it: a payment names a booking and nobody, and without this no person could be shown
-- what is kept of theirs. Guests are nobody here.
create table payments.booking_owner (
    booking_id uuid constraint booking_owner_pkey primary key,
    account_id uuid,
    patient_id uuid,
    constraint booking_owner_is_somebody check (num_nonnulls(account_id, patient_id) > 0)
);
create index booking_owner_account_idx on payments.booking_owner (account_id);
create index booking_owner_patient_idx on payments.booking_owner (patient_id);
