//! `POST /api/v1/payments/practices/{organization_id}/claims/{claim_id}/return`: what Medicare paid for a visit that was none has gone
//! back.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject, SignedIn,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    ClaimId, OrganizationId, Problem,
    payments::claim::{self as wire, ReturnBenefit},
};
use sqlx::PgConnection;

use super::claim_view::{disclose, own, refusal, stale, wrong_state};
use crate::{
    claiming::{self, CLAIM_ZONE, CannotReturn, WentBack},
    state::State,
};

/// Says that the benefit of a claim went back, which takes it out of what is to be asked back.
pub async fn return_benefit(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, claim_id)): Path<(OrganizationId, ClaimId)>,
    key: IdempotencyKey,
    Json(body): Json<ReturnBenefit>,
) -> Result<Disclosed<wire::Claim>, Reject> {
    let (core, action) = (&state.core, "return_benefit");
    let asked = (claim_id, &body);
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    if let Begun::New(ticket) =
        idempotency::begin::<_, ClaimId>(&mut tx, core, action, &holder, key, &asked).await?
    {
        give_back(&mut tx, &state, organization_id, claim_id, &body).await?;
        ticket.finish(&mut tx, 200, &claim_id).await?;
    }
    disclose(&state, tx, &caller, (organization_id, claim_id), action).await
}

async fn give_back(
    conn: &mut PgConnection,
    state: &State,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    body: &ReturnBenefit,
) -> Result<(), Reject> {
    let core = &state.core;
    let before = own(conn, organization_id, claim_id).await?;
    if before.version != body.version {
        return Err(stale().into());
    }
    let reason = body.check(before.service_date, CLAIM_ZONE.date(core.now())).map_err(Problem::invalid)?;
    let went_back = WentBack { way: body.way, returned_on: body.returned_on, reason };
    let given = claiming::give_back(conn, core, &before, &went_back).await.map_err(refusal)?;
    given.map_err(cannot_return)?;
    Ok(())
}

fn cannot_return(why: CannotReturn) -> Problem {
    match why {
        CannotReturn::NotPaid => wrong_state("Medicare has paid nothing for it that could go back."),
        CannotReturn::TookPlace => {
            wrong_state("Its visit stands as one that took place, so that what Medicare paid for it stays.")
        }
    }
}
