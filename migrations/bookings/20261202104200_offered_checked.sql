-- From here on nothing is without a zone: said of what is written, and in the next file of what is there. It can be said only
-- now: whoever had changed a row that was not filled yet would have been refused.
alter table bookings.hold add constraint hold_time_zone_known check (time_zone is not null) not valid;
alter table bookings.appointment add constraint appointment_time_zone_known check (time_zone is not null) not valid;
