//! Tables `users.refresh_token` and `users.sign_in_step`. Of secrets there are hashes only.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, SessionId};
use sqlx::PgConnection;

/// A refresh token as it is known.
#[derive(Clone, Copy, Debug)]
pub struct RefreshRow {
    /// Since when another has its place.
    pub replaced_at: Option<Timestamp>,
    /// Whether that other is known and was never used.
    pub is_successor_unused: bool,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

/// Keeps a new token.
pub async fn insert_token(
    conn: &mut PgConnection,
    hash: &[u8; 32],
    session_id: SessionId,
    now: Timestamp,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.refresh_token (token_hash, session_id, issued_at, expires_at) values ($1, $2, $3, $4)",
        hash.as_slice(),
        session_id.0,
        now.to_sqlx(),
        expires_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which session a token belongs to, if to any.
pub async fn session_of(conn: &mut PgConnection, hash: &[u8; 32]) -> sqlx::Result<Option<SessionId>> {
    let session = sqlx::query_scalar!(
        "select session_id from users.refresh_token where token_hash = $1",
        hash.as_slice()
    )
    .fetch_optional(conn)
    .await?;
    Ok(session.map(SessionId::from))
}

/// A token. To be read while its session is locked, so that what is decided about it stays true.
pub async fn find_token(conn: &mut PgConnection, hash: &[u8; 32]) -> sqlx::Result<Option<RefreshRow>> {
    let row = sqlx::query!(
        r#"select replaced_at, expires_at, exists(
               select from users.refresh_token as successor
               where successor.token_hash = token.replaced_by and successor.replaced_at is null
           ) as "is_successor_unused!"
           from users.refresh_token as token where token_hash = $1"#,
        hash.as_slice(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| RefreshRow {
        replaced_at: row.replaced_at.map(|at| at.to_jiff()),
        is_successor_unused: row.is_successor_unused,
        expires_at: row.expires_at.to_jiff(),
    }))
}

/// Another token takes its place. One that had it already and was never used counts as replaced since it was issued, so
/// that it is worth nothing from now on, not even for a moment.
pub async fn replace(
    conn: &mut PgConnection,
    hash: &[u8; 32],
    successor: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users.refresh_token as unused set replaced_at = unused.issued_at \
         from users.refresh_token as token where token.token_hash = $1 \
         and unused.token_hash = token.replaced_by and unused.replaced_at is null",
        hash.as_slice(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update users.refresh_token set replaced_at = $3, replaced_by = $2 where token_hash = $1",
        hash.as_slice(),
        successor.as_slice(),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps that a password was right, until the code comes.
pub async fn insert_step(
    conn: &mut PgConnection,
    hash: &[u8; 32],
    account_id: AccountId,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.sign_in_step (token_hash, account_id, expires_at) values ($1, $2, $3)",
        hash.as_slice(),
        account_id.0,
        expires_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose password was right a moment ago; no second request reads it until the transaction ends.
pub async fn find_step(
    conn: &mut PgConnection,
    hash: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<Option<AccountId>> {
    let account = sqlx::query_scalar!(
        "select account_id from users.sign_in_step where token_hash = $1 and expires_at > $2 for update",
        hash.as_slice(),
        now.to_sqlx(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(account.map(AccountId::from))
}

/// Forgets it: it has led to a session.
pub async fn delete_step(conn: &mut PgConnection, hash: &[u8; 32]) -> sqlx::Result<()> {
    sqlx::query!("delete from users.sign_in_step where token_hash = $1", hash.as_slice())
        .execute(conn)
        .await?;
    Ok(())
}
