-- Notices on a device, by web push. A browser that somebody has asked to be told on is one address at its maker's push service
-- with its keys, and belongs to one account at a time; and what is to be sent there goes away once it is sent, read or over.
create table notifications.push_subscription (
    push_subscription_id uuid constraint push_subscription_pkey primary key,
    account_id uuid not null,
    endpoint text not null,
    p256dh bytea not null,
    auth bytea not null,
    created_at timestamptz not null,
    constraint push_subscription_endpoint_key unique (endpoint),
    constraint push_subscription_endpoint_length check (octet_length(endpoint) between 1 and 2000),
    constraint push_subscription_p256dh_length check (octet_length(p256dh) = 65),
    constraint push_subscription_auth_length check (octet_length(auth) = 16)
);
create index push_subscription_account_idx on notifications.push_subscription (account_id, created_at);

create table notifications.push_message (
    push_subscription_id uuid not null
        constraint push_message_subscription_fkey references notifications.push_subscription on delete cascade,
    notice_id uuid not null constraint push_message_notice_fkey references notifications.notice on delete cascade,
    useful_until timestamptz not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    constraint push_message_pkey primary key (push_subscription_id, notice_id)
);
create index push_message_notice_idx on notifications.push_message (notice_id);
create index push_message_due_idx on notifications.push_message (next_attempt_at);
