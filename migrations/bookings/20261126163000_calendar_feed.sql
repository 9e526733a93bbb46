-- Calendars that people subscribe to by a secret address, which is kept as its fingerprint only. One for each patient's account
-- and one for each role; a new address takes the place of the one before.
create table bookings.calendar_feed (
    calendar_feed_id uuid constraint calendar_feed_pkey primary key,
    -- Who made it.
    account_id uuid not null,
    -- Of a patient's feed: whose appointments are in it, beside those that the account made for nobody in particular.
    patient_id uuid,
    -- Of a practitioner's feed: with whom.
    practitioner_role_id uuid
        constraint calendar_feed_role_fkey references bookings.role on delete cascade,
    token_hash bytea not null constraint calendar_feed_token_key unique,
    detail text not null,
    created_at timestamptz not null,
    last_read_at timestamptz,
    constraint calendar_feed_token check (octet_length(token_hash) = 32),
    constraint calendar_feed_detail check (detail in ('times', 'details')),
    constraint calendar_feed_of_one check (patient_id is null or practitioner_role_id is null)
);
create unique index calendar_feed_account_key on bookings.calendar_feed (account_id)
    where practitioner_role_id is null;
create unique index calendar_feed_role_key on bookings.calendar_feed (practitioner_role_id)
    where practitioner_role_id is not null;
create index calendar_feed_patient_idx on bookings.calendar_feed (patient_id) where patient_id is not null;
-- All that somebody made, for when they are forgotten.
create index calendar_feed_made_idx on bookings.calendar_feed (account_id);
