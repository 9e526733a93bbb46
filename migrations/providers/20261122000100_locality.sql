-- Every suburb and town, with where the data came from.
create table providers.data_source (
    name text constraint data_source_pkey primary key,
    source text not null,
    licence text not null,
    sha256 text not null,
    rows integer not null,
    rejects integer not null,
    loaded_at timestamptz not null
);

create table providers.locality (
    locality_id integer generated always as identity constraint locality_pkey primary key,
    name text not null,
    state text not null,
    postcode text not null,
    slug text not null constraint locality_slug_key unique,
    point extensions.geography(Point, 4326) not null,
    time_zone text not null,
    modified_monash smallint,
    primary_health_network text,
    population integer not null default 0,
    constraint locality_state check (state in ('NSW', 'VIC', 'QLD', 'SA', 'WA', 'TAS', 'NT', 'ACT')),
    -- Empty for areas wider than a suburb, such as Gold Coast.
    constraint locality_postcode check (postcode ~ '^([0-9]{4})?$'),
    constraint locality_modified_monash check (modified_monash between 1 and 7)
);
create index locality_name_trgm_idx on providers.locality using gin (lower(name) extensions.gin_trgm_ops);
create index locality_name_idx on providers.locality (lower(name) text_pattern_ops);
create index locality_postcode_idx on providers.locality (postcode);
create index locality_point_idx on providers.locality using gist (point);
