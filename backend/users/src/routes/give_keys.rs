//! `POST /api/v1/users/practices/{organization_id}/mailbox/grants`: gives keys of a practice's epochs to members who hold
//! none of them yet: somebody new, or somebody with new keys.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Json, Reject, SignedIn,
    audit::{Actor, Purpose},
};
use shared_types::{OrganizationId, users::GiveKeys};

use super::begin_epoch::staff_keys;
use crate::{
    domain::mailbox::NewKeys,
    people::note,
    state::State,
    store::{mailbox, membership},
};

/// Gives them. What somebody holds already stays as it is.
pub async fn give_keys(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Json(body): Json<GiveKeys>,
) -> Result<NoContent, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let staff = membership::list(&mut tx, organization_id).await?;
    let staff = staff_keys(&mut tx, staff).await?;
    let epochs = mailbox::epochs(&mut tx, organization_id, 1).await?;
    let epochs: Vec<_> = epochs.iter().map(|row| &row.practice).collect();
    let new = NewKeys::read(organization_id, &epochs, &staff, &body)?;
    mailbox::insert_grants(&mut tx, organization_id, &new.grants, now).await?;
    mailbox::insert_certificates(&mut tx, organization_id, &new.certificates, now).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    note(&mut tx, core, actor, "give_keys", organization_id, None, Purpose::Practice).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}
