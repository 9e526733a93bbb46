//! Table `bookings.party_statement`: notes of disagreement.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{BookingId, StatementId, bookings::PatientStatement};
use sqlx::PgConnection;

/// Adds one.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    booking: BookingId,
    statement: &PatientStatement,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.party_statement (statement_id, booking_id, text, created_at) values ($1, $2, $3, $4)",
        statement.statement_id as StatementId,
        booking as BookingId,
        statement.text.expose(),
        statement.created_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has additions to a booking wait for each other until the transaction ends, so that a count stays true.
///
/// # Errors
/// When the database fails.
pub async fn lock_booking(conn: &mut PgConnection, booking: BookingId) -> sqlx::Result<()> {
    sqlx::query!(
        "select from bookings.appointment_party where booking_id = $1 for update",
        booking as BookingId
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of one booking, the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn of_booking(conn: &mut PgConnection, booking: BookingId) -> sqlx::Result<Vec<PatientStatement>> {
    let found = of_bookings(conn, &[booking]).await?;
    Ok(found.into_iter().map(|(_, statement)| statement).collect())
}

/// Those of several bookings, the earliest first, each with its booking.
///
/// # Errors
/// When the database fails.
pub async fn of_bookings(
    conn: &mut PgConnection,
    bookings: &[BookingId],
) -> sqlx::Result<Vec<(BookingId, PatientStatement)>> {
    let bookings: Vec<_> = bookings.iter().map(|booking| booking.0).collect();
    let rows = sqlx::query!(
        r#"select statement_id as "statement_id: StatementId", booking_id as "booking_id: BookingId", text, created_at
           from bookings.party_statement where booking_id = any($1) order by created_at, statement_id"#,
        &bookings,
    )
    .fetch_all(conn)
    .await?;
    let found = rows.into_iter().map(|row| {
        let created_at: Timestamp = row.created_at.to_jiff();
        (
            row.booking_id,
            PatientStatement { statement_id: row.statement_id, text: row.text.into(), created_at },
        )
    });
    Ok(found.collect())
}
