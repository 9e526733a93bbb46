//! `GET /api/v1/payments/me/payments`: what the caller paid, and everybody whose payments they look after.

use axum::extract::{Query, State as Extract};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{PaymentId, page::Page, payments::pay::PaymentStanding, users::DelegationScope};

use crate::{
    paying,
    state::State,
    store::{my_payments, payment},
};

/// How many one page has.
const PAGE: i64 = 20;

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The `next` of the page before.
    cursor: Option<PaymentId>,
}

/// One page, the latest first. Each that is read is written down.
pub async fn list_my_payments(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<PaymentStanding>>, Reject> {
    let core = &state.core;
    let others = caller.acts_for.iter().filter(|one| one.scopes.contains(&DelegationScope::Payments));
    let patients: Vec<_> = caller.patient_id.into_iter().chain(others.map(|one| one.patient_id)).collect();
    let mut tx = core.begin().await?;
    let mut rows = my_payments::list(&mut tx, caller.account_id, &patients, wanted.cursor, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|(payment_id, _)| payment_id.to_string());
    let ids: Vec<_> = rows.iter().map(|(payment_id, _)| *payment_id).collect();
    let payments = payment::find_all(&mut tx, &ids).await?;
    let mut items = Vec::with_capacity(rows.len());
    for (payment_id, whose) in rows {
        let found = payments.iter().find(|payment| payment.payment_id == payment_id);
        let Some(payment) = found else { continue };
        let actor = whose.map_or_else(|| Actor::of(&caller), |patient| Actor::for_patient(&caller, patient));
        let entry = audit::Entry {
            actor,
            action: "list_my_payments",
            resource: payment.booking_id.into(),
            whose,
            purpose: Purpose::Payment,
            outcome: Outcome::Allowed,
        };
        items.push((paying::standing(&mut tx, payment, core.now()).await?, entry));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}
