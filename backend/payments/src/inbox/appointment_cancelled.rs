//! An appointment will not take place: its payment is void, and what was taken goes back, but for a fee that was agreed.

use anyhow::Context as _;
use kernel::Core;
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus},
    payments::{IntentPurpose, RefundReason},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    note,
    owed::{self, Fee},
};
use crate::{domain::payment::Payment, store};

/// Gives back or lets go. When the confirmation has not arrived yet, the payment is stored void already, so that the confirmation
/// finds it and does nothing. Told once more when money came too late, it finds that money.
pub async fn receive(
    conn: &mut PgConnection,
    core: &Core,
    cause: Uuid,
    fact: &AppointmentFact,
) -> anyhow::Result<()> {
    let Some(payment) = store::payment::lock(conn, fact.booking_id).await? else {
        let void = Payment::not_required(core.id(), fact).void();
        let context = || format!("voiding the payment of booking {}", fact.booking_id);
        if store::payment::create_payment(conn, &void, core.now()).await.with_context(context)? {
            note(conn, core, "void_payment", fact.booking_id).await?;
        }
        return Ok(());
    };
    let reason = match fact.status {
        AppointmentStatus::CancelledLate => {
            let fee = Fee {
                purpose: IntentPurpose::LateFee,
                cents: fact.late_fee_cents,
                // Until then somebody else may take the time.
                due_at: fact.start,
            };
            return owed::fee(conn, core, payment, (cause, fee)).await;
        }
        AppointmentStatus::CancelledByPatient => RefundReason::Cancelled,
        // A request that nobody answered has no reason; what was not paid for in time has one.
        AppointmentStatus::Expired if fact.reason.is_some() => RefundReason::TooLate,
        AppointmentStatus::Expired
        | AppointmentStatus::Declined
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowProvider => RefundReason::NotGiven,
        AppointmentStatus::EnteredInError => RefundReason::Mistake,
        // No cancellation leaves an appointment in these.
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::NoShowPatient => return Ok(()),
    };
    owed::nothing(conn, core, payment, (cause, reason)).await
}
