//! Who is busy: a practitioner, a room, a device. The exclusion constraint decides; locks on resources only keep losers from
//! deadlocking.

mod of_appointment;

use std::ops::Range;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{AppointmentId, HoldId, PractitionerRoleId, ResourceId};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::of_appointment::{end_early, free_appointment, put, taken_by};
use super::group::{self, Session, Sitter};

/// Why a time could not be reserved.
#[derive(Debug, thiserror::Error)]
pub enum ReserveError {
    /// Somebody else has it, or part of it.
    #[error("the time is taken")]
    TimeTaken,
    /// The session with a seat left takes less time than is wanted.
    #[error("the session is shorter")]
    SessionShorter,
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

/// Whose time an appointment is to take, and which.
#[derive(Clone, Debug)]
pub struct Place {
    /// The practitioner's, and that of each room and device.
    pub resources: Vec<ResourceId>,
    /// Buffers included.
    pub during: Range<Timestamp>,
    /// Beside what is there already: in the lowest lane that is free.
    pub fit_in: bool,
    /// A seat in a group: its session takes the time, once.
    pub session: Option<Session>,
}

/// Locks a resource for the rest of the transaction.
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

/// Locks several resources for the rest of the transaction, in the order of their ids. Who needs more than one takes them all
/// in this one statement, and none before it, so that nobody waits for each other in a circle.
///
/// # Errors
/// When the database fails.
pub async fn lock_all(conn: &mut PgConnection, resources: &[ResourceId]) -> sqlx::Result<()> {
    let ids = ids(resources);
    sqlx::query!(
        "select resource_id from bookings.resource where resource_id = any($1) order by resource_id for update",
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// Locks several resources that nobody else has at the moment, for who has one already and must not wait for another. False
/// when somebody has one of them.
///
/// # Errors
/// When the database fails.
pub async fn try_lock_all(conn: &mut PgConnection, resources: &[ResourceId]) -> sqlx::Result<bool> {
    let mut ids = ids(resources);
    ids.sort_unstable();
    ids.dedup();
    let locked = sqlx::query!(
        "select resource_id from bookings.resource where resource_id = any($1) order by resource_id \
         for update skip locked",
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(locked.len() == ids.len())
}

/// Ends holds whose time is up and that stand in the way of a range: a constraint cannot ask the clock. They are locked in
/// order, since two who share a room may find the same.
///
/// # Errors
/// When the database fails.
pub async fn clear_lapsed(
    conn: &mut PgConnection,
    resources: &[ResourceId],
    during: &Range<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let ids = ids(resources);
    sqlx::query!(
        "with due as materialized (
             select hold_id from bookings.hold
             where status = 'active' and expires_at <= $4 and hold_id in (
                 select coalesce(reservation.hold_id, seat.hold_id)
                 from bookings.reservation left join bookings.group_seat seat using (group_session_id)
                 where resource_id = any($1) and during && tstzrange($2, $3)
             )
             order by hold_id for update
         ), lapsed as (
             update bookings.hold set status = 'expired' where hold_id in (select hold_id from due) returning hold_id
         ), left_behind as (
             delete from bookings.group_seat where hold_id in (select hold_id from lapsed)
         )
         delete from bookings.reservation where hold_id in (select hold_id from lapsed)",
        &ids,
        during.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.end.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Reserves a range of each resource for a hold, all of them or none.
///
/// # Errors
/// [`ReserveError::TimeTaken`] when any of it is reserved already.
async fn reserve(
    conn: &mut PgConnection,
    new_id: &(dyn Fn() -> Uuid + Sync),
    resources: &[ResourceId],
    during: &Range<Timestamp>,
    hold: HoldId,
) -> Result<(), ReserveError> {
    let rows: Vec<Uuid> = resources.iter().map(|_| new_id()).collect();
    let ids = ids(resources);
    sqlx::query!(
        "insert into bookings.reservation (reservation_id, resource_id, during, hold_id) \
         select reservation_id, resource_id, tstzrange($3, $4), $5::uuid \
         from unnest($1::uuid[], $2::uuid[]) as wanted (reservation_id, resource_id)",
        &rows,
        &ids,
        during.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.end.to_sqlx() as jiff_sqlx::Timestamp,
        hold as HoldId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps a place for a hold, all of it or nothing; in a session, a seat.
///
/// # Errors
/// [`ReserveError::TimeTaken`] when any of it is reserved already, or no seat is free; [`ReserveError::SessionShorter`] when
/// the session takes less time.
pub async fn keep(
    conn: &mut PgConnection,
    new_id: &(dyn Fn() -> Uuid + Sync),
    place: &Place,
    hold: HoldId,
) -> Result<(), ReserveError> {
    if is_beside_others(conn, place, None).await? {
        return Err(ReserveError::TimeTaken);
    }
    let Place { resources, during, session, .. } = place;
    match session {
        Some(session) => {
            group::take_seat(conn, new_id, session, (resources, during), Sitter::Hold(hold)).await
        }
        None => reserve(conn, new_id, resources, during, hold).await,
    }
}

/// Hands a hold's reservations, or its seat, to its appointment.
///
/// # Errors
/// When the database fails, or it has neither.
pub async fn hand_over(
    conn: &mut PgConnection,
    hold: HoldId,
    appointment: AppointmentId,
) -> sqlx::Result<()> {
    let done = sqlx::query!(
        "update bookings.reservation set hold_id = null, appointment_id = $2 where hold_id = $1",
        hold as HoldId,
        appointment as AppointmentId,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() > 0 || group::hand_over(conn, hold, appointment).await? {
        return Ok(());
    }
    Err(sqlx::Error::RowNotFound)
}

/// Whether somebody else is fitted in where a place is: the constraint looks at one lane, and whoever books online is to be alone
/// in all of them. A seat of a session that is there already takes no more time.
///
/// # Errors
/// When the database fails.
pub async fn is_beside_others(
    conn: &mut PgConnection,
    place: &Place,
    own: Option<AppointmentId>,
) -> sqlx::Result<bool> {
    let ids = ids(&place.resources);
    sqlx::query_scalar!(
        r#"select exists (
               select from bookings.reservation
               where resource_id = any($1) and lane > 0 and during && tstzrange($2, $3)
                   and appointment_id is distinct from $4
           ) and not exists (
               select from bookings.group_session
               where practitioner_role_id = $5 and appointment_type_id = $6 and starts_at = $7
           ) as "beside!""#,
        &ids,
        place.during.start.to_sqlx() as jiff_sqlx::Timestamp,
        place.during.end.to_sqlx() as jiff_sqlx::Timestamp,
        own as Option<AppointmentId>,
        place.session.map(|session| session.practitioner_role_id.0),
        place.session.map(|session| session.appointment_type_id.0),
        place.session.map(|session| session.start.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .fetch_one(conn)
    .await
}

/// Frees what a hold kept.
///
/// # Errors
/// When the database fails.
pub async fn free_hold(conn: &mut PgConnection, hold: HoldId) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.reservation where hold_id = $1", hold as HoldId)
        .execute(&mut *conn)
        .await?;
    group::leave_hold(conn, hold).await
}

/// Has the next free times of every role told again soon that shares a practitioner with one of these, or a room or device that
/// one of their types needs; and looked at for those who wait.
///
/// The rows are changed even when they are due already: a publisher that claims one meanwhile must wait for this
/// transaction, or it would tell times as they were before it. They are locked in order, so that nobody deadlocks: who changes
/// the times of several roles tells them all in one call, at the end.
///
/// # Errors
/// When the database fails.
pub async fn tell_next_free_soon(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    now: Timestamp,
) -> sqlx::Result<()> {
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    sqlx::query!(
        "with shared as materialized (
             select practitioner_role_id from bookings.schedule where practitioner_role_id in (
                 select other.practitioner_role_id from bookings.role own join bookings.role other using (resource_id)
                 where own.practitioner_role_id = any($1)
                 union all
                 select other.practitioner_role_id
                 from bookings.appointment_type own
                     join bookings.appointment_type_resource using (appointment_type_id)
                     join bookings.appointment_type_resource shared using (resource_id)
                     join bookings.appointment_type other on other.appointment_type_id = shared.appointment_type_id
                 where own.practitioner_role_id = any($1)
             )
             order by practitioner_role_id for no key update
         )
         update bookings.schedule set next_free_due_at = least(next_free_due_at, $2),
             -- Null while nobody waits, and so it stays.
             waitlist_due_at = case when waitlist_due_at > $2 then $2 else waitlist_due_at end
         where practitioner_role_id in (select practitioner_role_id from shared)",
        &roles,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn ids(resources: &[ResourceId]) -> Vec<Uuid> {
    resources.iter().map(|resource| resource.0).collect()
}
