//! Payments, found by one thing that is known of them. Each statement gives ids alone; what is shown of a payment is read with
//! `store/payment.rs`.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{AudCents, BookingId, OrganizationId, PaymentId};
use sqlx::PgConnection;

/// The payment of a booking.
///
/// # Errors
/// When the table cannot be read.
pub async fn of_booking(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Vec<PaymentId>> {
    let found =
        sqlx::query_scalar!("select payment_id from payments.payment where booking_id = $1", booking_id.0)
            .fetch_all(conn)
            .await?;
    Ok(found.into_iter().map(PaymentId).collect())
}

/// The payment that a practice's document of that number is about.
///
/// # Errors
/// When the tables cannot be read.
pub async fn of_receipt(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    number: i64,
) -> sqlx::Result<Vec<PaymentId>> {
    let found = sqlx::query_scalar!(
        "select payment.payment_id from payments.invoice join payments.payment \
             on payment.payment_id = invoice.payment_id or payment.booking_id = invoice.booking_id \
         where invoice.issuer_id = $1 and invoice.number = $2",
        organization_id.0,
        number,
    )
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(PaymentId).collect())
}

/// The payment that an object of the processor's is about: a charge, a page, a refund or a dispute.
///
/// # Errors
/// When the tables cannot be read.
pub async fn of_object(conn: &mut PgConnection, object: &str) -> sqlx::Result<Vec<PaymentId>> {
    let found = sqlx::query_scalar!(
        r#"select payment_id as "payment_id!" from payments.intent
           where payment_id is not null
               and (processor_intent = $1 or processor_charge = $1 or checkout_session = $1)
           union
           select payment_id from payments.refund where processor_refund = $1
           union
           select payment_id from payments.chargeback where processor_dispute = $1"#,
        object,
    )
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(PaymentId).collect())
}

/// The payments of a practice's visits that begin on a day at its place, in the order of their ids, after the given one.
///
/// # Errors
/// When the tables cannot be read.
pub async fn of_day(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    day: Date,
    after: Option<PaymentId>,
    at_most: i64,
) -> sqlx::Result<Vec<PaymentId>> {
    let found = sqlx::query_scalar!(
        "select payment.payment_id from payments.payment \
         left join payments.billed_visit visit on visit.booking_id = payment.booking_id \
         where payment.organization_id = $1 \
             and (coalesce(payment.starts_at, visit.starts_at) \
                 at time zone coalesce(visit.time_zone, 'Australia/Sydney'))::date = $2 \
             and ($3::uuid is null or payment.payment_id > $3) \
         order by payment.payment_id limit $4",
        organization_id.0,
        day.to_sqlx() as jiff_sqlx::Date,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(PaymentId).collect())
}

/// The number, day and whole of a payment's first receipt.
///
/// # Errors
/// When the table cannot be read.
pub async fn receipt(
    conn: &mut PgConnection,
    payment_id: PaymentId,
) -> sqlx::Result<Option<(i64, Date, AudCents)>> {
    let row = sqlx::query!(
        "select number, issued_on, total_cents from payments.invoice where payment_id = $1 and kind = 'tax_invoice' \
         order by number limit 1",
        payment_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.number, row.issued_on.to_jiff(), AudCents(row.total_cents))))
}

/// When a visit begins, and in which zone, as far as that was told; and when its payment was begun, which is when its price and the
/// policy were agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// When the visit begins.
    pub starts_at: Option<Timestamp>,
    /// The zone of its place: `Australia/Perth`.
    pub time_zone: Option<String>,
    /// Since when it is over, as bookings says: none where that was taken back.
    pub over_at: Option<Timestamp>,
    /// When the payment was begun.
    pub created_at: Timestamp,
}

/// The same of one payment.
///
/// # Errors
/// When the tables cannot be read.
pub async fn begun(conn: &mut PgConnection, payment_id: PaymentId) -> sqlx::Result<Option<Begun>> {
    let row = sqlx::query!(
        r#"select coalesce(payment.starts_at, visit.starts_at) as "starts_at?", visit.time_zone as "time_zone?",
               visit.over_at as "over_at?", payment.created_at
           from payments.payment left join payments.billed_visit visit on visit.booking_id = payment.booking_id
           where payment.payment_id = $1"#,
        payment_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Begun {
        starts_at: row.starts_at.map(jiff_sqlx::Timestamp::to_jiff),
        time_zone: row.time_zone,
        over_at: row.over_at.map(jiff_sqlx::Timestamp::to_jiff),
        created_at: row.created_at.to_jiff(),
    }))
}
