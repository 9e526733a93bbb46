-- The same key from the same caller on the same route gets the same reply for a day.
create table idempotency (
    route text not null,
    caller text not null,
    key uuid not null,
    fingerprint bytea not null,
    created_at timestamptz not null,
    reply_status smallint,
    reply_body jsonb,
    constraint idempotency_pkey primary key (route, caller, key),
    constraint idempotency_reply_whole check ((reply_status is null) = (reply_body is null))
);
create index idempotency_created_idx on idempotency (created_at);
