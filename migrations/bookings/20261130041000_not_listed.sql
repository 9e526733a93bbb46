-- What the platform cancels because whoever was booked is not listed any more.
alter table bookings.appointment drop constraint appointment_reason;
alter table bookings.appointment
    add constraint appointment_reason check (reason in (
        'practitioner_unwell', 'practitioner_away', 'practice_closed', 'emergency', 'no_time', 'not_offered', 'mistake',
        'patient_asked', 'not_listed', 'other'
    ));
