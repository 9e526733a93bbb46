-- Provider types: versioned data files applied at run time, so a new profession needs no release.
create table providers.profession (
    slug text constraint profession_pkey primary key,
    version integer not null,
    name text not null,
    plural text not null,
    synonyms text[] not null,
    category text not null,
    icon text not null,
    regulation text not null,
    ahpra_prefix text,
    service_type_codes text[] not null,
    schema_org text not null,
    discreet boolean not null,
    bulk_billing_possible boolean not null,
    pack jsonb not null,
    constraint profession_regulation check (regulation in ('registered', 'self_regulated', 'not_regulated'))
);
