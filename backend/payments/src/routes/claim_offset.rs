//! `POST /api/v1/payments/practices/{organization_id}/claims/{claim_id}/offset`: Medicare took back, out of a later run, what it had paid
//! for a claim, or some of it.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject, SignedIn,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    ClaimId, OrganizationId, Problem,
    payments::claim::{self as wire, RecordOffset},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::claim_view::{disclose, own, refusal, stale, wrong_state};
use crate::{
    claiming::{self, CannotOffset},
    state::State,
};

/// Says so, once for a claim and a run.
pub async fn record_offset(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, claim_id)): Path<(OrganizationId, ClaimId)>,
    key: IdempotencyKey,
    Json(body): Json<RecordOffset>,
) -> Result<Disclosed<wire::Claim>, Reject> {
    let (core, action) = (&state.core, "record_offset");
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
    body: &RecordOffset,
) -> Result<(), Reject> {
    let before = own(conn, organization_id, claim_id).await?;
    if before.version != body.version {
        return Err(stale().into());
    }
    body.check().map_err(Problem::invalid)?;
    let (run, amount_cents) = (body.medicare_payment_id, body.amount_cents);
    let said = claiming::offset(conn, &state.core, &before, run, amount_cents).await.map_err(refusal)?;
    said.map_err(cannot_offset)?;
    Ok(())
}

fn cannot_offset(why: CannotOffset) -> Problem {
    let field = |pointer: &str, detail: String| Problem::invalid(vec![FieldError::new(pointer, detail)]);
    match why {
        CannotOffset::NoRun => {
            field("/medicare_payment_id", "Choose one of the practice’s payment runs".to_owned())
        }
        CannotOffset::NotLater => {
            field("/medicare_payment_id", "Choose a later run than the one that paid the claim".to_owned())
        }
        CannotOffset::OtherAmount(most) => {
            field("/amount_cents", format!("Medicare can have taken back {most} of it"))
        }
        CannotOffset::SaidBefore => wrong_state("It is recorded already for this claim and this run."),
        CannotOffset::NotPaid => wrong_state("Medicare has paid nothing for it that could be taken back."),
    }
}
