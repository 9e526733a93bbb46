//! Table `notifications.guest_number`: where guests are sent a text message, who agreed to that where a letter does not arrive or there
//! is no address for one.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{BookingId, bookings::AppointmentFact};
use sqlx::PgConnection;

/// Keeps a guest's number, if there is one in what was told; the latest start counts. Nothing is kept of who has an account.
pub async fn keep(conn: &mut PgConnection, fact: &AppointmentFact) -> sqlx::Result<()> {
    let Some(mobile) = fact.text_to.as_ref().filter(|_| fact.account_id.is_none()) else { return Ok(()) };
    sqlx::query!(
        "insert into notifications.guest_number (booking_id, email, mobile, starts_at, time_zone) \
         select $1, $2, $3, $4, $5 \
         where not exists (select from notifications.booking_owner where booking_id = $1) \
         on conflict on constraint guest_number_pkey do update set email = excluded.email, mobile = excluded.mobile, \
         starts_at = excluded.starts_at, time_zone = excluded.time_zone",
        fact.booking_id.0,
        fact.email.expose(),
        mobile.expose(),
        fact.start.to_sqlx() as jiff_sqlx::Timestamp,
        fact.role.time_zone.name(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Guests' bookings whose text messages go to a number.
pub async fn bookings_at(conn: &mut PgConnection, mobile: &str) -> sqlx::Result<Vec<BookingId>> {
    sqlx::query_scalar!(
        r#"select booking_id as "booking_id: BookingId" from notifications.guest_number where mobile = $1
           order by booking_id"#,
        mobile,
    )
    .fetch_all(conn)
    .await
}

/// Forgets the number of a booking's guest: the booking is a member's by now, whose details say how they are written to, or it is gone.
pub async fn forget(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!("delete from notifications.guest_number where booking_id = $1", booking_id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets a batch whose visits were before `before`. Says how many.
pub async fn forget_over(conn: &mut PgConnection, before: Timestamp, limit: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        "with old as materialized ( \
             select booking_id from notifications.guest_number where starts_at < $1 \
             order by starts_at limit $2 for update skip locked \
         ) \
         delete from notifications.guest_number as guest using old where guest.booking_id = old.booking_id",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
