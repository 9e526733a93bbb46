//! Table `users.platform_staff`: who runs the platform.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, users::PlatformRole};
use sqlx::PgConnection;

use super::codes;

/// Gives an account these roles and no others.
///
/// # Errors
/// When the table cannot be changed.
pub async fn name(
    conn: &mut PgConnection,
    account_id: AccountId,
    roles: &[PlatformRole],
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.platform_staff (account_id, roles, created_at, updated_at) values ($1, $2, $3, $3) \
         on conflict on constraint platform_staff_pkey do update set roles = excluded.roles, \
         updated_at = excluded.updated_at",
        account_id.0,
        &codes::write(roles, PlatformRole::code),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes all roles away. False when there were none.
///
/// # Errors
/// When the table cannot be changed.
pub async fn dismiss(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from users.platform_staff where account_id = $1", account_id.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}
