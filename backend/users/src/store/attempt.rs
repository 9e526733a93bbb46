//! Table `users.sign_in_attempt`, and forgetting what has ended in the others.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;

use crate::domain::attempts::{Attempts, FORGOTTEN_AFTER};

/// How long ended sessions stay in the list that new devices are told by.
const SESSIONS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Wrong answers for a subject. Until the transaction ends nobody else reads or counts them, so that of many tries at
/// once no more are answered than of many in a row.
pub async fn lock_attempts(
    conn: &mut PgConnection,
    subject: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<Attempts> {
    // The update changes nothing; it locks the row and gives it back.
    let row = sqlx::query!(
        "insert into users.sign_in_attempt (subject, failures, last_failed_at) values ($1, 0, $2) \
         on conflict on constraint sign_in_attempt_pkey do update set failures = sign_in_attempt.failures \
         returning failures, last_failed_at",
        subject.as_slice(),
        now.to_sqlx(),
    )
    .fetch_one(conn)
    .await?;
    Ok(Attempts { failures: row.failures, last_failed_at: row.last_failed_at.to_jiff() })
}

/// Counts a wrong answer.
pub async fn count_failure(conn: &mut PgConnection, subject: &[u8; 32], now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update users.sign_in_attempt set failures = failures + 1, last_failed_at = $2 where subject = $1",
        subject.as_slice(),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets wrong answers: the right one came.
pub async fn clear(conn: &mut PgConnection, subject: &[u8; 32]) -> sqlx::Result<()> {
    sqlx::query!("delete from users.sign_in_attempt where subject = $1", subject.as_slice())
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets what has ended: sign-ups, links, ceremonies, half sign-ins, tokens, old wrong answers and old sessions. Says
/// how many rows went.
pub async fn forget_ended(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let at = now.to_sqlx();
    let mut gone = 0;
    let done =
        sqlx::query!("delete from users.sign_up where expires_at <= $1", at).execute(&mut *conn).await?;
    gone += done.rows_affected();
    let done =
        sqlx::query!("delete from users.email_token where expires_at <= $1", at).execute(&mut *conn).await?;
    gone += done.rows_affected();
    let done = sqlx::query!("delete from users.webauthn_ceremony where expires_at <= $1", at)
        .execute(&mut *conn)
        .await?;
    gone += done.rows_affected();
    let done =
        sqlx::query!("delete from users.sign_in_step where expires_at <= $1", at).execute(&mut *conn).await?;
    gone += done.rows_affected();
    let done = sqlx::query!("delete from users.refresh_token where expires_at <= $1", at)
        .execute(&mut *conn)
        .await?;
    gone += done.rows_affected();
    let done = sqlx::query!(
        "delete from users.sign_in_attempt where last_failed_at <= $1",
        (now - FORGOTTEN_AFTER).to_sqlx(),
    )
    .execute(&mut *conn)
    .await?;
    gone += done.rows_affected();
    let done = sqlx::query!(
        "delete from users.session as session where last_seen_at <= $1 and not exists ( \
         select from users.refresh_token as token where token.session_id = session.session_id)",
        (now - SESSIONS_KEPT).to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(gone + done.rows_affected())
}
