-- One row for each message to one person over one channel. What was written is forgotten once it is sent.
create table notifications.message (
    message_id uuid constraint message_pkey primary key,
    event_id uuid not null,
    template text not null,
    channel text not null default 'email',
    booking_id uuid,
    recipient text,
    subject text,
    body_text text,
    body_html text,
    calendar text,
    calendar_method text,
    status text not null default 'queued',
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    last_error text,
    created_at timestamptz not null,
    sent_at timestamptz,
    constraint message_event_key unique (event_id, template, channel),
    constraint message_channel check (channel in ('email')),
    constraint message_status check (status in ('queued', 'sent', 'dead')),
    constraint message_sent_is_forgotten check (
        status <> 'sent'
        or (recipient is null and subject is null and body_text is null and body_html is null and calendar is null)
    )
);
create index message_due_idx on notifications.message (next_attempt_at) where status = 'queued';
create index message_booking_idx on notifications.message (booking_id);
