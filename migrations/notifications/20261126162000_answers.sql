-- Answers to reminders. A text message that came in is known by the provider's id for it, so that it counts once; who wants no
-- more reminders at an address or a number is asked for that alone (C-50); and the link by which one says so is known by its
-- hash, longer than the thirty days that it has to work.
create table notifications.text_received (
    provider_id text constraint text_received_pkey primary key,
    received_at timestamptz not null
);
create index text_received_at_idx on notifications.text_received (received_at);

create table notifications.reminder_stop (
    channel text not null,
    address text not null,
    stopped_at timestamptz not null,
    constraint reminder_stop_pkey primary key (channel, address),
    constraint reminder_stop_channel check (channel in ('email', 'sms'))
);

create table notifications.unsubscribe_link (
    token_hash bytea constraint unsubscribe_link_pkey primary key,
    booking_id uuid not null,
    address text not null,
    expires_at timestamptz not null,
    constraint unsubscribe_link_token_length check (octet_length(token_hash) = 32)
);
create index unsubscribe_link_booking_idx on notifications.unsubscribe_link (booking_id);
create index unsubscribe_link_over_idx on notifications.unsubscribe_link (expires_at);

-- Where the mail's header leads (RFC 8058), until it is sent.
alter table notifications.message add column unsubscribe_url text;
alter table notifications.message drop constraint message_sent_is_forgotten;
alter table notifications.message add constraint message_sent_is_forgotten check (
    status not in ('sent', 'dropped')
    or num_nonnulls(recipient, subject, body_text, body_html, calendar, unsubscribe_url) = 0
);
