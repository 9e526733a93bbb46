//! `GET /api/v1/notifications/practices/{organization_id}/undelivered`: what did not reach those who have an appointment with a
//! practice, for its staff. They know how else to reach them.

use axum::extract::{Path, Query, State as Extract};
use kernel::{
    Core, Disclosed, Reject, SignedIn,
    audit::{Actor, Entry, Outcome, Purpose},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{MessageId, OrganizationId, notifications::UndeliveredMessage, page::Page};

use crate::store::undelivered;

/// Where to go on.
#[derive(Deserialize, JsonSchema)]
pub struct Wanted {
    pub(super) cursor: Option<MessageId>,
}

/// One page, the newest first. Each message that is read is written down with the practice as the reason.
pub async fn list_undelivered(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<UndeliveredMessage>>, Reject> {
    let mut tx = core.begin().await?;
    let (rows, next) = undelivered::page(&mut tx, Some(organization_id), wanted.cursor, core.now()).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let whose = row.patient_id;
        let Some(message) = row.of_practice() else { continue };
        let entry = Entry {
            actor: Actor::for_practice(&caller, organization_id),
            action: "list_undelivered",
            resource: message.booking_id.into(),
            whose,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        items.push((message, entry));
    }
    Ok(Disclosed::commit_page(&core, tx, items, next).await?)
}
