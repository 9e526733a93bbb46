//! `POST /api/v1/payments/bookings/{booking_id}/payment/repair`: another card after one failed, or after its hold ran out.

use anyhow::Context as _;
use axum::extract::{Path, State as Extract};
use kernel::{
    Created, Disclosed, Json, Reject,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    AudCents, BookingId, Problem,
    payments::{
        IntentKind,
        pay::{Checkout, RepairPayment},
        quote::QuoteTerms,
    },
};

use super::start_payment::{disclose, finish};
use crate::{
    domain::payment::Payment,
    payer::Payer,
    paying::{self, Step, With},
    state::State,
    store::payment,
};

const OPERATION: &str = "repair_payment";

/// Opens a page for another card, or takes one that is kept.
pub async fn repair_payment(
    Extract(state): Extract<State>,
    Path(booking_id): Path<BookingId>,
    payer: Payer,
    key: IdempotencyKey,
    Json(body): Json<RepairPayment>,
) -> Result<Created<Disclosed<Checkout>>, Reject> {
    let core = &state.core;
    let caller = booking_id.to_string();
    let mut tx = core.begin().await?;
    let actor = payer.at(&mut tx, core, booking_id, OPERATION).await?;
    if let Begun::Replay(reply) = idempotency::begin(&mut tx, core, OPERATION, &caller, key, &body).await? {
        return disclose(&state, tx, (actor, OPERATION), booking_id, reply).await;
    }
    // The key is taken with the reply: until there is one, what is asked again goes on where it was.
    tx.rollback().await?;
    let mut tx = core.begin().await?;
    let payment =
        payment::lock(&mut tx, booking_id).await?.ok_or_else(|| Problem::not_found("This payment"))?;
    paying::can_be_paid(&payment, core.now())?;
    let step = what_is_left(&payment, core.now())?;
    let account_id = payer.account_id();
    let with = With { account_id, saved_card_id: body.saved_card_id, keep_card: None };
    let begun = paying::begin(&mut tx, &state, payment, step, with).await?;
    core.commit(tx).await?;
    paying::go_on(&state, begun).await?;
    finish(&state, (actor, OPERATION), booking_id, key, &body).await
}

/// A fee that is owed is taken at once, and so is what is left of a higher price; otherwise what the quote asked for is, as it would be
/// today.
pub(super) fn what_is_left(payment: &Payment, now: jiff::Timestamp) -> anyhow::Result<Step> {
    if payment.fee_owed_cents > AudCents::ZERO {
        return Ok(Step { kind: IntentKind::Charge, cents: payment.fee_left_cents() });
    }
    let balance = payment.balance_left_cents();
    if balance > AudCents::ZERO {
        return Ok(Step { kind: IntentKind::Charge, cents: balance });
    }
    let terms = payment.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    let terms = terms.context("a payment through us has the terms it was quoted with")?;
    let start = payment.starts_at.unwrap_or(terms.start);
    let terms = QuoteTerms { start, ..terms.clone() };
    let left = AudCents((payment.chargeable_cents().0 - payment.captured_cents.0).max(0));
    Ok(paying::step(&terms, left, now))
}
