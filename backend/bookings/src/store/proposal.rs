//! Times that practices propose. A booking has one that is open at most; when its hold has ended, so has it.

use std::ops::Range;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AppointmentId, BookingId, HoldId, ProposalId, bookings::proposal::Proposed};
use sqlx::PgConnection;
use uuid::Uuid;

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

impl ProposalRow {
    /// As it is shown beside its appointment.
    pub fn proposed(&self) -> Proposed {
        Proposed {
            proposal_id: self.proposal_id,
            start: self.starts_at,
            end: self.ends_at,
            answer_until: self.expires_at,
        }
    }
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
    Ok(open_of(conn, &[booking], now).await?.pop())
}

/// The proposals of some bookings that can still be answered, one of each at most.
///
/// # Errors
/// When the database fails.
pub async fn open_of(
    conn: &mut PgConnection,
    bookings: &[BookingId],
    now: Timestamp,
) -> sqlx::Result<Vec<ProposalRow>> {
    let bookings: Vec<Uuid> = bookings.iter().map(|booking| booking.0).collect();
    let rows = sqlx::query!(
        r#"select proposal_id as "proposal_id: ProposalId", booking_id as "booking_id: BookingId",
               appointment_id as "appointment_id: AppointmentId", hold_id as "hold_id: HoldId", starts_at, ends_at, expires_at
           from bookings.proposal where booking_id = any($1) and status = 'open' and expires_at > $2"#,
        &bookings,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| ProposalRow {
        proposal_id: row.proposal_id,
        booking_id: row.booking_id,
        appointment_id: row.appointment_id,
        hold_id: row.hold_id,
        starts_at: row.starts_at.to_jiff(),
        ends_at: row.ends_at.to_jiff(),
        expires_at: row.expires_at.to_jiff(),
    });
    Ok(rows.collect())
}

/// How the last proposal for an appointment ended that its patient did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// The practice took it back.
    Withdrawn,
    /// Its time was up.
    Lapsed,
}

/// How the last proposal for an appointment ended, if it ended unanswered; ask [`open`] first.
///
/// # Errors
/// When the database fails.
pub async fn ended_unanswered(
    conn: &mut PgConnection,
    appointment: AppointmentId,
) -> sqlx::Result<Option<Unanswered>> {
    let status = sqlx::query_scalar!(
        "select status from bookings.proposal where appointment_id = $1 order by proposed_at desc, proposal_id desc limit 1",
        appointment as AppointmentId,
    )
    .fetch_optional(conn)
    .await?;
    let how = |status: String| match status.as_str() {
        "withdrawn" => Some(Unanswered::Withdrawn),
        "open" => Some(Unanswered::Lapsed),
        _ => None,
    };
    Ok(status.and_then(how))
}

/// Whether the patient of a booking is to come to the same practice for something else at that time. What they do elsewhere is
/// not for the practice to know. A guest is the same patient by name, date of birth and address.
///
/// # Errors
/// When the database fails.
pub async fn comes_anyway(
    conn: &mut PgConnection,
    booking: BookingId,
    visit: &Range<Timestamp>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from bookings.appointment_party own
                   join bookings.role on role.organization_id = own.organization_id
                   join bookings.appointment on appointment.practitioner_role_id = role.practitioner_role_id
                   join bookings.appointment_party other on other.booking_id = appointment.booking_id
               where own.booking_id = $1 and appointment.booking_id <> $1
                   and appointment.starts_at > $2::timestamptz - interval '12 hours' and appointment.starts_at < $3
                   and appointment.ends_at > $2
                   and appointment.status in
                       ('requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult')
                   and (other.patient_id = own.patient_id or (
                       lower(other.name) = lower(own.name) and other.date_of_birth = own.date_of_birth
                       and lower(other.email) = lower(own.email)))
           ) as "exists!""#,
        booking as BookingId,
        visit.start.to_sqlx() as jiff_sqlx::Timestamp,
        visit.end.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await
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
