//! What listings are made of: organizations, locations, practitioners, services, endpoints, identifiers, and the record
//! of what came from a directory.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;

use super::slug;

/// Writes what is new and what changed. Rows that a practice has claimed are left alone.
pub(in crate::import) async fn write(
    conn: &mut PgConnection,
    today: Date,
    now: Timestamp,
) -> sqlx::Result<()> {
    name_organizations(conn).await?;
    for statement in [ADD_ORGANIZATIONS, CHANGE_ORGANIZATIONS] {
        sqlx::query(statement).bind(now.to_sqlx()).bind(today.to_sqlx()).execute(&mut *conn).await?;
    }
    sqlx::query(CHECK_ORGANIZATIONS).bind(today.to_sqlx()).execute(&mut *conn).await?;
    for statement in [
        ADD_LOCATIONS,
        CHANGE_LOCATIONS,
        ADD_PRACTITIONERS,
        CHANGE_PRACTITIONERS,
        ADD_SERVICES,
        CHANGE_SERVICES,
        ADD_ENDPOINTS,
        CHANGE_ENDPOINTS,
    ] {
        sqlx::query(statement).bind(now.to_sqlx()).execute(&mut *conn).await?;
    }
    for statement in [REMOVE_IDENTIFIERS, ADD_IDENTIFIERS, REMEMBER] {
        sqlx::query(statement).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Addresses of pages are given once and never changed.
async fn name_organizations(conn: &mut PgConnection) -> sqlx::Result<()> {
    type Unnamed = (i64, String, String, Option<String>, Option<String>);
    loop {
        let unnamed: Vec<Unnamed> = sqlx::query_as(
            "select ordinal, source_key, facts ->> 'name', facts #>> '{address,suburb}', facts #>> '{address,state}'
            from providers.import_resource
            where resource_type = 'Organization' and outcome = 'created' and slug is null
            order by ordinal
            limit 1000",
        )
        .fetch_all(&mut *conn)
        .await?;
        if unnamed.is_empty() {
            return Ok(());
        }
        let (mut ordinals, mut slugs) = (Vec::new(), Vec::new());
        for (ordinal, source_key, name, suburb, state) in unnamed {
            ordinals.push(ordinal);
            slugs.push(slug(&name, suburb.as_deref(), state.as_deref(), &source_key));
        }
        sqlx::query(
            "update providers.import_resource resource
            set slug = named.slug
            from unnest($1::bigint[], $2::text[]) as named (ordinal, slug)
            where named.ordinal = resource.ordinal",
        )
        .bind(&ordinals)
        .bind(&slugs)
        .execute(&mut *conn)
        .await?;
    }
}

const ADD_ORGANIZATIONS: &str = "
    insert into providers.organization (
        organization_id, slug, name, phone, email, website, origin, source_key, part_of, active, checked_on, created_at,
        updated_at
    )
    select
        target_id, slug, facts ->> 'name', facts ->> 'phone', facts ->> 'email', facts ->> 'website', 'directory', source_key,
        (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'part_of' and ref.to_id is not null
            order by ref.position limit 1
        ),
        (facts ->> 'active')::boolean, $2, $1, $1
    from providers.import_resource resource
    where resource_type = 'Organization' and outcome = 'created'";

const CHANGE_ORGANIZATIONS: &str = "
    update providers.organization organization
    set name = resource.facts ->> 'name', phone = resource.facts ->> 'phone', email = resource.facts ->> 'email',
        website = resource.facts ->> 'website',
        part_of = (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'part_of' and ref.to_id is not null
            order by ref.position limit 1
        ),
        active = (resource.facts ->> 'active')::boolean, checked_on = $2, updated_at = $1,
        version = organization.version + 1
    from providers.import_resource resource
    where resource.resource_type = 'Organization' and resource.outcome = 'changed'
        and resource.target_id = organization.organization_id";

/// What the directory still says was checked today, though it did not change.
const CHECK_ORGANIZATIONS: &str = "
    update providers.organization organization
    set checked_on = $1
    from providers.import_resource resource
    where resource.resource_type = 'Organization' and resource.outcome = 'unchanged' and not resource.restaged
        and not resource.claimed and resource.target_id = organization.organization_id and organization.checked_on < $1";

const ADD_LOCATIONS: &str = "
    insert into providers.location (
        location_id, organization_id, name, line, suburb, state, postcode, point, time_zone, approximate, wheelchair, phone,
        opening_hours, origin, source_key, created_at, updated_at
    )
    select
        target_id,
        (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'organization' and ref.to_id is not null
            order by ref.position limit 1
        ),
        facts ->> 'name', facts #>> '{address,line}', coalesce(facts #>> '{address,suburb}', ''),
        coalesce(facts #>> '{address,state}', ''), coalesce(facts #>> '{address,postcode}', ''),
        st_setsrid(st_makepoint(lon, lat), 4326)::geography, time_zone, approximate, (facts ->> 'wheelchair')::boolean,
        facts ->> 'phone', facts -> 'opening_hours', 'directory', source_key, $1, $1
    from providers.import_resource resource
    where resource_type = 'Location' and outcome = 'created'";

const CHANGE_LOCATIONS: &str = "
    update providers.location location
    set organization_id = (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'organization' and ref.to_id is not null
            order by ref.position limit 1
        ),
        name = resource.facts ->> 'name', line = resource.facts #>> '{address,line}',
        suburb = coalesce(resource.facts #>> '{address,suburb}', ''),
        state = coalesce(resource.facts #>> '{address,state}', ''),
        postcode = coalesce(resource.facts #>> '{address,postcode}', ''),
        point = st_setsrid(st_makepoint(resource.lon, resource.lat), 4326)::geography, time_zone = resource.time_zone,
        approximate = resource.approximate, wheelchair = (resource.facts ->> 'wheelchair')::boolean,
        phone = resource.facts ->> 'phone', opening_hours = resource.facts -> 'opening_hours', updated_at = $1
    from providers.import_resource resource
    where resource.resource_type = 'Location' and resource.outcome = 'changed' and resource.target_id = location.location_id";

const ADD_PRACTITIONERS: &str = "
    insert into providers.practitioner (
        practitioner_id, name, gender, languages, origin, source_key, active, created_at, updated_at
    )
    select
        target_id, facts ->> 'name', facts ->> 'gender', array(select jsonb_array_elements_text(facts -> 'languages')),
        'directory', source_key, (facts ->> 'active')::boolean, $1, $1
    from providers.import_resource
    where resource_type = 'Practitioner' and outcome = 'created'";

const CHANGE_PRACTITIONERS: &str = "
    update providers.practitioner practitioner
    set name = resource.facts ->> 'name', gender = resource.facts ->> 'gender',
        languages = array(select jsonb_array_elements_text(resource.facts -> 'languages')),
        active = (resource.facts ->> 'active')::boolean, updated_at = $1
    from providers.import_resource resource
    where resource.resource_type = 'Practitioner' and resource.outcome = 'changed'
        and resource.target_id = practitioner.practitioner_id";

const ADD_SERVICES: &str = "
    insert into providers.healthcare_service (
        healthcare_service_id, organization_id, location_id, name, service_type_codes, origin, source_key, created_at,
        updated_at
    )
    select
        target_id,
        (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'organization' and ref.to_id is not null
            order by ref.position limit 1
        ),
        (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'location' and ref.to_id is not null
            order by ref.position limit 1
        ),
        facts ->> 'name', array(select jsonb_array_elements_text(facts -> 'service_type_codes')), 'directory', source_key,
        $1, $1
    from providers.import_resource resource
    where resource_type = 'HealthcareService' and outcome = 'created'";

const CHANGE_SERVICES: &str = "
    update providers.healthcare_service service
    set organization_id = (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'organization' and ref.to_id is not null
            order by ref.position limit 1
        ),
        location_id = (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'location' and ref.to_id is not null
            order by ref.position limit 1
        ),
        name = resource.facts ->> 'name',
        service_type_codes = array(select jsonb_array_elements_text(resource.facts -> 'service_type_codes')),
        updated_at = $1
    from providers.import_resource resource
    where resource.resource_type = 'HealthcareService' and resource.outcome = 'changed'
        and resource.target_id = service.healthcare_service_id";

const ADD_ENDPOINTS: &str = "
    insert into providers.endpoint (
        endpoint_id, organization_id, connection_type, address, source_key, created_at, updated_at
    )
    select
        target_id,
        (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'organization' and ref.to_id is not null
            order by ref.position limit 1
        ),
        facts ->> 'connection_type', facts ->> 'address', source_key, $1, $1
    from providers.import_resource resource
    where resource_type = 'Endpoint' and outcome = 'created'";

const CHANGE_ENDPOINTS: &str = "
    update providers.endpoint endpoint
    set organization_id = (
            select ref.to_id from providers.import_reference ref
            where ref.ordinal = resource.ordinal and ref.field = 'organization' and ref.to_id is not null
            order by ref.position limit 1
        ),
        connection_type = resource.facts ->> 'connection_type', address = resource.facts ->> 'address', updated_at = $1
    from providers.import_resource resource
    where resource.resource_type = 'Endpoint' and resource.outcome = 'changed' and resource.target_id = endpoint.endpoint_id";

const REMOVE_IDENTIFIERS: &str = "
    delete from providers.identifier identifier
    using providers.import_resource resource
    where resource.outcome = 'changed' and identifier.owner_id = resource.target_id
        and identifier.owner_kind = case resource.resource_type
            when 'Organization' then 'organization'
            when 'Location' then 'location'
            when 'Practitioner' then 'practitioner'
            when 'HealthcareService' then 'healthcare_service'
            when 'PractitionerRole' then 'practitioner_role'
        end";

const ADD_IDENTIFIERS: &str = "
    insert into providers.identifier (owner_kind, owner_id, system, value, verified)
    select
        case resource.resource_type
            when 'Organization' then 'organization'
            when 'Location' then 'location'
            when 'Practitioner' then 'practitioner'
            when 'HealthcareService' then 'healthcare_service'
            when 'PractitionerRole' then 'practitioner_role'
        end,
        resource.target_id, identifier.system, identifier.value, identifier.verified
    from providers.import_resource resource
    cross join lateral jsonb_to_recordset(resource.identifiers) as identifier (system text, value text, verified boolean)
    where resource.outcome in ('created', 'changed')";

const REMEMBER: &str = "
    insert into providers.imported_resource (source_key, resource_type, target_id, facts, refs, to_ids, content_hash)
    select
        resource.source_key, resource.resource_type, resource.target_id, resource.facts, coalesce(link.refs, '[]'),
        coalesce(link.to_ids, '{}'), resource.content_hash
    from providers.import_resource resource
    left join lateral (
        select
            jsonb_agg(jsonb_build_object('field', ref.field, 'position', ref.position, 'to_id', ref.to_id)
                order by ref.position) as refs,
            array_agg(ref.to_id order by ref.position) as to_ids
        from providers.import_reference ref
        where ref.ordinal = resource.ordinal and ref.to_id is not null
    ) link on true
    where not resource.refused and not resource.restaged
    on conflict (source_key) do update
    set target_id = excluded.target_id, facts = excluded.facts, refs = excluded.refs, to_ids = excluded.to_ids,
        content_hash = excluded.content_hash
    where imported_resource.content_hash is distinct from excluded.content_hash
        or imported_resource.target_id is distinct from excluded.target_id";
