//! Table `users.account`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, personal::Personal};
use sqlx::PgConnection;

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Which.
    pub account_id: AccountId,
    /// The verified address, as written.
    pub email: Personal<String>,
}

/// Makes an account. False when another has that address.
pub async fn insert_account(
    conn: &mut PgConnection,
    account_id: AccountId,
    email: &str,
    email_lower: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let made = sqlx::query!(
        "insert into users.account (account_id, email, email_lower, email_verified_at, created_at, updated_at) \
         values ($1, $2, $3, $4, $4, $4) on conflict on constraint account_email_lower_key do nothing",
        account_id.0,
        email,
        email_lower,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(made.rows_affected() == 1)
}

/// The account with that address, in small letters. A closed one is none.
pub async fn find_by_email(conn: &mut PgConnection, email_lower: &str) -> sqlx::Result<Option<AccountRow>> {
    let row = sqlx::query!(
        "select account_id, email from users.account where email_lower = $1 and closed_at is null",
        email_lower,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| AccountRow { account_id: row.account_id.into(), email: row.email.into() }))
}

/// An account. A closed one is none.
pub async fn find_account(
    conn: &mut PgConnection,
    account_id: AccountId,
) -> sqlx::Result<Option<AccountRow>> {
    let row = sqlx::query!(
        "select account_id, email from users.account where account_id = $1 and closed_at is null",
        account_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| AccountRow { account_id: row.account_id.into(), email: row.email.into() }))
}

/// Whether the account is there and open; nobody changes how it is signed in to until the transaction ends.
pub async fn lock_account(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<bool> {
    let open = sqlx::query_scalar!(
        r#"select closed_at is null as "open!" from users.account where account_id = $1 for update"#,
        account_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(open.unwrap_or(false))
}

/// Gives an account another address. False when another has it.
pub async fn change_email(
    conn: &mut PgConnection,
    account_id: AccountId,
    email: &str,
    email_lower: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update users.account set email = $2, email_lower = $3, email_verified_at = $4, updated_at = $4, \
         version = version + 1 where account_id = $1 \
         and not exists (select from users.account other where other.email_lower = $3 and other.account_id <> $1)",
        account_id.0,
        email,
        email_lower,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(changed.rows_affected() == 1)
}
