//! What refers to what, what is refused for it, and where things are: set by set, over everything staged.

use sqlx::PgConnection;
use uuid::Uuid;

use super::super::IdSource;

/// Resolves everything that was staged, and decides what becomes of each resource.
pub(in crate::import) async fn resolve(conn: &mut PgConnection, ids: IdSource<'_>) -> sqlx::Result<()> {
    for statement in [REFUSE_DUPLICATES, FIND_TARGETS, NAME_NEW_TARGETS] {
        sqlx::query(statement).execute(&mut *conn).await?;
    }
    // A service that shows a changed place, then a role that shows that service.
    restage(conn, RESTAGE_DEPENDENTS).await?;
    restage(conn, RESTAGE_DEPENDENTS).await?;
    for statement in [
        LIST_ALIASES,
        "analyze providers.import_alias, providers.import_resource",
        FIND_STAGED,
        FIND_EXISTING,
        FIND_EXISTING_BY_IDENTIFIER,
        "analyze providers.import_reference",
        REFUSE_MISSING,
    ] {
        sqlx::query(statement).execute(&mut *conn).await?;
    }
    refuse_dependents(conn).await?;
    sqlx::query(DROP_OPTIONAL).execute(&mut *conn).await?;
    sqlx::query(DROP_CIRCLES).execute(&mut *conn).await?;
    // A role's service, then that service's organization.
    restage(conn, RESTAGE_TARGETS).await?;
    restage(conn, RESTAGE_TARGETS).await?;
    give_ids(conn, ids).await?;
    let analyze = "analyze providers.import_resource, providers.import_reference";
    for statement in [PLACE, WARN_OF_PLACES, HASH, WARN_OF_CLAIMS, DECIDE, analyze] {
        sqlx::query(statement).execute(&mut *conn).await?;
    }
    Ok(())
}

