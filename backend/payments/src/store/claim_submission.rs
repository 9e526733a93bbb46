//! Table `payments.claim_submission`: what is sent to Medicare, under ids that are written down before.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::ClaimId;
use sqlx::PgConnection;
use uuid::Uuid;

/// A message that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Of which claim.
    pub claim_id: ClaimId,
    /// Under which id.
    pub correlation_id: String,
    /// Which try this is, from one up.
    pub attempt: i16,
    /// When it was written down.
    pub created_at: Timestamp,
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// Medicare has it.
    Accepted,
    /// Medicare does not take it.
    Refused,
    /// Nobody knows whether it arrived.
    Unanswered {
        /// When to look again.
        again_at: Timestamp,
    },
    /// It was not sent, or what came of it could not be written down.
    NotSent {
        /// When to try again.
        again_at: Timestamp,
    },
}

/// Writes a message down that is due now. The database refuses a second one for a claim that has one under way or taken.
///
/// # Errors
/// When the database fails, or refuses it.
pub async fn insert(
    conn: &mut PgConnection,
    core: &Core,
    claim_id: ClaimId,
    correlation_id: &str,
    message_sha256: &[u8],
) -> sqlx::Result<()> {
    let now = core.now().to_sqlx();
    sqlx::query!(
        "insert into payments.claim_submission (claim_submission_id, claim_id, number, correlation_id, message_sha256, due_at, \
         created_at) values ($1, $2, \
             (select coalesce(max(number), 0) + 1 from payments.claim_submission where claim_id = $2), $3, $4, $5, $5)",
        core.id::<Uuid>(),
        claim_id.0,
        correlation_id,
        message_sha256,
        now as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A message that is due, taken for as long as a lease.
///
/// # Errors
/// When the database fails.
pub async fn take_due(
    conn: &mut PgConnection,
    now: Timestamp,
    lease: SignedDuration,
) -> sqlx::Result<Option<Due>> {
    let row = sqlx::query!(
        "update payments.claim_submission set due_at = $2, attempts = attempts + 1 where claim_submission_id = ( \
             select claim_submission_id from payments.claim_submission where due_at <= $1 \
             order by due_at limit 1 for update skip locked) \
         returning claim_id, correlation_id, attempts, created_at",
        now.to_sqlx() as jiff_sqlx::Timestamp,
        (now + lease).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Due {
        claim_id: row.claim_id.into(),
        correlation_id: row.correlation_id,
        attempt: row.attempts,
        created_at: row.created_at.to_jiff(),
    }))
}

/// Writes down what is sent from now on under an id that has surely not arrived.
///
/// # Errors
/// When the database fails.
pub async fn note_message(
    conn: &mut PgConnection,
    correlation_id: &str,
    message_sha256: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.claim_submission set message_sha256 = $2 where correlation_id = $1",
        correlation_id,
        message_sha256,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what came of a try. False when that was known already.
///
/// # Errors
/// When the database fails.
pub async fn note_tried(
    conn: &mut PgConnection,
    correlation_id: &str,
    tried: Tried,
    codes: &[String],
    now: Timestamp,
) -> sqlx::Result<bool> {
    let (status, again_at, answered_at) = match tried {
        Tried::Accepted => (Some("accepted"), None, Some(now)),
        Tried::Refused => (Some("refused"), None, Some(now)),
        Tried::Unanswered { again_at } => (Some("unanswered"), Some(again_at), None),
        Tried::NotSent { again_at } => (None, Some(again_at), None),
    };
    let written = sqlx::query!(
        "update payments.claim_submission set status = coalesce($2, status), codes = $3, due_at = $4, answered_at = $5 \
         where correlation_id = $1 and status in ('due', 'unanswered')",
        correlation_id,
        status,
        codes,
        again_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        answered_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}
