//! Table `payments.payment`.

mod reading;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    PaymentId,
    bookings::Quote,
    payments::{IntentPurpose, PaymentFailure},
};
use sqlx::{PgConnection, types::Json};

pub use self::reading::{find_all, lock, lock_by_id};
use crate::domain::payment::{Due, Payment};

/// What the table refuses.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another booking has used this quote: a replay.
    #[error("the quote was used for another booking")]
    QuoteUsed,
    /// A charge to the patient for a bulk-billed service (C-52).
    #[error("a bulk-billed booking carries no charge")]
    BulkBilledCharge,
    /// A card is still asked for a booking that is to be bulk billed.
    #[error("a card is still asked for this booking")]
    CardAsked,
    /// More would be taken than was agreed to, or more go back than was taken.
    #[error("the amounts of a payment do not go together")]
    Amounts,
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
            Some("payment_bulk_billed_has_no_intent") => Self::CardAsked,
            Some(
                "payment_charge_within"
                | "payment_refund_within"
                | "payment_fee_within"
                | "payment_state_amounts",
            ) => Self::Amounts,
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
         patient_charge_cents, organization_id, funding, collection, tax_code, quote, starts_at, platform_fee_cents, \
         platform_fee_gst_cents, account_id, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17) \
         on conflict on constraint payment_booking_key do nothing",
        payment.payment_id.0,
        payment.booking_id.0,
        payment.quote_id.0,
        payment.status.code(),
        payment.price_cents.0,
        payment.bulk_billed,
        payment.patient_charge_cents.0,
        payment.organization_id.map(|id| id.0),
        payment.funding.code(),
        payment.collection.code(),
        payment.tax_code.code(),
        payment.quote.as_ref().map(Json) as Option<Json<&Quote>>,
        payment.starts_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        payment.platform_fee.whole_cents.0,
        payment.platform_fee.gst_cents.0,
        payment.account_id.map(|id| id.0),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(created.rows_affected() == 1)
}

