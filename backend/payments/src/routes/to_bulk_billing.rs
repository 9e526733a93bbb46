//! `/api/v1/payments/practices/{organization_id}/…/bulk-bill`: a visit that is charged for is bulk billed after all, wherever its money
//! stands.

use std::slice;

use anyhow::Context as _;
use axum::extract::{Path, State as Extract};
use kernel::{
    Accepted, Disclosed, Reject, SignedIn,
    audit::{Actor, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{BookingId, OrganizationId, PaymentId, Problem, payments::practice::VisitToBulkBill};

use super::money::{note_payment, payment_of_practice, wrong_state};
use crate::{
    domain::to_bulk_billing::{Facts, Refusal},
    state::State,
    store::{bulk_bill, payment},
};

/// Says of a booking's payment whether the visit can be bulk billed instead, or how far that is. Where it cannot be, it says why.
pub async fn find_bulk_billing_instead(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, booking_id)): Path<(OrganizationId, BookingId)>,
) -> Result<Disclosed<VisitToBulkBill>, Reject> {
    let (core, action) = (&state.core, "find_bulk_billing_instead");
    let mut tx = core.begin().await?;
    let found = payment::lock(&mut tx, booking_id).await?;
    let ours = found.filter(|payment| payment.organization_id == Some(organization_id));
    let payment = ours.ok_or_else(|| Problem::not_found("This visit’s payment"))?;
    let facts = bulk_bill::facts(&mut tx, slice::from_ref(&payment)).await?;
    let facts = facts.get(&payment.payment_id).context("a payment that is locked is there")?;
    let Some(bulk_billing) = facts.standing() else {
        return Err(facts.refusal().map_or_else(wrong_state, not_bulk_billed).into());
    };
    let reply = VisitToBulkBill { payment_id: payment.payment_id, bulk_billing };
    let actor = Actor::for_practice(&caller, organization_id);
    let recorded = note_payment(&mut tx, core, actor, action, &payment, Purpose::Practice).await?;
    Ok(Disclosed::commit(core, tx, recorded, reply).await?)
}

/// Bulk bills the booking after all: what was paid goes back first, what is held, planned or open is let go, and then nothing is charged
/// any more (C-52). Here it is written down; a job does it step by step.
pub async fn move_to_bulk_billing(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, payment_id)): Path<(OrganizationId, PaymentId)>,
    key: IdempotencyKey,
) -> Result<Accepted<()>, Reject> {
    let (core, action) = (&state.core, "move_to_bulk_billing");
    let mut tx = core.begin().await?;
    let payment = payment_of_practice(&mut tx, organization_id, payment_id).await?;
    let holder = format!("{organization_id} {}", caller.account_id);
    let ticket = match idempotency::begin(&mut tx, core, action, &holder, key, &payment_id).await? {
        Begun::Replay(()) => return Ok(Accepted(())),
        Begun::New(ticket) => ticket,
    };
    let facts = bulk_bill::facts(&mut tx, slice::from_ref(&payment)).await?;
    if let Some(why) = facts.get(&payment_id).and_then(Facts::refusal) {
        return Err(not_bulk_billed(why).into());
    }
    bulk_bill::ask(&mut tx, payment_id, core.now()).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    note_payment(&mut tx, core, actor, action, &payment, Purpose::Practice).await?;
    ticket.finish(&mut tx, 202, &()).await?;
    core.commit(tx).await?;
    Ok(Accepted(()))
}

/// Why a visit is not bulk billed after all, and what can be done about it.
fn not_bulk_billed(why: Refusal) -> Problem {
    let stands = |detail: &str| wrong_state().detail(format!("Nothing was changed. {detail}"));
    match why {
        Refusal::BulkBilled => Problem::new("bulk-billed", 409, "This visit is bulk billed already")
            .detail("Nothing was changed. The patient is charged nothing for it."),
        Refusal::Claimed => Problem::new("already-claimed", 409, "This visit is claimed already")
            .detail("Nothing was changed. Medicare has a claim for it: look at the visit’s claims."),
        Refusal::Disputed => stands(
            "The cardholder’s bank has this money or took it back: see Chargebacks. If the bank decides for you, try again.",
        ),
        Refusal::NotBooked => stands(
            "The patient is still booking this visit. In half an hour it is booked, or its time is free.",
        ),
        Refusal::CalledOff => {
            stands("The visit was cancelled or did not take place, so there is nothing to bulk bill.")
        }
        Refusal::RefundUnderWay => Problem::new("refund-under-way", 409, "Another refund is under way")
            .detail("Nothing was changed. Wait until that money is back, then bulk bill the visit."),
        Refusal::NoItem => Problem::new("no-item", 409, "No Medicare item is named for this visit")
            .detail("Nothing was changed. Under Who pays, name an item that is in force on its day."),
        Refusal::NoNumber => Problem::new("no-provider-number", 409, "No provider number is known yet")
            .detail("Nothing was changed. Enter one under Medicare numbers first, then try again."),
    }
}
