//! What an appointment takes, from when it is put there until it is over.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{AppointmentId, ResourceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Place, ReserveError, ids};
use crate::store::group::{self, Sitter};

/// Reserves a place for an appointment, all of it or nothing, and gives up the one of the appointment that it replaces first,
/// so that a new time may overlap the old one; a seat in the same session is kept where nobody gets one any more. The resources are
/// locked; when it fails, the transaction is lost.
///
/// # Errors
/// [`ReserveError::TimeTaken`] when any of it is reserved by others; [`ReserveError::SessionShorter`] when its session takes
/// less time.
pub async fn put(
    conn: &mut PgConnection,
    new_id: &(dyn Fn() -> Uuid + Sync),
    place: &Place,
    appointment: AppointmentId,
    replaces: Option<AppointmentId>,
) -> Result<(), ReserveError> {
    if let Some(replaced) = replaces {
        if let Some(session) = &place.session
            && group::keep_seat(conn, session, &place.during, (replaced, appointment)).await?
        {
            return Ok(());
        }
        free_appointment(conn, replaced).await?;
    }
    if let Some(session) = &place.session {
        let takes = (&place.resources[..], &place.during);
        return group::take_seat(conn, new_id, session, takes, Sitter::Appointment(appointment)).await;
    }
    let lane = if place.fit_in { free_lane(conn, place).await? } else { 0 };
    let rows: Vec<Uuid> = place.resources.iter().map(|_| new_id()).collect();
    let ids = ids(&place.resources);
    sqlx::query!(
        "insert into bookings.reservation (reservation_id, resource_id, lane, during, appointment_id) \
         select reservation_id, resource_id, $3::smallint, tstzrange($4, $5), $6::uuid \
         from unnest($1::uuid[], $2::uuid[]) as wanted (reservation_id, resource_id)",
        &rows,
        &ids,
        lane,
        place.during.start.to_sqlx() as jiff_sqlx::Timestamp,
        place.during.end.to_sqlx() as jiff_sqlx::Timestamp,
        appointment as AppointmentId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What an appointment takes beside its practitioner's time, and that: its own, or its session's.
///
/// # Errors
/// When the database fails.
pub async fn taken_by(conn: &mut PgConnection, appointment: AppointmentId) -> sqlx::Result<Vec<ResourceId>> {
    sqlx::query_scalar!(
        r#"select resource_id as "resource_id!: ResourceId" from bookings.reservation where appointment_id = $1
           union all
           select resource_id from bookings.group_seat join bookings.reservation using (group_session_id)
           where group_seat.appointment_id = $1"#,
        appointment as AppointmentId
    )
    .fetch_all(conn)
    .await
}

/// Frees what an appointment kept.
///
/// # Errors
/// When the database fails.
pub async fn free_appointment(conn: &mut PgConnection, appointment: AppointmentId) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.reservation where appointment_id = $1", appointment as AppointmentId)
        .execute(&mut *conn)
        .await?;
    group::leave(conn, appointment).await
}

/// Has an appointment that is over at `now` take no more time than it took.
///
/// # Errors
/// When the database fails.
pub async fn end_early(
    conn: &mut PgConnection,
    appointment: AppointmentId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from bookings.reservation where appointment_id = $1 and lower(during) >= $2",
        appointment as AppointmentId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update bookings.reservation set during = tstzrange(lower(during), $2) \
         where appointment_id = $1 and upper(during) > $2",
        appointment as AppointmentId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The lowest lane with room in all of the place; nobody sees ten patients at once.
async fn free_lane(conn: &mut PgConnection, place: &Place) -> Result<i16, ReserveError> {
    let ids = ids(&place.resources);
    let free = sqlx::query_scalar!(
        r#"select lane::smallint as "lane!" from generate_series(0, 9) as lane
           where not exists (
               select from bookings.reservation
               where reservation.resource_id = any($1) and reservation.lane = lane.lane
                   and reservation.during && tstzrange($2, $3)
           )
           order by 1 limit 1"#,
        &ids,
        place.during.start.to_sqlx() as jiff_sqlx::Timestamp,
        place.during.end.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    free.ok_or(ReserveError::TimeTaken)
}
