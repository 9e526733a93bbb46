-- Practices are told of their appointments at addresses of their own: ids, states and times, signed, tried for a day.
create table bookings.webhook (
    webhook_id uuid constraint webhook_pkey primary key,
    organization_id uuid not null,
    address text not null,
    status text not null default 'active',
    secret bytea not null,
    -- Signs as well, so that whoever checks can change over in their own time.
    former_secret bytea,
    former_until timestamptz,
    created_at timestamptz not null,
    constraint webhook_status check (status in ('active', 'off', 'stopped')),
    constraint webhook_address check (char_length(address) between 1 and 2000),
    constraint webhook_secret check (octet_length(secret) = 32),
    constraint webhook_former check ((former_secret is null) = (former_until is null))
);
create index webhook_organization_idx on bookings.webhook (organization_id);

create table bookings.webhook_delivery (
    webhook_delivery_id uuid constraint webhook_delivery_pkey primary key,
    webhook_id uuid not null
        constraint webhook_delivery_webhook_fkey references bookings.webhook on delete cascade,
    event text not null,
    body text not null,
    status text not null default 'pending',
    attempts integer not null default 0,
    response_status smallint,
    failure text,
    created_at timestamptz not null,
    attempted_at timestamptz,
    due_at timestamptz not null,
    give_up_at timestamptz not null,
    constraint webhook_delivery_status check (status in ('pending', 'delivered', 'failed')),
    constraint webhook_delivery_failure check (failure in ('not_called', 'unreachable', 'timed_out', 'refused'))
);
create index webhook_delivery_log_idx on bookings.webhook_delivery (webhook_id, created_at desc);
create index webhook_delivery_due_idx on bookings.webhook_delivery (due_at) where status = 'pending';
create index webhook_delivery_old_idx on bookings.webhook_delivery (created_at);
