//! A visit that was to be paid for is bulk billed from now on: its patient is asked for their assignment of benefit as if it had been
//! from the start, and a visit that is over is claimed.

use kernel::Core;
use shared_types::bookings::{AppointmentFact, AppointmentStatus};
use sqlx::PgConnection;

use crate::{assigning, claiming, field_cipher::FieldCipher, store::claimant};

/// Asks, or drafts the claim. What does not stand, or is not confirmed yet, needs neither.
pub async fn receive(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    fact: &AppointmentFact,
) -> anyhow::Result<()> {
    match fact.status {
        AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult => assigning::booked(conn, core, cipher, fact).await,
        AppointmentStatus::Completed => {
            assigning::over(conn, core, cipher, fact).await?;
            claimant::set_completed(conn, fact.booking_id, Some(core.now())).await?;
            claiming::draft(conn, core, fact).await
        }
        // The confirmation comes by itself and says that it is bulk billed.
        AppointmentStatus::Requested | AppointmentStatus::AwaitingPayment => Ok(()),
        AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::NoShowProvider
        | AppointmentStatus::EnteredInError => Ok(()),
    }
}
