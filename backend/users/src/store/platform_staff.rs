//! Table `users.platform_staff`: who runs the platform.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, personal::Personal, users::PlatformRole};
use sqlx::PgConnection;

use super::codes;

/// Who decides for the platform, and where to write to them.
///
/// # Errors
/// When a table cannot be read.
pub async fn administrators(conn: &mut PgConnection) -> sqlx::Result<Vec<(AccountId, Personal<String>)>> {
    let rows = sqlx::query!(
        r#"select account.account_id as "account_id: AccountId", account.email
           from users.platform_staff join users.account using (account_id)
           where $1 = any(platform_staff.roles) and account.closed_at is null
           order by platform_staff.created_at, account.account_id"#,
        PlatformRole::Administrator.code(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.email.into())).collect())
}

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
