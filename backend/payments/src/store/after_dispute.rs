//! Column `payments.payment.after_dispute`: what an appointment that was cancelled while a bank had the money, or some of it, leaves
//! owed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared_types::{
    AudCents, PaymentId,
    payments::{IntentPurpose, RefundReason},
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// What is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "owed", rename_all = "snake_case")]
pub enum Owed {
    /// Nothing: what was taken goes back.
    Nothing {
        /// The event.
        cause: Uuid,
        /// Why.
        reason: RefundReason,
    },
    /// A fee: what was taken beyond it goes back.
    Fee {
        /// The event.
        cause: Uuid,
        /// Which fee.
        purpose: IntentPurpose,
        /// How much.
        cents: AudCents,
        /// From when on it is taken.
        due_at: Timestamp,
    },
}

/// Keeps it; the latest counts.
///
/// # Errors
/// When the table cannot be changed.
pub async fn keep(conn: &mut PgConnection, payment_id: PaymentId, owed: &Owed) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.payment set after_dispute = $2 where payment_id = $1",
        payment_id.0,
        Json(owed) as Json<&Owed>,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was kept.
///
/// # Errors
/// When the table cannot be read.
pub async fn find(conn: &mut PgConnection, payment_id: PaymentId) -> sqlx::Result<Option<Owed>> {
    let row = sqlx::query!(
        "select after_dispute as \"after_dispute: Json<Owed>\" from payments.payment where payment_id = $1",
        payment_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| row.after_dispute).map(|owed| owed.0))
}
