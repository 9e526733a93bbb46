-- A visit that nobody marked counts as having taken place. That it is only presumed is kept, so that the practice finds those and the
-- patient can say for a week that it did not; the dispute says what happened instead, by a choice and without words.
alter table bookings.appointment
    add column presumed boolean not null default false,
    add constraint appointment_presumed check (not presumed or (status = 'completed' and completed_at is not null));

update bookings.appointment set presumed = true
where status = 'completed' and completed_at is not null and (
    select transition.step = 'complete_unmarked' from bookings.appointment_transition transition
    where transition.appointment_id = appointment.appointment_id
        and transition.to_status = 'completed' and transition.from_status <> 'completed'
    order by transition.version desc limit 1
);

create index appointment_presumed_idx on bookings.appointment (completed_at) where presumed;

alter table bookings.dispute
    add column instead text,
    add constraint dispute_instead check (instead in ('nobody_there', 'called_off', 'did_not_go')),
    add constraint dispute_instead_says_it check (instead is null or (text = '' and opened_by = 'patient'));
