//! Which roles' next free times are to be told again.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::PractitionerRoleId;
use sqlx::PgConnection;

/// Claims a batch of roles that are due, for the rest of the transaction.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    conn: &mut PgConnection,
    now: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<PractitionerRoleId>> {
    sqlx::query_scalar!(
        r#"select practitioner_role_id as "practitioner_role_id: PractitionerRoleId" from bookings.schedule
           where next_free_due_at <= $1 order by next_free_due_at limit $2 for update skip locked"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await
}

/// Says when a role is due next.
///
/// # Errors
/// When the database fails.
pub async fn due_again(conn: &mut PgConnection, role: PractitionerRoleId, at: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.schedule set next_free_due_at = $2 where practitioner_role_id = $1",
        role as PractitionerRoleId,
        at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
