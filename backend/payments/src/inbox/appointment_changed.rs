//! An appointment stands elsewhere now: the visit is over, the patient did not come, or it was a mistake.

use kernel::Core;
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus},
    payments::{IntentPurpose, RefundReason, claim::NoVisit},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    nothing_to_claim,
    owed::{self, Fee},
};
use crate::{
    claiming,
    domain::payment::{Change, TakenBy},
    settle::settle,
    store,
};

/// Takes what was agreed for that.
pub async fn receive(
    conn: &mut PgConnection,
    core: &Core,
    cause: Uuid,
    fact: &AppointmentFact,
) -> anyhow::Result<()> {
    let completed_at = (fact.status == AppointmentStatus::Completed).then(|| core.now());
    let was_over = store::claimant::set_completed(conn, fact.booking_id, completed_at).await?;
    // Whoever takes back that it is over has it stand elsewhere: nothing that we say ourselves says from now on that it took place.
    store::invoice::set_over(conn, fact.booking_id, completed_at).await?;
    if completed_at.is_some() {
        claiming::draft(conn, core, fact).await?;
    } else if was_over {
        // Medicare is not told of a visit that is still to be given: once it is, its claim is drafted anew.
        claiming::not_over(conn, core, fact.booking_id).await?;
    }
    // What counted as a visit was none, as somebody said or a dispute has shown: there is nothing to claim, nor to agree to.
    if NoVisit::of(fact.status).is_some() {
        nothing_to_claim(conn, core, fact).await?;
    }
    let Some(payment) = store::payment::lock(conn, fact.booking_id).await? else { return Ok(()) };
    let fee = |purpose, due_at| Fee { purpose, cents: fact.late_fee_cents, due_at };
    match fact.status {
        AppointmentStatus::Completed => {
            settle(conn, core, payment, Change::Completed, TakenBy::Bookings).await?;
            Ok(())
        }
        AppointmentStatus::NoShowPatient => {
            let fee = fee(IntentPurpose::NoShowFee, core.now());
            owed::fee(conn, core, payment, (cause, fee)).await
        }
        // A dispute about it was decided.
        AppointmentStatus::CancelledLate => {
            let fee = fee(IntentPurpose::LateFee, fact.start);
            owed::fee(conn, core, payment, (cause, fee)).await
        }
        AppointmentStatus::EnteredInError => {
            owed::nothing(conn, core, payment, (cause, RefundReason::Mistake)).await
        }
        // Where it was not over before, nothing changes.
        AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult => {
            settle(conn, core, payment, Change::NotOver, TakenBy::Bookings).await?;
            Ok(())
        }
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowProvider => Ok(()),
    }
}
