-- What bookings knows of a role, copied from providers' events; and its calendar's rules, which bookings owns.
create table bookings.resource (
    resource_id uuid constraint resource_pkey primary key
);

create table bookings.role (
    practitioner_role_id uuid constraint role_pkey primary key,
    resource_id uuid not null constraint role_resource_fkey references bookings.resource,
    organization_id uuid,
    slug text not null,
    name text not null,
    profession_name text,
    discreet boolean not null,
    organization_name text,
    phone text,
    address text not null,
    time_zone text not null,
    -- Which public holidays close it: `AU`, `NSW`, `qld-brisbane`.
    holiday_scopes text[] not null,
    bookable boolean not null,
    aggregate_version bigint not null
);
create index role_resource_idx on bookings.role (resource_id);

create table bookings.schedule (
    practitioner_role_id uuid constraint schedule_pkey primary key constraint schedule_role_fkey references bookings.role on delete cascade,
    step_minutes smallint not null,
    notice_minutes integer not null,
    horizon_days smallint not null,
    opens_on_holidays boolean not null default false,
    free_until_hours smallint not null,
    late_fee_cents bigint not null,
    version integer not null default 1,
    -- When next_free was last told to providers.
    next_free_due_at timestamptz not null default '-infinity',
    constraint schedule_step check (step_minutes between 5 and 240),
    constraint schedule_notice check (notice_minutes between 0 and 43200),
    constraint schedule_horizon check (horizon_days between 1 and 365),
    constraint schedule_late_fee check (late_fee_cents >= 0)
);
create index schedule_next_free_due_idx on bookings.schedule (next_free_due_at);

-- Weekly wall-clock rules in the place's zone. `weekdays` is a bit mask, Monday 1 to Sunday 64.
create table bookings.availability_rule (
    availability_rule_id uuid constraint availability_rule_pkey primary key,
    practitioner_role_id uuid not null constraint availability_rule_schedule_fkey references bookings.schedule on delete cascade,
    weekdays smallint not null,
    opens time not null,
    closes time not null,
    audience text not null default 'all',
    effective_from date,
    effective_until date,
    constraint availability_rule_weekdays check (weekdays between 1 and 127),
    constraint availability_rule_order check (opens < closes),
    constraint availability_rule_audience check (audience in ('all', 'new', 'existing')),
    constraint availability_rule_dates check (effective_from <= effective_until)
);
create index availability_rule_role_idx on bookings.availability_rule (practitioner_role_id);

-- Leave closes whole days; extra hours open a stretch of one day.
create table bookings.availability_exception (
    availability_exception_id uuid constraint availability_exception_pkey primary key,
    practitioner_role_id uuid not null constraint availability_exception_schedule_fkey references bookings.schedule on delete cascade,
    kind text not null,
    first_date date not null,
    last_date date not null,
    opens time,
    closes time,
    constraint availability_exception_kind check (kind in ('leave', 'extra_hours')),
    constraint availability_exception_dates check (first_date <= last_date),
    constraint availability_exception_hours check (
        (kind = 'leave' and opens is null and closes is null)
        or (kind = 'extra_hours' and opens < closes and first_date = last_date)
    )
);
create index availability_exception_role_idx on bookings.availability_exception (practitioner_role_id, last_date);

create table bookings.holiday (
    scope text not null,
    date date not null,
    name text not null,
    source text not null,
    constraint holiday_pkey primary key (scope, date, name)
);

create table bookings.appointment_type (
    appointment_type_id uuid constraint appointment_type_pkey primary key,
    practitioner_role_id uuid not null constraint appointment_type_schedule_fkey references bookings.schedule on delete cascade,
    position smallint not null,
    name text not null,
    duration_minutes smallint not null,
    buffer_before_minutes smallint not null default 0,
    buffer_after_minutes smallint not null default 0,
    price_cents bigint not null,
    bulk_billed boolean not null default false,
    telehealth boolean not null default false,
    audience text not null default 'all',
    active boolean not null default true,
    constraint appointment_type_duration check (duration_minutes between 5 and 480),
    constraint appointment_type_buffers check (buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240),
    constraint appointment_type_price check (price_cents >= 0),
    constraint appointment_type_bulk_billed_is_uncharged check (not bulk_billed or price_cents = 0),
    constraint appointment_type_audience check (audience in ('all', 'new', 'existing'))
);
create index appointment_type_role_idx on bookings.appointment_type (practitioner_role_id);
