//! Who is busy. The exclusion constraint decides; the lock on the resource only keeps losers from deadlocking.

use std::ops::Range;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{AppointmentId, HoldId, PractitionerRoleId, ResourceId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Why a time could not be reserved.
#[derive(Debug, thiserror::Error)]
pub enum ReserveError {
    /// Somebody else has it, or part of it.
    #[error("the time is taken")]
    TimeTaken,
    /// The database failed.
    #[error("reserving a time")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for ReserveError {
    fn from(error: sqlx::Error) -> Self {
        let constraint = error.as_database_error().and_then(|error| error.constraint());
        if constraint == Some("reservation_no_overlap_excl") {
            Self::TimeTaken
        } else {
            Self::Database(error)
        }
    }
}

/// Locks a resource for the rest of the transaction. Several are locked in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut PgConnection, resource: ResourceId) -> sqlx::Result<()> {
    sqlx::query!(
        "select resource_id from bookings.resource where resource_id = $1 for update",
        resource as ResourceId
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Ends holds whose time is up and that stand in the way of a range: a constraint cannot ask the clock.
///
/// # Errors
/// When the database fails.
pub async fn clear_lapsed(
    conn: &mut PgConnection,
    resource: ResourceId,
    during: &Range<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with lapsed as (
             update bookings.hold set status = 'expired'
             where status = 'active' and expires_at <= $4 and hold_id in (
                 select hold_id from bookings.reservation
                 where resource_id = $1 and during && tstzrange($2, $3) and hold_id is not null
             )
             returning hold_id
         )
         delete from bookings.reservation where hold_id in (select hold_id from lapsed)",
        resource as ResourceId,
        during.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.end.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Reserves a range for a hold.
///
/// # Errors
/// [`ReserveError::TimeTaken`] when any of it is reserved already.
pub async fn reserve(
    conn: &mut PgConnection,
    id: Uuid,
    resource: ResourceId,
    during: &Range<Timestamp>,
    hold: HoldId,
) -> Result<(), ReserveError> {
    sqlx::query!(
        "insert into bookings.reservation (reservation_id, resource_id, during, hold_id) values ($1, $2, tstzrange($3, $4), $5)",
        id,
        resource as ResourceId,
        during.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.end.to_sqlx() as jiff_sqlx::Timestamp,
        hold as HoldId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Hands a hold's reservation to its appointment.
///
/// # Errors
/// When the database fails, or there is no such reservation.
pub async fn hand_over(
    conn: &mut PgConnection,
    hold: HoldId,
    appointment: AppointmentId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.reservation set hold_id = null, appointment_id = $2 where hold_id = $1 returning reservation_id",
        hold as HoldId,
        appointment as AppointmentId,
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Moves an appointment's reservation to another range and to the appointment that replaces it, in one statement, so
/// that a new time may overlap the old one.
///
/// # Errors
/// [`ReserveError::TimeTaken`] when any of the new range is reserved by others.
pub async fn move_to(
    conn: &mut PgConnection,
    from: AppointmentId,
    to: AppointmentId,
    during: &Range<Timestamp>,
) -> Result<(), ReserveError> {
    sqlx::query!(
        "update bookings.reservation set appointment_id = $2, during = tstzrange($3, $4) where appointment_id = $1 \
         returning reservation_id",
        from as AppointmentId,
        to as AppointmentId,
        during.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.end.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Frees what a hold kept.
///
/// # Errors
/// When the database fails.
pub async fn free_hold(conn: &mut PgConnection, hold: HoldId) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.reservation where hold_id = $1", hold as HoldId).execute(conn).await?;
    Ok(())
}

/// Frees what an appointment kept.
///
/// # Errors
/// When the database fails.
pub async fn free_appointment(conn: &mut PgConnection, appointment: AppointmentId) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.reservation where appointment_id = $1", appointment as AppointmentId)
        .execute(conn)
        .await?;
    Ok(())
}

/// Has the next free times of every role that shares the resource told again soon.
///
/// The rows are changed even when they are due already: a publisher that claims one meanwhile must wait for this
/// transaction, or it would tell times as they were before it. They are locked in order, so that nobody deadlocks.
///
/// # Errors
/// When the database fails.
pub async fn tell_next_free_soon(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with shared as materialized (
             select schedule.practitioner_role_id from bookings.schedule
             join bookings.role other using (practitioner_role_id)
             join bookings.role own using (resource_id)
             where own.practitioner_role_id = $1
             order by schedule.practitioner_role_id for no key update of schedule
         )
         update bookings.schedule set next_free_due_at = least(next_free_due_at, $2)
         where practitioner_role_id in (select practitioner_role_id from shared)",
        role as PractitionerRoleId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
