-- When a practitioner is busy elsewhere, read from another calendar by its address: from when to when, and nothing of what it is.
create table bookings.external_calendar (
    practitioner_role_id uuid constraint external_calendar_pkey primary key
        constraint external_calendar_role_fkey references bookings.role on delete cascade,
    -- A secret of whoever gave it: shown to nobody again.
    address text not null,
    -- Who gave it.
    account_id uuid not null,
    set_at timestamptz not null,
    -- When it is read next; ahead of the clock while somebody reads it.
    due_at timestamptz not null,
    -- The last time that it could be read, and until when that is good for.
    read_at timestamptz,
    fresh_until timestamptz,
    -- When all of it was last read, and by which its server says that nothing has changed since.
    whole_at timestamptz,
    etag text,
    last_modified text,
    -- Why the last try failed, and how many did in a row.
    failure text,
    failures integer not null default 0,
    constraint external_calendar_address check (char_length(address) between 1 and 2000),
    constraint external_calendar_failure check (failure in (
        'unreachable', 'not_allowed', 'refused', 'too_large', 'not_a_calendar', 'not_understood'
    )),
    constraint external_calendar_fresh check ((read_at is null) = (fresh_until is null))
);
create index external_calendar_due_idx on bookings.external_calendar (due_at);
create index external_calendar_account_idx on bookings.external_calendar (account_id);

create table bookings.external_busy (
    practitioner_role_id uuid not null
        constraint external_busy_calendar_fkey references bookings.external_calendar on delete cascade,
    during tstzrange not null,
    constraint external_busy_range check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
    constraint external_busy_no_overlap_excl exclude using gist (practitioner_role_id with =, during with &&)
);
