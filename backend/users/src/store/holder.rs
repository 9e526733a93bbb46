//! Looking up accounts for what people may do. Everything else about accounts is in `account`.

use shared_types::AccountId;
use sqlx::PgConnection;

/// The account that owns a verified address and is open.
///
/// # Errors
/// When the table cannot be read.
pub async fn account_of(conn: &mut PgConnection, email: &str) -> sqlx::Result<Option<AccountId>> {
    sqlx::query_scalar!(
        r#"select account_id as "account_id: AccountId" from users.account
           where email_lower = lower($1) and closed_at is null"#,
        email,
    )
    .fetch_optional(conn)
    .await
}

/// Whether an account is there and open.
///
/// # Errors
/// When the table cannot be read.
pub async fn is_account(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(select from users.account where account_id = $1 and closed_at is null) as "there!""#,
        account_id.0,
    )
    .fetch_one(conn)
    .await
}

/// The verified address of an open account, in small letters.
///
/// # Errors
/// When the table cannot be read.
pub async fn email_of(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select email_lower from users.account where account_id = $1 and closed_at is null",
        account_id.0,
    )
    .fetch_optional(conn)
    .await
}
