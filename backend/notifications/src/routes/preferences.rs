//! `/api/v1/notifications/me/preferences`: how an account wants to be told of things, apart from what its patients' details say.

use axum::extract::State as Extract;
use kernel::{Core, Disclosed, Json, Reject, SignedIn};
use shared_types::{Problem, notifications::Preferences};

use crate::{own_record::note, store::preference};

/// What holds for the caller.
pub async fn find_preferences(
    Extract(core): Extract<Core>,
    caller: SignedIn,
) -> Result<Disclosed<Preferences>, Reject> {
    let mut tx = core.begin().await?;
    let preferences = preference::find(&mut tx, caller.account_id).await?;
    let recorded = note(&mut tx, &core, &caller, "find_preferences").await?;
    Ok(Disclosed::commit(&core, tx, recorded, preferences).await?)
}

/// Changes it, for reminders that are not written yet.
pub async fn put_preferences(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<Preferences>,
) -> Result<Disclosed<Preferences>, Reject> {
    let wanted = body.check().map_err(Problem::invalid)?;
    let wanted = Preferences { version: wanted.version.saturating_add(1), ..wanted };
    let mut tx = core.begin().await?;
    if !preference::put(&mut tx, caller.account_id, &wanted).await? {
        return Err(Problem::new("stale-version", 409, "This has changed since you opened it")
            .detail("Nothing was changed. Look at it again, then decide.")
            .into());
    }
    let recorded = note(&mut tx, &core, &caller, "put_preferences").await?;
    Ok(Disclosed::commit(&core, tx, recorded, wanted).await?)
}
