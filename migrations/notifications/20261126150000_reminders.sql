-- Reminders. What is needed to write one is kept until the appointment is over or cancelled; and there is one plan for each
-- booking, version of its appointment and kind, so that nothing is said twice and nothing after a cancellation.
create table notifications.appointment (
    booking_id uuid constraint appointment_pkey primary key,
    -- How often the booking changed; what was told before that came late.
    version integer not null,
    stands boolean not null,
    organization_id uuid,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    time_zone text not null,
    discreet boolean not null,
    practitioner_name text,
    organization_name text,
    phone text,
    address text,
    patient_name text,
    email text,
    constraint appointment_is_whole check (not stands or num_nonnulls(practitioner_name, address, patient_name, email) = 4),
    constraint appointment_cancelled_is_forgotten check (
        stands
        or num_nonnulls(practitioner_name, organization_name, phone, address, patient_name, email) = 0
    )
);
create index appointment_ended_idx on notifications.appointment (ends_at);

create table notifications.message_plan (
    message_plan_id uuid constraint message_plan_pkey primary key,
    booking_id uuid not null,
    version integer not null,
    kind text not null,
    -- The ways that are left to try, in their order.
    channels text[] not null,
    due_at timestamptz not null,
    useful_until timestamptz not null,
    state text not null,
    dropped_why text,
    created_at timestamptz not null,
    constraint message_plan_once unique (booking_id, version, kind),
    constraint message_plan_kind check (kind in ('reminder_two_days', 'reminder_three_hours')),
    constraint message_plan_channels check (channels <@ array['email', 'sms']),
    constraint message_plan_state check (state in ('planned', 'written', 'dropped')),
    constraint message_plan_dropped_why
        check (dropped_why in ('changed', 'cancelled', 'answered', 'late', 'unwanted', 'unreachable')),
    constraint message_plan_dropped_says_why check ((state = 'dropped') = (dropped_why is not null))
);
create index message_plan_due_idx on notifications.message_plan (due_at) where state = 'planned';
create index message_plan_over_idx on notifications.message_plan (useful_until);

-- How a patient wants to be reminded, as users told it.
create table notifications.contact (
    patient_id uuid constraint contact_pkey primary key,
    version integer not null,
    contact_by text[] not null,
    mobile text,
    language text not null,
    constraint contact_by_is_known check (contact_by <@ array['email', 'sms'])
);

-- A message that is no longer wanted is dropped and forgotten; one may go as a text message; and a practice sees what did not
-- reach those who come to it.
alter table notifications.message add column organization_id uuid;
alter table notifications.message drop constraint message_channel;
alter table notifications.message add constraint message_channel check (channel in ('email', 'sms'));
alter table notifications.message drop constraint message_status;
alter table notifications.message
    add constraint message_status check (status in ('queued', 'sent', 'dead', 'dropped'));
alter table notifications.message drop constraint message_sent_is_forgotten;
alter table notifications.message add constraint message_sent_is_forgotten check (
    status not in ('sent', 'dropped')
    or (recipient is null and subject is null and body_text is null and body_html is null and calendar is null)
);
create index message_undelivered_idx on notifications.message (organization_id, created_at) where status = 'dead';
