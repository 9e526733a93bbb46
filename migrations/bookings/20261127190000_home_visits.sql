-- Visits at the patient's home: how long the way takes, where the practice goes, and where a patient wants to be visited. The
-- way is kept free before and after a visit beside its buffers, as part of what is reserved.
alter table bookings.appointment_type
    add column travel_minutes smallint,
    add constraint appointment_type_travel check (travel_minutes between 0 and 180),
    -- Who comes to a home comes to one patient, and not by video.
    add constraint appointment_type_home_visit check (travel_minutes is null or (not telehealth and seats is null));

-- Where a practice makes the home visits of an appointment type: in postcodes, or within `reach_metres` of `area`, which is a
-- point for a circle and what was drawn for a polygon.
create table bookings.coverage_area (
    appointment_type_id uuid constraint coverage_area_pkey primary key
        constraint coverage_area_type_fkey references bookings.appointment_type on delete cascade,
    -- As the practice gave it, to be shown in its form again.
    given jsonb not null,
    postcodes text[] not null default '{}',
    area extensions.geography(Geometry, 4326),
    reach_metres integer not null default 0,
    constraint coverage_area_somewhere check (area is not null or cardinality(postcodes) > 0),
    constraint coverage_area_reach check (reach_metres between 0 and 300000)
);

-- Where who comes is visited: all of it or none. It is told to nobody but the practice.
alter table bookings.appointment_party
    add column visit_street text,
    add column visit_locality text,
    add column visit_postcode text,
    add constraint appointment_party_visit check (num_nulls(visit_street, visit_locality, visit_postcode) in (0, 3));

-- Hours can be for home visits alone. A type is for patients, so its list stays.
alter table bookings.availability_rule
    drop constraint availability_rule_audience,
    add constraint availability_rule_audience check (audience in ('all', 'new', 'existing', 'home_visit'));
alter table bookings.availability_exception
    drop constraint availability_exception_audience,
    add constraint availability_exception_audience check (audience in ('all', 'new', 'existing', 'home_visit'));
