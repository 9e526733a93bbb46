-- "Any physiotherapist": appointment types of several people that are booked as one. Each member is one person's own type, so
-- that their hours, rooms and calendars count as they do by themselves; members that do not offer the same are left out when a
-- pool is read, and not here.
create table bookings.pool (
    pool_id uuid constraint pool_pkey primary key,
    organization_id uuid not null,
    name text not null,
    rotation text not null,
    active boolean not null default true,
    version integer not null default 1,
    created_at timestamptz not null,
    constraint pool_name check (char_length(name) between 1 and 80),
    constraint pool_rotation check (rotation in ('fair', 'choose'))
);
create index pool_organization_idx on bookings.pool (organization_id);

create table bookings.pool_member (
    pool_id uuid not null constraint pool_member_pool_fkey references bookings.pool on delete cascade,
    appointment_type_id uuid not null
        constraint pool_member_type_fkey references bookings.appointment_type on delete cascade,
    -- The first says what the pool offers.
    position smallint not null,
    constraint pool_member_pkey primary key (pool_id, appointment_type_id),
    constraint pool_member_position_key unique (pool_id, position)
);
create index pool_member_type_idx on bookings.pool_member (appointment_type_id);
