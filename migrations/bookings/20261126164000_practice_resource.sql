-- Rooms and devices of a practice, which kinds of visits need beside the practitioner. They are resources like people are, so
-- that the one table that says who is busy says it of them too: a visit has a row of it for each thing that it takes, all of
-- them or none.
create table bookings.practice_resource (
    resource_id uuid constraint practice_resource_pkey primary key
        constraint practice_resource_resource_fkey references bookings.resource,
    organization_id uuid not null,
    kind text not null,
    name text not null,
    created_at timestamptz not null,
    -- From then on nothing new may need it. What is booked with it stays.
    retired_at timestamptz,
    constraint practice_resource_kind check (kind in ('room', 'device')),
    constraint practice_resource_name check (char_length(name) between 1 and 80)
);
create index practice_resource_organization_idx on bookings.practice_resource (organization_id);

create table bookings.appointment_type_resource (
    appointment_type_id uuid not null
        constraint appointment_type_resource_type_fkey references bookings.appointment_type on delete cascade,
    resource_id uuid not null
        constraint appointment_type_resource_resource_fkey references bookings.practice_resource,
    constraint appointment_type_resource_pkey primary key (appointment_type_id, resource_id)
);
create index appointment_type_resource_resource_idx on bookings.appointment_type_resource (resource_id);

alter table bookings.reservation drop constraint reservation_hold_key;
alter table bookings.reservation drop constraint reservation_appointment_key;
alter table bookings.reservation add constraint reservation_hold_key unique (hold_id, resource_id);
alter table bookings.reservation add constraint reservation_appointment_key unique (appointment_id, resource_id);
