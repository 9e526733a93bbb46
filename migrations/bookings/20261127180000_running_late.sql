-- By how much somebody runs late on a day, as the practice's desk last said; and what each patient was told of it, so that nobody is
-- told the same twice. Who said it stands in the audit log.
create table bookings.running_late (
    practitioner_role_id uuid not null
        constraint running_late_role_fkey references bookings.role on delete cascade,
    date date not null,
    minutes smallint not null,
    version integer not null,
    said_at timestamptz not null,
    constraint running_late_pkey primary key (practitioner_role_id, date),
    constraint running_late_minutes check (minutes between 0 and 240)
);
create index running_late_said_idx on bookings.running_late (said_at);

-- Null until the patient is told of a lateness; zero once they were told that it is on time after all.
alter table bookings.appointment
    add column told_late_minutes smallint,
    add constraint appointment_told_late_minutes check (told_late_minutes between 0 and 240);
