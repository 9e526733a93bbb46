-- Who and what can be found. Names are FHIR's. `source_key` names a row in the directory it came from, so that an
-- import that runs twice changes nothing.
create table providers.organization (
    organization_id uuid constraint organization_pkey primary key,
    slug text not null constraint organization_slug_key unique,
    name text not null,
    phone text,
    email text,
    website text,
    origin text not null,
    source_key text constraint organization_source_key unique,
    part_of uuid constraint organization_part_of_fkey references providers.organization,
    active boolean not null default true,
    checked_on date not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version integer not null default 1,
    constraint organization_origin check (origin in ('demo', 'directory', 'practice'))
);

create table providers.location (
    location_id uuid constraint location_pkey primary key,
    organization_id uuid constraint location_organization_fkey references providers.organization,
    name text,
    line text,
    suburb text not null,
    state text not null,
    postcode text not null,
    point extensions.geography(Point, 4326),
    time_zone text,
    -- True when only the suburb is known.
    approximate boolean not null,
    wheelchair boolean not null default false,
    phone text,
    opening_hours jsonb not null default '[]',
    origin text not null,
    source_key text constraint location_source_key unique,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint location_origin check (origin in ('demo', 'directory', 'practice')),
    constraint location_zone_with_point check ((point is null) = (time_zone is null))
);
create index location_organization_idx on providers.location (organization_id);

create table providers.practitioner (
    practitioner_id uuid constraint practitioner_pkey primary key,
    name text not null,
    gender text,
    languages text[] not null default '{}',
    about text,
    origin text not null,
    source_key text constraint practitioner_source_key unique,
    active boolean not null default true,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint practitioner_gender check (gender in ('female', 'male', 'other')),
    constraint practitioner_origin check (origin in ('demo', 'directory', 'practice'))
);

create table providers.healthcare_service (
    healthcare_service_id uuid constraint healthcare_service_pkey primary key,
    organization_id uuid constraint healthcare_service_organization_fkey references providers.organization,
    location_id uuid constraint healthcare_service_location_fkey references providers.location,
    name text not null,
    service_type_codes text[] not null default '{}',
    origin text not null,
    source_key text constraint healthcare_service_source_key unique,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index healthcare_service_organization_idx on providers.healthcare_service (organization_id);

create table providers.endpoint (
    endpoint_id uuid constraint endpoint_pkey primary key,
    organization_id uuid constraint endpoint_organization_fkey references providers.organization,
    connection_type text not null,
    address text not null,
    source_key text constraint endpoint_source_key unique,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- Identifiers as given, with whether their check digits agree. A wrong one is kept and marked.
create table providers.identifier (
    owner_kind text not null,
    owner_id uuid not null,
    system text not null,
    value text not null,
    verified boolean not null,
    constraint identifier_pkey primary key (owner_kind, owner_id, system, value),
    constraint identifier_owner_kind check (owner_kind in ('organization', 'location', 'practitioner', 'practitioner_role', 'healthcare_service'))
);
