//! `/api/v1/payments/practices/{organization_id}/bulk-billing`: whether a practice bulk bills every eligible service. Saying so is good
//! for a year; then the badge goes until it is said again (C-53).

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
};
use kernel::{
    Json, Reject, SignedIn,
    outbox::{self, About},
};
use shared_types::{
    OrganizationId,
    payments::{
        PaymentsEvent,
        eligibility::Eligibility,
        funding::{BulkBilling, PutBulkBilling},
    },
};

use super::funding::{bulk_bills_everything, charges_for, note, stale};
use crate::{
    funding::{tell_of_practice, types},
    state::State,
    store::funding,
};

/// What was last said, and how each appointment type stands of which the practice has said who pays.
pub async fn find_bulk_billing(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Plain<BulkBilling>, Reject> {
    let mut tx = state.core.begin().await?;
    let said = funding::bulk_billing(&mut tx, organization_id).await?;
    let types = types(&mut tx, &state.core, organization_id).await?;
    Ok(Plain(BulkBilling { types, ..said }))
}

/// Says it, or no longer. It cannot be said while a patient with a Medicare card would be charged for an eligible item.
pub async fn put_bulk_billing(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Json(body): Json<PutBulkBilling>,
) -> Result<Plain<BulkBilling>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let said = BulkBilling {
        everything: body.everything,
        attested_at: body.everything.then_some(now),
        types: Vec::new(),
        version: body.version.saturating_add(1),
    };
    let mut tx = core.begin().await?;
    // First, so that rules which are put at this moment wait for it.
    let fact = funding::put_bulk_billing(&mut tx, organization_id, &said, now).await?.ok_or_else(stale)?;
    if body.everything {
        for of_type in funding::types_of(&mut tx, organization_id).await? {
            let rules = funding::find(&mut tx, organization_id, of_type).await?;
            // What is unanswered cannot be charged for, and the page says so: there may be types of which nothing is known here.
            if charges_for(&mut tx, core, &rules).await? == Some(Eligibility::Eligible) {
                return Err(bulk_bills_everything().into());
            }
        }
        // First how its types stand: from then on prices go by it.
        tell_of_practice(&mut tx, core, organization_id).await?;
    }
    let about = About {
        aggregate: "practice_account",
        id: organization_id.to_string(),
        version: i64::from(said.version),
    };
    outbox::tell(&mut tx, core, about, &PaymentsEvent::PracticeAccountChanged(fact)).await?;
    note(&mut tx, core, &caller, organization_id, "put_bulk_billing").await?;
    let types = types(&mut tx, core, organization_id).await?;
    core.commit(tx).await?;
    Ok(Plain(BulkBilling { types, ..said }))
}
