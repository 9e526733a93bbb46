//! The appointment types of a role as a practice edits them, with what they ask and where they go.

use anyhow::Result;
use shared_types::{
    AppointmentTypeId, AudCents, PractitionerRoleId,
    bookings::{
        Question,
        home_visit::{HomeVisit, VisitArea},
        schedule::{PutType, RoleType, TypeDraft},
    },
};
use sqlx::{PgConnection, types::Json};

use super::audience;
use crate::store::coverage;

/// A role's appointment types; what is no longer offered comes last.
///
/// # Errors
/// When the database fails, or holds what its constraints should have refused.
pub async fn types(conn: &mut PgConnection, role: PractitionerRoleId) -> Result<Vec<RoleType>> {
    let rows = sqlx::query!(
        r#"select appointment_type_id as "appointment_type_id: AppointmentTypeId", version, active, position, name,
               duration_minutes, buffer_before_minutes, buffer_after_minutes, price_cents, bulk_billed, telehealth, audience,
               needs_acceptance, notice_minutes, horizon_days, daily_cap, seats, questions as "questions: Json<Vec<Question>>",
               travel_minutes,
               (
                   select coverage.given from bookings.coverage_area coverage
                   where coverage.appointment_type_id = appointment_type.appointment_type_id
               ) as "area: Json<VisitArea>",
               array(
                   select need.resource_id from bookings.appointment_type_resource need
                   where need.appointment_type_id = appointment_type.appointment_type_id order by need.resource_id
               ) as "resources!"
           from bookings.appointment_type where practitioner_role_id = $1
           order by active desc, position, appointment_type_id"#,
        role as PractitionerRoleId,
    )
    .fetch_all(conn)
    .await?;
    let types = rows.into_iter().map(|row| {
        let draft = TypeDraft {
            name: row.name,
            position: u16::try_from(row.position)?,
            duration_minutes: u16::try_from(row.duration_minutes)?,
            buffer_before_minutes: u16::try_from(row.buffer_before_minutes)?,
            buffer_after_minutes: u16::try_from(row.buffer_after_minutes)?,
            price_cents: AudCents(row.price_cents),
            bulk_billed: row.bulk_billed,
            telehealth: row.telehealth,
            audience: audience(&row.audience)?,
            needs_acceptance: row.needs_acceptance,
            notice_minutes: row.notice_minutes.map(u32::try_from).transpose()?,
            horizon_days: row.horizon_days.map(u16::try_from).transpose()?,
            daily_cap: row.daily_cap.map(u16::try_from).transpose()?,
            seats: row.seats.map(u16::try_from).transpose()?,
            resources: row.resources.into_iter().map(Into::into).collect(),
            questions: row.questions.0,
            home_visit: row.travel_minutes.zip(row.area).map(home_visit).transpose()?,
        };
        let (appointment_type_id, version, active) = (row.appointment_type_id, row.version, row.active);
        Ok(RoleType { appointment_type_id, version, active, draft })
    });
    types.collect()
}

fn home_visit((travel_minutes, area): (i16, Json<VisitArea>)) -> Result<HomeVisit> {
    Ok(HomeVisit { travel_minutes: u16::try_from(travel_minutes)?, area: area.0 })
}

/// What is asked of those who book an appointment type.
///
/// # Errors
/// When the database fails.
pub async fn questions(conn: &mut PgConnection, id: AppointmentTypeId) -> sqlx::Result<Vec<Question>> {
    let found = sqlx::query_scalar!(
        r#"select questions as "questions: Json<Vec<Question>>" from bookings.appointment_type where appointment_type_id = $1"#,
        id as AppointmentTypeId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|questions| questions.0).unwrap_or_default())
}

/// Writes a new appointment type of a role that has a schedule.
///
/// # Errors
/// When the database fails.
pub async fn insert_type(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    id: AppointmentTypeId,
    draft: &TypeDraft,
) -> Result<()> {
    sqlx::query!(
        "insert into bookings.appointment_type (appointment_type_id, practitioner_role_id, position, name, \
         duration_minutes, buffer_before_minutes, buffer_after_minutes, price_cents, bulk_billed, telehealth, audience, \
         needs_acceptance, notice_minutes, horizon_days, daily_cap, questions, seats, travel_minutes) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        id as AppointmentTypeId,
        role as PractitionerRoleId,
        i16::try_from(draft.position)?,
        draft.name,
        i16::try_from(draft.duration_minutes)?,
        i16::try_from(draft.buffer_before_minutes)?,
        i16::try_from(draft.buffer_after_minutes)?,
        draft.price_cents.0,
        draft.bulk_billed,
        draft.telehealth,
        draft.audience.code(),
        draft.needs_acceptance,
        draft.notice_minutes.map(i32::try_from).transpose()?,
        draft.horizon_days.map(i16::try_from).transpose()?,
        draft.daily_cap.map(i16::try_from).transpose()?,
        Json(&draft.questions) as Json<&Vec<Question>>,
        draft.seats.map(i16::try_from).transpose()?,
        travel_minutes(draft)?,
    )
    .execute(&mut *conn)
    .await?;
    coverage::set(conn, id, draft.home_visit.as_ref()).await?;
    Ok(())
}

fn travel_minutes(draft: &TypeDraft) -> Result<Option<i16>> {
    Ok(draft.home_visit.as_ref().map(|visit| i16::try_from(visit.travel_minutes)).transpose()?)
}

/// Sets an appointment type, if it is still as last seen. False when it is not.
///
/// # Errors
/// When the database fails.
pub async fn put_type(conn: &mut PgConnection, id: AppointmentTypeId, wanted: &PutType) -> Result<bool> {
    let draft = &wanted.draft;
    let done = sqlx::query!(
        "update bookings.appointment_type set position = $3, name = $4, duration_minutes = $5, buffer_before_minutes = $6, \
         buffer_after_minutes = $7, price_cents = $8, bulk_billed = $9, telehealth = $10, audience = $11, \
         needs_acceptance = $12, notice_minutes = $13, horizon_days = $14, daily_cap = $15, active = $16, \
         questions = $17, seats = $18, travel_minutes = $19, version = version + 1 \
         where appointment_type_id = $1 and version = $2",
        id as AppointmentTypeId,
        wanted.version,
        i16::try_from(draft.position)?,
        draft.name,
        i16::try_from(draft.duration_minutes)?,
        i16::try_from(draft.buffer_before_minutes)?,
        i16::try_from(draft.buffer_after_minutes)?,
        draft.price_cents.0,
        draft.bulk_billed,
        draft.telehealth,
        draft.audience.code(),
        draft.needs_acceptance,
        draft.notice_minutes.map(i32::try_from).transpose()?,
        draft.horizon_days.map(i16::try_from).transpose()?,
        draft.daily_cap.map(i16::try_from).transpose()?,
        wanted.active,
        Json(&draft.questions) as Json<&Vec<Question>>,
        draft.seats.map(i16::try_from).transpose()?,
        travel_minutes(draft)?,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    coverage::set(conn, id, draft.home_visit.as_ref()).await?;
    Ok(true)
}
