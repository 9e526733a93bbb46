//! What is booked with roles that are no longer listed, and what somebody decided about it: table `bookings.review_keep`.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentId, PractitionerRoleId, bookings::review::ReviewRole, providers::Unlisted,
};
use sqlx::PgConnection;

/// Roles that are not listed and have something to come that nobody has looked at since; the longest unlisted first.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn roles(
    conn: &mut PgConnection,
    after: Option<PractitionerRoleId>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ReviewRole>> {
    let rows = sqlx::query!(
        r#"select role.practitioner_role_id as "practitioner_role_id: PractitionerRoleId", role.name, role.organization_name,
               role.phone, waiting.next_zone as "next_zone!", role.unlisted as "unlisted!", role.unlisted_at as "unlisted_at!",
               waiting.appointments as "appointments!", waiting.next_start as "next_start!: jiff_sqlx::Timestamp"
           from bookings.role
           cross join lateral (
               select count(*) as appointments, min(appointment.starts_at) as next_start,
                   (array_agg(appointment.time_zone order by appointment.starts_at))[1] as next_zone
               from bookings.appointment left join bookings.review_keep using (appointment_id)
               where appointment.practitioner_role_id = role.practitioner_role_id and appointment.starts_at > $1
                   and appointment.status in ('requested', 'awaiting_payment', 'confirmed')
                   and (review_keep.kept_at is null or review_keep.kept_at < role.unlisted_at)
           ) waiting
           where role.unlisted is not null and waiting.appointments > 0
               and ($2::uuid is null or (role.unlisted_at, role.practitioner_role_id) > (
                   select last.unlisted_at, last.practitioner_role_id from bookings.role last
                   where last.practitioner_role_id = $2
               ))
           order by role.unlisted_at, role.practitioner_role_id limit $3"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        after.map(|after| after.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    let roles = rows.into_iter().map(|row| {
        Ok(ReviewRole {
            practitioner_role_id: row.practitioner_role_id,
            name: row.name,
            organization_name: row.organization_name,
            phone: row.phone,
            time_zone: row.next_zone.parse()?,
            unlisted: Unlisted::from_code(&row.unlisted).context("a known reason why it is not listed")?,
            since: row.unlisted_at.to_jiff(),
            appointments: u32::try_from(row.appointments)?,
            next_start: row.next_start.to_jiff(),
        })
    });
    roles.collect()
}

/// What is to come of such a role and nobody has looked at since; the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn appointments(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    now: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<AppointmentId>> {
    sqlx::query_scalar!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId"
           from bookings.appointment
               join bookings.role using (practitioner_role_id)
               left join bookings.review_keep using (appointment_id)
           where appointment.practitioner_role_id = $1 and role.unlisted is not null and appointment.starts_at > $2
               and appointment.status in ('requested', 'awaiting_payment', 'confirmed')
               and (review_keep.kept_at is null or review_keep.kept_at < role.unlisted_at)
           order by appointment.starts_at, appointment.appointment_id limit $3"#,
        role as PractitionerRoleId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Whether a role is known, and if so, whether it is not listed. The row stays as it is until the transaction ends: nobody
/// lists it again in the middle of a decision.
///
/// # Errors
/// When the database fails.
pub async fn is_unlisted(conn: &mut PgConnection, role: PractitionerRoleId) -> sqlx::Result<Option<bool>> {
    sqlx::query_scalar!(
        r#"select unlisted is not null as "is_unlisted!" from bookings.role where practitioner_role_id = $1 for share"#,
        role as PractitionerRoleId,
    )
    .fetch_optional(conn)
    .await
}

/// Whether somebody looked at one of these appointments since the role is not listed, and let it stand.
///
/// # Errors
/// When the database fails.
pub async fn is_any_kept(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    appointments: &[AppointmentId],
) -> sqlx::Result<bool> {
    let appointments: Vec<_> = appointments.iter().map(|appointment| appointment.0).collect();
    sqlx::query_scalar!(
        r#"select exists (
               select from bookings.review_keep cross join bookings.role
               where role.practitioner_role_id = $1 and review_keep.appointment_id = any($2)
                   and review_keep.kept_at >= role.unlisted_at
           ) as "is_any_kept!""#,
        role as PractitionerRoleId,
        &appointments,
    )
    .fetch_one(conn)
    .await
}

/// Writes that an appointment was looked at and stands.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    conn: &mut PgConnection,
    appointment: AppointmentId,
    by: AccountId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.review_keep (appointment_id, kept_by, kept_at) values ($1, $2, $3) \
         on conflict on constraint review_keep_pkey do update set kept_by = excluded.kept_by, kept_at = excluded.kept_at",
        appointment as AppointmentId,
        by.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
