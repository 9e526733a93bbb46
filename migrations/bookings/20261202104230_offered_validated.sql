-- Reads every row while people go on booking.
alter table bookings.hold validate constraint hold_rule_version, validate constraint hold_time_zone_known;
alter table bookings.appointment
    validate constraint appointment_rule_version,
    validate constraint appointment_time_zone_known;
