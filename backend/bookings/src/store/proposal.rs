//! Times that practices propose. A booking has one that is open at most; when its hold has ended, so has it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AppointmentId, BookingId, HoldId, ProposalId};
use sqlx::PgConnection;

/// A proposed time with the hold that keeps it.
#[derive(Clone, Copy, Debug)]
pub struct ProposalRow {
    pub proposal_id: ProposalId,
    pub booking_id: BookingId,
    pub appointment_id: AppointmentId,
    pub hold_id: HoldId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub expires_at: Timestamp,
}

/// How a proposal ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Agreed,
    Refused,
    Withdrawn,
}

impl Ended {
    fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Writes a new proposal.
///
/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut PgConnection, row: &ProposalRow, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.proposal (proposal_id, booking_id, appointment_id, hold_id, starts_at, ends_at, proposed_at, \
         expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        row.proposal_id as ProposalId,
        row.booking_id as BookingId,
        row.appointment_id as AppointmentId,
        row.hold_id as HoldId,
        row.starts_at.to_sqlx() as jiff_sqlx::Timestamp,
        row.ends_at.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        row.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The proposal of a booking that can still be answered.
///
/// # Errors
/// When the database fails.
pub async fn open(
    conn: &mut PgConnection,
    booking: BookingId,
    now: Timestamp,
) -> sqlx::Result<Option<ProposalRow>> {
    let row = sqlx::query!(
        r#"select proposal_id as "proposal_id: ProposalId", booking_id as "booking_id: BookingId",
               appointment_id as "appointment_id: AppointmentId", hold_id as "hold_id: HoldId", starts_at, ends_at, expires_at
           from bookings.proposal where booking_id = $1 and status = 'open' and expires_at > $2"#,
        booking as BookingId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| ProposalRow {
        proposal_id: row.proposal_id,
        booking_id: row.booking_id,
        appointment_id: row.appointment_id,
        hold_id: row.hold_id,
        starts_at: row.starts_at.to_jiff(),
        ends_at: row.ends_at.to_jiff(),
        expires_at: row.expires_at.to_jiff(),
    }))
}

/// Ends the open proposal of a booking, whether its time is up or not, and says which hold kept its time.
///
/// # Errors
/// When the database fails.
pub async fn end(conn: &mut PgConnection, booking: BookingId, how: Ended) -> sqlx::Result<Option<HoldId>> {
    sqlx::query_scalar!(
        r#"update bookings.proposal set status = $2 where booking_id = $1 and status = 'open'
           returning hold_id as "hold_id: HoldId""#,
        booking as BookingId,
        how.code(),
    )
    .fetch_optional(conn)
    .await
}
