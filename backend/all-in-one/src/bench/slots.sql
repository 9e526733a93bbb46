-- Times for pgbench to book, from `bench.given` (in this throw-away copy alone): everything that a booking's rows need
-- and that HTTP's side makes in the program, so that neither side's database makes it while it is measured.
create table bench.slot as
select
    given.n,
    given.role_id,
    given.type_id,
    role.resource_id,
    role.organization_id,
    kind.price_cents,
    kind.bulk_billed,
    given.starts_at,
    given.starts_at + make_interval(mins => kind.duration_minutes) as ends_at,
    given.starts_at - make_interval(mins => kind.buffer_before_minutes) as taken_from,
    given.starts_at + make_interval(mins => kind.duration_minutes + kind.buffer_after_minutes) as taken_until,
    (given.starts_at at time zone 'UTC')::date - 15 as first_day,
    (given.starts_at at time zone 'UTC')::date + 15 as last_day,
    'bench-' || given.n || '@example.org' as email,
    '+614' || lpad(given.n::text, 8, '0') as mobile,
    sha256(('guest ' || given.n)::bytea) as guest_hash,
    sha256(('link ' || given.n)::bytea) as token_hash,
    sha256(('body ' || given.n)::bytea) as fingerprint,
    gen_random_uuid() as hold_key,
    gen_random_uuid() as hold_id,
    gen_random_uuid() as booking_id,
    gen_random_uuid() as quote_id,
    gen_random_uuid() as reservation_id,
    gen_random_uuid() as hold_audit_id,
    gen_random_uuid() as confirm_key,
    gen_random_uuid() as appointment_id,
    gen_random_uuid() as receipt_id,
    gen_random_uuid() as confirm_audit_id,
    gen_random_uuid() as event_id
from bench.given
join bookings.role on role.practitioner_role_id = given.role_id
join bookings.appointment_type kind on kind.appointment_type_id = given.type_id;
alter table bench.slot add primary key (n);
create sequence bench.next_slot;

-- The exclusion constraint of bookings.reservation and nothing else.
create table bench.reservation (
    reservation_id uuid primary key default gen_random_uuid(),
    resource_id uuid not null,
    lane smallint not null default 0,
    during tstzrange not null,
    exclude using gist (resource_id with =, lane with =, during with &&)
);

grant usage on schema bench to bookings_app;
grant select on bench.slot to bookings_app;
grant usage on sequence bench.next_slot to bookings_app;
grant select, insert on bench.reservation to bookings_app;
analyze bench.slot;
