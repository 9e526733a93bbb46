//! `POST /api/v1/notifications/practices/{organization_id}/undelivered/{message_id}/send-again`: a practice lets a message be
//! tried anew, once what was in its way is gone.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Core, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::{MessageId, OrganizationId, Problem};

use crate::store::undelivered;

/// Queues it. A message whose words are forgotten, or whose time is over, is not there any more; nor is one that waits already,
/// so that a second press sends nothing twice.
pub async fn send_again(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path((organization_id, message_id)): Path<(OrganizationId, MessageId)>,
) -> Result<NoContent, Reject> {
    let mut tx = core.begin().await?;
    let queued = undelivered::queue_again(&mut tx, Some(organization_id), message_id, core.now()).await?;
    let Some((booking_id, patient_id)) = queued.and_then(|again| Some((again.booking_id?, again.patient_id)))
    else {
        // Whoever sends passes over what is locked.
        tx.rollback().await?;
        return Err(Problem::not_found("This message").into());
    };
    let entry = Entry {
        actor: Actor::for_practice(&caller, organization_id),
        action: "send_again",
        resource: booking_id.into(),
        whose: patient_id,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    audit::record(&mut tx, &core, entry).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}
