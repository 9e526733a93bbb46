-- Who is busy, in one table: practitioner, room and device alike. `during` includes buffers. The exclusion constraint
-- decides every race; checks made before it only make for kinder messages.
create table bookings.reservation (
    reservation_id uuid constraint reservation_pkey primary key,
    resource_id uuid not null constraint reservation_resource_fkey references bookings.resource,
    -- 0 for everybody; staff-only fit-ins carry another lane.
    lane smallint not null default 0,
    during tstzrange not null,
    hold_id uuid constraint reservation_hold_key unique constraint reservation_hold_fkey references bookings.hold,
    appointment_id uuid constraint reservation_appointment_key unique constraint reservation_appointment_fkey references bookings.appointment,
    constraint reservation_has_one_owner check (num_nonnulls(hold_id, appointment_id) = 1),
    constraint reservation_range check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
    constraint reservation_no_overlap_excl exclude using gist (resource_id with =, lane with =, during with &&)
);
