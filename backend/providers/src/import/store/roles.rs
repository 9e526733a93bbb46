//! The listings: a role for each place where a practitioner works, and each service that no role names.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::slug;

/// Makes, changes and hides listings as the staged resources say.
pub(in crate::import) async fn write_roles(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<()> {
    for statement in [ADD_PRACTICE_PLACES, CHANGE_PRACTICE_PLACES] {
        sqlx::query(statement).bind(now.to_sqlx()).execute(&mut *conn).await?;
    }
    // What was written before is in the statistics now, or the joins below would be planned for empty tables.
    sqlx::query(
        "analyze providers.organization, providers.location, providers.practitioner, providers.healthcare_service,
            providers.imported_resource",
    )
    .execute(&mut *conn)
    .await?;
    // The planner cannot guess the sizes of the sets within, and one wrong guess is a loop over a loop of all rows.
    sqlx::query("set local enable_nestloop = off").execute(&mut *conn).await?;
    sqlx::query(DRAW_UP_ROLES).execute(&mut *conn).await?;
    sqlx::query("set local enable_nestloop to default").execute(&mut *conn).await?;
    sqlx::query("analyze providers.import_role").execute(&mut *conn).await?;
    name_roles(conn).await?;
    for statement in [ADD_ROLES, CHANGE_ROLES, HIDE_ROLES] {
        sqlx::query(statement).bind(now.to_sqlx()).execute(&mut *conn).await?;
    }
    Ok(())
}

/// A page of the ids of roles that were written, in order.
pub(in crate::import) async fn next_written(
    conn: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar(
        "select practitioner_role_id
        from providers.import_written
        where $1::uuid is null or practitioner_role_id > $1
        order by practitioner_role_id
        limit $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// A practice's address is a place of its own once somebody is found there who has no other.
const ADD_PRACTICE_PLACES: &str = "
    insert into providers.location (
        location_id, organization_id, line, suburb, state, postcode, point, time_zone, approximate, origin, source_key,
        created_at, updated_at
    )
    select
        practice.ids[2], practice.target_id, practice.facts #>> '{address,line}', practice.facts #>> '{address,suburb}',
        practice.facts #>> '{address,state}', practice.facts #>> '{address,postcode}',
        st_setsrid(st_makepoint(practice.lon, practice.lat), 4326)::geography, practice.time_zone, true, 'directory',
        practice.source_key || '#address', $1, $1
    from providers.import_resource practice
    where practice.resource_type = 'Organization' and not practice.refused and practice.facts ->> 'address' is not null
        and not exists (
            select from providers.location location where location.source_key = practice.source_key || '#address'
        )
        and exists (
            select from providers.import_reference ref
            join providers.import_resource listing on listing.ordinal = ref.ordinal
            where ref.to_id = practice.target_id and ref.field = 'organization' and not listing.refused
                and listing.resource_type in ('HealthcareService', 'PractitionerRole')
                and not exists (
                    select from providers.import_reference place
                    where place.ordinal = ref.ordinal and place.field = 'location' and place.to_id is not null
                )
        )";

const CHANGE_PRACTICE_PLACES: &str = "
    update providers.location location
    set line = practice.facts #>> '{address,line}', suburb = practice.facts #>> '{address,suburb}',
        state = practice.facts #>> '{address,state}', postcode = practice.facts #>> '{address,postcode}',
        point = st_setsrid(st_makepoint(practice.lon, practice.lat), 4326)::geography, time_zone = practice.time_zone,
        updated_at = $1
    from providers.import_resource practice
    where practice.resource_type = 'Organization' and practice.outcome = 'changed'
        and practice.facts ->> 'address' is not null
        and location.source_key = practice.source_key || '#address' and location.origin = 'directory'";

const DRAW_UP_ROLES: &str = "
    insert into providers.import_role (
        source_key, practitioner_role_id, is_new, touched, practitioner_id, organization_id, location_id,
        healthcare_service_ids, name, profession, ahpra_number, point, suburb, state, facets, search_text, active
    )
    with link as (
        select
            ordinal,
            (array_agg(to_id order by position) filter (where field = 'practitioner'))[1] as practitioner_id,
            (array_agg(to_id order by position) filter (where field = 'organization'))[1] as organization_id,
            array_agg(to_id order by position) filter (where field = 'location') as location_ids,
            array_agg(to_id order by position) filter (where field = 'healthcare_service') as service_ids
        from providers.import_reference
        where to_id is not null
        group by ordinal
    ),
    -- Whole sets that are hashed once, instead of a question for each listing.
    named as (
        select distinct shown.target_id
        from providers.imported_resource role
        cross join lateral unnest(role.to_ids) as shown (target_id)
        where role.resource_type = 'PractitionerRole'
    ),
    changed as (
        select target_id from providers.import_resource where outcome = 'changed'
    ),
    listing as materialized (
        select
            resource.target_id, resource.ids, resource.facts, resource.resource_type = 'HealthcareService' as is_service,
            resource.resource_type = 'HealthcareService' and resource.target_id in (select target_id from named)
                as named_by_role,
            link.practitioner_id, link.organization_id, place.location_id, place.nth,
            case
                when resource.resource_type = 'HealthcareService' then array[resource.target_id]
                else coalesce(link.service_ids, '{}')
            end as service_ids,
            resource.source_key || case when place.nth > 1 then '@' || place.location_id else '' end as source_key
        from providers.import_resource resource
        left join link using (ordinal)
        cross join lateral (
            select at.location_id, at.nth
            from unnest(link.location_ids) with ordinality as at (location_id, nth)
            where at.nth = array_position(link.location_ids, at.location_id)
            union all
            select null, 1 where link.location_ids is null
        ) place
        where resource.resource_type in ('HealthcareService', 'PractitionerRole') and not resource.refused
    ),
    service as (
        select
            listing.source_key,
            string_agg(offered.name, ' ' order by wanted.nth) as names,
            (array_agg(offered.organization_id order by wanted.nth) filter (where offered.organization_id is not null))[1]
                as organization_id,
            (array_agg(offered.name order by wanted.nth))[1] as first_name,
            case when count(distinct source.facts ->> 'profession') = 1 then min(source.facts ->> 'profession') end
                as profession
        from listing
        cross join lateral unnest(listing.service_ids) with ordinality as wanted (healthcare_service_id, nth)
        join providers.healthcare_service offered using (healthcare_service_id)
        left join providers.imported_resource source on source.target_id = wanted.healthcare_service_id
        group by listing.source_key
    ),
    offer as (
        select listing.source_key, array_agg(distinct fact.facet) as facets
        from listing
        cross join lateral unnest(listing.service_ids) as wanted (healthcare_service_id)
        join providers.imported_resource source on source.target_id = wanted.healthcare_service_id
        cross join lateral jsonb_array_elements_text(source.facts -> 'facets') as fact (facet)
        group by listing.source_key
    )
    select
        listing.source_key,
        coalesce(existing.practitioner_role_id, case
            when listing.is_service then listing.ids[(listing.nth + 1)::integer]
            when listing.nth = 1 then listing.target_id
            else listing.ids[listing.nth::integer]
        end),
        existing.practitioner_role_id is null,
        coalesce(practitioner.practitioner_id in (select target_id from changed), false)
            or coalesce(organization.organization_id in (select target_id from changed), false)
            or coalesce(location.location_id in (select target_id from changed), false),
        practitioner.practitioner_id, organization.organization_id, location.location_id, listing.service_ids, called.name,
        profession.slug, person.facts ->> 'ahpra_number', location.point, location.suburb, nullif(location.state, ''),
        array(
            select distinct facet
            from (
                select 'gender:' || practitioner.gender
                union all select 'language:' || language from unnest(practitioner.languages) as spoken (language)
                union all select 'wheelchair' where location.wheelchair
                union all select unnest(offer.facets)
            ) fact (facet)
            where facet is not null
            order by facet
        ),
        lower(concat_ws(
            ' ', called.name, nullif(organization.name, called.name),
            case when not listing.is_service then service.names end, profession.name,
            (select string_agg(word, ' ') from jsonb_array_elements_text(listing.facts -> 'words') as said (word))
        )),
        (listing.facts ->> 'active')::boolean and coalesce(practitioner.active, true) and coalesce(organization.active, true)
            and coalesce((place.facts ->> 'active')::boolean, true) and not listing.named_by_role
    from listing
    left join service on service.source_key = listing.source_key
    left join offer on offer.source_key = listing.source_key
    left join providers.practitioner practitioner on practitioner.practitioner_id = listing.practitioner_id
    left join providers.imported_resource person on person.target_id = listing.practitioner_id
    left join providers.location given on given.location_id = listing.location_id
    left join providers.organization organization
        on organization.organization_id = coalesce(listing.organization_id, given.organization_id, service.organization_id)
    left join providers.location practice_place
        on listing.location_id is null and practice_place.source_key = organization.source_key || '#address'
    left join providers.location location
        on location.location_id = coalesce(given.location_id, practice_place.location_id)
    left join providers.imported_resource place on place.target_id = location.location_id
    left join providers.profession profession on profession.slug = coalesce(
        listing.facts ->> 'profession', person.facts ->> 'profession', service.profession
    )
    left join providers.practitioner_role existing on existing.source_key = listing.source_key
    cross join lateral (
        select coalesce(
            case when listing.is_service then listing.facts ->> 'name' end, practitioner.name, organization.name,
            service.first_name, given.name, 'Name not given'
        ) as name
    ) called
    where (existing.practitioner_role_id is null and not listing.named_by_role) or existing.origin = 'directory'
    on conflict do nothing";

/// Addresses of pages are given once and never changed.
async fn name_roles(conn: &mut PgConnection) -> sqlx::Result<()> {
    type Unnamed = (String, String, Option<String>, Option<String>);
    loop {
        let unnamed: Vec<Unnamed> = sqlx::query_as(
            "select source_key, name, suburb, state
            from providers.import_role
            where is_new and slug is null
            order by source_key
            limit 1000",
        )
        .fetch_all(&mut *conn)
        .await?;
        if unnamed.is_empty() {
            return Ok(());
        }
        let (mut keys, mut slugs) = (Vec::new(), Vec::new());
        for (source_key, name, suburb, state) in unnamed {
            slugs.push(slug(&name, suburb.as_deref(), state.as_deref(), &source_key));
            keys.push(source_key);
        }
        sqlx::query(
            "update providers.import_role role
            set slug = named.slug
            from unnest($1::text[], $2::text[]) as named (source_key, slug)
            where named.source_key = role.source_key",
        )
        .bind(&keys)
        .bind(&slugs)
        .execute(&mut *conn)
        .await?;
    }
}

const ADD_ROLES: &str = "
    with added as (
        insert into providers.practitioner_role (
            practitioner_role_id, slug, practitioner_id, organization_id, location_id, healthcare_service_ids, name, profession,
            ahpra_number, point, state, facets, search_text, origin, source_key, active, created_at, updated_at
        )
        select
            practitioner_role_id, slug, practitioner_id, organization_id, location_id, healthcare_service_ids, name, profession,
            ahpra_number, point, state, facets, search_text, 'directory', source_key, active, $1, $1
        from providers.import_role
        where is_new
        returning practitioner_role_id
    )
    insert into providers.import_written (practitioner_role_id) select practitioner_role_id from added";

const CHANGE_ROLES: &str = "
    with changed as (
        update providers.practitioner_role role
        set practitioner_id = staged.practitioner_id, organization_id = staged.organization_id,
            location_id = staged.location_id, healthcare_service_ids = staged.healthcare_service_ids, name = staged.name,
            profession = staged.profession, ahpra_number = staged.ahpra_number, point = staged.point, state = staged.state,
            facets = staged.facets, search_text = staged.search_text, active = staged.active, updated_at = $1,
            version = role.version + 1
        from providers.import_role staged
        where staged.practitioner_role_id = role.practitioner_role_id and not staged.is_new
            and (
                staged.touched
                or row (
                    role.practitioner_id, role.organization_id, role.location_id, role.healthcare_service_ids, role.name,
                    role.profession, role.ahpra_number, st_asbinary(role.point), role.state, role.facets, role.search_text,
                    role.active
                ) is distinct from row (
                    staged.practitioner_id, staged.organization_id, staged.location_id, staged.healthcare_service_ids,
                    staged.name, staged.profession, staged.ahpra_number, st_asbinary(staged.point), staged.state,
                    staged.facets, staged.search_text, staged.active
                )
            )
        returning role.practitioner_role_id
    )
    insert into providers.import_written (practitioner_role_id) select practitioner_role_id from changed";

/// A role that left one of its places is no longer found there.
const HIDE_ROLES: &str = "
    with hidden as (
        update providers.practitioner_role role
        set active = false, updated_at = $1, version = role.version + 1
        from providers.import_resource resource
        where role.origin = 'directory' and role.active and role.source_key like '%@%'
            and split_part(role.source_key, '@', 1) = resource.source_key and not resource.refused
            and resource.resource_type in ('HealthcareService', 'PractitionerRole')
            and not exists (select from providers.import_role staged where staged.source_key = role.source_key)
        returning role.practitioner_role_id
    )
    insert into providers.import_written (practitioner_role_id) select practitioner_role_id from hidden";
