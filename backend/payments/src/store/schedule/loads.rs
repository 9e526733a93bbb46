//! Loads of the schedule: which files were read, and what each of them changed.

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    MbsLoadId,
    payments::funding::{MbsLoad, MbsLoadStatus},
};
use sqlx::PgConnection;

/// One load at a time.
///
/// # Errors
/// When the database fails.
pub async fn lock_loads(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('payments.mbs_load', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// From which day the schedule holds that was applied last.
///
/// # Errors
/// When the database fails.
pub async fn in_force_from(conn: &mut PgConnection) -> sqlx::Result<Option<Date>> {
    let from =
        sqlx::query_scalar!("select max(effective_from) from payments.mbs_load where status = 'applied'")
            .fetch_one(conn)
            .await?;
    Ok(from.map(jiff_sqlx::Date::to_jiff))
}

/// Whether this very file is the one that was applied last.
///
/// # Errors
/// When the database fails.
pub async fn is_applied(conn: &mut PgConnection, load: &MbsLoad) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from payments.mbs_load where status = 'applied' and sha256 = decode($1, 'hex')) as "is_applied!""#,
        load.sha256,
    )
    .fetch_one(conn)
    .await
}

/// Writes what came of reading a file.
///
/// # Errors
/// When the database fails.
pub async fn insert_load(conn: &mut PgConnection, load: &MbsLoad, effective_from: Date) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.mbs_load (mbs_load_id, file_name, sha256, status, effective_from, items, added, changed, \
         ended, loaded_at) values ($1, $2, decode($3, 'hex'), $4, $5, $6, $7, $8, $9, $10)",
        load.mbs_load_id.0,
        load.file_name,
        load.sha256,
        load.status.code(),
        effective_from.to_sqlx() as jiff_sqlx::Date,
        load.items,
        load.added,
        load.changed,
        load.ended,
        load.loaded_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what came of a load whose rows are there.
///
/// # Errors
/// When the database fails, or too many items would end.
pub async fn finish_load(conn: &mut PgConnection, load: &MbsLoad) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.mbs_load set status = $2, added = $3, changed = $4, ended = $5 where mbs_load_id = $1",
        load.mbs_load_id.0,
        load.status.code(),
        load.added,
        load.changed,
        load.ended,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The loads, the latest first; after one, those before it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn page(conn: &mut PgConnection, after: Option<MbsLoadId>, at_most: i64) -> Result<Vec<MbsLoad>> {
    let rows = sqlx::query!(
        r#"select mbs_load_id, file_name, encode(sha256, 'hex') as "sha256!", status, items, added, changed, ended, loaded_at
           from payments.mbs_load
           where $1::uuid is null or (loaded_at, mbs_load_id) < (
               select loaded_at, mbs_load_id from payments.mbs_load where mbs_load_id = $1)
           order by loaded_at desc, mbs_load_id desc limit $2"#,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let loads = rows.into_iter().map(|row| {
        Ok(MbsLoad {
            mbs_load_id: row.mbs_load_id.into(),
            file_name: row.file_name,
            sha256: row.sha256,
            loaded_at: row.loaded_at.to_jiff(),
            status: MbsLoadStatus::from_code(&row.status).context("a load's status is one of ours")?,
            items: row.items,
            added: row.added,
            changed: row.changed,
            ended: row.ended,
        })
    });
    loads.collect()
}
