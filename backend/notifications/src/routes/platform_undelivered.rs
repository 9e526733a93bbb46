//! `/api/v1/notifications/platform/undelivered`: what did not reach anybody and is about no practice's booking, for administrators:
//! letters about accounts, offers to who waits, invitations, letters to practices, codes. They see what kind it was, when, and what was
//! said against it: neither whom it was for nor what it said.

use axum::{
    extract::{Path, Query, State as Extract},
    response::NoContent,
};
use kernel::{
    Core, Json, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose, Resource},
};
use shared_types::{MessageId, Problem, notifications::UndeliveredPlatformMessage, page::Page};

use super::list_undelivered::Wanted;
use crate::store::undelivered::{self, Undelivered};

/// `GET`: one page, the newest first. It names nobody, so reading it is no look at a record.
pub async fn list_platform_undelivered(
    Extract(core): Extract<Core>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Page<UndeliveredPlatformMessage>>, Reject> {
    let mut conn = core.pool.acquire().await?;
    let (rows, next) = undelivered::page(&mut conn, None, wanted.cursor, core.now()).await?;
    Ok(Json(Page { items: rows.into_iter().map(Undelivered::of_platform).collect(), next }))
}

/// `POST …/{message_id}/send-again`: queues it anew, once what was in its way is mended. A message whose words are forgotten, or whose
/// time is over, is not there any more; nor is one that waits already, so that a second press sends nothing twice.
pub async fn send_platform_again(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(message_id): Path<MessageId>,
) -> Result<NoContent, Reject> {
    let mut tx = core.begin().await?;
    let Some(again) = undelivered::queue_again(&mut tx, None, message_id, core.now()).await? else {
        // Whoever sends passes over what is locked.
        tx.rollback().await?;
        return Err(Problem::not_found("This message").into());
    };
    let entry = Entry {
        actor: Actor::of(&caller),
        action: "send_platform_again",
        resource: Resource { kind: "message", id: message_id.0 },
        whose: again.patient_id,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(&mut tx, &core, entry).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}
