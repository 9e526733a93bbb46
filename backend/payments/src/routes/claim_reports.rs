//! `/api/v1/payments/practices/{organization_id}/claims/payment-runs` and `…/{claim_id}/ask`: what Medicare paid to the practice's bank, and
//! asking once more about a claim of which no report came.

use axum::{
    Json as Plain,
    extract::{Path, Query, State as Extract},
};
use kernel::{
    Disclosed, Reject, SignedIn,
    idempotency::{self, Begun, IdempotencyKey},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    ClaimId, MedicarePaymentId, OrganizationId, Problem,
    page::Page,
    payments::claim::{self as wire, MedicareRun},
    problem::FieldError,
};

use super::claim_view::{disclose, own, wrong_state};
use crate::{
    claiming::{awaits_report, has_stopped},
    state::State,
    store::{claim, medicare_payment},
};

/// How many one page has.
const PAGE: usize = 50;

/// Where to go on.
#[derive(Deserialize, JsonSchema)]
pub struct Listed {
    /// The `next` of the page before.
    pub(super) cursor: Option<String>,
}

/// One page of Medicare's payment runs, the latest first. They name nobody: sums and days.
pub async fn list_payment_runs(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Listed>,
) -> Result<Plain<Page<MedicareRun>>, Reject> {
    let wrong = || Problem::invalid(vec![FieldError::new("cursor", "start again from the first page")]);
    let after =
        wanted.cursor.map(|cursor| cursor.parse::<MedicarePaymentId>().map_err(|_| wrong())).transpose()?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut conn = state.core.pool.acquire().await?;
    let mut runs = medicare_payment::list(&mut conn, organization_id, after, limit).await?;
    let more = runs.len() > PAGE;
    runs.truncate(PAGE);
    let next = runs.last().filter(|_| more).map(|run| run.medicare_payment_id.to_string());
    Ok(Plain(Page { items: runs, next }))
}

/// Has Medicare asked once more what came of a claim, at once. One that is asked about anyway stays as it is.
pub async fn ask_for_report(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, claim_id)): Path<(OrganizationId, ClaimId)>,
    key: IdempotencyKey,
) -> Result<Disclosed<wire::Claim>, Reject> {
    let (core, action) = (&state.core, "ask_for_report");
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    if let Begun::New(ticket) =
        idempotency::begin::<_, ClaimId>(&mut tx, core, action, &holder, key, &claim_id).await?
    {
        let before = own(&mut tx, organization_id, claim_id).await?;
        if !awaits_report(&before) {
            return Err(wrong_state("Medicare has nothing more to say of it.").into());
        }
        if has_stopped(&before) {
            claim::ask_again(&mut tx, claim_id, Some(core.now())).await?;
        }
        ticket.finish(&mut tx, 200, &claim_id).await?;
    }
    disclose(&state, tx, &caller, (organization_id, claim_id), action).await
}
