-- What the links of a reminder do: one says that the patient will come, one asks whether to cancel. Each does that one thing,
-- for the start that the reminder spoke of, and dies with it; only its hash is kept. What a cancelling link opens, after proof,
-- is a session that can do no more than look and cancel.
create table bookings.reply_link (
    token_hash bytea constraint reply_link_pkey primary key,
    booking_id uuid not null,
    purpose text not null,
    starts_at timestamptz not null,
    constraint reply_link_token_length check (octet_length(token_hash) = 32),
    constraint reply_link_purpose check (purpose in ('attend', 'cancel'))
);
create index reply_link_booking_idx on bookings.reply_link (booking_id);
create index reply_link_over_idx on bookings.reply_link (starts_at);

alter table bookings.manage_session add column only_cancels boolean not null default false;
