//! Column `payments.payment.booked_at`: when the booking of a payment was found to be known. Bookings tells of each that has
//! something to pay, and what it tells is kept as `payments.billed_visit`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::PaymentId;
use sqlx::PgConnection;

/// Notes which of the payments that were begun before then are booked: they are not looked at any more.
///
/// # Errors
/// When the table cannot be changed.
pub async fn note_booked(
    conn: &mut PgConnection,
    begun_before: Timestamp,
    now: Timestamp,
    at_most: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.payment set booked_at = $2 where payment_id in ( \
             select payment_id from payments.payment join payments.billed_visit using (booking_id) \
             where booked_at is null and payment.created_at < $1 and status in ('awaiting', 'card_saved', 'authorised', \
                 'captured', 'part_refunded', 'failed', 'auth_expired', 'won') \
             order by payment.created_at limit $3 for update of payment skip locked)",
        begun_before.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Payments that were begun before then, of whose booking nothing is known, and which have something to let go or to give back that
/// was not begun to be given back before. The earliest first.
///
/// # Errors
/// When the table cannot be read.
pub async fn find(
    conn: &mut PgConnection,
    begun_before: Timestamp,
    at_most: i64,
) -> sqlx::Result<Vec<PaymentId>> {
    let ids = sqlx::query_scalar!(
        "select payment_id from payments.payment where booked_at is null and created_at < $1 \
             and status in ('awaiting', 'card_saved', 'authorised', 'captured', 'part_refunded', 'failed', 'auth_expired', 'won') \
             and (captured_cents = 0 or captured_cents > refunded_cents + refunding_cents) \
             and not exists (select from payments.refund \
                 where refund.payment_id = payment.payment_id and refund.cause_id = payment.quote_id) \
             and not exists (select from payments.billed_visit visit where visit.booking_id = payment.booking_id) \
         order by created_at, payment_id limit $2",
        begun_before.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(PaymentId).collect())
}
