-- A practitioner takes a part of a day off: from when until when, on the wall, on each of the days of a leave. A leave without
-- is for whole days, as all of them were.
alter table bookings.availability_exception
    add column off_from time,
    add column off_until time,
    add constraint availability_exception_part_off check (
        (off_from is null and off_until is null)
        or (kind = 'leave' and off_from is not null and off_until is not null and off_from < off_until)
    );
