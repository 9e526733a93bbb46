//! Which bookings are the visits of one series. Of each, the newest link of its chain.

use shared_types::{AccountId, AppointmentId, BookingId, OrganizationId, PatientId, SeriesId};
use sqlx::PgConnection;

/// Puts a booking into a series.
///
/// # Errors
/// When the database fails.
pub async fn link(conn: &mut PgConnection, booking: BookingId, series: SeriesId) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.appointment_party set series_id = $2 where booking_id = $1",
        booking as BookingId,
        series as SeriesId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The visits of a series that are with a practice, in order of time.
///
/// # Errors
/// When the database fails.
pub async fn of_practice(
    conn: &mut PgConnection,
    series: SeriesId,
    organization: OrganizationId,
) -> sqlx::Result<Vec<AppointmentId>> {
    sqlx::query_scalar!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId"
           from bookings.appointment_party party
               join bookings.appointment using (booking_id)
               join bookings.role using (practitioner_role_id)
           where party.series_id = $1 and role.organization_id = $2 and appointment.status <> 'rescheduled'
           order by appointment.starts_at, appointment.appointment_id"#,
        series as SeriesId,
        organization as OrganizationId,
    )
    .fetch_all(conn)
    .await
}

/// The visits of a series that are some patients', or that an account made for nobody in particular, in order of time.
///
/// # Errors
/// When the database fails.
pub async fn of_patients(
    conn: &mut PgConnection,
    series: SeriesId,
    account: AccountId,
    patients: &[PatientId],
) -> sqlx::Result<Vec<AppointmentId>> {
    let patients: Vec<_> = patients.iter().map(|patient| patient.0).collect();
    sqlx::query_scalar!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId"
           from bookings.appointment_party party join bookings.appointment using (booking_id)
           where party.series_id = $1 and appointment.status <> 'rescheduled'
               and (party.patient_id = any($3) or (party.patient_id is null and party.account_id = $2))
           order by appointment.starts_at, appointment.appointment_id"#,
        series as SeriesId,
        account.0,
        &patients,
    )
    .fetch_all(conn)
    .await
}
