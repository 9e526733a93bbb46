//! `GET /api/v1/payments/me/assignments`: what the caller was asked to agree to for every visit to a practice, and everybody whose
//! payments they look after. What is for one visit is shown with it.

use axum::extract::{Query, State as Extract};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{AssignmentId, page::Page, payments::assignment::Assignment, users::DelegationScope};

use crate::{state::State, store::assignment};

/// How many one page has.
const PAGE: i64 = 20;

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The `next` of the page before.
    cursor: Option<AssignmentId>,
}

/// One page, the latest first. Each that is read is written down.
pub async fn list_my_assignments(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<Assignment>>, Reject> {
    let core = &state.core;
    let others = caller.acts_for.iter().filter(|one| one.scopes.contains(&DelegationScope::Payments));
    let patients: Vec<_> = caller.patient_id.into_iter().chain(others.map(|one| one.patient_id)).collect();
    let mut tx = core.begin().await?;
    let mut rows = assignment::enduring_of(&mut tx, &patients, wanted.cursor, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| row.assignment.assignment_id.to_string());
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let whose = row.patient_id;
        let actor = whose.map_or_else(|| Actor::of(&caller), |patient| Actor::for_patient(&caller, patient));
        let entry = audit::Entry {
            actor,
            action: "list_my_assignments",
            // It is for no booking of its own.
            resource: row.assignment.organization_id.into(),
            whose,
            purpose: Purpose::Payment,
            outcome: Outcome::Allowed,
        };
        items.push((row.assignment, entry));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}
