-- A booking keeps the zone and the version of the rules that its time was offered by: whoever corrects a role's zone or its rules
-- later changes no wall time that somebody was told. The first migration of holds said so of the zone and had no column for it.
--
-- It takes five files, each a transaction of its own, so that people book meanwhile: what keeps others from a table reads none
-- of its rows, and what reads or fills them keeps nobody from it. This one changes no row: a column that may be empty, or with
-- a constant for its default, is written down once for all of them.

-- A program of before names no zone, and means that of the role. Whatever names one pays for no look-up.
create function bookings.take_zone_of_role() returns trigger language plpgsql as $$
begin
    select role.time_zone into new.time_zone from bookings.role
    where role.practitioner_role_id = new.practitioner_role_id;
    return new;
end
$$;

alter table bookings.hold
    add column time_zone text,
    -- The version of the role's schedule, and that of the type that `appointment_type` is a copy of; zero where it was never
    -- written down.
    add column rule_version integer not null default 0,
    add column type_version integer not null default 0,
    add constraint hold_rule_version check (rule_version >= 0 and type_version >= 0) not valid;
create trigger hold_without_zone before insert on bookings.hold
    for each row when (new.time_zone is null) execute function bookings.take_zone_of_role();

alter table bookings.appointment
    add column time_zone text,
    add column rule_version integer not null default 0,
    add column type_version integer not null default 0,
    add constraint appointment_rule_version check (rule_version >= 0 and type_version >= 0) not valid;
create trigger appointment_without_zone before insert on bookings.appointment
    for each row when (new.time_zone is null) execute function bookings.take_zone_of_role();
