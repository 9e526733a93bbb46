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
        funding::{BulkBilling, PutBulkBilling},
    },
};

use super::funding::{bulk_bills_everything, charges_for_eligible, note, stale};
use crate::{state::State, store::funding};

/// What was last said.
pub async fn find_bulk_billing(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Plain<BulkBilling>, Reject> {
    let mut tx = state.core.begin().await?;
    Ok(Plain(funding::bulk_billing(&mut tx, organization_id).await?))
}

/// Says it, or no longer. It cannot be said while a patient with a Medicare card would be charged for an eligible item.
pub async fn put_bulk_billing(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Json(body): Json<PutBulkBilling>,
) -> Result<Plain<BulkBilling>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let wanted = BulkBilling {
        everything: body.everything,
        attested_at: body.everything.then_some(now),
        version: body.version.saturating_add(1),
    };
    let mut tx = core.begin().await?;
    // First, so that rules which are put at this moment wait for it.
    let fact = funding::put_bulk_billing(&mut tx, organization_id, &wanted, now).await?.ok_or_else(stale)?;
    if body.everything {
        for of_type in funding::types_of(&mut tx, organization_id).await? {
            let rules = funding::find(&mut tx, organization_id, of_type).await?.plain();
            if charges_for_eligible(&mut tx, core, &rules).await? {
                return Err(bulk_bills_everything().into());
            }
        }
    }
    let about = About {
        aggregate: "practice_account",
        id: organization_id.to_string(),
        version: i64::from(wanted.version),
    };
    outbox::tell(&mut tx, core, about, &PaymentsEvent::PracticeAccountChanged(fact)).await?;
    note(&mut tx, core, &caller, organization_id, "put_bulk_billing").await?;
    core.commit(tx).await?;
    Ok(Plain(wanted))
}
