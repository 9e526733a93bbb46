-- Group appointments: a session takes its practitioner's time once, and each participant has a seat in it and an appointment of
-- their own, by which they see nothing of the others. A session is there as long as somebody has a seat in it.
alter table bookings.appointment_type
    -- For one patient unless told.
    add column seats smallint,
    add constraint appointment_type_seats check (seats between 2 and 100);

create table bookings.group_session (
    group_session_id uuid constraint group_session_pkey primary key,
    practitioner_role_id uuid not null constraint group_session_role_fkey references bookings.role,
    appointment_type_id uuid not null,
    starts_at timestamptz not null,
    -- As many as there were when it began: later edits take no seat away.
    seats smallint not null,
    constraint group_session_start_key unique (practitioner_role_id, appointment_type_id, starts_at),
    constraint group_session_seats_key unique (group_session_id, seats),
    constraint group_session_seats check (seats between 2 and 100)
);

create table bookings.group_seat (
    group_session_id uuid not null,
    seats smallint not null,
    -- 1 to as many as there are.
    seat smallint not null,
    hold_id uuid constraint group_seat_hold_key unique constraint group_seat_hold_fkey references bookings.hold,
    appointment_id uuid constraint group_seat_appointment_key unique
        constraint group_seat_appointment_fkey references bookings.appointment,
    constraint group_seat_pkey primary key (group_session_id, seat),
    constraint group_seat_session_fkey foreign key (group_session_id, seats)
        references bookings.group_session (group_session_id, seats),
    constraint group_seat_number check (seat between 1 and seats),
    constraint group_seat_has_one_owner check (num_nonnulls(hold_id, appointment_id) = 1)
);

alter table bookings.reservation
    add column group_session_id uuid
        constraint reservation_session_fkey references bookings.group_session on delete cascade,
    add constraint reservation_session_key unique (group_session_id, resource_id);
alter table bookings.reservation drop constraint reservation_has_one_owner;
alter table bookings.reservation
    add constraint reservation_has_one_owner check (num_nonnulls(hold_id, appointment_id, group_session_id) = 1);

-- The last one to leave ends the session and frees its time. Who takes a seat at this moment has the session locked or waits for
-- it: see `store/group.rs`.
create function bookings.end_empty_session() returns trigger language plpgsql as $$
begin
    perform from bookings.group_session where group_session_id = old.group_session_id for update;
    if not exists (select from bookings.group_seat where group_session_id = old.group_session_id) then
        delete from bookings.group_session where group_session_id = old.group_session_id;
    end if;
    return null;
end
$$;
create trigger group_seat_left after delete on bookings.group_seat
    for each row execute function bookings.end_empty_session();
