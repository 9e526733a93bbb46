//! What is read goes here first, as it comes.

use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::{identifiers::Identifier, profession::ProfessionWords, reference::Reference};

/// One row of the staging table.
#[derive(Serialize)]
pub(in crate::import) struct Row {
    pub(in crate::import) ordinal: i64,
    pub(in crate::import) unit: i32,
    pub(in crate::import) source: String,
    pub(in crate::import) label: String,
    pub(in crate::import) resource_type: Option<&'static str>,
    pub(in crate::import) source_key: Option<String>,
    pub(in crate::import) aliases: Vec<String>,
    pub(in crate::import) contained_in: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::import) facts: Option<Value>,
    pub(in crate::import) refs: Vec<Positioned>,
    pub(in crate::import) identifiers: Vec<Identifier>,
    pub(in crate::import) notes: Vec<Note>,
    pub(in crate::import) ids: Vec<Uuid>,
    pub(in crate::import) refused: bool,
}

/// A reference and its place in the list.
#[derive(Serialize)]
pub(in crate::import) struct Positioned {
    pub(in crate::import) position: usize,
    #[serde(flatten)]
    pub(in crate::import) reference: Reference,
}

/// A line of the report.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::import) struct Note {
    pub(in crate::import) level: String,
    pub(in crate::import) pointer: String,
    pub(in crate::import) reason: String,
}

/// Whether this is the only import that runs. The lock goes with the transaction.
pub(in crate::import) async fn lock(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("select pg_try_advisory_xact_lock(hashtext('providers.import'))").fetch_one(conn).await
}

/// The provider types.
pub(in crate::import) async fn professions(conn: &mut PgConnection) -> sqlx::Result<Vec<ProfessionWords>> {
    type Words = (String, String, String, Vec<String>, Vec<String>);
    let rows: Vec<Words> = sqlx::query_as(
        "select slug, name, plural, synonyms, service_type_codes from providers.profession order by slug",
    )
    .fetch_all(conn)
    .await?;
    let words = |(slug, name, plural, synonyms, service_type_codes)| ProfessionWords {
        slug,
        name,
        plural,
        synonyms,
        service_type_codes,
    };
    Ok(rows.into_iter().map(words).collect())
}

/// Adds rows.
pub(in crate::import) async fn stage(conn: &mut PgConnection, rows: &[Row]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into providers.import_resource (
            ordinal, unit, source, label, resource_type, source_key, aliases, contained_in, facts, refs, identifiers,
            notes, ids, refused
        )
        select
            ordinal, unit, source, label, resource_type, source_key, aliases, contained_in, facts, refs, identifiers,
            notes, ids, refused
        from jsonb_to_recordset($1) as staged (
            ordinal bigint, unit integer, source text, label text, resource_type text, source_key text, aliases text[],
            contained_in bigint, facts jsonb, refs jsonb, identifiers jsonb, notes jsonb, ids uuid[], refused boolean
        )",
    )
    .bind(sqlx::types::Json(rows))
    .execute(conn)
    .await?;
    Ok(())
}

/// Refuses everything that came from a file which turned out to be broken.
pub(in crate::import) async fn break_unit(conn: &mut PgConnection, unit: i32) -> sqlx::Result<()> {
    sqlx::query(
        "update providers.import_resource
        set refused = true, notes = notes || jsonb_build_array(jsonb_build_object(
            'level', 'refused', 'pointer', '', 'reason', 'the file that it is in cannot be read to its end'
        ))
        where unit = $1 and not refused",
    )
    .bind(unit)
    .execute(conn)
    .await?;
    Ok(())
}

/// Turns the lists that came with each row into rows of their own, once everything is staged.
pub(in crate::import) async fn expand(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query(
        "insert into providers.import_reference (
            ordinal, position, field, pointer, expected, required, shown, keys, identifier_system, identifier_value
        )
        select
            resource.ordinal, ref.position, ref.field, ref.pointer, ref.expected, ref.required, ref.shown, ref.keys,
            ref.identifier_system, ref.identifier_value
        from providers.import_resource resource
        cross join lateral jsonb_to_recordset(resource.refs) as ref (
            position integer, field text, pointer text, expected text, required boolean, shown text, keys text[],
            identifier_system text, identifier_value text
        )",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into providers.import_note (ordinal, level, pointer, reason)
        select resource.ordinal, note.level, note.pointer, note.reason
        from providers.import_resource resource
        cross join lateral jsonb_to_recordset(resource.notes) as note (level text, pointer text, reason text)
        order by resource.ordinal",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query("analyze providers.import_resource, providers.import_reference").execute(conn).await?;
    Ok(())
}

/// A page of the report: lines after `(ordinal, import_note_id)` in the order of the input.
pub(in crate::import) async fn notes(
    conn: &mut PgConnection,
    after: (i64, i64),
    limit: i64,
) -> sqlx::Result<Vec<(i64, i64, String, String, Note)>> {
    type Line = (i64, i64, String, String, String, String, String);
    let lines: Vec<Line> = sqlx::query_as(
        "select note.ordinal, note.import_note_id, resource.source, resource.label, note.level, note.pointer, note.reason
        from providers.import_note note
        join providers.import_resource resource using (ordinal)
        where (note.ordinal, note.import_note_id) > ($1, $2)
        order by note.ordinal, note.import_note_id
        limit $3",
    )
    .bind(after.0)
    .bind(after.1)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    let line = |(ordinal, note_id, source, label, level, pointer, reason)| {
        (ordinal, note_id, source, label, Note { level, pointer, reason })
    };
    Ok(lines.into_iter().map(line).collect())
}

/// How many resources were created, changed, unchanged and refused. What others contain is not counted.
pub(in crate::import) async fn tally(conn: &mut PgConnection) -> sqlx::Result<(i64, i64, i64, i64)> {
    sqlx::query_as(
        "select
            count(*) filter (where outcome = 'created'),
            count(*) filter (where outcome = 'changed'),
            count(*) filter (where outcome = 'unchanged'),
            count(*) filter (where outcome = 'refused')
        from providers.import_resource
        where contained_in is null and not restaged",
    )
    .fetch_one(conn)
    .await
}

/// Leaves the staging tables as they were found.
pub(in crate::import) async fn clear(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query(
        "truncate providers.import_resource, providers.import_alias, providers.import_reference, providers.import_note, providers.import_role,
            providers.import_written",
    )
    .execute(conn)
    .await?;
    Ok(())
}
