//! Table `payments.transfer`: a practice's share of what a try took.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AudCents, IntentId, OrganizationId, PaymentId, TransferId};
use sqlx::PgConnection;

/// A practice's share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Which.
    pub transfer_id: TransferId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// Of which try.
    pub intent_id: IntentId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// The processor's name for it.
    pub processor_transfer: Option<String>,
    /// All that was taken.
    pub amount_cents: AudCents,
    /// What the platform kept of it.
    pub fee_cents: AudCents,
}

/// Stores a share that is on the practice's balance. False when that try has one.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert(conn: &mut PgConnection, transfer: &Transfer, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.transfer (transfer_id, payment_id, intent_id, organization_id, status, processor_transfer, \
         amount_cents, fee_cents, created_at, updated_at) values ($1, $2, $3, $4, 'sent', $5, $6, $7, $8, $8) \
         on conflict on constraint transfer_intent_key do nothing",
        transfer.transfer_id.0,
        transfer.payment_id.0,
        transfer.intent_id.0,
        transfer.organization_id.0,
        transfer.processor_transfer,
        transfer.amount_cents.0,
        transfer.fee_cents.0,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The whole amount that a practice has a share in, and the platform's fee in it. `None` where no practice has one.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_whole(
    conn: &mut PgConnection,
    intent_id: IntentId,
) -> sqlx::Result<Option<(AudCents, AudCents)>> {
    let row = sqlx::query!(
        "select amount_cents, fee_cents from payments.transfer where intent_id = $1",
        intent_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (AudCents(row.amount_cents), AudCents(row.fee_cents))))
}

/// How much of a share is left, and of the platform's fee in it. `None` where no practice has one.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_left(
    conn: &mut PgConnection,
    intent_id: IntentId,
) -> sqlx::Result<Option<(AudCents, AudCents)>> {
    let row = sqlx::query!(
        r#"select amount_cents - reversed_cents as "left!", fee_cents - fee_reversed_cents as "fee_left!"
           from payments.transfer where intent_id = $1"#,
        intent_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (AudCents(row.left), AudCents(row.fee_left))))
}

/// Takes part of a share back, and of the platform's fee in it; below zero, both are given again. What a refund and a bank both took is
/// taken of a share once.
///
/// # Errors
/// When the table cannot be changed.
pub async fn reverse(
    conn: &mut PgConnection,
    intent_id: IntentId,
    amount_cents: AudCents,
    fee_cents: AudCents,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.transfer set reversed_cents = greatest(0, least(amount_cents, reversed_cents + $2)), \
         fee_reversed_cents = greatest(0, least(fee_cents, fee_reversed_cents + $3)), \
         status = case when reversed_cents + $2 >= amount_cents then 'reversed' else 'sent' end, updated_at = $4 \
         where intent_id = $1",
        intent_id.0,
        amount_cents.0,
        fee_cents.0,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A practice's account with the processor, once money can be collected for it.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_destination(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<Option<String>> {
    let account = sqlx::query_scalar!(
        "select processor_account from payments.practice_account \
         where organization_id = $1 and status in ('charges_only', 'ready')",
        organization_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(account.flatten())
}

/// The processor's name for the share in what a try took.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_name(conn: &mut PgConnection, intent_id: IntentId) -> sqlx::Result<Option<String>> {
    let name = sqlx::query_scalar!(
        "select processor_transfer from payments.transfer where intent_id = $1",
        intent_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(name.flatten())
}

/// Keeps the processor's name for a share, where there is none yet.
///
/// # Errors
/// When the table cannot be changed.
pub async fn keep_name(
    conn: &mut PgConnection,
    intent_id: IntentId,
    processor_transfer: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.transfer set processor_transfer = $2, updated_at = $3 \
         where intent_id = $1 and processor_transfer is null",
        intent_id.0,
        processor_transfer,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
