//! `/api/v1/notifications/me/notices`: what an account is told while it looks, and that it has read it.

use axum::{extract::State as Extract, response::NoContent};
use kernel::{Core, Disclosed, Json, Reject, SignedIn};
use shared_types::notifications::{Notices, ReadNotices};

use crate::{own_record::note, store::notice};

/// The newest.
pub async fn list_notices(
    Extract(core): Extract<Core>,
    caller: SignedIn,
) -> Result<Disclosed<Notices>, Reject> {
    let mut tx = core.begin().await?;
    let items = notice::list(&mut tx, caller.account_id).await?;
    let (unread, _) = notice::standing(&mut *tx, caller.account_id).await?;
    let recorded = note(&mut tx, &core, &caller, "list_notices").await?;
    let notices = Notices { items, unread, as_of: core.now() };
    Ok(Disclosed::commit(&core, tx, recorded, notices).await?)
}

/// Everything up to one is read. A notice of somebody else's marks nothing.
pub async fn read_notices(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<ReadNotices>,
) -> Result<NoContent, Reject> {
    let mut tx = core.begin().await?;
    notice::read(&mut tx, caller.account_id, body.up_to, core.now()).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}
