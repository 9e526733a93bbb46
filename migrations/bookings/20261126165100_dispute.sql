-- What was noted of an appointment can be disputed: the other side answers, an administrator decides, and the fee that hangs on it
-- is reversed or kept. The appointment stands where it stood.
create table bookings.dispute (
    dispute_id uuid constraint dispute_pkey primary key,
    booking_id uuid not null,
    -- What was noted is disputed once.
    appointment_id uuid not null
        constraint dispute_appointment_key unique
        constraint dispute_appointment_fkey references bookings.appointment on delete cascade,
    version integer not null default 1,
    status text not null default 'open',
    opened_by text not null,
    text text not null,
    opened_at timestamptz not null,
    answer_by timestamptz not null,
    answer text,
    answered_at timestamptz,
    reason text,
    note text,
    decided_at timestamptz,
    constraint dispute_status check (status in ('open', 'upheld', 'rejected')),
    constraint dispute_opened_by check (opened_by in ('patient', 'practice')),
    constraint dispute_reason check (reason in (
        'times_show_it', 'other_side_agrees', 'no_answer', 'nothing_against', 'beyond_control'
    )),
    constraint dispute_answered check ((answer is null) = (answered_at is null)),
    constraint dispute_decided check (num_nulls(reason, note, decided_at) = case when status = 'open' then 3 else 0 end)
);
create index dispute_booking_idx on bookings.dispute (booking_id);
create index dispute_open_idx on bookings.dispute (opened_at) where status = 'open';

-- What a decision made of the fee.
alter table bookings.appointment
    add column fee_outcome text,
    add constraint appointment_fee_outcome check (fee_outcome in ('reversed', 'kept'));

alter table bookings.appointment_transition drop constraint appointment_transition_taken_by;
alter table bookings.appointment_transition
    add constraint appointment_transition_taken_by check (taken_by in ('patient', 'practice', 'system', 'platform'));
