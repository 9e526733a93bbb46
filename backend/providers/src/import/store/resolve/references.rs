//! What each resource is in the directory already, and what each reference means.

/// What came before under the same name is the same thing.
pub(super) const FIND_TARGETS: &str = "
    update providers.import_resource resource
    set target_id = target.target_id, claimed = target.claimed
    from providers.directory_target target
    where target.resource_type = resource.resource_type and target.source_key = resource.source_key
        and not resource.duplicate";

/// Everything else is new.
pub(super) const NAME_NEW_TARGETS: &str = "
    update providers.import_resource
    set target_id = ids[1], is_new = true
    where target_id is null and resource_type is not null";

/// In a table with its index, because the planner cannot guess how many names are unique.
pub(super) const LIST_ALIASES: &str = "
    insert into providers.import_alias (alias, resource_type, ordinal)
    select alias.alias, resource.resource_type, min(resource.ordinal)
    from providers.import_resource resource
    cross join lateral unnest(resource.aliases) as alias (alias)
    where not resource.duplicate and resource.resource_type is not null
    group by alias.alias, resource.resource_type
    having count(distinct resource.ordinal) = 1";

/// The best key that names exactly one staged resource of the expected type.
pub(super) const FIND_STAGED: &str = "
    with best as (
        select distinct on (ref.ordinal, ref.position) ref.ordinal, ref.position, named.ordinal as to_ordinal
        from providers.import_reference ref
        cross join lateral unnest(ref.keys) with ordinality as candidate (key, rank)
        join providers.import_alias named on named.alias = candidate.key and named.resource_type = ref.expected
        order by ref.ordinal, ref.position, candidate.rank
    )
    update providers.import_reference ref
    set to_ordinal = best.to_ordinal, to_id = target.target_id
    from best
    join providers.import_resource target on target.ordinal = best.to_ordinal
    where ref.ordinal = best.ordinal and ref.position = best.position";

/// What was not staged may be in the directory.
pub(super) const FIND_EXISTING: &str = "
    with best as (
        select distinct on (ref.ordinal, ref.position) ref.ordinal, ref.position, target.target_id
        from providers.import_reference ref
        cross join lateral unnest(ref.keys) with ordinality as candidate (key, rank)
        join providers.directory_target target
            on target.source_key = candidate.key and target.resource_type = ref.expected
        where ref.to_id is null
        order by ref.ordinal, ref.position, candidate.rank
    )
    update providers.import_reference ref
    set to_id = best.target_id
    from best
    where ref.ordinal = best.ordinal and ref.position = best.position";

/// A number names a thing as well, where only one thing has it.
pub(super) const FIND_EXISTING_BY_IDENTIFIER: &str = "
    with named as (
        select identifier.owner_kind, identifier.system, identifier.value, (array_agg(identifier.owner_id))[1] as owner_id
        from providers.import_reference ref
        join providers.identifier identifier
            on identifier.system = ref.identifier_system and identifier.value = ref.identifier_value
        where ref.to_id is null
        group by identifier.owner_kind, identifier.system, identifier.value
        having count(distinct identifier.owner_id) = 1
    )
    update providers.import_reference ref
    set to_id = named.owner_id
    from named
    where ref.to_id is null and named.system = ref.identifier_system and named.value = ref.identifier_value
        and named.owner_kind = case ref.expected
            when 'Organization' then 'organization'
            when 'Location' then 'location'
            when 'Practitioner' then 'practitioner'
            when 'HealthcareService' then 'healthcare_service'
        end";
