//! Table `users.organization`: practices by name, as providers told them.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::OrganizationId;
use sqlx::PgConnection;

/// Keeps a practice's name, unless newer news came before.
///
/// # Errors
/// When the table cannot be changed.
pub async fn keep(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    name: &str,
    told_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.organization as old (organization_id, name, told_at) values ($1, $2, $3) \
         on conflict on constraint organization_pkey do update set name = excluded.name, told_at = excluded.told_at \
         where old.told_at < excluded.told_at",
        organization_id.0,
        name,
        told_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A practice's name, when providers told it.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_name(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select name from users.organization where organization_id = $1", organization_id.0)
        .fetch_optional(conn)
        .await
}
