-- Whose a message is: letters about an account name it, and bookings told whose a booking is. Without this no person could be
-- shown what is kept of theirs. Messages themselves go three months after they were written (C-43).
alter table notifications.message add column account_id uuid;
create index message_account_idx on notifications.message (account_id) where account_id is not null;
create index message_created_idx on notifications.message (created_at);

create table notifications.booking_owner (
    booking_id uuid constraint booking_owner_pkey primary key,
    account_id uuid,
    patient_id uuid,
    constraint booking_owner_is_somebody check (num_nonnulls(account_id, patient_id) > 0)
);
create index booking_owner_account_idx on notifications.booking_owner (account_id);
create index booking_owner_patient_idx on notifications.booking_owner (patient_id);
