//! Table `users.session`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, SessionId, users::Strength};
use sqlx::PgConnection;

use crate::domain::device::Device;

/// One sign-in, until its sign-out.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Which.
    pub session_id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// How they proved who they are.
    pub strength: Strength,
    /// Where.
    pub device: Device,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When the token was last refreshed.
    pub last_seen_at: Timestamp,
}

/// Begins a session.
pub async fn insert_session(conn: &mut PgConnection, row: &SessionRow) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.session (session_id, account_id, strength, device, network, created_at, last_seen_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        row.session_id.0,
        row.account_id.0,
        code(row.strength),
        row.device.label,
        row.device.network,
        row.created_at.to_sqlx(),
        row.last_seen_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the account signed in before, and whether ever from such a browser or network.
pub async fn is_known(
    conn: &mut PgConnection,
    account_id: AccountId,
    device: &Device,
) -> sqlx::Result<(bool, bool)> {
    let row = sqlx::query!(
        r#"select exists(select from users.session where account_id = $1) as "any!",
           exists(select from users.session where account_id = $1 and device = $2 and network = $3) as "same!""#,
        account_id.0,
        device.label,
        device.network,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.any, row.same))
}

/// A session that has not ended; nobody else changes it until the transaction ends.
pub async fn lock_session(
    conn: &mut PgConnection,
    session_id: SessionId,
) -> sqlx::Result<Option<SessionRow>> {
    let row = sqlx::query!(
        "select session_id, account_id, strength, device, network, created_at, last_seen_at from users.session \
         where session_id = $1 and revoked_at is null for update",
        session_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(SessionRow {
            session_id: row.session_id.into(),
            account_id: row.account_id.into(),
            strength: strength(&row.strength)?,
            device: Device { label: row.device, network: row.network },
            created_at: row.created_at.to_jiff(),
            last_seen_at: row.last_seen_at.to_jiff(),
        })
    })
    .transpose()
}

/// An account's sessions that have not ended and can still be refreshed, the last seen first.
pub async fn list_sessions(
    conn: &mut PgConnection,
    account_id: AccountId,
    now: Timestamp,
) -> sqlx::Result<Vec<SessionRow>> {
    let rows = sqlx::query!(
        "select session_id, account_id, strength, device, network, created_at, last_seen_at \
         from users.session as session where account_id = $1 and revoked_at is null and exists ( \
             select from users.refresh_token as token where token.session_id = session.session_id \
             and token.replaced_at is null and token.expires_at > $2) \
         order by last_seen_at desc, session_id",
        account_id.0,
        now.to_sqlx(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(SessionRow {
                session_id: row.session_id.into(),
                account_id: row.account_id.into(),
                strength: strength(&row.strength)?,
                device: Device { label: row.device, network: row.network },
                created_at: row.created_at.to_jiff(),
                last_seen_at: row.last_seen_at.to_jiff(),
            })
        })
        .collect()
}

/// Notes that the session was refreshed.
pub async fn note_seen(conn: &mut PgConnection, session_id: SessionId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update users.session set last_seen_at = $2 where session_id = $1",
        session_id.0,
        now.to_sqlx()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends one session of an account. False when it has none of that id, or it had ended.
pub async fn end_session(
    conn: &mut PgConnection,
    account_id: AccountId,
    session_id: SessionId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        "update users.session set revoked_at = $3 \
         where session_id = $2 and account_id = $1 and revoked_at is null",
        account_id.0,
        session_id.0,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends every session of an account but one, or every one.
pub async fn end_sessions(
    conn: &mut PgConnection,
    account_id: AccountId,
    but: Option<SessionId>,
    now: Timestamp,
) -> sqlx::Result<Vec<SessionId>> {
    let ended = sqlx::query_scalar!(
        "update users.session set revoked_at = $3 \
         where account_id = $1 and session_id is distinct from $2 and revoked_at is null returning session_id",
        account_id.0,
        but.map(|session_id| session_id.0) as _,
        now.to_sqlx(),
    )
    .fetch_all(conn)
    .await?;
    Ok(ended.into_iter().map(SessionId::from).collect())
}

fn code(strength: Strength) -> &'static str {
    match strength {
        Strength::Password => "password",
        Strength::PasswordAndCode => "password_and_code",
        Strength::Passkey => "passkey",
    }
}

fn strength(text: &str) -> sqlx::Result<Strength> {
    [Strength::Password, Strength::PasswordAndCode, Strength::Passkey]
        .into_iter()
        .find(|strength| code(*strength) == text)
        .ok_or_else(|| sqlx::Error::Decode("an unknown strength of sign-in".into()))
}
