//! `/api/v1/payments/practices/{organization_id}/claims`: the queue of a practice's claims, what is out with Medicare, and one claim.

use axum::{
    Json as Plain,
    extract::{Path, Query, State as Extract},
};
use jiff::ToSpan as _;
use kernel::{Disclosed, Reject, SignedIn};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    AudCents, ClaimId, OrganizationId, Problem,
    page::Page,
    payments::claim::{Claim, ClaimCase, ClaimStatus, ClaimTotals, WATCH_DAYS},
    problem::FieldError,
};

use super::claim_view::{case, entry, lines, note, own};
use crate::{
    claiming::CLAIM_ZONE,
    domain::ledger::Account,
    state::State,
    store::{claim, claimant, ledger},
};

/// How many one page has.
const PAGE: usize = 50;

/// Which claims.
#[derive(Deserialize, JsonSchema)]
pub struct Listed {
    status: Option<ClaimStatus>,
    cursor: Option<String>,
}

/// One page, the earliest lodgement limit first. Each claim that is read is written down.
pub async fn list_claims(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Listed>,
) -> Result<Disclosed<Page<Claim>>, Reject> {
    let core = &state.core;
    let wrong = || Problem::invalid(vec![FieldError::new("cursor", "start again from the first page")]);
    let after = wanted.cursor.map(|cursor| cursor.parse::<ClaimId>().map_err(|_| wrong())).transpose()?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut tx = core.begin().await?;
    let mut claims = claim::list(&mut tx, organization_id, wanted.status, after, limit).await?;
    let more = claims.len() > PAGE;
    claims.truncate(PAGE);
    let shown = lines(&mut tx, &state, &claims).await?;
    let entries = claims.iter().map(|claim| entry(&caller, claim, "list_claims"));
    let items = shown.into_iter().zip(entries).collect();
    let next = claims.last().filter(|_| more).map(|claim| claim.claim_id.to_string());
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

/// What the practice has out.
pub async fn find_claim_totals(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Plain<ClaimTotals>, Reject> {
    let mut tx = state.core.begin().await?;
    let today = CLAIM_ZONE.date(state.core.now());
    let watched = today.saturating_add(WATCH_DAYS.days());
    let due_cents: AudCents = ledger::balance(&mut tx, Account::medicare_due(organization_id)).await?;
    let claims = claim::ending(&mut tx, organization_id, today, watched).await?;
    let visits = claimant::unclaimed_ending(&mut tx, organization_id, today, watched).await?;
    Ok(Plain(ClaimTotals {
        by_status: claim::totals(&mut tx, organization_id).await?,
        ending_soon: claims.soon,
        lapsed: claims.lapsed,
        visits_ending_soon: visits.soon,
        visits_lapsed: visits.lapsed,
        stopped: claim::stopped(&mut tx, organization_id).await?,
        due_cents,
    }))
}

/// One claim whole.
pub async fn find_claim(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, claim_id)): Path<(OrganizationId, ClaimId)>,
) -> Result<Disclosed<ClaimCase>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let claim = own(&mut tx, organization_id, claim_id).await?;
    let case = case(&mut tx, &state, &claim).await?;
    let recorded = note(&mut tx, core, &caller, &claim, "find_claim").await?;
    Ok(Disclosed::commit(core, tx, recorded, case).await?)
}
