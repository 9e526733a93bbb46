//! Table `payments.payout_hold`: practices that are not paid out for a time, and why.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, OrganizationId, PayoutHoldId, payments::platform::PayoutHold};
use sqlx::PgConnection;
use uuid::Uuid;

/// How many are shown.
const SHOWN: i64 = 100;

struct Row {
    payout_hold_id: Uuid,
    organization_id: Uuid,
    reason: String,
    held_by: Uuid,
    held_at: jiff_sqlx::Timestamp,
    released_at: Option<jiff_sqlx::Timestamp>,
    release_reason: Option<String>,
}

impl From<Row> for PayoutHold {
    fn from(row: Row) -> Self {
        Self {
            payout_hold_id: PayoutHoldId(row.payout_hold_id),
            organization_id: OrganizationId(row.organization_id),
            reason: row.reason,
            held_by: AccountId(row.held_by),
            held_at: row.held_at.to_jiff(),
            released: row.released_at.map(jiff_sqlx::Timestamp::to_jiff).zip(row.release_reason),
        }
    }
}

/// Those that are open first, then the latest.
///
/// # Errors
/// When the table cannot be read.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<PayoutHold>> {
    let rows = sqlx::query_as!(
        Row,
        "select payout_hold_id, organization_id, reason, held_by, held_at, released_at, release_reason \
         from payments.payout_hold order by released_at is not null, held_at desc, payout_hold_id limit $1",
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(PayoutHold::from).collect())
}

/// One, locked until the transaction ends.
///
/// # Errors
/// When the table cannot be read.
pub async fn lock(conn: &mut PgConnection, id: PayoutHoldId) -> sqlx::Result<Option<PayoutHold>> {
    let row = sqlx::query_as!(
        Row,
        "select payout_hold_id, organization_id, reason, held_by, held_at, released_at, release_reason \
         from payments.payout_hold where payout_hold_id = $1 for update",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(PayoutHold::from))
}

/// The open one of a practice.
///
/// # Errors
/// When the table cannot be read.
pub async fn open_of(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<Option<PayoutHold>> {
    let row = sqlx::query_as!(
        Row,
        "select payout_hold_id, organization_id, reason, held_by, held_at, released_at, release_reason \
         from payments.payout_hold where organization_id = $1 and released_at is null",
        organization_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(PayoutHold::from))
}

/// Writes one. False when the practice has an open one already.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert(conn: &mut PgConnection, hold: &PayoutHold) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.payout_hold (payout_hold_id, organization_id, reason, held_by, held_at) \
         values ($1, $2, $3, $4, $5) on conflict (organization_id) where released_at is null do nothing",
        hold.payout_hold_id.0,
        hold.organization_id.0,
        hold.reason,
        hold.held_by.0,
        hold.held_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends one that is open.
///
/// # Errors
/// When the table cannot be changed.
pub async fn release(
    conn: &mut PgConnection,
    id: PayoutHoldId,
    by: AccountId,
    reason: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.payout_hold set released_by = $2, released_at = $3, release_reason = $4 \
         where payout_hold_id = $1 and released_at is null",
        id.0,
        by.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        reason,
    )
    .execute(conn)
    .await?;
    Ok(())
}
