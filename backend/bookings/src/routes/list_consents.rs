//! `GET /api/v1/bookings/me/consents`: what the caller agreed to when they booked.

use axum::extract::State as Extract;
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{page::Page, users::ConsentHeld};

use crate::{state::State, store::consent};

/// One for each booking. They end with their booking and not before.
pub async fn list_consents(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<Page<ConsentHeld>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let items = consent::list(&mut tx, caller.account_id, caller.patient_id).await?;
    let entry = audit::Entry {
        actor: Actor::of(&caller),
        action: "list_consents",
        resource: caller.account_id.into(),
        whose: caller.patient_id,
        purpose: Purpose::OwnRecord,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    Ok(Disclosed::commit(core, tx, receipt, Page { items, next: None }).await?)
}
