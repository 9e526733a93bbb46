-- The whole life of an appointment: requests that a practice answers, the visit itself, and what did not take place. Every
-- step is a row of its own, so that nobody has to guess later how it came to stand where it does.
alter table bookings.appointment drop constraint appointment_status;
alter table bookings.appointment
    add constraint appointment_status check (status in (
        'requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult', 'completed', 'rescheduled',
        'declined', 'expired', 'cancelled_by_patient', 'cancelled_late', 'cancelled_by_provider', 'cancelled_by_admin',
        'no_show_patient', 'no_show_provider', 'entered_in_error'
    )),
    add column reply_by timestamptz,
    add column attendance_confirmed_at timestamptz,
    add column completed_at timestamptz,
    add column reason text,
    add constraint appointment_reason check (reason in (
        'practitioner_unwell', 'practitioner_away', 'practice_closed', 'emergency', 'no_time', 'not_offered', 'mistake',
        'patient_asked', 'other'
    )),
    add constraint appointment_reply_by check (status <> 'requested' or reply_by is not null);

-- One link of a chain stands at a time.
drop index bookings.appointment_upcoming_idx;
create unique index appointment_upcoming_idx on bookings.appointment (booking_id)
    where status in ('requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult');
create index appointment_reply_by_idx on bookings.appointment (reply_by) where status = 'requested';
create index appointment_unmarked_idx on bookings.appointment (starts_at)
    where status in ('confirmed', 'arrived', 'checked_in', 'in_consult');

create table bookings.appointment_transition (
    appointment_transition_id uuid constraint appointment_transition_pkey primary key,
    booking_id uuid not null,
    appointment_id uuid not null
        constraint appointment_transition_appointment_fkey references bookings.appointment on delete cascade,
    -- The version that the step made.
    version integer not null,
    step text not null,
    from_status text not null,
    to_status text not null,
    reason text,
    taken_by text not null,
    taken_at timestamptz not null,
    constraint appointment_transition_version_key unique (appointment_id, version),
    constraint appointment_transition_taken_by check (taken_by in ('patient', 'practice', 'system'))
);
create index appointment_transition_booking_idx on bookings.appointment_transition (booking_id);
revoke update on bookings.appointment_transition from bookings_app;

-- What the practice answers first.
alter table bookings.appointment_type add column needs_acceptance boolean not null default false;
