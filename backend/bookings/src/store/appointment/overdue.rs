//! Appointments for which time has run out: each is claimed by one worker at a time, and none of those left out is.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::AppointmentId;
use sqlx::PgConnection;
use uuid::Uuid;

/// A request whose answer is overdue, its resource locked; one that nobody else has at the moment.
///
/// # Errors
/// When the database fails.
pub async fn claim_overdue(
    conn: &mut PgConnection,
    left_out: &[AppointmentId],
    now: Timestamp,
) -> sqlx::Result<Option<AppointmentId>> {
    sqlx::query_scalar!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId"
           from bookings.appointment
               join bookings.role using (practitioner_role_id)
               join bookings.resource using (resource_id)
           where appointment.status = 'requested' and appointment.reply_by <= $1
               and appointment.appointment_id <> all($2)
           order by appointment.reply_by limit 1 for update of resource skip locked"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        &ids(left_out),
    )
    .fetch_optional(conn)
    .await
}

/// An appointment whose payment is overdue, its resource locked; one that nobody else has at the moment.
///
/// # Errors
/// When the database fails.
pub async fn claim_unpaid(
    conn: &mut PgConnection,
    left_out: &[AppointmentId],
    now: Timestamp,
) -> sqlx::Result<Option<AppointmentId>> {
    sqlx::query_scalar!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId"
           from bookings.appointment
               join bookings.role using (practitioner_role_id)
               join bookings.resource using (resource_id)
           where appointment.status = 'awaiting_payment' and appointment.pay_until <= $1
               and appointment.appointment_id <> all($2)
           order by appointment.pay_until limit 1 for update of resource skip locked"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        &ids(left_out),
    )
    .fetch_optional(conn)
    .await
}

/// A visit that began before an instant and that nobody marked, nor took back from being over since then, its resource locked; one
/// that nobody else has at the moment.
///
/// # Errors
/// When the database fails.
pub async fn claim_unmarked(
    conn: &mut PgConnection,
    left_out: &[AppointmentId],
    began_before: Timestamp,
) -> sqlx::Result<Option<AppointmentId>> {
    sqlx::query_scalar!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId"
           from bookings.appointment
               join bookings.role using (practitioner_role_id)
               join bookings.resource using (resource_id)
           where appointment.status in ('confirmed', 'arrived', 'checked_in', 'in_consult')
               and appointment.starts_at <= $1 and appointment.appointment_id <> all($2)
               and not exists (
                   select from bookings.appointment_transition step
                   where step.booking_id = appointment.booking_id and step.appointment_id = appointment.appointment_id
                       and step.step = 'undo_completion' and step.taken_at > $1
               )
           order by appointment.starts_at limit 1 for update of resource skip locked"#,
        began_before.to_sqlx() as jiff_sqlx::Timestamp,
        &ids(left_out),
    )
    .fetch_optional(conn)
    .await
}

fn ids(appointments: &[AppointmentId]) -> Vec<Uuid> {
    appointments.iter().map(|appointment| appointment.0).collect()
}
