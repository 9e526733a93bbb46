-- A fee stands beside an appointment once somebody cancelled late or did not come, and not before. Invented appointments
-- had the fee that was agreed.
update bookings.appointment set late_fee_cents = 0 where status not in ('cancelled_late', 'no_show_patient');
alter table bookings.appointment
    add constraint appointment_late_fee_is_owed check (late_fee_cents = 0 or status in ('cancelled_late', 'no_show_patient'));
