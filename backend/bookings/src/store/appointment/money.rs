//! What an appointment knows of its payment, its claim and its fees.

use std::ops::Range;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AppointmentId, BookingId, PractitionerRoleId,
    payments::{FailedStep, PaymentStep},
};
use sqlx::PgConnection;

use super::{AppointmentRow, Taken, note};

/// Notes that a step of an appointment's payment is done: no other card is needed.
///
/// # Errors
/// When the database fails.
pub async fn note_paid(
    conn: &mut PgConnection,
    appointment: AppointmentId,
    step: PaymentStep,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.appointment set payment_step = $2, payment_failure = null, repair_until = null \
         where appointment_id = $1",
        appointment as AppointmentId,
        step.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that an appointment's card was not charged.
///
/// # Errors
/// When the database fails.
pub async fn note_unpaid(
    conn: &mut PgConnection,
    appointment: AppointmentId,
    failed: &FailedStep,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.appointment set payment_failure = $2, repair_until = $3 where appointment_id = $1",
        appointment as AppointmentId,
        failed.failure.code(),
        failed.repair_until.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether an appointment ended while it waited for its payment: nobody but its patient was told of it.
///
/// # Errors
/// When the database fails.
pub async fn ended_unpaid(conn: &mut PgConnection, appointment: AppointmentId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from bookings.appointment_transition
               where appointment_id = $1 and from_status = 'awaiting_payment'
                   and to_status not in ('awaiting_payment', 'requested', 'confirmed')) as "ended!""#,
        appointment as AppointmentId,
    )
    .fetch_one(conn)
    .await
}

/// Notes that Medicare has a claim for a booking's visit: that it took place is not taken back any more. It makes a version, so
/// that who is just taking it back has to look again; where they were faster, it holds once the visit is completed again.
///
/// # Errors
/// When the database fails.
pub async fn note_claimed(conn: &mut PgConnection, booking: BookingId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.appointment set claim_lodged_at = $2, version = version + 1, updated_at = $2 \
         where booking_id = $1 and status <> 'rescheduled' and claim_lodged_at is null",
        booking as BookingId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets somebody off what an appointment owes for cancelling late or not coming, as it was last seen. False when it owes nothing,
/// or was changed meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn waive_fee(
    conn: &mut PgConnection,
    appointment: AppointmentId,
    version: i32,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.appointment set late_fee_cents = 0, fee_waived_at = $3, fee_waived_by = 'practice', \
         version = version + 1, updated_at = $3 \
         where appointment_id = $1 and version = $2 and late_fee_cents > 0 and status in ('cancelled_late', 'no_show_patient')",
        appointment as AppointmentId,
        version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Has nothing cost anything any more of an appointment that is bulk billed after all, if it is still as last seen (C-52): neither the
/// visit nor cancelling it late; what not coming costs follows from that. The quote stays as it was signed. False when it was changed
/// meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn bulk_bill(
    conn: &mut PgConnection,
    seen: &AppointmentRow,
    taken: Taken,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"update bookings.appointment
           set bulk_billed = true, price_cents = 0, late_fee_cents = 0,
               appointment_type = appointment_type || '{"bulk_billed": true, "price_cents": 0}'::jsonb,
               policy = policy || '{"late_fee_cents": 0}'::jsonb, payment_failure = null, repair_until = null,
               sequence = sequence + 1, version = version + 1, updated_at = $4
           where appointment_id = $1 and version = $2 and status = $3 and not bulk_billed"#,
        seen.appointment_id as AppointmentId,
        seen.version,
        seen.status.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    note(conn, seen, (seen.version.saturating_add(1), seen.status), taken, now).await?;
    Ok(true)
}

/// Waives the fees of late cancellations with a role, still to come, of which any part is taken now. Says of which. Write each into its
/// history with [`note`].
///
/// # Errors
/// When the database fails.
pub async fn waive_late_fees(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    taken: &Range<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<Vec<AppointmentId>> {
    sqlx::query_scalar!(
        r#"update bookings.appointment
           set late_fee_cents = 0, fee_waived_at = $4, fee_waived_by = 'refilled', version = version + 1, updated_at = $4
           where practitioner_role_id = $1 and status = 'cancelled_late' and late_fee_cents > 0
               and starts_at < $3 and ends_at > $2 and starts_at > $4
           returning appointment_id as "appointment_id: AppointmentId""#,
        role as PractitionerRoleId,
        taken.start.to_sqlx() as jiff_sqlx::Timestamp,
        taken.end.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await
}
