//! Table `users.membership`: who works at which practice.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, OrganizationId,
    personal::Personal,
    users::{StaffMember, StaffRole},
};
use sqlx::PgConnection;

use super::codes;

/// Everybody who works at a practice, the longest there first. Locked until the transaction ends, so that owners can
/// be counted.
///
/// # Errors
/// When the table cannot be read.
pub async fn list(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<Vec<StaffMember>> {
    let rows = sqlx::query!(
        r#"select account_id as "account_id: AccountId", email, roles, version, created_at from users.membership
           where organization_id = $1 order by created_at, account_id for update"#,
        organization_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(StaffMember {
                account_id: row.account_id,
                email: row.email.into(),
                roles: codes::read(&row.roles, StaffRole::from_code)?,
                version: row.version,
                created_at: row.created_at.to_jiff(),
            })
        })
        .collect()
}

/// Who runs a practice, and where to write to them.
///
/// # Errors
/// When a table cannot be read.
pub async fn who_runs(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<Vec<(AccountId, Personal<String>)>> {
    let rows = sqlx::query!(
        r#"select account.account_id as "account_id: AccountId", account.email
           from users.membership join users.account using (account_id)
           where membership.organization_id = $1 and membership.roles && array['manager', 'owner']
               and account.closed_at is null
           order by membership.created_at, account.account_id"#,
        organization_id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.email.into())).collect())
}

/// Takes somebody in, or adds roles to those they have.
///
/// # Errors
/// When the table cannot be changed.
pub async fn join(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    account_id: AccountId,
    email: &str,
    roles: &[StaffRole],
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.membership as old (organization_id, account_id, email, roles, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $5) \
         on conflict on constraint membership_pkey do update set \
         roles = array(select distinct unnest(old.roles || excluded.roles) order by 1), version = old.version + 1, \
         updated_at = excluded.updated_at",
        organization_id.0,
        account_id.0,
        email,
        &codes::write(roles, StaffRole::code),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes somebody's roles if the version there is the one seen. False when it is not.
///
/// # Errors
/// When the table cannot be changed.
pub async fn change_roles(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    account_id: AccountId,
    version: i32,
    roles: &[StaffRole],
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users.membership set roles = $4, version = version + 1, updated_at = $5 \
         where organization_id = $1 and account_id = $2 and version = $3",
        organization_id.0,
        account_id.0,
        version,
        &codes::write(roles, StaffRole::code),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Lets somebody go.
///
/// # Errors
/// When the table cannot be changed.
pub async fn leave(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    account_id: AccountId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from users.membership where organization_id = $1 and account_id = $2",
        organization_id.0,
        account_id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}
