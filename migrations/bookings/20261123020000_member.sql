-- Members book too: holds and parties remember whose account made them and for which patient. Practices list what is
-- booked with them.
alter table bookings.hold add column account_id uuid;
create index hold_active_account_idx on bookings.hold (account_id) where status = 'active' and account_id is not null;

alter table bookings.appointment_party
    add column account_id uuid,
    add column patient_id uuid,
    add column claimed_at timestamptz;
create index appointment_party_patient_idx on bookings.appointment_party (patient_id) where patient_id is not null;
create index appointment_party_account_idx on bookings.appointment_party (account_id) where account_id is not null;
create index role_organization_idx on bookings.role (organization_id);
