-- Waiting for an earlier time: who joined earlier is asked earlier, one at a time, and the time is held for them meanwhile.
create table bookings.waitlist_entry (
    waitlist_entry_id uuid constraint waitlist_entry_pkey primary key,
    account_id uuid not null,
    patient_id uuid,
    practitioner_role_id uuid not null
        constraint waitlist_entry_role_fkey references bookings.role on delete cascade,
    appointment_type_id uuid not null,
    weekdays smallint not null,
    from_time time not null,
    until_time time not null,
    first_date date not null,
    last_date date not null,
    status text not null default 'waiting',
    joined_at timestamptz not null,
    ended_at timestamptz,
    -- When free times are looked for next.
    due_at timestamptz not null,
    constraint waitlist_entry_status check (status in ('waiting', 'offered', 'booked', 'withdrawn', 'closed')),
    constraint waitlist_entry_weekdays check (weekdays between 1 and 127),
    constraint waitlist_entry_hours check (from_time <= until_time),
    constraint waitlist_entry_dates check (first_date <= last_date),
    constraint waitlist_entry_ended check ((ended_at is null) = (status in ('waiting', 'offered')))
);
create index waitlist_entry_account_idx on bookings.waitlist_entry (account_id);
create index waitlist_entry_patient_idx on bookings.waitlist_entry (patient_id) where patient_id is not null;
create index waitlist_entry_order_idx on bookings.waitlist_entry (practitioner_role_id, joined_at)
    where status in ('waiting', 'offered');
create index waitlist_entry_due_idx on bookings.waitlist_entry (due_at) where status = 'waiting';

create table bookings.waitlist_offer (
    waitlist_offer_id uuid constraint waitlist_offer_pkey primary key,
    waitlist_entry_id uuid not null
        constraint waitlist_offer_entry_fkey references bookings.waitlist_entry on delete cascade,
    hold_id uuid not null constraint waitlist_offer_hold_key unique,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    status text not null default 'open',
    offered_at timestamptz not null,
    expires_at timestamptz not null,
    constraint waitlist_offer_status check (status in ('open', 'booked', 'declined', 'lapsed')),
    -- Nobody is asked twice about the same time.
    constraint waitlist_offer_once_key unique (waitlist_entry_id, starts_at)
);
create index waitlist_offer_open_idx on bookings.waitlist_offer (expires_at) where status = 'open';

-- When a late fee was let go because somebody else took the time.
alter table bookings.appointment add column fee_waived_at timestamptz;
create index appointment_late_idx on bookings.appointment (practitioner_role_id, starts_at)
    where status = 'cancelled_late' and late_fee_cents > 0;
