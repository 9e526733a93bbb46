-- What is there was shown on the clocks of its role. Which rules offered it, nobody knows. What is written meanwhile has its
-- zone.
update bookings.hold set time_zone = role.time_zone
    from bookings.role where role.practitioner_role_id = hold.practitioner_role_id and hold.time_zone is null;
update bookings.appointment set time_zone = role.time_zone
    from bookings.role where role.practitioner_role_id = appointment.practitioner_role_id and appointment.time_zone is null;
