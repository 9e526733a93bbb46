//! Table `bookings.payment_standing`: what a booking's money stands at, as payments told it. No sum is reckoned with; that
//! the step of a payment is done counts for a booking that is written down after it.

use anyhow::Context as _;
use shared_types::{
    AudCents, BookingId,
    payments::{PaymentFact, PaymentStatus},
};
use sqlx::PgConnection;

/// Keeps it, unless something newer is known.
///
/// # Errors
/// When the database fails.
pub async fn keep(conn: &mut PgConnection, fact: &PaymentFact, version: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.payment_standing as old (booking_id, status, total_cents, captured_cents, refunded_cents, \
         fee_cents, aggregate_version) values ($1, $2, $3, $4, $5, $6, $7) on conflict (booking_id) do update set \
         status = excluded.status, total_cents = excluded.total_cents, captured_cents = excluded.captured_cents, \
         refunded_cents = excluded.refunded_cents, fee_cents = excluded.fee_cents, \
         aggregate_version = excluded.aggregate_version where old.aggregate_version < excluded.aggregate_version",
        fact.booking_id as BookingId,
        fact.status.code(),
        fact.total_cents as AudCents,
        fact.captured_cents as AudCents,
        fact.refunded_cents as AudCents,
        fact.fee_cents as AudCents,
        version,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the step of a booking's payment is done already: who is quick pays before the booking is written down.
///
/// # Errors
/// When the database fails.
pub async fn is_done(conn: &mut PgConnection, booking: BookingId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(
               select from bookings.payment_standing
               where booking_id = $1 and status in ('card_saved', 'authorised', 'captured')
           ) as "exists!""#,
        booking as BookingId
    )
    .fetch_one(conn)
    .await
}

/// Where a booking's payment stands and what is left of what was taken; nothing where payments told nothing of it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of(
    conn: &mut PgConnection,
    booking: BookingId,
) -> anyhow::Result<Option<(PaymentStatus, AudCents)>> {
    let row = sqlx::query!(
        r#"select status, captured_cents - refunded_cents as "left_cents!: AudCents"
           from bookings.payment_standing where booking_id = $1"#,
        booking as BookingId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok((known(&row.status)?, row.left_cents))).transpose()
}

/// The status of a payment, from its word.
///
/// # Errors
/// When this build does not know it.
pub fn known(code: &str) -> anyhow::Result<PaymentStatus> {
    PaymentStatus::from_code(code).context("a known status of a payment")
}

/// Forgets a booking's, once the time of its record is over.
///
/// # Errors
/// When the database fails.
pub async fn forget(conn: &mut PgConnection, booking: BookingId) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.payment_standing where booking_id = $1", booking as BookingId)
        .execute(conn)
        .await?;
    Ok(())
}
