//! Appointments that a practice did not keep, and that put those first on its waitlist whose they were.

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentId, BookingId, PatientId,
    bookings::waitlist::{Choice, PRIORITY_DAYS, Priority, PriorityCause},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// A booking that puts somebody first.
#[derive(Clone, Copy, Debug)]
pub struct Lost {
    pub booking_id: BookingId,
    pub priority: Priority,
}

/// Has everybody who joins for a patient wait for each other until the transaction ends, so that what [`lost`] finds is not
/// used twice.
///
/// # Errors
/// When the database fails.
pub async fn lock_patient(conn: &mut PgConnection, patient: PatientId) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('priority of ' || $1::uuid::text, 0))",
        patient as PatientId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The latest appointment of a patient, or of an account that names none, that puts them first for all of these choices: with
/// the same practice, and for the same kind of visit. A place that is with another practice as well is a place like any other.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn lost(
    conn: &mut PgConnection,
    account: AccountId,
    patient: Option<PatientId>,
    choices: &[Choice],
    now: Timestamp,
) -> Result<Option<Lost>> {
    let roles: Vec<Uuid> = choices.iter().map(|choice| choice.practitioner_role_id.0).collect();
    let types: Vec<Uuid> = choices.iter().map(|choice| choice.appointment_type_id.0).collect();
    let candidates = sqlx::query_scalar!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId"
           from bookings.appointment_party party
               join bookings.appointment using (booking_id)
               join bookings.role with_whom on with_whom.practitioner_role_id = appointment.practitioner_role_id
           where case
                   when $2::uuid is null then party.patient_id is null and party.account_id = $1
                   else party.patient_id = $2
               end
               and appointment.status in ('cancelled_by_provider', 'cancelled_by_admin', 'no_show_provider')
               and appointment.updated_at > $5
               and not exists (
                   select from unnest($3::uuid[], $4::uuid[]) as choice (role_id, type_id)
                       left join bookings.role on role.practitioner_role_id = choice.role_id
                       left join bookings.appointment_type type on type.appointment_type_id = choice.type_id
                   where (role.organization_id = with_whom.organization_id
                       and (choice.type_id = appointment.appointment_type_id
                           or lower(type.name) = lower(appointment.appointment_type ->> 'name'))) is not true
               )
           order by appointment.updated_at desc, appointment.appointment_id limit 20"#,
        account as AccountId,
        patient as Option<PatientId>,
        &roles,
        &types,
        since(now).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(&mut *conn)
    .await?;
    for candidate in candidates {
        if let Some(lost) = of_appointment(conn, candidate, now).await? {
            return Ok(Some(lost));
        }
    }
    Ok(None)
}

/// What an appointment gives to whom it was for, if it does: it stood, and the practice or the platform ended it, or nobody was
/// there. Not at the patient's wish, nor since it was not paid for; not while the practice disputes it, and once.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_appointment(
    conn: &mut PgConnection,
    appointment: AppointmentId,
    now: Timestamp,
) -> Result<Option<Lost>> {
    let row = sqlx::query!(
        r#"select appointment.booking_id as "booking_id: BookingId", appointment.starts_at, appointment.status
           from bookings.appointment
               join bookings.appointment_transition ended
                   on ended.appointment_id = appointment.appointment_id and ended.to_status = appointment.status
                   and ended.from_status in ('confirmed', 'arrived', 'checked_in', 'completed')
           where appointment.appointment_id = $1
               and appointment.status in ('cancelled_by_provider', 'cancelled_by_admin', 'no_show_provider')
               and ended.taken_at > $2 and ended.step <> 'lapse' and ended.reason is distinct from 'patient_asked'
               and not exists (
                   select from bookings.dispute
                   where dispute.appointment_id = appointment.appointment_id and dispute.opened_by = 'practice'
                       and dispute.status <> 'rejected'
               )
               and not exists (
                   select from bookings.waitlist_entry used where used.priority_booking_id = appointment.booking_id
               )
           order by ended.version desc limit 1"#,
        appointment as AppointmentId,
        since(now).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let priority = Priority { cause: cause(&row.status)?, start: row.starts_at.to_jiff() };
    Ok(Some(Lost { booking_id: row.booking_id, priority }))
}

/// Reads a cause as the database has it.
pub(super) fn cause(code: &str) -> Result<PriorityCause> {
    PriorityCause::from_code(code).context("a known cause of a priority")
}

/// Since when what was lost still counts. A place that used it is kept for as long at least, so that it is not used again.
fn since(now: Timestamp) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * PRIORITY_DAYS)).unwrap_or(now)
}
