-- Imports of the national directory's format: what earlier ones wrote, and the tables one import works in.

-- What came from a directory, by the name it has there, so that an import that runs twice changes nothing and one
-- that brings a practitioner alone can still renew the roles that show the practitioner's name.
create table providers.imported_resource (
    source_key text constraint imported_resource_pkey primary key,
    resource_type text not null,
    target_id uuid not null,
    facts jsonb not null,
    -- What it refers to: `[{"field", "position", "to_id"}]`, and the same ids alone.
    refs jsonb not null,
    to_ids uuid[] not null,
    -- Over what it writes, including what its references and its address were resolved to.
    content_hash text not null,
    constraint imported_resource_type check (resource_type in (
        'Organization', 'Location', 'Practitioner', 'HealthcareService', 'Endpoint', 'PractitionerRole'
    ))
);
create index imported_resource_target_idx on providers.imported_resource (target_id);

-- Rows that an import can be about, by their name in the directory. A row that a practice has claimed is its own.
create view providers.directory_target as
select 'Organization' as resource_type, source_key, organization_id as target_id, origin <> 'directory' as claimed
from providers.organization where source_key is not null
union all
select 'Location', source_key, location_id, origin <> 'directory'
from providers.location where source_key is not null
union all
select 'Practitioner', source_key, practitioner_id, origin <> 'directory'
from providers.practitioner where source_key is not null
union all
select 'HealthcareService', source_key, healthcare_service_id, origin <> 'directory'
from providers.healthcare_service where source_key is not null
union all
select 'Endpoint', source_key, endpoint_id, false
from providers.endpoint where source_key is not null
union all
select 'PractitionerRole', source_key, practitioner_role_id, origin <> 'directory'
from providers.practitioner_role where source_key is not null;

-- Staging. One import at a time fills these within its transaction and leaves them empty; a crash may empty them too.
create unlogged table providers.import_resource (
    -- The order in which it was read.
    ordinal bigint constraint import_resource_pkey primary key,
    -- The file it came from, where there are several.
    unit integer not null,
    -- File, line or entry, as the report names it.
    source text not null,
    -- `Practitioner/x`, as the report names it.
    label text not null,
    resource_type text,
    source_key text,
    aliases text[] not null,
    contained_in bigint,
    facts jsonb,
    refs jsonb not null,
    identifiers jsonb not null,
    notes jsonb not null,
    -- Ids for the rows it may make, the first for its own.
    ids uuid[] not null,
    -- Taken from an earlier import because something it shows may have changed.
    restaged boolean not null default false,
    duplicate boolean not null default false,
    refused boolean not null default false,
    target_id uuid,
    is_new boolean not null default false,
    claimed boolean not null default false,
    lon double precision,
    lat double precision,
    time_zone text,
    approximate boolean,
    -- How the address was found: 1 by suburb and postcode, 2 by suburb and state, 3 by postcode.
    found_by smallint,
    slug text,
    content_hash text,
    outcome text,
    constraint import_resource_outcome check (outcome in ('created', 'changed', 'unchanged', 'refused'))
);
create index import_resource_key_idx on providers.import_resource (source_key);
create index import_resource_target_idx on providers.import_resource (target_id);
create index import_resource_unit_idx on providers.import_resource (unit);

-- Every name that belongs to exactly one staged resource of a type.
create unlogged table providers.import_alias (
    alias text not null,
    resource_type text not null,
    ordinal bigint not null,
    constraint import_alias_pkey primary key (alias, resource_type)
);

create unlogged table providers.import_reference (
    ordinal bigint not null,
    position integer not null,
    field text not null,
    pointer text not null,
    expected text not null,
    required boolean not null,
    shown text not null,
    keys text[] not null,
    identifier_system text,
    identifier_value text,
    to_ordinal bigint,
    to_id uuid,
    constraint import_reference_pkey primary key (ordinal, position)
);
create index import_reference_to_ordinal_idx on providers.import_reference (to_ordinal);
create index import_reference_to_id_idx on providers.import_reference (to_id);

create unlogged table providers.import_note (
    import_note_id bigint generated always as identity constraint import_note_pkey primary key,
    ordinal bigint not null,
    level text not null,
    pointer text not null,
    reason text not null,
    constraint import_note_level check (level in ('refused', 'warning'))
);

-- The listings that the staged resources make: a role for each place, and services that no role names.
create unlogged table providers.import_role (
    source_key text constraint import_role_pkey primary key,
    practitioner_role_id uuid not null,
    is_new boolean not null,
    -- Whether what it is copied from changed, so that bookings must be told even when the row stays the same.
    touched boolean not null,
    practitioner_id uuid,
    organization_id uuid,
    location_id uuid,
    healthcare_service_ids uuid[] not null,
    name text not null,
    profession text,
    ahpra_number text,
    point extensions.geography(Point, 4326),
    suburb text,
    state text,
    facets text[] not null,
    search_text text not null,
    active boolean not null,
    slug text
);

create unlogged table providers.import_written (
    practitioner_role_id uuid constraint import_written_pkey primary key
);
