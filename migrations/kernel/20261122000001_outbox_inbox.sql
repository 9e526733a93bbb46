-- A change and the event that tells of it commit together; a repeat of an event does nothing. A row is deleted once
-- every subscriber has it: events may carry names and links, which must not stay.
create table outbox (
    event_id uuid constraint outbox_pkey primary key,
    -- The order of telling. Gaps are harmless.
    position bigint generated always as identity,
    name text not null,
    version smallint not null default 1,
    aggregate text not null,
    aggregate_id text not null,
    aggregate_version bigint not null,
    occurred_at timestamptz not null,
    request_id text,
    body jsonb not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default '-infinity'
);
create index outbox_position_idx on outbox (position);
create index outbox_aggregate_idx on outbox (aggregate, aggregate_id, position);

create table inbox (
    event_id uuid constraint inbox_pkey primary key,
    received_at timestamptz not null
);
create index inbox_received_idx on inbox (received_at);
