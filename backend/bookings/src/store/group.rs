//! Seats in group appointments. A session's time is reserved once, with the first seat; the practitioner is locked, and so no two
//! begin the same one. Seats are numbered, and the database has each number once.

use std::ops::Range;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AppointmentId, AppointmentTypeId, HoldId, PractitionerRoleId, ResourceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::reservation::ReserveError;

/// A session in which somebody wants a seat.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    pub practitioner_role_id: PractitionerRoleId,
    pub appointment_type_id: AppointmentTypeId,
    pub start: Timestamp,
    /// How many seats it has if it begins now.
    pub seats: i16,
}

/// Whose seat it is.
#[derive(Clone, Copy, Debug)]
pub enum Sitter {
    Hold(HoldId),
    Appointment(AppointmentId),
}

/// Takes the lowest free seat of a session. The first one begins it and takes the time of all its resources.
///
/// # Errors
/// [`ReserveError::TimeTaken`] when it is full or closed, or when any of the time is reserved by others;
/// [`ReserveError::SessionShorter`] when it takes less time than is wanted.
pub async fn take_seat(
    conn: &mut PgConnection,
    new_id: &(dyn Fn() -> Uuid + Sync),
    session: &Session,
    (resources, during): (&[ResourceId], &Range<Timestamp>),
    sitter: Sitter,
) -> Result<(), ReserveError> {
    let there = sqlx::query!(
        r#"select group_session_id, seats, not exists (
               select from bookings.reservation
               where reservation.group_session_id = session.group_session_id and not during @> tstzrange($4, $5)
           ) as "fits!", closed_at is not null as "closed!"
           from bookings.group_session session
           where practitioner_role_id = $1 and appointment_type_id = $2 and starts_at = $3 for update"#,
        session.practitioner_role_id as PractitionerRoleId,
        session.appointment_type_id as AppointmentTypeId,
        session.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.end.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let (id, seats) = match there {
        Some(there) if there.closed => return Err(ReserveError::TimeTaken),
        Some(there) if !there.fits => return Err(ReserveError::SessionShorter),
        Some(there) => (there.group_session_id, there.seats),
        None => (begin(conn, new_id, session, (resources, during)).await?, session.seats),
    };
    let (hold, appointment) = match sitter {
        Sitter::Hold(hold) => (Some(hold), None),
        Sitter::Appointment(appointment) => (None, Some(appointment)),
    };
    let done = sqlx::query!(
        "insert into bookings.group_seat (group_session_id, seats, seat, hold_id, appointment_id) \
         select $1::uuid, $2::smallint, free.seat::smallint, $3::uuid, $4::uuid \
         from generate_series(1, $2::smallint::int) as free (seat) \
         where not exists ( \
             select from bookings.group_seat taken where taken.group_session_id = $1 and taken.seat = free.seat \
         ) \
         order by free.seat limit 1",
        id,
        seats,
        hold as Option<HoldId>,
        appointment as Option<AppointmentId>,
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(ReserveError::TimeTaken) }
}

/// Has an appointment keep the seat of the one that it replaces, where both are in the same session and that takes nobody new: to it,
/// who leaves does not come back. False when that is not so.
///
/// # Errors
/// [`ReserveError::SessionShorter`] when the session takes less time than is wanted.
pub async fn keep_seat(
    conn: &mut PgConnection,
    session: &Session,
    during: &Range<Timestamp>,
    (replaced, appointment): (AppointmentId, AppointmentId),
) -> Result<bool, ReserveError> {
    let fits = sqlx::query_scalar!(
        r#"select not exists (
               select from bookings.reservation
               where reservation.group_session_id = session.group_session_id and not during @> tstzrange($5, $6)
           ) as "fits!"
           from bookings.group_seat seat join bookings.group_session session using (group_session_id)
           where seat.appointment_id = $1 and closed_at is not null
               and practitioner_role_id = $2 and appointment_type_id = $3 and starts_at = $4 for update of session"#,
        replaced as AppointmentId,
        session.practitioner_role_id as PractitionerRoleId,
        session.appointment_type_id as AppointmentTypeId,
        session.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.end.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(&mut *conn)
    .await?;
    match fits {
        None => return Ok(false),
        Some(false) => return Err(ReserveError::SessionShorter),
        Some(true) => {}
    }
    let kept = sqlx::query!(
        "update bookings.group_seat set appointment_id = $2 where appointment_id = $1",
        replaced as AppointmentId,
        appointment as AppointmentId,
    )
    .execute(conn)
    .await?;
    Ok(kept.rows_affected() == 1)
}

