//! Table `payments.payment`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::payments::PaymentStatus;
use sqlx::PgConnection;

use crate::domain::payment::Payment;

/// What the table refuses.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another booking has used this quote: a replay.
    #[error("the quote was used for another booking")]
    QuoteUsed,
    /// A charge to the patient for a bulk-billed service (C-52).
    #[error("a bulk-billed booking carries no charge")]
    BulkBilledCharge,
    /// Anything else.
    #[error("the payment table could not be changed")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    /// The one place where this table's constraints get their meaning.
    fn from(error: sqlx::Error) -> Self {
        let constraint = error.as_database_error().and_then(|refused| refused.constraint());
        match constraint {
            Some("payment_quote_key") => Self::QuoteUsed,
            Some("payment_bulk_billed_is_uncharged") => Self::BulkBilledCharge,
            _ => Self::Database(error),
        }
    }
}

/// Stores a booking's payment. False when the booking has one already; that one stays as it is.
///
/// # Errors
/// When the quote was used for another booking, or a bulk-billed booking would be charged.
pub async fn create_payment(
    conn: &mut PgConnection,
    payment: &Payment,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let created = sqlx::query!(
        "insert into payments.payment (payment_id, booking_id, quote_id, status, price_cents, bulk_billed, \
         patient_charge_cents, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8) \
         on conflict on constraint payment_booking_key do nothing",
        payment.payment_id.0,
        payment.booking_id.0,
        payment.quote_id.0,
        payment.status.code(),
        payment.price_cents.0,
        payment.bulk_billed,
        payment.patient_charge_cents.0,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(created.rows_affected() == 1)
}

/// Voids a booking's payment. False when that was done before.
///
/// # Errors
/// When the row cannot be changed.
pub async fn void_payment(
    conn: &mut PgConnection,
    payment: &Payment,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let voided = sqlx::query!(
        "update payments.payment set status = $2, updated_at = $3 where booking_id = $1 and status = $4",
        payment.booking_id.0,
        PaymentStatus::Voided.code(),
        now.to_sqlx(),
        PaymentStatus::NotRequired.code(),
    )
    .execute(conn)
    .await?;
    Ok(voided.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use kernel::testing::Database;
    use shared_types::{AudCents, payments::PaymentStatus};
    use uuid::Uuid;

    use super::{Payment, StoreError, create_payment};

    fn payment(number: u128) -> Payment {
        Payment {
            payment_id: Uuid::from_u128(number).into(),
            booking_id: Uuid::from_u128(number).into(),
            quote_id: Uuid::from_u128(number).into(),
            status: PaymentStatus::NotRequired,
            price_cents: AudCents(8500),
            bulk_billed: false,
            patient_charge_cents: AudCents::ZERO,
        }
    }

    async fn create(payment: &Payment, after: Option<&Payment>) -> Result<bool, StoreError> {
        let database = Database::new().await;
        let mut conn = database.connect("payments_app").await;
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        if let Some(earlier) = after {
            create_payment(&mut conn, earlier, now).await.unwrap();
        }
        create_payment(&mut conn, payment, now).await
    }

    /// Health Insurance Act 1973 s 20A: not even a cent.
    #[tokio::test]
    async fn a_bulk_billed_booking_cannot_be_charged() {
        let charged = Payment { bulk_billed: true, patient_charge_cents: AudCents(1), ..payment(1) };
        assert!(matches!(create(&charged, None).await, Err(StoreError::BulkBilledCharge)));
        let uncharged = Payment { bulk_billed: true, ..payment(1) };
        assert!(matches!(create(&uncharged, None).await, Ok(true)));
    }

    #[tokio::test]
    async fn a_quote_pays_for_one_booking() {
        let replay = Payment { quote_id: payment(1).quote_id, ..payment(2) };
        assert!(matches!(create(&replay, Some(&payment(1))).await, Err(StoreError::QuoteUsed)));
    }

    #[tokio::test]
    async fn a_booking_has_one_payment() {
        let second = Payment { payment_id: payment(3).payment_id, ..payment(1) };
        assert!(matches!(create(&second, Some(&payment(1))).await, Ok(false)));
    }

    #[tokio::test]
    async fn a_price_is_not_negative() {
        let negative = Payment { price_cents: AudCents(-1), ..payment(1) };
        assert!(matches!(create(&negative, None).await, Err(StoreError::Database(_))));
    }
}
