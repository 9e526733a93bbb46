//! A fee is not owed after all: it was waived, or a dispute about it was upheld. Of a visit that did not take place, though it counted
//! as having done so, nothing is.

use kernel::Core;
use shared_types::{
    AudCents, BookingId,
    bookings::{AppointmentFact, AppointmentStatus, DisputeFact, dispute::DisputeStatus},
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

/// It is decided. A fee that stays owed stays as it is.
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
        DisputeStatus::Upheld if dispute.instead.is_some() => {
            did_not_take_place(conn, core, cause, &dispute.appointment).await
        }
        DisputeStatus::Upheld if was_about_a_fee && dispute.late_fee_cents == AudCents::ZERO => {
            waived(conn, core, cause, dispute.appointment.booking_id).await
        }
        DisputeStatus::Open | DisputeStatus::Upheld | DisputeStatus::Rejected => Ok(()),
    }
}

/// A visit that nobody marked did not take place: what was taken for it goes back. That there is nothing to claim, and what a patient
/// owes who did not go, was told with where the appointment stands.
async fn did_not_take_place(
    conn: &mut PgConnection,
    core: &Core,
    cause: Uuid,
    fact: &AppointmentFact,
) -> anyhow::Result<()> {
    let by_the_practice =
        matches!(fact.status, AppointmentStatus::NoShowProvider | AppointmentStatus::CancelledByProvider);
    let payment = if by_the_practice { store::payment::lock(conn, fact.booking_id).await? } else { None };
    let Some(payment) = payment else { return Ok(()) };
    owed::nothing(conn, core, payment, (cause, RefundReason::NotGiven)).await
}
