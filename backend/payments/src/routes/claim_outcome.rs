//! `POST /api/v1/payments/practices/{organization_id}/claims/{claim_id}/outcome`: what came of a claim about which Medicare is asked no
//! more, as Services Australia told staff.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject, SignedIn,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    ClaimId, OrganizationId, Problem,
    payments::claim::{self as wire, RecordOutcome},
};
use sqlx::PgConnection;

use super::claim_view::{disclose, own, refusal, stale, wrong_state};
use crate::{
    claiming::{self, CLAIM_ZONE, CannotTell},
    state::State,
    store::claim::{self, StoreError},
};

/// Says so, once: all is known of the claim then.
pub async fn record_outcome(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, claim_id)): Path<(OrganizationId, ClaimId)>,
    key: IdempotencyKey,
    Json(body): Json<RecordOutcome>,
) -> Result<Disclosed<wire::Claim>, Reject> {
    let (core, action) = (&state.core, "record_outcome");
    let asked = (claim_id, &body);
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    if let Begun::New(ticket) =
        idempotency::begin::<_, ClaimId>(&mut tx, core, action, &holder, key, &asked).await?
    {
        record(&mut tx, &state, organization_id, claim_id, &body).await?;
        ticket.finish(&mut tx, 200, &claim_id).await?;
    }
    disclose(&state, tx, &caller, (organization_id, claim_id), action).await
}

async fn record(
    conn: &mut PgConnection,
    state: &State,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    body: &RecordOutcome,
) -> Result<(), Reject> {
    let core = &state.core;
    let before = own(conn, organization_id, claim_id).await?;
    if before.version != body.version {
        return Err(stale().into());
    }
    let services = claim::services(conn, claim_id).await?.len();
    let payment =
        body.check(services, before.service_date, CLAIM_ZONE.date(core.now())).map_err(Problem::invalid)?;
    let said = claiming::told(conn, core, &before, (body.told, payment)).await.map_err(not_booked)?;
    said.map_err(cannot_tell)?;
    Ok(())
}

/// What the tables refused: what is said to be paid may have been rejected before, and be on another claim since.
fn not_booked(error: anyhow::Error) -> Reject {
    match claiming::refused(&error) {
        Some(StoreError::AlreadyClaimed) => claimed_again().into(),
        Some(StoreError::HasCharge | StoreError::Stale | StoreError::Database(_)) | None => refusal(error),
    }
}

/// 409: it is.
fn claimed_again() -> Problem {
    Problem::new("already-claimed", 409, "One of these services was claimed again meanwhile").detail(
        "Nothing was changed. Another claim of the visit names what Medicare had not paid at first: take that one back, or wait for what \
         Medicare says of it, then say once more what came of this one.",
    )
}

fn cannot_tell(why: CannotTell) -> Problem {
    match why {
        CannotTell::NotStopped => wrong_state("Medicare is asked still what came of it, or all is known."),
        CannotTell::HadIt => wrong_state("Medicare has said how it assessed it, so that it has had it."),
    }
}
