//! Requests that wait for their practice's answer.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AppointmentId, OrganizationId};
use sqlx::PgConnection;

/// A practice's requests that can still be answered at an instant, and until when: a hundred, the one to answer soonest first.
///
/// # Errors
/// When the database fails.
pub async fn of_practice(
    conn: &mut PgConnection,
    organization: OrganizationId,
    now: Timestamp,
) -> sqlx::Result<Vec<(AppointmentId, Timestamp)>> {
    let rows = sqlx::query!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId", appointment.reply_by as "reply_by!"
           from bookings.appointment join bookings.role using (practitioner_role_id)
           where role.organization_id = $1 and appointment.status = 'requested' and appointment.reply_by > $2
           order by appointment.reply_by, appointment.appointment_id limit 100"#,
        organization as OrganizationId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.appointment_id, row.reply_by.to_jiff())).collect())
}
