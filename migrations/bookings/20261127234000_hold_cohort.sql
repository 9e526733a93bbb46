-- A hold is priced for a sort of patient that the code knows, as the appointment that it becomes is.
alter table bookings.hold
    add constraint hold_cohort check (cohort in ('veteran', 'under_16', 'concession', 'medicare', 'anyone'));
