//! Table `payments.coverage`. It sees sealed fields only.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::PatientId;
use sqlx::PgConnection;

/// A row as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which key sealed it.
    pub key_id: String,
    /// The Medicare card, sealed.
    pub medicare: Option<Vec<u8>>,
    /// The veteran's file number, sealed.
    pub dva_file_number: Option<Vec<u8>>,
    /// The concession card, sealed.
    pub concession: Option<Vec<u8>>,
    /// From 1.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A patient's coverage, locked until the transaction ends.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_coverage(conn: &mut PgConnection, patient_id: PatientId) -> sqlx::Result<Option<Row>> {
    let row = sqlx::query!(
        "select key_id, medicare, dva_file_number, concession, version, updated_at from payments.coverage \
         where patient_id = $1 for update",
        patient_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Row {
        key_id: row.key_id,
        medicare: row.medicare,
        dva_file_number: row.dva_file_number,
        concession: row.concession,
        version: row.version,
        updated_at: row.updated_at.to_jiff(),
    }))
}

/// Writes a patient's coverage if the one there is a version older, or there is none and this is the first. False when
/// somebody else was quicker.
///
/// # Errors
/// When the table cannot be changed.
pub async fn put_coverage(conn: &mut PgConnection, patient_id: PatientId, row: &Row) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "insert into payments.coverage as old (patient_id, key_id, medicare, dva_file_number, concession, version, \
         created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7) \
         on conflict on constraint coverage_pkey do update set key_id = excluded.key_id, \
         medicare = excluded.medicare, dva_file_number = excluded.dva_file_number, \
         concession = excluded.concession, version = excluded.version, updated_at = excluded.updated_at \
         where old.version = excluded.version - 1",
        patient_id.0,
        row.key_id,
        row.medicare,
        row.dva_file_number,
        row.concession,
        row.version,
        row.updated_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Deletes a patient's coverage. False when there was none.
///
/// # Errors
/// When the table cannot be changed.
pub async fn delete_coverage(conn: &mut PgConnection, patient_id: PatientId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from payments.coverage where patient_id = $1", patient_id.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Some rows that one of these keys sealed, locked until the transaction ends; those that somebody else has are passed
/// over.
///
/// # Errors
/// When the table cannot be read.
pub async fn claim_sealed_by(
    conn: &mut PgConnection,
    key_ids: &[String],
    at_most: i64,
) -> sqlx::Result<Vec<(PatientId, Row)>> {
    let rows = sqlx::query!(
        "select patient_id, key_id, medicare, dva_file_number, concession, version, updated_at \
         from payments.coverage where key_id = any($1) order by patient_id limit $2 for update skip locked",
        key_ids,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| {
        let sealed = Row {
            key_id: row.key_id,
            medicare: row.medicare,
            dva_file_number: row.dva_file_number,
            concession: row.concession,
            version: row.version,
            updated_at: row.updated_at.to_jiff(),
        };
        (PatientId::from(row.patient_id), sealed)
    });
    Ok(rows.collect())
}

/// Replaces what is sealed by the same, sealed with another key. To be called with the row locked.
///
/// # Errors
/// When the table cannot be changed.
pub async fn reseal(conn: &mut PgConnection, patient_id: PatientId, row: &Row) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.coverage set key_id = $2, medicare = $3, dva_file_number = $4, concession = $5 \
         where patient_id = $1",
        patient_id.0,
        row.key_id,
        row.medicare,
        row.dva_file_number,
        row.concession,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of a key that sealed some row and is none of these.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_other_key(conn: &mut PgConnection, known: &[String]) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select key_id from payments.coverage where not key_id = any($1) order by key_id limit 1",
        known
    )
    .fetch_optional(conn)
    .await
}