/// Stores what has changed of a payment, from the version that was seen. False when somebody else changed it meanwhile.
///
/// # Errors
/// When the amounts do not go together, or a bulk-billed booking would be charged.
pub async fn change(conn: &mut PgConnection, payment: &Payment, now: Timestamp) -> Result<bool, StoreError> {
    let changed = sqlx::query!(
        "update payments.payment set version = version + 1, status = $3, funding = $4, collection = $5, bulk_billed = $6, \
         patient_charge_cents = $7, starts_at = $8, completed_at = $9, platform_fee_cents = $10, \
         platform_fee_gst_cents = $11, held_cents = $12, captured_cents = $13, refunding_cents = $14, \
         refunded_cents = $15, fee_cents = $16, fee_kind = $17, fee_owed_cents = $18, fee_due_at = $19, \
         asked_cents = $20, agreed_cents = $21, failure = $22, repair_until = $23, due = $24, due_at = $25, \
         updated_at = $26 where payment_id = $1 and version = $2",
        payment.payment_id.0,
        payment.version,
        payment.status.code(),
        payment.funding.code(),
        payment.collection.code(),
        payment.bulk_billed,
        payment.patient_charge_cents.0,
        payment.starts_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        payment.completed_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        payment.platform_fee.whole_cents.0,
        payment.platform_fee.gst_cents.0,
        payment.held_cents.0,
        payment.captured_cents.0,
        payment.refunding_cents.0,
        payment.refunded_cents.0,
        payment.fee_cents.0,
        payment.fee_kind.map(IntentPurpose::code),
        payment.fee_owed_cents.0,
        payment.fee_due_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        payment.asked_cents.map(|cents| cents.0),
        payment.agreed_cents.map(|cents| cents.0),
        payment.failure.map(PaymentFailure::code),
        payment.repair_until.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        payment.due.map(|(due, _)| due.code()),
        payment.due.map(|(_, at)| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// The payment of which something is due for the longest, locked; those that somebody else has are passed over. Nothing is asked of a
/// card for a practice that the processor lets collect nothing: that waits until it does. What is held is taken all the same, before it is
/// let go, and of what was taken a fee is kept. What this build does not know is left to one that does.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn claim_due(conn: &mut PgConnection, now: Timestamp) -> anyhow::Result<Option<Payment>> {
    let known: Vec<String> = Due::ALL.map(|due| due.code().to_owned()).to_vec();
    let due = sqlx::query_scalar!(
        "select payment_id from payments.payment where due_at <= $1 and due = any($2) and (due in ('give_up', 'void') \
             or status in ('authorised', 'captured', 'part_refunded', 'won') or exists ( \
             select from payments.practice_account practice \
             where practice.organization_id = payment.organization_id and practice.status in ('charges_only', 'ready'))) \
         order by due_at limit 1 for update skip locked",
        now.to_sqlx() as jiff_sqlx::Timestamp,
        &known,
    )
    .fetch_optional(&mut *conn)
    .await?;
    match due {
        Some(payment_id) => lock_by_id(conn, PaymentId(payment_id)).await,
        None => Ok(None),
    }
}

/// Stores what is due next once an act is under way. Nothing else changes, so it is no step and no new version. To be called with
/// the payment locked.
///
/// # Errors
/// When the row cannot be changed.
pub async fn plan(conn: &mut PgConnection, payment: &Payment) -> Result<(), StoreError> {
    sqlx::query!(
        "update payments.payment set due = $2, due_at = $3 where payment_id = $1",
        payment.payment_id.0,
        payment.due.map(|(due, _)| due.code()),
        payment.due.map(|(_, at)| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Until when the bank holds money for a payment, where it said so.
///
/// # Errors
/// When the table cannot be read.
pub async fn hold_expires_at(
    conn: &mut PgConnection,
    payment_id: PaymentId,
) -> sqlx::Result<Option<Timestamp>> {
    let latest = sqlx::query_scalar!(
        "select max(hold_expires_at) from payments.intent where payment_id = $1 and status = 'authorised'",
        payment_id.0,
    )
    .fetch_one(conn)
    .await?;
    Ok(latest.map(jiff_sqlx::Timestamp::to_jiff))
}

#[cfg(test)]
mod tests {
    use kernel::testing::Database;
    use shared_types::{AudCents, payments::PaymentStatus};

    use super::{Due, Payment, StoreError, create_payment};
    use crate::domain::payment::{
        TakenBy,
        fixtures::{not_required, number},
    };

    fn payment(booking: u128) -> Payment {
        not_required(booking)
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
        let asked = Payment { bulk_billed: true, status: PaymentStatus::Awaiting, ..payment(1) };
        assert!(matches!(create(&asked, None).await, Err(StoreError::BulkBilledCharge)));
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
        let second = Payment { payment_id: number(3), ..payment(1) };
        assert!(matches!(create(&second, Some(&payment(1))).await, Ok(false)));
    }

    #[tokio::test]
    async fn a_price_is_not_negative() {
        let negative = Payment { price_cents: AudCents(-1), ..payment(1) };
        assert!(matches!(create(&negative, None).await, Err(StoreError::Database(_))));
    }

    #[tokio::test]
    async fn the_database_knows_the_same_names() {
        let mut admin = Database::new().await.administrator().await;
        for (constraint, known) in [
            ("payment_due", Due::ALL.map(Due::code).to_vec()),
            ("payment_transition_taken_by", TakenBy::ALL.map(TakenBy::code).to_vec()),
        ] {
            let definition: String =
                sqlx::query_scalar("select pg_get_constraintdef(oid) from pg_constraint where conname = $1")
                    .bind(constraint)
                    .fetch_one(&mut admin)
                    .await
                    .unwrap();
            let listed: Vec<_> = definition.split('\'').skip(1).step_by(2).collect();
            assert_eq!(listed, known, "{constraint}");
        }
    }
}
