-- How an account wants to be told of things, apart from what its patients' details say; who has said nothing has no row.
create table notifications.preference (
    account_id uuid constraint preference_pkey primary key,
    version integer not null,
    in_app boolean not null,
    names text not null,
    -- Minutes since midnight, in that zone, or in the place's where none is said.
    quiet_from smallint not null,
    quiet_until smallint not null,
    time_zone text,
    constraint preference_names check (names in ('none', 'plain', 'all')),
    constraint preference_quiet check (quiet_from between 1020 and 1439 and quiet_until between 300 and 720)
);

-- What an account is told while it looks: which booking, what became of it, and when it is. No name and no place.
create table notifications.notice (
    notice_id uuid constraint notice_pkey primary key,
    event_id uuid not null,
    account_id uuid not null,
    kind text not null,
    booking_id uuid,
    starts_at timestamptz not null,
    time_zone text not null,
    created_at timestamptz not null,
    read_at timestamptz,
    constraint notice_once unique (event_id, kind),
    constraint notice_kind check (
        kind in ('requested', 'confirmed', 'moved', 'cancelled', 'time_proposed', 'time_offered', 'reminder')
    )
);
create index notice_account_idx on notifications.notice (account_id, created_at, notice_id);
create index notice_unread_idx on notifications.notice (account_id) where read_at is null;
create index notice_booking_idx on notifications.notice (booking_id);
create index notice_old_idx on notifications.notice (created_at);
