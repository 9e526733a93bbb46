-- The checks have proved it, so no row is read again. They go in statements of their own: dropped in the same one, they would
-- be gone before they were asked.
alter table bookings.hold alter column time_zone set not null;
alter table bookings.hold drop constraint hold_time_zone_known;
alter table bookings.appointment alter column time_zone set not null;
alter table bookings.appointment drop constraint appointment_time_zone_known;
