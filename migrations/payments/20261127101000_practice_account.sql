-- Practices at the processor, what the platform takes of them, and what is said of their bulk billing.
create table payments.practice_account (
    organization_id uuid constraint practice_account_pkey primary key,
    processor_account text constraint practice_account_processor_key unique,
    status text not null default 'none',
    legal_name text,
    abn text,
    gst_registered boolean not null default false,
    asked text[] not null default '{}',
    asked_until timestamptz,
    -- The Medicare location id that was issued to it.
    location_id text,
    bulk_bills_everything boolean not null default false,
    attested_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint practice_account_status check (status in ('none', 'started', 'charges_only', 'ready', 'closed')),
    constraint practice_account_processor check ((status = 'none') = (processor_account is null)),
    constraint practice_account_abn check (abn ~ '^[0-9]{11}$'),
    constraint practice_account_location check (location_id ~ '^[A-Z0-9]{8}$'),
    constraint practice_account_attested check (not bulk_bills_everything or attested_at is not null)
);

-- Flat, GST included, and from a day on: for everybody, or for one practice where the two agreed so.
create table payments.platform_fee (
    platform_fee_id uuid constraint platform_fee_pkey primary key,
    organization_id uuid,
    effective_from date not null,
    fee_cents bigint not null,
    gst_cents bigint not null,
    constraint platform_fee_day_key unique nulls not distinct (organization_id, effective_from),
    constraint platform_fee_amount check (fee_cents >= 0 and gst_cents between 0 and fee_cents)
);
insert into payments.platform_fee (platform_fee_id, organization_id, effective_from, fee_cents, gst_cents)
values ('00000000-0000-7000-8000-000000000550', null, '2026-11-01', 550, 50);

create table payments.payout (
    payout_id uuid constraint payout_pkey primary key,
    organization_id uuid not null,
    processor_payout text not null constraint payout_processor_key unique,
    amount_cents bigint not null,
    status text not null,
    arrives_on date,
    failure text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payout_status check (status in ('pending', 'in_transit', 'paid', 'failed', 'canceled')),
    constraint payout_amount check (amount_cents <> 0)
);
create index payout_organization_idx on payments.payout (organization_id, created_at);

-- What a payout is made of, as the processor reports it; a posting is paid out once.
create table payments.payout_line (
    payout_id uuid not null constraint payout_line_payout_fkey references payments.payout,
    processor_transaction text not null constraint payout_line_transaction_key unique,
    cause text not null,
    payment_id uuid,
    gross_cents bigint not null,
    fee_cents bigint not null,
    net_cents bigint not null,
    constraint payout_line_pkey primary key (payout_id, processor_transaction),
    constraint payout_line_sum check (net_cents = gross_cents - fee_cents)
);

create table payments.payout_hold (
    payout_hold_id uuid constraint payout_hold_pkey primary key,
    organization_id uuid not null,
    reason text not null,
    held_by uuid not null,
    held_at timestamptz not null,
    released_by uuid,
    released_at timestamptz,
    release_reason text,
    constraint payout_hold_reason check (char_length(reason) between 1 and 500),
    constraint payout_hold_released check (num_nulls(released_by, released_at, release_reason) in (0, 3))
);
create unique index payout_hold_open_idx on payments.payout_hold (organization_id) where released_at is null;

-- Under which number a practitioner claims at a place, and the place's Modified Monash area, which decides the incentive.
create table payments.role_setup (
    -- As the practice says: it counts for that practice's own bookings alone.
    organization_id uuid not null,
    practitioner_role_id uuid not null,
    provider_number text not null,
    modified_monash smallint not null,
    version integer not null default 1,
    updated_at timestamptz not null,
    constraint role_setup_pkey primary key (organization_id, practitioner_role_id),
    constraint role_setup_number check (provider_number ~ '^[0-9]{6}[0-9A-HJ-NPQRT-Y][A-Z]$'),
    constraint role_setup_area check (modified_monash between 1 and 7)
);
