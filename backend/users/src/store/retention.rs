//! What is over (C-43). Each takes a batch of rows that nobody else has at the moment, and says when each ended.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::BookingId;
use sqlx::PgConnection;

/// Leave to act for somebody that ended.
///
/// # Errors
/// When the table cannot be changed.
pub async fn destroy_delegations(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        r#"with old as materialized (
               select delegation_id from users.delegation where ended_at < $1 order by ended_at limit $2
               for update skip locked
           )
           delete from users.delegation given using old where given.delegation_id = old.delegation_id
           returning given.ended_at as "ended_at!""#,
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}

/// Reasons by which our staff might see somebody's record.
///
/// # Errors
/// When the table cannot be changed.
pub async fn destroy_access_grants(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        "with old as materialized ( \
             select access_grant_id from users.access_grant where expires_at < $1 order by expires_at limit $2 \
             for update skip locked \
         ) \
         delete from users.access_grant stated using old where stated.access_grant_id = old.access_grant_id \
         returning stated.expires_at",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}

/// What patients' details said before they were changed. The service may not lock these rows, only delete them: of two
/// workers with the same ones the second finds them gone.
///
/// # Errors
/// When the table cannot be changed.
pub async fn destroy_patient_history(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        "delete from users.patient_history where (patient_id, version) in ( \
             select patient_id, version from users.patient_history where replaced_at < $1 order by replaced_at limit $2 \
         ) returning replaced_at",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}

/// Receipts of consents, and withdrawals, of accounts and patients that are not there any more.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_consents(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        "with old as materialized ( \
             select consent_receipt_id from users.consent_receipt receipt \
             where agreed_at < $1 and not exists ( \
                 select from users.account where receipt.subject_kind = 'account' \
                     and account.account_id::text = receipt.subject_id and account.closed_at is null) \
             and not exists ( \
                 select from users.patient where receipt.subject_kind = 'patient' \
                     and patient.patient_id::text = receipt.subject_id) \
             and not exists ( \
                 select from users.note_thread where receipt.subject_kind = 'booking' \
                     and note_thread.booking_id::text = receipt.subject_id) \
             order by agreed_at limit $2 for update skip locked \
         ) \
         delete from users.consent_receipt receipt using old \
         where receipt.consent_receipt_id = old.consent_receipt_id returning receipt.agreed_at",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from users.consent_withdrawal withdrawal where withdrawn_at < $1 and not exists ( \
         select from users.patient where patient.patient_id = withdrawal.patient_id)",
        before.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}

/// Closed accounts to which nothing refers any more.
///
/// # Errors
/// When the table cannot be changed.
pub async fn destroy_accounts(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        r#"with old as materialized (
               select account_id from users.account where closed_at < $1
                   and not exists (select from users.delegation given where given.account_id = account.account_id)
                   and not exists (select from users.access_grant stated where stated.account_id = account.account_id)
               order by closed_at limit $2 for update skip locked
           )
           delete from users.account using old where account.account_id = old.account_id
           returning account.closed_at as "closed_at!""#,
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}

/// All there is of a booking whose record is over: whose it was, and its notes. Says when each version came.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_booking(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Vec<Timestamp>> {
    let notes = sqlx::query_scalar!(
        "delete from users.sealed_note where booking_id = $1 returning created_at",
        booking_id.0
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!("delete from users.note_thread where booking_id = $1", booking_id.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from users.booking where booking_id = $1", booking_id.0).execute(&mut *conn).await?;
    sqlx::query!(
        "delete from users.consent_receipt where subject_kind = 'booking' and subject_id = $1::uuid::text",
        booking_id.0,
    )
    .execute(conn)
    .await?;
    Ok(notes.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}
