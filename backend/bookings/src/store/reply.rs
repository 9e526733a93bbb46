//! Table `bookings.reply_link`: the links of reminders, as notifications made them. Only hashes are known here.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    BookingId,
    notifications::{ReplyLinkFact, ReplyPurpose},
};
use sqlx::PgConnection;

/// Keeps a link.
///
/// # Errors
/// When the database fails.
pub async fn keep(conn: &mut PgConnection, link: &ReplyLinkFact) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.reply_link (token_hash, booking_id, purpose, starts_at) values ($1, $2, $3, $4) \
         on conflict on constraint reply_link_pkey do nothing",
        link.token_hash.as_slice(),
        link.booking_id as BookingId,
        link.purpose.code(),
        link.start.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which booking a link that says "I will come" is of, and the start that its reminder spoke of; none once that is over.
///
/// # Errors
/// When the database fails.
pub async fn find_attending(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<Option<(BookingId, Timestamp)>> {
    let row = sqlx::query!(
        r#"select booking_id as "booking_id: BookingId", starts_at from bookings.reply_link
           where token_hash = $1 and purpose = $2 and starts_at > $3"#,
        token_hash.as_slice(),
        ReplyPurpose::Attend.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.booking_id, row.starts_at.to_jiff())))
}

/// Forgets the links of reminders that were sent for bookings.
///
/// # Errors
/// When the database fails.
pub async fn forget_all(conn: &mut PgConnection, bookings: &[BookingId]) -> sqlx::Result<()> {
    let bookings: Vec<_> = bookings.iter().map(|booking| booking.0).collect();
    sqlx::query!("delete from bookings.reply_link where booking_id = any($1)", &bookings)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets links whose start is over. Says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_over(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from bookings.reply_link where starts_at <= $1",
        now.to_sqlx() as jiff_sqlx::Timestamp
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
