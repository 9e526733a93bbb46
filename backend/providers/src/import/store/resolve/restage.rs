//! Bringing back, from earlier imports, what a change reaches: it is written again as if it had come again.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::import::IdSource;

/// Brings back, from earlier imports, listings that show something staged.
pub(super) const RESTAGE_DEPENDENTS: &str = "
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
pub(super) const RESTAGE_TARGETS: &str = "
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

pub(super) async fn restage(conn: &mut PgConnection, statement: &'static str) -> sqlx::Result<()> {
    if sqlx::query(statement).execute(&mut *conn).await?.rows_affected() > 0 {
        sqlx::query(RESTAGED_REFERENCES).execute(conn).await?;
    }
    Ok(())
}

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

/// What was brought back may make rows too, and its ids come from the same source as all others.
pub(super) async fn give_ids(conn: &mut PgConnection, ids: IdSource<'_>) -> sqlx::Result<()> {
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
