//! `PUT /api/v1/users/wrapped-keys`: copies of the account key in new wrappings, such as after a recovery.

use axum::{extract::State as Extract, http::StatusCode};
use kernel::{Json, Reject, SignedIn};
use shared_types::{Problem, problem::FieldError, users::PutWrappedKeys};

use crate::{
    caution,
    domain::credentials::{self, Blob},
    state::State,
    store::{account, wrapped_key},
};

/// Replaces the copies named and leaves the others. Public keys are set once: changing them is told to everybody who
/// seals to them, and not done here.
pub async fn put_wrapped_keys(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(body): Json<PutWrappedKeys>,
) -> Result<StatusCode, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let blobs = Blob::parse_all(&body.wrapped_keys).map_err(Problem::invalid)?;
    let identity_keys =
        credentials::identity_keys(body.identity_keys.as_deref()).map_err(Problem::invalid)?;
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    if wrapped_key::put_wrapped_keys(&mut tx, core, account_id, &blobs).await?.is_none() {
        return Err(invalid("/wrapped_keys", "Name passkeys of this account only").into());
    }
    if let Some(keys) = identity_keys
        && !account::set_identity_keys(&mut tx, account_id, &keys, core.now()).await?
    {
        return Err(invalid("/identity_keys", "This account has other keys already").into());
    }
    caution::note(&mut tx, core, &caller, "put_wrapped_keys", account_id).await?;
    core.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn invalid(pointer: &str, detail: &str) -> Problem {
    Problem::invalid(vec![FieldError::new(pointer, detail)])
}
