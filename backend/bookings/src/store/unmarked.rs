//! Visits that nobody marked: those that the desk has to, and those that count as having taken place.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AppointmentId, OrganizationId};
use sqlx::PgConnection;

/// A visit that nobody marked.
#[derive(Clone, Copy, Debug)]
pub struct Unmarked {
    pub appointment_id: AppointmentId,
    /// Since when it counts as having taken place; none while it is to be marked.
    pub presumed_at: Option<Timestamp>,
}

/// A practice's visits that began before an instant and stand where they stood, the earliest first, and after them those that count
/// as having taken place since another instant, the latest first; a hundred of each.
///
/// # Errors
/// When the database fails.
pub async fn of_practice(
    conn: &mut PgConnection,
    organization: OrganizationId,
    began_before: Timestamp,
    presumed_since: Timestamp,
) -> Result<Vec<Unmarked>> {
    let to_mark = sqlx::query_scalar!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId"
           from bookings.appointment join bookings.role using (practitioner_role_id)
           where role.organization_id = $1 and appointment.starts_at <= $2
               and appointment.status in ('confirmed', 'arrived', 'checked_in', 'in_consult')
           order by appointment.starts_at, appointment.appointment_id limit 100"#,
        organization as OrganizationId,
        began_before.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(&mut *conn)
    .await?;
    let presumed = sqlx::query!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId", appointment.completed_at
           from bookings.appointment join bookings.role using (practitioner_role_id)
           where role.organization_id = $1 and appointment.presumed and appointment.completed_at > $2
           order by appointment.completed_at desc, appointment.appointment_id limit 100"#,
        organization as OrganizationId,
        presumed_since.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut visits: Vec<_> =
        to_mark.into_iter().map(|appointment_id| Unmarked { appointment_id, presumed_at: None }).collect();
    for row in presumed {
        // A check constraint sees to it.
        let at = row.completed_at.context("what is presumed to be over has a time at which it was")?;
        visits.push(Unmarked { appointment_id: row.appointment_id, presumed_at: Some(at.to_jiff()) });
    }
    Ok(visits)
}
