-- What a patient says beside a practice's record with which they do not agree (APP 13.4, C-16). Statements are added and
-- never altered, and go with the record. They are readable: what is clinical belongs into a sealed note.
create table bookings.party_statement (
    statement_id uuid constraint party_statement_pkey primary key,
    booking_id uuid not null
        constraint party_statement_party_fkey references bookings.appointment_party on delete cascade,
    text text not null,
    created_at timestamptz not null,
    constraint party_statement_length check (char_length(text) between 1 and 1000)
);
create index party_statement_booking_idx on bookings.party_statement (booking_id, created_at);
revoke update on bookings.party_statement from bookings_app;
