//! `GET /api/v1/payments/practices/{organization_id}/claims/payment-runs/{medicare_payment_id}/claims`: which claims a run of Medicare's
//! pays, and what it took back out of it for which.

use axum::extract::{Path, Query, State as Extract};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{Actor, Entry, Outcome, Purpose},
};
use shared_types::{
    MedicarePaymentId, OrganizationId, Problem, page::Page, payments::claim::RunPart, problem::FieldError,
};
use uuid::Uuid;

use super::claim_reports::Listed;
use crate::{
    assigning,
    state::State,
    store::{claimant, medicare_payment, medicare_payment_part},
};

/// How many one page has.
const PAGE: usize = 50;

/// One page of them. Each claim that is read is written down.
pub async fn list_run_claims(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, medicare_payment_id)): Path<(OrganizationId, MedicarePaymentId)>,
    Query(wanted): Query<Listed>,
) -> Result<Disclosed<Page<RunPart>>, Reject> {
    let core = &state.core;
    let wrong = || Problem::invalid(vec![FieldError::new("cursor", "start again from the first page")]);
    let after = wanted.cursor.map(|cursor| cursor.parse::<Uuid>().map_err(|_| wrong())).transpose()?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut tx = core.begin().await?;
    if medicare_payment::find(&mut tx, organization_id, medicare_payment_id).await?.is_none() {
        return Err(Problem::not_found("This payment run").into());
    }
    let mut parts = medicare_payment_part::list(&mut tx, medicare_payment_id, after, limit).await?;
    let more = parts.len() > PAGE;
    parts.truncate(PAGE);
    let next = parts.last().filter(|_| more).map(|last| last.medicare_payment_part_id.to_string());
    let bookings: Vec<_> = parts.iter().map(|listed| listed.booking_id).collect();
    let visits = claimant::of_bookings(&mut tx, &bookings).await?;
    let mut items = Vec::with_capacity(parts.len());
    for listed in parts {
        let visit = visits.get(&listed.booking_id);
        let identity = visit.map(|visit| assigning::open(&state.cipher, visit)).transpose()?;
        let part = RunPart { patient_name: identity.map(|identity| identity.name), ..listed.part };
        let entry = Entry {
            actor: Actor::for_practice(&caller, organization_id),
            action: "list_run_claims",
            resource: listed.booking_id.into(),
            whose: listed.patient_id,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        items.push((part, entry));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}
