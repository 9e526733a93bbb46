-- What a patient and a practice tell each other, sealed by their browsers: we see who wrote, when, for which booking, and a
-- padded size. With it a copy of whose booking each is, as told by the service that owns them.
create table users.booking (
    booking_id uuid constraint booking_pkey primary key,
    -- The one it was made with, whatever becomes of its practitioner.
    organization_id uuid not null,
    account_id uuid,
    patient_id uuid,
    starts_at timestamptz not null,
    status text not null,
    -- The practice's epoch when the booking came; none when it had none.
    epoch integer,
    -- Lower ones are ignored.
    version bigint not null
);
create index booking_account_idx on users.booking (account_id) where account_id is not null;
create index booking_patient_idx on users.booking (patient_id) where patient_id is not null;

-- All notes of one booking. The sums are kept here so that limits and lists need not count, and so that two notes of one
-- booking wait for each other.
create table users.note_thread (
    booking_id uuid constraint note_thread_pkey primary key,
    organization_id uuid not null,
    -- The practice's epoch when the first note came.
    epoch integer not null,
    notes integer not null default 0,
    bytes bigint not null default 0,
    newest_at timestamptz not null,
    newest_by_practice boolean not null default false,
    -- When somebody of the practice last opened it.
    opened_at timestamptz,
    -- Until the booking is known: then all of it is destroyed.
    destroy_at timestamptz,
    constraint note_thread_notes check (notes between 0 and 20),
    constraint note_thread_bytes check (bytes between 0 and 33554432)
);
create index note_thread_inbox_idx on users.note_thread (organization_id, newest_at, booking_id);
create index note_thread_destroy_idx on users.note_thread (destroy_at) where destroy_at is not null;

-- Every version of every note; versions are dense from 1.
create table users.sealed_note (
    note_id uuid not null,
    version integer not null,
    booking_id uuid not null
        constraint sealed_note_thread_fkey references users.note_thread on delete cascade,
    epoch integer not null,
    author_side text not null,
    -- None for a guest.
    account_id uuid,
    -- The name of the keys that signed.
    key_id bytea not null,
    padded_bytes integer not null,
    envelope bytea not null,
    created_at timestamptz not null,
    constraint sealed_note_pkey primary key (note_id, version),
    constraint sealed_note_version check (version >= 1),
    constraint sealed_note_author_side check (author_side in ('guest', 'patient', 'practice')),
    constraint sealed_note_author_whole check ((author_side = 'guest') = (account_id is null)),
    constraint sealed_note_key_id_length check (octet_length(key_id) = 32),
    constraint sealed_note_envelope_size check (octet_length(envelope) between 1 and 8388608)
);
create index sealed_note_booking_idx on users.sealed_note (booking_id);
-- Ciphertext does not get smaller.
alter table users.sealed_note alter column envelope set storage external;
