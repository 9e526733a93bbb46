//! Which roles' next free times are to be told again.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::PractitionerRoleId;
use sqlx::PgConnection;
use uuid::Uuid;

/// A role that is due, its schedule locked; one that nobody else has at the moment, and none of those left out.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    conn: &mut PgConnection,
    left_out: &[PractitionerRoleId],
    now: Timestamp,
) -> sqlx::Result<Option<PractitionerRoleId>> {
    let left_out: Vec<Uuid> = left_out.iter().map(|role| role.0).collect();
    sqlx::query_scalar!(
        r#"select practitioner_role_id as "practitioner_role_id: PractitionerRoleId" from bookings.schedule
           where next_free_due_at <= $1 and practitioner_role_id <> all($2)
           order by next_free_due_at limit 1 for update skip locked"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        &left_out,
    )
    .fetch_optional(conn)
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
