//! Table `bookings.running_late`, and what each appointment's patient was told of it.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{AppointmentId, PractitionerRoleId, bookings::running_late::RunningLate};
use sqlx::PgConnection;
use uuid::Uuid;

/// For how long what was said of a day is kept, in hours.
const KEPT_HOURS: i64 = 48;

/// What was said of a role's day.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    date: Date,
) -> sqlx::Result<Option<RunningLate>> {
    let said = of_roles(conn, &[role], (date, date)).await?;
    Ok(said.into_iter().next().map(|(_, said)| said))
}

/// What was said of some roles' days, both included.
///
/// # Errors
/// When the database fails.
pub async fn of_roles(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    (from, to): (Date, Date),
) -> sqlx::Result<Vec<(PractitionerRoleId, RunningLate)>> {
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query!(
        r#"select practitioner_role_id as "practitioner_role_id: PractitionerRoleId", date, minutes, version, said_at
           from bookings.running_late where practitioner_role_id = any($1) and date between $2 and $3"#,
        &roles,
        from.to_sqlx() as jiff_sqlx::Date,
        to.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await?;
    let said = rows.into_iter().map(|row| {
        let said = RunningLate {
            date: row.date.to_jiff(),
            minutes: row.minutes.unsigned_abs(),
            said_at: row.said_at.to_jiff(),
            version: row.version,
        };
        (row.practitioner_role_id, said)
    });
    Ok(said.collect())
}

/// Writes down what is said of a role's day, in the place of what was said before. Lock its resource first.
///
/// # Errors
/// When the database fails.
pub async fn say(conn: &mut PgConnection, role: PractitionerRoleId, said: RunningLate) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.running_late (practitioner_role_id, date, minutes, version, said_at) \
         values ($1, $2, $3, $4, $5) on conflict on constraint running_late_pkey do update set \
         minutes = excluded.minutes, version = excluded.version, said_at = excluded.said_at",
        role as PractitionerRoleId,
        said.date.to_sqlx() as jiff_sqlx::Date,
        column(said.minutes),
        said.version,
        said.said_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Who is to come to a role within a window and has not arrived, in order of time, each with what they were told.
///
/// # Errors
/// When the database fails.
pub async fn expected(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    window: &Range<Timestamp>,
) -> sqlx::Result<Vec<(AppointmentId, Option<u16>)>> {
    let rows = sqlx::query!(
        r#"select appointment_id as "appointment_id: AppointmentId", told_late_minutes from bookings.appointment
           where practitioner_role_id = $1 and status = 'confirmed' and starts_at >= $2 and starts_at < $3
           order by starts_at, appointment_id"#,
        role as PractitionerRoleId,
        window.start.to_sqlx() as jiff_sqlx::Timestamp,
        window.end.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let told = |row: Option<i16>| row.map(i16::unsigned_abs);
    Ok(rows.into_iter().map(|row| (row.appointment_id, told(row.told_late_minutes))).collect())
}

/// Notes what the patients of some appointments are told.
///
/// # Errors
/// When the database fails.
pub async fn note_told(
    conn: &mut PgConnection,
    appointments: &[AppointmentId],
    minutes: u16,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = appointments.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update bookings.appointment set told_late_minutes = $2 where appointment_id = any($1)",
        &ids,
        column(minutes),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has the patient of an appointment count as told what they were told of the one that it replaces, which starts when it does.
///
/// # Errors
/// When the database fails.
pub async fn knows_already(
    conn: &mut PgConnection,
    replaced: AppointmentId,
    appointment: AppointmentId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.appointment later set told_late_minutes = earlier.told_late_minutes \
         from bookings.appointment earlier where earlier.appointment_id = $1 and later.appointment_id = $2",
        replaced as AppointmentId,
        appointment as AppointmentId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what was said of days that are over.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<()> {
    let before = now.saturating_sub(SignedDuration::from_hours(KEPT_HOURS)).unwrap_or(now);
    sqlx::query!(
        "delete from bookings.running_late where said_at < $1",
        before.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// As the database has it: never more than some hours.
fn column(minutes: u16) -> i16 {
    i16::try_from(minutes).unwrap_or(i16::MAX)
}
