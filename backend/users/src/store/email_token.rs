//! Table `users.email_token`: links in mails to people who have an account.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, personal::Personal};
use sqlx::PgConnection;

/// What a link does.
#[derive(Clone, Debug)]
pub enum EmailAct {
    /// Chooses a new password.
    Reset,
    /// Uses this address from now on.
    Change(Personal<String>),
}

/// Keeps a link. Older ones of the same kind and account stop working.
pub async fn put_token(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    account_id: AccountId,
    act: &EmailAct,
    now: Timestamp,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    let (kind, new_email) = match act {
        EmailAct::Reset => ("reset", None),
        EmailAct::Change(email) => ("change", Some(email.expose().as_str())),
    };
    end_tokens(conn, account_id, kind).await?;
    sqlx::query!(
        "insert into users.email_token (token_hash, account_id, kind, new_email, created_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6)",
        token_hash.as_slice(),
        account_id.0,
        kind,
        new_email,
        now.to_sqlx(),
        expires_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets links of that kind.
pub async fn end_tokens(conn: &mut PgConnection, account_id: AccountId, kind: &str) -> sqlx::Result<()> {
    sqlx::query!("delete from users.email_token where account_id = $1 and kind = $2", account_id.0, kind)
        .execute(conn)
        .await?;
    Ok(())
}

/// Uses a link to choose a password. `None` when it was used, has ended or never was.
pub async fn use_reset(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<Option<AccountId>> {
    let used = sqlx::query_scalar!(
        "update users.email_token set used_at = $2 \
         where token_hash = $1 and kind = 'reset' and used_at is null and expires_at > $2 returning account_id",
        token_hash.as_slice(),
        now.to_sqlx(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(used.map(AccountId::from))
}

/// Uses a link to change an address. `None` when it was used, has ended or never was.
pub async fn use_change(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<Option<(AccountId, Personal<String>)>> {
    let used = sqlx::query!(
        r#"update users.email_token set used_at = $2
           where token_hash = $1 and kind = 'change' and used_at is null and expires_at > $2
           returning account_id, new_email as "new_email!""#,
        token_hash.as_slice(),
        now.to_sqlx(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(used.map(|row| (row.account_id.into(), row.new_email.into())))
}
