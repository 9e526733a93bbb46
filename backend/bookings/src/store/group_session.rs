//! A group session as a whole: whose it is, who has a seat in it, and closing it. Taking and leaving seats is
//! [`group`](super::group)'s.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AppointmentId, BookingId, GroupSessionId, HoldId, OrganizationId, PatientId, PractitionerRoleId,
    ResourceId, bookings::AppointmentStatus,
};
use sqlx::PgConnection;

/// Whose session it is.
#[derive(Clone, Copy, Debug)]
pub struct Whose {
    pub practitioner_role_id: PractitionerRoleId,
    /// The practitioner's time.
    pub resource_id: ResourceId,
}

/// Whose session it is, if it is a practice's.
///
/// # Errors
/// When the database fails.
pub async fn of_practice(
    conn: &mut PgConnection,
    session: GroupSessionId,
    organization: OrganizationId,
) -> sqlx::Result<Option<Whose>> {
    sqlx::query_as!(
        Whose,
        r#"select role.practitioner_role_id as "practitioner_role_id!: PractitionerRoleId",
               role.resource_id as "resource_id!: ResourceId"
           from bookings.group_session join bookings.role using (practitioner_role_id)
           where group_session_id = $1 and role.organization_id = $2"#,
        session as GroupSessionId,
        organization as OrganizationId,
    )
    .fetch_optional(conn)
    .await
}

/// Somebody's appointment in a session.
#[derive(Clone, Copy, Debug)]
pub struct Seated {
    pub appointment_id: AppointmentId,
    pub booking_id: BookingId,
    pub version: i32,
    pub status: AppointmentStatus,
}

/// The appointments that have a seat in a session, in the order of their seats. Lock its practitioner's time first.
///
/// # Errors
/// When the database fails, or holds a state that this build does not know.
pub async fn seated(conn: &mut PgConnection, session: GroupSessionId) -> Result<Vec<Seated>> {
    let rows = sqlx::query!(
        r#"select appointment.appointment_id as "appointment_id!: AppointmentId",
               appointment.booking_id as "booking_id!: BookingId", appointment.version as "version!",
               appointment.status as "status!"
           from bookings.group_seat seat
               join bookings.appointment on appointment.appointment_id = seat.appointment_id
           where seat.group_session_id = $1
           order by seat.seat"#,
        session as GroupSessionId,
    )
    .fetch_all(conn)
    .await?;
    let seated = rows.into_iter().map(|row| {
        Ok(Seated {
            appointment_id: row.appointment_id,
            booking_id: row.booking_id,
            version: row.version,
            status: AppointmentStatus::from_code(&row.status).context("a known appointment status")?,
        })
    });
    seated.collect()
}

/// A booking for which a seat in a session is proposed.
#[derive(Clone, Copy, Debug)]
pub struct ProposedInto {
    pub booking_id: BookingId,
    /// Whose booking it is.
    pub patient_id: Option<PatientId>,
}

/// The bookings for which a seat in a session is proposed, and locks the proposals: before any seat is left, so that whoever ends one
/// of them at the same time waits for the other in one order.
///
/// # Errors
/// When the database fails.
pub async fn lock_proposals(
    conn: &mut PgConnection,
    session: GroupSessionId,
) -> sqlx::Result<Vec<ProposedInto>> {
    sqlx::query_as!(
        ProposedInto,
        r#"select proposal.booking_id as "booking_id!: BookingId", party.patient_id as "patient_id?: PatientId"
           from bookings.proposal join bookings.appointment_party party on party.booking_id = proposal.booking_id
           where proposal.status = 'open' and proposal.hold_id in (
               select seat.hold_id from bookings.group_seat seat
               where seat.group_session_id = $1 and seat.hold_id is not null
           )
           order by proposal.proposal_id for update of proposal"#,
        session as GroupSessionId,
    )
    .fetch_all(conn)
    .await
}

/// The holds that keep a seat in a session, and locks them, for the same reason.
///
/// # Errors
/// When the database fails.
pub async fn lock_holds(conn: &mut PgConnection, session: GroupSessionId) -> sqlx::Result<Vec<HoldId>> {
    sqlx::query_scalar!(
        r#"select hold.hold_id as "hold_id!: HoldId" from bookings.hold
           where hold.status = 'active' and hold.hold_id in (
               select seat.hold_id from bookings.group_seat seat
               where seat.group_session_id = $1 and seat.hold_id is not null
           )
           order by hold.hold_id for update"#,
        session as GroupSessionId,
    )
    .fetch_all(conn)
    .await
}

/// Has a session take nobody new, for as long as somebody has a seat in it. Without anybody it ends by itself.
///
/// # Errors
/// When the database fails.
pub async fn close(conn: &mut PgConnection, session: GroupSessionId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.group_session set closed_at = $2 where group_session_id = $1 and closed_at is null",
        session as GroupSessionId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
