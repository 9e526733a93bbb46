-- Reasons by which platform staff may see a patient's appointments for a time, as users told them: who, whose and until when,
-- and none of the words.
create table bookings.access_grant (
    access_grant_id uuid constraint access_grant_pkey primary key,
    account_id uuid not null,
    patient_id uuid not null,
    granted_at timestamptz not null,
    expires_at timestamptz not null,
    constraint access_grant_order check (granted_at < expires_at)
);
create index access_grant_patient_idx on bookings.access_grant (patient_id, account_id);
create index access_grant_expiry_idx on bookings.access_grant (expires_at);
