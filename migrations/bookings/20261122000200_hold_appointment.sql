-- Holds and appointments. Policy, price and zone are snapshotted at hold, so later edits never touch a booking.
create table bookings.hold (
    hold_id uuid constraint hold_pkey primary key,
    booking_id uuid not null constraint hold_booking_key unique,
    practitioner_role_id uuid not null constraint hold_role_fkey references bookings.role,
    appointment_type_id uuid not null,
    -- SHA-256 of the guest's cookie: who may see and confirm it.
    guest_hash bytea not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    status text not null default 'active',
    expires_at timestamptz not null,
    appointment_type jsonb not null,
    policy jsonb not null,
    quote jsonb not null,
    created_at timestamptz not null,
    constraint hold_status check (status in ('active', 'consumed', 'released', 'expired')),
    constraint hold_range check (starts_at < ends_at),
    constraint hold_guest_hash check (octet_length(guest_hash) = 32)
);
create index hold_active_expiry_idx on bookings.hold (expires_at) where status = 'active';
create index hold_active_guest_idx on bookings.hold (guest_hash) where status = 'active';

create table bookings.appointment (
    appointment_id uuid constraint appointment_pkey primary key,
    booking_id uuid not null,
    practitioner_role_id uuid not null constraint appointment_role_fkey references bookings.role,
    appointment_type_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    status text not null,
    -- How often the booking changed: the SEQUENCE of its calendar entry.
    sequence integer not null default 0,
    version integer not null default 1,
    replaces uuid constraint appointment_replaces_key unique constraint appointment_replaces_fkey references bookings.appointment,
    appointment_type jsonb not null,
    policy jsonb not null,
    quote_id uuid not null,
    price_cents bigint not null,
    bulk_billed boolean not null,
    late_fee_cents bigint not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint appointment_status check (status in (
        'awaiting_payment', 'confirmed', 'rescheduled', 'cancelled_by_patient', 'cancelled_late', 'cancelled_by_provider',
        'cancelled_by_admin', 'completed'
    )),
    constraint appointment_range check (starts_at < ends_at),
    -- Health Insurance Act 1973 s 20A (C-52): a bulk-billed service carries no charge of any kind.
    constraint appointment_bulk_billed_is_uncharged check (not bulk_billed or (price_cents = 0 and late_fee_cents = 0))
);
create index appointment_booking_idx on bookings.appointment (booking_id);
create index appointment_role_time_idx on bookings.appointment (practitioner_role_id, starts_at);
-- One link of a chain stands at a time.
create unique index appointment_upcoming_idx on bookings.appointment (booking_id) where status in ('awaiting_payment', 'confirmed');

-- The practice's record of who comes.
create table bookings.appointment_party (
    booking_id uuid constraint appointment_party_pkey primary key,
    organization_id uuid,
    guest_hash bytea not null,
    name text not null,
    preferred_name text,
    date_of_birth date not null,
    email text not null,
    mobile text not null,
    email_verified_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index appointment_party_email_idx on bookings.appointment_party (lower(email));
create index appointment_party_mobile_idx on bookings.appointment_party (mobile);

-- The unguessable link: only a hash of it is kept. Five wrong dates of birth leave only the mailed code.
create table bookings.manage_link (
    booking_id uuid constraint manage_link_pkey primary key,
    token_hash bytea not null constraint manage_link_token_key unique,
    expires_at timestamptz not null,
    wrong_proofs smallint not null default 0,
    code_hash bytea,
    code_expires_at timestamptz,
    wrong_codes smallint not null default 0,
    codes_sent smallint not null default 0,
    constraint manage_link_token_length check (octet_length(token_hash) = 32)
);

create table bookings.manage_session (
    session_hash bytea constraint manage_session_pkey primary key,
    booking_id uuid not null,
    expires_at timestamptz not null
);
create index manage_session_expiry_idx on bookings.manage_session (expires_at);
