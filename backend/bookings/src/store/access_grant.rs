//! Table `bookings.access_grant`: by which platform staff see a patient's appointments, as users told.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccessGrantId, AccountId, PatientId, users::AccessGrantFact};
use sqlx::PgConnection;

/// Keeps one. Told again, it can only end earlier.
///
/// # Errors
/// When the database fails.
pub async fn keep(conn: &mut PgConnection, grant: &AccessGrantFact) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.access_grant (access_grant_id, account_id, patient_id, granted_at, expires_at) \
         values ($1, $2, $3, $4, $5) on conflict on constraint access_grant_pkey \
         do update set expires_at = least(access_grant.expires_at, excluded.expires_at)",
        grant.access_grant_id as AccessGrantId,
        grant.account_id as AccountId,
        grant.patient_id as PatientId,
        grant.granted_at.to_sqlx() as jiff_sqlx::Timestamp,
        grant.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The grant by which that account may see that patient now, the one that lasts longest.
///
/// # Errors
/// When the database fails.
pub async fn live(
    conn: &mut PgConnection,
    account: AccountId,
    patient: PatientId,
    now: Timestamp,
) -> sqlx::Result<Option<AccessGrantId>> {
    sqlx::query_scalar!(
        r#"select access_grant_id as "access_grant_id: AccessGrantId" from bookings.access_grant
           where account_id = $1 and patient_id = $2 and granted_at <= $3 and expires_at > $3
           order by expires_at desc limit 1"#,
        account as AccountId,
        patient as PatientId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await
}

/// Forgets those that have ended: users keeps what was stated. Says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_ended(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from bookings.access_grant where expires_at <= $1",
        now.to_sqlx() as jiff_sqlx::Timestamp
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
