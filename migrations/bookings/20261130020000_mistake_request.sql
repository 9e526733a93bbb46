-- Where money moved or Medicare has a claim, that an appointment never was one is said by two: one asks, somebody else agrees
-- (four eyes). What is agreed to is the version that was asked about, and no other.
create table bookings.mistake_request (
    mistake_request_id uuid constraint mistake_request_pkey primary key,
    booking_id uuid not null,
    appointment_id uuid not null
        constraint mistake_request_appointment_fkey references bookings.appointment on delete cascade,
    appointment_version integer not null,
    version integer not null default 1,
    status text not null default 'asked',
    reason text not null,
    note text not null,
    -- Nobody else of the practice may agree, as the asker says: our administrators do.
    nobody_else boolean not null,
    asked_by uuid not null,
    asked_at timestamptz not null,
    decided_by uuid,
    decided_as text,
    answer text,
    ended_at timestamptz,
    constraint mistake_request_status check (status in ('asked', 'approved', 'declined', 'withdrawn')),
    constraint mistake_request_reason check (reason in (
        'practitioner_unwell', 'practitioner_away', 'practice_closed', 'emergency', 'no_time', 'not_offered', 'mistake',
        'patient_asked', 'other'
    )),
    constraint mistake_request_four_eyes check (decided_by <> asked_by),
    constraint mistake_request_decided_as check (decided_as in ('practice', 'platform')),
    constraint mistake_request_decided check (
        num_nonnulls(decided_by, decided_as) = case when status in ('approved', 'declined') then 2 else 0 end
    ),
    constraint mistake_request_platform check (decided_as = 'practice' or nobody_else),
    constraint mistake_request_answer check ((answer is not null) = (status = 'declined')),
    constraint mistake_request_ended check ((ended_at is null) = (status = 'asked'))
);
-- One is open at a time.
create unique index mistake_request_open_key on bookings.mistake_request (appointment_id) where status = 'asked';
create index mistake_request_appointment_idx on bookings.mistake_request (appointment_id);
create index mistake_request_booking_idx on bookings.mistake_request (booking_id);
create index mistake_request_platform_idx on bookings.mistake_request (asked_at) where status = 'asked' and nobody_else;
