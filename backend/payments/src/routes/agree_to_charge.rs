//! `POST /api/v1/payments/bookings/{booking_id}/payment/consent`: the patient agrees to a higher price than was quoted (C-53).

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject, consent,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    BookingId, Problem,
    payments::pay::{AgreeToCharge, CHARGE_TEXT, PaymentStanding},
};

use super::find_payment::disclose;
use crate::{
    charging::{close_pages, collect_balance},
    domain::payment::{Change, Payment, TakenBy},
    payer::Payer,
    paying,
    settle::settle,
    state::State,
    store::payment,
};

const OPERATION: &str = "agree_to_charge";

/// Keeps that they agreed. What was taken already is topped up at once; what is still to be taken is taken with its time.
pub async fn agree_to_charge(
    Extract(state): Extract<State>,
    Path(booking_id): Path<BookingId>,
    payer: Payer,
    key: IdempotencyKey,
    Json(body): Json<AgreeToCharge>,
) -> Result<Disclosed<PaymentStanding>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let actor = payer.at(&mut tx, core, booking_id, OPERATION).await?;
    let caller = booking_id.to_string();
    let begun = idempotency::begin::<_, bool>(&mut tx, core, OPERATION, &caller, key, &body).await?;
    let ticket = match begun {
        Begun::Replay(_) => return disclose(&state, tx, actor, booking_id, OPERATION).await,
        Begun::New(ticket) => ticket,
    };
    let payment =
        payment::lock(&mut tx, booking_id).await?.ok_or_else(|| Problem::not_found("This payment"))?;
    was_asked(&payment, &body)?;
    consent::require_current(&mut tx, core, CHARGE_TEXT, &body.consent).await?;
    consent::store_receipt(&mut tx, core, CHARGE_TEXT, body.consent.version, "booking", booking_id.0).await?;
    let agreed = Change::Agreed { cents: body.total_cents };
    let payment = settle(&mut tx, core, payment, agreed, TakenBy::Patient).await?;
    if payment.status.keeps_money() {
        close_pages(&mut tx, core, &payment).await?;
        collect_balance(&mut tx, core, payment, TakenBy::Patient).await?;
    }
    ticket.finish(&mut tx, 200, &true).await?;
    disclose(&state, tx, actor, booking_id, OPERATION).await
}

fn was_asked(payment: &Payment, body: &AgreeToCharge) -> Result<(), Problem> {
    if payment.is_bulk_billed() {
        return Err(paying::bulk_billed());
    }
    if payment.asked_cents == Some(body.total_cents) {
        return Ok(());
    }
    Err(Problem::new("nothing-due", 409, "Nobody asks for that price")
        .detail("Nothing was charged. Look at the booking again: the price may have changed."))
}
