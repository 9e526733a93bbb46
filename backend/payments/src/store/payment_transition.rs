//! Table `payments.payment_transition`: every step of a payment. Rows are added and never altered.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{PaymentId, PostingId, payments::PaymentStatus};
use sqlx::PgConnection;

use crate::domain::payment::TakenBy;

/// A step.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// The payment's version after it.
    pub version: i32,
    /// Where it stood.
    pub from: PaymentStatus,
    /// Where it stands.
    pub to: PaymentStatus,
    /// What was booked with it.
    pub posting_id: Option<PostingId>,
    /// Who took it.
    pub by: TakenBy,
}

/// Writes a step down.
///
/// # Errors
/// When the table cannot be added to, or a step that moves money names no posting.
pub async fn add(conn: &mut PgConnection, step: Transition, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.payment_transition (payment_id, version, from_status, to_status, posting_id, taken_by, \
         taken_at) values ($1, $2, $3, $4, $5, $6, $7)",
        step.payment_id.0,
        step.version,
        step.from.code(),
        step.to.code(),
        step.posting_id.map(|id| id.0),
        step.by.code(),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
