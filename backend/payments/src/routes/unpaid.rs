//! `GET /api/v1/payments/practices/{organization_id}/unpaid`: what no card was charged for, of visits that took place and of fees. It is
//! not in the ledger, so no list of transactions has it.

use axum::extract::{Path, Query, State as Extract};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    OrganizationId, PaymentId,
    page::Page,
    payments::{PaymentFailure, PaymentStatus, unpaid::UnpaidPayment},
};

use crate::{
    domain::to_bulk_billing::Facts,
    state::State,
    store::{asked, bulk_bill, payment, unpaid},
};

/// How many one page has.
const PAGE: usize = 50;

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The `next` of the page before.
    cursor: Option<PaymentId>,
}

/// One page, the latest visit first. Each booking that is read is written down.
pub async fn list_unpaid_payments(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<UnpaidPayment>>, Reject> {
    let core = &state.core;
    let now = core.now();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut tx = core.begin().await?;
    let mut rows = unpaid::list(&mut tx, organization_id, wanted.cursor, now, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|last| last.payment_id.to_string());
    let ids: Vec<_> = rows.iter().map(|row| row.payment_id).collect();
    let asked = asked::of_payments(&mut tx, &ids).await?;
    let payments = payment::find_all(&mut tx, &ids).await?;
    let bulk_billing = bulk_bill::facts(&mut tx, &payments).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(payment) = payments.iter().find(|payment| payment.payment_id == row.payment_id) else {
            continue;
        };
        let Some((purpose, owed_cents)) = payment.unpaid() else { continue };
        let facts = bulk_billing.get(&payment.payment_id);
        let item = UnpaidPayment {
            payment_id: payment.payment_id,
            booking_id: payment.booking_id,
            purpose,
            owed_cents,
            paid_cents: payment.captured_cents,
            failure: payment.failure.map(told),
            failed_at: row.failed_at,
            repair_until: payment.repair_until.filter(|until| now < *until),
            is_being_paid: payment.status == PaymentStatus::Awaiting,
            can_ask_again: payment.may_ask_again(now) && facts.is_none_or(|facts| !facts.asked),
            higher: asked.get(&payment.payment_id).cloned(),
            bulk_billing: facts.and_then(Facts::standing),
            visit: row.visit,
        };
        let entry = audit::Entry {
            actor: Actor::for_practice(&caller, organization_id),
            action: "list_unpaid_payments",
            resource: payment.booking_id.into(),
            whose: row.whose,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        items.push((item, entry));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

/// What a practice is told of why. What somebody has on their account is between them and their bank.
fn told(failure: PaymentFailure) -> PaymentFailure {
    match failure {
        PaymentFailure::InsufficientFunds => PaymentFailure::Declined,
        PaymentFailure::Declined
        | PaymentFailure::ExpiredCard
        | PaymentFailure::AuthenticationRequired
        | PaymentFailure::NotFinished
        | PaymentFailure::HoldExpired
        | PaymentFailure::ProcessorUnavailable => failure,
    }
}
