//! `GET /api/v1/payments/me/consents`: what the caller agreed to about card numbers.

use axum::extract::State as Extract;
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::{page::Page, users::ConsentHeld};

use crate::{state::State, store::consent};

/// One for each time it was agreed to. Users takes withdrawals and tells them; the numbers go then.
pub async fn list_consents(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<Page<ConsentHeld>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let items = consent::list(&mut tx, caller.patient_id).await?;
    let entry = Entry {
        actor: Actor::of(&caller),
        action: "list_consents",
        resource: caller.account_id.into(),
        whose: caller.patient_id,
        purpose: Purpose::OwnRecord,
        outcome: Outcome::Allowed,
    };
    let recorded = audit::record(&mut tx, core, entry).await?;
    Ok(Disclosed::commit(core, tx, recorded, Page { items, next: None }).await?)
}
