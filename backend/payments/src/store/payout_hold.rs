//! Table `payments.payout_hold`: practices that are not paid out for a time, and why.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, OrganizationId, PayoutHoldId, payments::platform::PayoutHold};
use sqlx::PgConnection;
use uuid::Uuid;

/// Where a list of holds goes on. Whether the last one was open is kept with it: it may be let go before the next page is asked for, and
/// nothing is to be passed over then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    is_open: bool,
    payout_hold_id: PayoutHoldId,
}

impl After {
    /// After that one.
    pub fn of(hold: &PayoutHold) -> Self {
        Self { is_open: hold.released.is_none(), payout_hold_id: hold.payout_hold_id }
    }

    /// As text for an address.
    pub fn encode(self) -> String {
        format!("{}~{}", if self.is_open { "open" } else { "released" }, self.payout_hold_id)
    }

    /// Reads [`After::encode`]; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let (stood, id) = text.split_once('~')?;
        let is_open = match stood {
            "open" => true,
            "released" => false,
            _ => return None,
        };
        Some(Self { is_open, payout_hold_id: id.parse().ok()? })
    }
}

struct Row {
    payout_hold_id: Uuid,
    organization_id: Uuid,
    legal_name: Option<String>,
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
            legal_name: row.legal_name,
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
pub async fn list(
    conn: &mut PgConnection,
    after: Option<After>,
    at_most: i64,
) -> sqlx::Result<Vec<PayoutHold>> {
    let rows = sqlx::query_as!(
        Row,
        "select payout_hold_id, organization_id, (select legal_name from payments.practice_account practice \
             where practice.organization_id = payout_hold.organization_id) as \"legal_name?\", \
             reason, held_by, held_at, released_at, release_reason \
         from payments.payout_hold \
         where $1::uuid is null or ((released_at is null), held_at, payout_hold_id) < \
             ($2::boolean, (select held_at from payments.payout_hold where payout_hold_id = $1), $1) \
         order by released_at is null desc, held_at desc, payout_hold_id desc limit $3",
        after.map(|after| after.payout_hold_id.0),
        after.map(|after| after.is_open),
        at_most,
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
        "select payout_hold_id, organization_id, (select legal_name from payments.practice_account practice \
             where practice.organization_id = payout_hold.organization_id) as \"legal_name?\", \
             reason, held_by, held_at, released_at, release_reason \
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
        "select payout_hold_id, organization_id, (select legal_name from payments.practice_account practice \
             where practice.organization_id = payout_hold.organization_id) as \"legal_name?\", \
             reason, held_by, held_at, released_at, release_reason \
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::After;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_does() {
        for is_open in [true, false] {
            let after = After { is_open, payout_hold_id: Uuid::from_u128(7).into() };
            assert_eq!(After::decode(&after.encode()), Some(after));
        }
        for text in ["", "~", "open~", "open~x", "shut~00000000-0000-0000-0000-000000000007"] {
            assert_eq!(After::decode(text), None, "{text}");
        }
    }
}
