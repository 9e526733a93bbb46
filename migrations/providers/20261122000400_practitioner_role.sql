-- A practitioner at a place: what one finds and books. What a search filters by stands in the row itself, so that
-- one index scan answers it; names are joined for the page of results only.
create table providers.practitioner_role (
    practitioner_role_id uuid constraint practitioner_role_pkey primary key,
    slug text not null constraint practitioner_role_slug_key unique,
    practitioner_id uuid constraint practitioner_role_practitioner_fkey references providers.practitioner,
    organization_id uuid constraint practitioner_role_organization_fkey references providers.organization,
    location_id uuid constraint practitioner_role_location_fkey references providers.location,
    healthcare_service_ids uuid[] not null default '{}',
    name text not null,
    profession text constraint practitioner_role_profession_fkey references providers.profession,
    ahpra_number text,
    -- Copied from the location, or from the practice's address; absent when neither can be placed.
    point extensions.geography(Point, 4326),
    state text,
    -- `bulk_billing`, `telehealth`, `home_visit`, `wheelchair`, `new_patients`, `language:ar`, `gender:female`.
    facets text[] not null default '{}',
    -- Name, practice and services in lower case, for words.
    search_text text not null,
    bookable boolean not null default false,
    -- The next eight starts over all appointment types, fed by bookings. Not indexed: it changes often.
    next_free timestamptz[] not null default '{}',
    next_free_as_of timestamptz,
    origin text not null,
    source_key text constraint practitioner_role_source_key unique,
    active boolean not null default true,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version integer not null default 1,
    constraint practitioner_role_origin check (origin in ('demo', 'directory', 'practice')),
    -- Imported roles have no rules and no times until a practice claims them.
    constraint practitioner_role_directory_is_not_bookable check (origin <> 'directory' or not bookable)
) with (fillfactor = 85);
create index practitioner_role_profession_point_idx on providers.practitioner_role using gist (profession, point) where active;
create index practitioner_role_point_idx on providers.practitioner_role using gist (point) where active;
create index practitioner_role_search_text_idx on providers.practitioner_role using gin (search_text extensions.gin_trgm_ops) where active;
create index practitioner_role_organization_idx on providers.practitioner_role (organization_id);
create index practitioner_role_practitioner_idx on providers.practitioner_role (practitioner_id);
create index practitioner_role_location_idx on providers.practitioner_role (location_id);

-- Where a role makes home visits.
create table providers.coverage_area (
    practitioner_role_id uuid not null constraint coverage_area_role_fkey references providers.practitioner_role on delete cascade,
    area extensions.geography(Polygon, 4326) not null,
    constraint coverage_area_pkey primary key (practitioner_role_id)
);
create index coverage_area_area_idx on providers.coverage_area using gist (area);

-- What can be booked and what it costs, as bookings told it last: for showing, never for charging.
create table providers.fee_line (
    practitioner_role_id uuid not null constraint fee_line_role_fkey references providers.practitioner_role on delete cascade,
    appointment_type_id uuid not null,
    position smallint not null,
    name text not null,
    duration_minutes smallint not null,
    price_cents bigint not null,
    bulk_billed boolean not null,
    telehealth boolean not null,
    audience text not null,
    constraint fee_line_pkey primary key (practitioner_role_id, appointment_type_id),
    constraint fee_line_bulk_billed_is_uncharged check (not bulk_billed or price_cents = 0)
);
