-- Where home visits are made is told by bookings, for each appointment type: postcodes, a circle or a polygon. What a listing says
-- for itself stays beside it, under the id of no type, until bookings tells better.
alter table providers.coverage_area
    add column appointment_type_id uuid not null default '00000000-0000-0000-0000-000000000000',
    -- As bookings told it, so that what did not change is not written again.
    add column given jsonb,
    add column postcodes text[] not null default '{}',
    -- Of a circle: `area` is a box around it then, for the index, and these decide.
    add column center extensions.geography(Point, 4326),
    add column reach_metres integer,
    alter column area drop not null;
alter table providers.coverage_area drop constraint coverage_area_pkey;
alter table providers.coverage_area
    add constraint coverage_area_pkey primary key (practitioner_role_id, appointment_type_id),
    add constraint coverage_area_somewhere check (area is not null or cardinality(postcodes) > 0),
    add constraint coverage_area_circle check (num_nulls(center, reach_metres) in (0, 2));
