//! `/api/v1/notifications/me/preferences`: how an account wants to be told of things, apart from what its patients' details say.

use axum::extract::State as Extract;
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose, Recorded},
};
use shared_types::{Problem, notifications::Preferences};
use sqlx::PgConnection;

use crate::store::preference;

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

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    action: &'static str,
) -> sqlx::Result<Recorded> {
    let entry = Entry {
        actor: Actor::of(caller),
        action,
        resource: caller.account_id.into(),
        whose: caller.patient_id,
        purpose: Purpose::OwnRecord,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}
