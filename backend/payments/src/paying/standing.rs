//! Where a booking's payment stands for who pays it, and whether there is something to pay.

use jiff::Timestamp;
use shared_types::{
    AudCents, Problem,
    payments::{PaymentStatus, pay::PaymentStanding},
    personal::Personal,
};
use sqlx::PgConnection;

use super::{bulk_billed, open_page};
use crate::{
    domain::payment::{Due, Payment},
    store::{asked, intent, saved_card},
};

/// A booking's payment, as the patient sees it then.
///
/// # Errors
/// When a table cannot be read.
pub async fn standing(
    conn: &mut PgConnection,
    payment: &Payment,
    now: Timestamp,
) -> anyhow::Result<PaymentStanding> {
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    let card = saved_card::of_payment(conn, payment.payment_id).await?;
    let charged_at = match payment.due {
        Some((Due::Authorise | Due::Capture | Due::ChargeFee, at)) => Some(at),
        Some((Due::GiveUp | Due::Void, _)) | None => None,
    };
    let asked_reason = match payment.asked_cents {
        Some(_) => asked::reason(conn, payment.payment_id).await?,
        None => None,
    };
    Ok(PaymentStanding {
        payment_id: payment.payment_id,
        booking_id: payment.booking_id,
        quote_id: payment.quote_id,
        organization_id: payment.organization_id,
        status: payment.status,
        collection: payment.collection,
        total_cents: payment.agreed_cents.unwrap_or(payment.price_cents),
        held_cents: payment.held_cents,
        paid_cents: payment.captured_cents,
        refunded_cents: AudCents(payment.refunded_cents.0 + payment.refunding_cents.0),
        fee_cents: payment.fee_cents,
        fee_owed_cents: payment.fee_owed_cents,
        charged_at,
        failure: payment.failure,
        repair_until: payment.repair_until.filter(|until| now < *until),
        asked_cents: payment.asked_cents,
        asked_reason,
        checkout: open_page(payment, &tries),
        card: card.map(|card| (card.brand, Personal::new(card.last_four))),
        updated_at: payment.updated_at.unwrap_or(Timestamp::UNIX_EPOCH),
    })
}

/// Whether there is something to pay now. What another card was not given for in time is let go or settled with the practice, so it is
/// not taken here as well.
///
/// # Errors
/// 409 when there is not.
pub fn can_be_paid(payment: &Payment, now: Timestamp) -> Result<(), Problem> {
    if payment.is_bulk_billed() {
        return Err(bulk_billed());
    }
    let in_time = || match payment.repair_until {
        Some(until) if until <= now => Err(too_late()),
        Some(_) | None => Ok(()),
    };
    match payment.status {
        PaymentStatus::Awaiting | PaymentStatus::Failed | PaymentStatus::AuthExpired => in_time(),
        // The rest of a fee, or of a higher price that was agreed to.
        PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won
            if payment.repair_until.is_some()
                && (payment.fee_left_cents() > AudCents::ZERO
                    || payment.balance_left_cents() > AudCents::ZERO) =>
        {
            in_time()
        }
        PaymentStatus::NotRequired | PaymentStatus::Voided => Err(Problem::new(
            "nothing-due",
            409,
            "Nothing is to be paid here",
        )
        .detail(
            "Nothing was charged. What is due is paid at the practice, or the appointment does not stand.",
        )),
        PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Captured
        | PaymentStatus::PartRefunded
        | PaymentStatus::Refunded
        | PaymentStatus::Disputed
        | PaymentStatus::Won
        | PaymentStatus::Lost => Err(Problem::new("already-paid", 409, "This is paid already")
            .detail("Nothing was charged again. Your booking shows what was paid.")),
    }
}

fn too_late() -> Problem {
    Problem::new("nothing-due", 409, "The time to give another card is over").detail(
        "Nothing was charged. What was to come is cancelled free of charge; anything else you settle with the practice.",
    )
}
