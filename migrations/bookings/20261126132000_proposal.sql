-- Another time that a practice proposes. The time itself is kept by a hold of nobody's, which ends by itself.
create table bookings.proposal (
    proposal_id uuid constraint proposal_pkey primary key,
    booking_id uuid not null,
    appointment_id uuid not null
        constraint proposal_appointment_fkey references bookings.appointment on delete cascade,
    hold_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    status text not null default 'open',
    proposed_at timestamptz not null,
    expires_at timestamptz not null,
    constraint proposal_status check (status in ('open', 'agreed', 'refused', 'withdrawn')),
    constraint proposal_range check (starts_at < ends_at)
);
create unique index proposal_open_idx on bookings.proposal (booking_id) where status = 'open';
create index proposal_appointment_idx on bookings.proposal (appointment_id);
