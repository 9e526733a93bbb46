-- Letters about money come when the appointment is over or cancelled, and what reminders were written from is gone: who pays a
-- booking through us is kept until ninety days after the visit.
create table notifications.payer (
    booking_id uuid constraint payer_pkey primary key,
    organization_id uuid,
    starts_at timestamptz not null,
    time_zone text not null,
    patient_name text not null,
    email text not null
);
create index payer_starts_at_idx on notifications.payer (starts_at);
