-- Practices edit when their people can be booked and for what: hours for some appointment types only, limits of a type's own,
-- and practitioners who keep their schedule themselves.
alter table bookings.availability_rule
    -- For these appointment types only; for all of them when there are none.
    add column appointment_types uuid[] not null default '{}';
alter table bookings.availability_exception
    add column audience text not null default 'all',
    add constraint availability_exception_audience check (audience in ('all', 'new', 'existing'));

alter table bookings.appointment_type
    add column version integer not null default 1,
    -- As the schedule says unless told.
    add column notice_minutes integer,
    add column horizon_days smallint,
    -- How many of it patients may book on one day.
    add column daily_cap smallint,
    add constraint appointment_type_notice check (notice_minutes between 0 and 43200),
    add constraint appointment_type_horizon check (horizon_days between 1 and 365),
    add constraint appointment_type_daily_cap check (daily_cap between 1 and 200);

-- To whose account a role's schedule was given; managers and owners keep all of them.
create table bookings.role_keeper (
    practitioner_role_id uuid constraint role_keeper_pkey primary key
        constraint role_keeper_role_fkey references bookings.role on delete cascade,
    account_id uuid not null,
    given_at timestamptz not null
);
create index role_keeper_account_idx on bookings.role_keeper (account_id);