/// The later of two resources with one id, of whatever kind, is refused.
const REFUSE_DUPLICATES: &str = "
    with numbered as (
        select ordinal, contained_in, row_number() over same as nth, first_value(source) over same as first_source
        from providers.import_resource
        where source_key is not null
        window same as (partition by source_key order by ordinal)
    ),
    marked as (
        update providers.import_resource resource
        set duplicate = true, refused = true
        from numbered
        where numbered.ordinal = resource.ordinal and numbered.nth > 1
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'refused', '/id', 'the same resource came before, in ' || first_source
    from numbered
    where nth > 1 and contained_in is null
    order by ordinal";

const FIND_TARGETS: &str = "
    update providers.import_resource resource
    set target_id = target.target_id, claimed = target.claimed
    from providers.directory_target target
    where target.resource_type = resource.resource_type and target.source_key = resource.source_key
        and not resource.duplicate";

const NAME_NEW_TARGETS: &str = "
    update providers.import_resource
    set target_id = ids[1], is_new = true
    where target_id is null and resource_type is not null";

/// Brings back, from earlier imports, listings that show something staged.
const RESTAGE_DEPENDENTS: &str = "
    insert into providers.import_resource (
        ordinal, unit, source, label, resource_type, source_key, aliases, facts, refs, identifiers, notes, ids, restaged,
        target_id, claimed, outcome
    )
    with absent as materialized (
        select imported.source_key, imported.resource_type, imported.facts, imported.to_ids
        from providers.imported_resource imported
        where imported.resource_type in ('HealthcareService', 'PractitionerRole')
            and not exists (
                select from providers.import_resource staged where staged.source_key = imported.source_key
            )
    ),
    showing as (
        select distinct absent.source_key
        from absent
        cross join lateral unnest(absent.to_ids) as shown (target_id)
        join providers.import_resource staged on staged.target_id = shown.target_id and not staged.is_new
    )
    select
        (select max(ordinal) from providers.import_resource) + row_number() over (order by absent.source_key), 0, '',
        absent.source_key, absent.resource_type, absent.source_key, '{}', absent.facts, '[]', '[]', '[]', '{}', true,
        target.target_id, target.claimed, 'unchanged'
    from absent
    join showing using (source_key)
    join providers.directory_target target
        on target.resource_type = absent.resource_type and target.source_key = absent.source_key";

/// Brings back what staged listings show: a practice for its address, a service to see whether a role names it.
const RESTAGE_TARGETS: &str = "
    insert into providers.import_resource (
        ordinal, unit, source, label, resource_type, source_key, aliases, facts, refs, identifiers, notes, ids, restaged,
        target_id, claimed, outcome
    )
    with shown as (
        select distinct imported.source_key
        from providers.import_reference ref
        join providers.imported_resource imported on imported.target_id = ref.to_id
        where ref.field in ('organization', 'healthcare_service')
            and not exists (
                select from providers.import_resource staged where staged.source_key = imported.source_key
            )
    )
    select
        (select max(ordinal) from providers.import_resource) + row_number() over (order by imported.source_key), 0, '',
        imported.source_key, imported.resource_type, imported.source_key, '{}', imported.facts, '[]', '[]', '[]', '{}',
        true, target.target_id, target.claimed, 'unchanged'
    from shown
    join providers.imported_resource imported using (source_key)
    join providers.directory_target target
        on target.resource_type = imported.resource_type and target.source_key = imported.source_key";

/// What is brought back refers to what it referred to before.
const RESTAGED_REFERENCES: &str = "
    insert into providers.import_reference (
        ordinal, position, field, pointer, expected, required, shown, keys, to_id
    )
    select resource.ordinal, ref.position, ref.field, '', '', false, '', '{}', ref.to_id
    from providers.import_resource resource
    join providers.imported_resource imported using (source_key)
    cross join lateral jsonb_to_recordset(imported.refs) as ref (position integer, field text, to_id uuid)
    where resource.restaged
    on conflict do nothing";

async fn restage(conn: &mut PgConnection, statement: &'static str) -> sqlx::Result<()> {
    if sqlx::query(statement).execute(&mut *conn).await?.rows_affected() > 0 {
        sqlx::query(RESTAGED_REFERENCES).execute(conn).await?;
    }
    Ok(())
}

/// In a table with its index, because the planner cannot guess how many names are unique.
const LIST_ALIASES: &str = "
    insert into providers.import_alias (alias, resource_type, ordinal)
    select alias.alias, resource.resource_type, min(resource.ordinal)
    from providers.import_resource resource
    cross join lateral unnest(resource.aliases) as alias (alias)
    where not resource.duplicate and resource.resource_type is not null
    group by alias.alias, resource.resource_type
    having count(distinct resource.ordinal) = 1";

/// The best key that names exactly one staged resource of the expected type.
const FIND_STAGED: &str = "
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

const FIND_EXISTING: &str = "
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

const FIND_EXISTING_BY_IDENTIFIER: &str = "
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

const REFUSE_MISSING: &str = "
    with missing as (
        select ref.ordinal, ref.position, ref.pointer, ref.shown
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        where ref.required and ref.to_id is null and not resource.refused
    ),
    marked as (
        update providers.import_resource resource
        set refused = true
        from missing
        where missing.ordinal = resource.ordinal
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'refused', pointer, shown || ' is neither in this import nor in the directory'
    from missing
    order by ordinal, position";

const REFUSE_DEPENDENTS: &str = "
    with hit as (
        select ref.ordinal, ref.pointer, 'refers to ' || target.label || ', which was refused' as reason
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        join providers.import_resource target on target.ordinal = ref.to_ordinal
        where ref.required and target.refused and not resource.refused
        union all
        select container.ordinal, '/contained', 'contains ' || child.label || ', which was refused'
        from providers.import_resource child
        join providers.import_resource container on container.ordinal = child.contained_in
        where child.refused and not container.refused
    ),
    marked as (
        update providers.import_resource resource
        set refused = true
        from hit
        where hit.ordinal = resource.ordinal
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'refused', pointer, reason from hit order by ordinal";

const REFUSE_CONTAINED: &str = "
    update providers.import_resource child
    set refused = true
    from providers.import_resource container
    where container.ordinal = child.contained_in and container.refused and not child.refused";

/// Refusing one may refuse another, as long as the longest chain of references.
async fn refuse_dependents(conn: &mut PgConnection) -> sqlx::Result<()> {
    loop {
        let contained = sqlx::query(REFUSE_CONTAINED).execute(&mut *conn).await?.rows_affected();
        let dependents = sqlx::query(REFUSE_DEPENDENTS).execute(&mut *conn).await?.rows_affected();
        if contained + dependents == 0 {
            return Ok(());
        }
    }
}

const DROP_OPTIONAL: &str = "
    with dropped as (
        select ref.ordinal, ref.position, ref.pointer, case
            when ref.to_id is null then ref.shown || ' is neither in this import nor in the directory; left out'
            else 'refers to ' || target.label || ', which was refused; left out'
        end as reason
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        left join providers.import_resource target on target.ordinal = ref.to_ordinal
        where not ref.required and not resource.refused and not resource.restaged
            and (ref.to_id is null or target.refused)
    ),
    cleared as (
        update providers.import_reference ref
        set to_ordinal = null, to_id = null
        from dropped
        where dropped.ordinal = ref.ordinal and dropped.position = ref.position
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'warning', pointer, reason from dropped order by ordinal, position";

/// An organization that is part of itself, however many steps away, would be drawn for ever.
const DROP_CIRCLES: &str = "
    with recursive parent as (
        select resource.target_id as organization_id, ref.to_id as part_of
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        where ref.field = 'part_of' and ref.to_id is not null and not resource.refused
        union all
        select organization.organization_id, organization.part_of
        from providers.organization organization
        where organization.part_of is not null and not exists (
            select from providers.import_resource resource
            where resource.target_id = organization.organization_id and not resource.refused
        )
    ),
    above as (
        select ref.ordinal, ref.position, ref.pointer, resource.target_id as start_id, ref.to_id as reached_id
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        where ref.field = 'part_of' and ref.to_id is not null and not resource.refused
        union
        select above.ordinal, above.position, above.pointer, above.start_id, parent.part_of
        from above
        join parent on parent.organization_id = above.reached_id
        where above.reached_id <> above.start_id
    ),
    circle as (
        select ordinal, position, pointer from above where reached_id = start_id
    ),
    cleared as (
        update providers.import_reference ref
        set to_ordinal = null, to_id = null
        from circle
        where circle.ordinal = ref.ordinal and circle.position = ref.position
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'warning', pointer, 'makes the organization a part of itself; left out' from circle order by ordinal";

/// What was brought back may make rows too, and its ids come from the same source as all others.
async fn give_ids(conn: &mut PgConnection, ids: IdSource<'_>) -> sqlx::Result<()> {
    loop {
        let wanting: Vec<(i64, i64)> = sqlx::query_as(
            "select resource.ordinal, 2 + count(ref.position)
            from providers.import_resource resource
            left join providers.import_reference ref on ref.ordinal = resource.ordinal and ref.field = 'location'
            where resource.restaged and resource.ids = '{}'
            group by resource.ordinal
            order by resource.ordinal
            limit 1000",
        )
        .fetch_all(&mut *conn)
        .await?;
        if wanting.is_empty() {
            return Ok(());
        }
        let (mut ordinals, mut given) = (Vec::new(), Vec::new());
        for (ordinal, count) in wanting {
            for _ in 0..count {
                ordinals.push(ordinal);
                given.push(ids());
            }
        }
        give(conn, &ordinals, &given).await?;
    }
}

async fn give(conn: &mut PgConnection, ordinals: &[i64], given: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query(
        "update providers.import_resource resource
        set ids = given.ids
        from (
            select ordinal, array_agg(id) as ids from unnest($1::bigint[], $2::uuid[]) as pair (ordinal, id) group by ordinal
        ) given
        where given.ordinal = resource.ordinal",
    )
    .bind(ordinals)
    .bind(given)
    .execute(conn)
    .await?;
    Ok(())
}

/// A position as given, else the suburb, else the postcode's largest locality.
const PLACE: &str = "
    update providers.import_resource resource
    set lon = found.lon, lat = found.lat, time_zone = found.time_zone, approximate = found.approximate,
        found_by = found.found_by
    from (
        select
            staged.ordinal,
            coalesce((staged.facts #>> '{position,lon}')::double precision, st_x(locality.point::geometry)) as lon,
            coalesce((staged.facts #>> '{position,lat}')::double precision, st_y(locality.point::geometry)) as lat,
            coalesce(staged.facts #>> '{position,time_zone}', locality.time_zone) as time_zone,
            staged.facts ->> 'position' is null as approximate,
            locality.found_by
        from providers.import_resource staged
        left join lateral (
            select candidate.point, candidate.time_zone, candidate.found_by
            from (
                (
                    select point, time_zone, 1 as found_by
                    from providers.locality
                    where lower(name) = staged.facts #>> '{address,lookup}'
                        and postcode = staged.facts #>> '{address,postcode}'
                        and staged.facts #>> '{address,state}' in ('', state)
                    order by population desc, locality_id
                    limit 1
                )
                union all
                (
                    select point, time_zone, 2
                    from providers.locality
                    where lower(name) = staged.facts #>> '{address,lookup}'
                        and state = staged.facts #>> '{address,state}'
                    order by population desc, locality_id
                    limit 1
                )
                union all
                (
                    select point, time_zone, 3
                    from providers.locality
                    where postcode = staged.facts #>> '{address,postcode}' and postcode <> ''
                        and staged.facts #>> '{address,state}' in ('', state)
                    order by population desc, locality_id
                    limit 1
                )
            ) candidate
            where staged.facts ->> 'position' is null
            order by candidate.found_by
            limit 1
        ) locality on true
        where staged.resource_type in ('Organization', 'Location') and not staged.refused
    ) found
    where found.ordinal = resource.ordinal";

const WARN_OF_PLACES: &str = "
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'warning', '/address', case
        when found_by = 2 then concat_ws(' ', facts #>> '{address,postcode}', 'is not the postcode of',
            facts #>> '{address,suburb}', facts #>> '{address,state}') || '; placed by suburb and state'
        when found_by = 3 then concat_ws(' ', 'no suburb', facts #>> '{address,suburb}', 'is known in',
            facts #>> '{address,state}') || '; placed by postcode ' || (facts #>> '{address,postcode}')
        else 'neither suburb nor postcode is known; found by words only'
    end
    from providers.import_resource
    where resource_type in ('Organization', 'Location') and not refused and not restaged
        and facts ->> 'position' is null and facts #>> '{address,lookup}' is not null
        and (found_by is null or found_by = 3 or found_by = 2 and facts #>> '{address,postcode}' <> '')
    order by ordinal";

/// Over all that would be written, so that equal hashes mean that nothing is to be done.
const HASH: &str = "
    update providers.import_resource resource
    set content_hash = md5(concat_ws(
        '|', resource.facts::text, resource.identifiers::text, resource.lon::text, resource.lat::text,
        resource.time_zone, resource.approximate::text,
        (
            select string_agg(ref.field || ':' || coalesce(ref.to_id::text, ''), ',' order by ref.position)
            from providers.import_reference ref
            where ref.ordinal = resource.ordinal
        )
    ))
    where not resource.refused and not resource.restaged";

const WARN_OF_CLAIMS: &str = "
    insert into providers.import_note (ordinal, level, pointer, reason)
    select resource.ordinal, 'warning', '', 'changed in the directory; kept as the practice that claimed it wrote it'
    from providers.import_resource resource
    left join providers.imported_resource imported using (source_key)
    where resource.claimed and not resource.refused and not resource.restaged
        and imported.content_hash is distinct from resource.content_hash
    order by resource.ordinal";

const DECIDE: &str = "
    update providers.import_resource resource
    set outcome = case
        when resource.refused then 'refused'
        when resource.is_new then 'created'
        when resource.claimed then 'unchanged'
        when exists (
            select from providers.imported_resource imported
            where imported.source_key = resource.source_key and imported.content_hash = resource.content_hash
        ) then 'unchanged'
        else 'changed'
    end
    where not resource.restaged";