async fn begin(
    conn: &mut PgConnection,
    new_id: &(dyn Fn() -> Uuid + Sync),
    session: &Session,
    (resources, during): (&[ResourceId], &Range<Timestamp>),
) -> Result<Uuid, ReserveError> {
    let id = new_id();
    sqlx::query!(
        "insert into bookings.group_session (group_session_id, practitioner_role_id, appointment_type_id, starts_at, seats) \
         values ($1, $2, $3, $4, $5)",
        id,
        session.practitioner_role_id as PractitionerRoleId,
        session.appointment_type_id as AppointmentTypeId,
        session.start.to_sqlx() as jiff_sqlx::Timestamp,
        session.seats,
    )
    .execute(&mut *conn)
    .await?;
    let rows: Vec<Uuid> = resources.iter().map(|_| new_id()).collect();
    let resources: Vec<Uuid> = resources.iter().map(|resource| resource.0).collect();
    sqlx::query!(
        "insert into bookings.reservation (reservation_id, resource_id, during, group_session_id) \
         select reservation_id, resource_id, tstzrange($3, $4), $5::uuid \
         from unnest($1::uuid[], $2::uuid[]) as wanted (reservation_id, resource_id)",
        &rows,
        &resources,
        during.start.to_sqlx() as jiff_sqlx::Timestamp,
        during.end.to_sqlx() as jiff_sqlx::Timestamp,
        id,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// How many seats the session has in which an appointment has one; none for an appointment of its own.
///
/// # Errors
/// When the database fails.
pub async fn seats_beside(conn: &mut PgConnection, appointment: AppointmentId) -> sqlx::Result<Option<i16>> {
    sqlx::query_scalar!(
        "select seats from bookings.group_seat where appointment_id = $1",
        appointment as AppointmentId
    )
    .fetch_optional(conn)
    .await
}

/// A session with a free seat that can be booked.
#[derive(Clone, Debug)]
pub struct Open {
    pub appointment_type_id: AppointmentTypeId,
    pub start: Timestamp,
    /// The time that it takes, buffers included.
    pub during: Range<Timestamp>,
}

/// Sessions that take some resources' time within a window, are not closed, and have a free seat. Seats of holds that have lapsed
/// are free.
///
/// # Errors
/// When the database fails.
pub async fn open(
    conn: &mut PgConnection,
    resources: &[ResourceId],
    window: &Range<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<Vec<Open>> {
    let ids: Vec<Uuid> = resources.iter().map(|resource| resource.0).collect();
    let rows = sqlx::query!(
        r#"select session.appointment_type_id as "appointment_type_id: AppointmentTypeId", session.starts_at,
               lower(reservation.during) as "taken_from!", upper(reservation.during) as "taken_until!"
           from bookings.group_session session
               join bookings.role using (practitioner_role_id)
               join bookings.reservation
                   on reservation.group_session_id = session.group_session_id and reservation.resource_id = role.resource_id
           where role.resource_id = any($1) and session.starts_at >= $2 and session.starts_at < $3
               and session.closed_at is null and session.seats > (
                   select count(*) from bookings.group_seat seat left join bookings.hold using (hold_id)
                   where seat.group_session_id = session.group_session_id
                       and (hold.hold_id is null or hold.expires_at > $4)
               )"#,
        &ids,
        window.start.to_sqlx() as jiff_sqlx::Timestamp,
        window.end.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let open = rows.into_iter().map(|row| Open {
        appointment_type_id: row.appointment_type_id,
        start: row.starts_at.to_jiff(),
        during: row.taken_from.to_jiff()..row.taken_until.to_jiff(),
    });
    Ok(open.collect())
}

/// Frees the seat that a hold kept.
///
/// # Errors
/// When the database fails.
pub async fn leave_hold(conn: &mut PgConnection, hold: HoldId) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.group_seat where hold_id = $1", hold as HoldId).execute(conn).await?;
    Ok(())
}

/// Frees an appointment's seat.
///
/// # Errors
/// When the database fails.
pub async fn leave(conn: &mut PgConnection, appointment: AppointmentId) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.group_seat where appointment_id = $1", appointment as AppointmentId)
        .execute(conn)
        .await?;
    Ok(())
}

/// Hands a hold's seat to its appointment. False when it has none.
///
/// # Errors
/// When the database fails.
pub async fn hand_over(
    conn: &mut PgConnection,
    hold: HoldId,
    appointment: AppointmentId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.group_seat set hold_id = null, appointment_id = $2 where hold_id = $1",
        hold as HoldId,
        appointment as AppointmentId,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
