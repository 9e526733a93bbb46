//! Times that practices propose. A booking has one that is open at most; when its hold has ended, so has it. Who proposed one is
//! known while it is open, and no longer.

use std::ops::Range;

use anyhow::Result;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentId, BookingId, HoldId, OrganizationId, ProposalId, Zone,
    bookings::proposal::Proposed,
};
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
    /// Who proposed it; none where they do not work there any more.
    pub proposed_by: Option<AccountId>,
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
         expires_at, proposed_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        row.proposal_id as ProposalId,
        row.booking_id as BookingId,
        row.appointment_id as AppointmentId,
        row.hold_id as HoldId,
        row.starts_at.to_sqlx() as jiff_sqlx::Timestamp,
        row.ends_at.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        row.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
        row.proposed_by as Option<AccountId>,
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
               appointment_id as "appointment_id: AppointmentId", hold_id as "hold_id: HoldId", starts_at, ends_at, expires_at,
               proposed_by as "proposed_by: AccountId"
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
        proposed_by: row.proposed_by,
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
        // Its time may be up without anybody having written it down yet.
        "open" | "lapsed" => Some(Unanswered::Lapsed),
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
        r#"update bookings.proposal set status = $2, proposed_by = null where booking_id = $1 and status = 'open'
           returning hold_id as "hold_id: HoldId""#,
        booking as BookingId,
        how.code(),
    )
    .fetch_optional(conn)
    .await
}

/// A proposal whose time was up.
#[derive(Clone, Copy, Debug)]
pub struct Lapsed {
    pub proposal_id: ProposalId,
    pub booking_id: BookingId,
    /// Who proposed it; none where they do not work there any more.
    pub proposed_by: Option<AccountId>,
    /// When its appointment starts as it stands.
    pub stands_at: Timestamp,
    pub time_zone: Zone,
}

/// Ends a batch of open proposals whose time is up.
///
/// # Errors
/// When the database fails, or holds a zone that is not known.
pub async fn lapse(conn: &mut PgConnection, now: Timestamp, batch: i64) -> Result<Vec<Lapsed>> {
    let rows = sqlx::query!(
        r#"with due as (
               select proposal_id, proposed_by from bookings.proposal where status = 'open' and expires_at <= $1
               order by expires_at limit $2 for update skip locked
           ), lapsed as (
               update bookings.proposal set status = 'lapsed', proposed_by = null
               where proposal_id in (select proposal_id from due)
               returning proposal_id, booking_id, appointment_id
           )
           select lapsed.proposal_id as "proposal_id!: ProposalId", lapsed.booking_id as "booking_id!: BookingId",
               due.proposed_by as "proposed_by?: AccountId", appointment.starts_at as "stands_at!",
               appointment.time_zone as "time_zone!"
           from lapsed
               join due on due.proposal_id = lapsed.proposal_id
               join bookings.appointment on appointment.appointment_id = lapsed.appointment_id"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Lapsed {
                proposal_id: row.proposal_id,
                booking_id: row.booking_id,
                proposed_by: row.proposed_by,
                stands_at: row.stands_at.to_jiff(),
                time_zone: row.time_zone.parse()?,
            })
        })
        .collect()
}

/// Forgets that an account proposed times, at one practice or anywhere: it is told nothing more of them.
///
/// # Errors
/// When the database fails.
pub async fn forget_proposer(
    conn: &mut PgConnection,
    account: AccountId,
    practice: Option<OrganizationId>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.proposal set proposed_by = null where proposed_by = $1 and ($2::uuid is null or booking_id in ( \
             select booking_id from bookings.appointment_party where organization_id = $2))",
        account as AccountId,
        practice as Option<OrganizationId>,
    )
    .execute(conn)
    .await?;
    Ok(())
}
