//! A fee is not owed after all: it was waived, or a dispute about it was upheld.

use kernel::Core;
use shared_types::{
    AudCents, BookingId,
    bookings::{AppointmentStatus, DisputeFact, dispute::DisputeStatus},
    payments::RefundReason,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::owed;
use crate::store;

/// Somebody let it go, or somebody else took the time.
pub async fn waived(
    conn: &mut PgConnection,
    core: &Core,
    cause: Uuid,
    booking_id: BookingId,
) -> anyhow::Result<()> {
    let Some(payment) = store::payment::lock(conn, booking_id).await? else { return Ok(()) };
    owed::nothing(conn, core, payment, (cause, RefundReason::FeeWaived)).await
}

/// An administrator decided. A fee that stays owed stays as it is.
pub async fn decided(
    conn: &mut PgConnection,
    core: &Core,
    cause: Uuid,
    dispute: &DisputeFact,
) -> anyhow::Result<()> {
    let was_about_a_fee = matches!(
        dispute.appointment.status,
        AppointmentStatus::CancelledLate | AppointmentStatus::NoShowPatient
    );
    match dispute.status {
        DisputeStatus::Upheld if was_about_a_fee && dispute.late_fee_cents == AudCents::ZERO => {
            waived(conn, core, cause, dispute.appointment.booking_id).await
        }
        DisputeStatus::Open | DisputeStatus::Upheld | DisputeStatus::Rejected => Ok(()),
    }
}
