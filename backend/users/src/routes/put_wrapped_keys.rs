//! `PUT /api/v1/users/wrapped-keys`: copies of the account key in new wrappings, such as after a recovery.

use axum::{extract::State as Extract, response::NoContent};
use kernel::{Json, Reject, SignedIn};
use shared_types::{Problem, problem::FieldError, users::PutWrappedKeys};

use crate::{
    caution,
    domain::credentials::Blob,
    notes::no_keys,
    state::State,
    store::{identity, wrapped_key},
};

/// Replaces the copies named and leaves the others. 404 while there are no keys that they would open; making new ones is
/// told to everybody who seals to them, and not done here.
pub async fn put_wrapped_keys(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(body): Json<PutWrappedKeys>,
) -> Result<NoContent, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let blobs = Blob::parse_all(&body.wrapped_keys, "/wrapped_keys").map_err(Problem::invalid)?;
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    if identity::find(&mut tx, account_id).await?.is_none() {
        return Err(no_keys("Make your keys first.").into());
    }
    if wrapped_key::put_wrapped_keys(&mut tx, core, account_id, &blobs).await?.is_none() {
        let error = FieldError::new("/wrapped_keys", "Name passkeys of this account only");
        return Err(Problem::invalid(vec![error]).into());
    }
    caution::note(&mut tx, core, &caller, "put_wrapped_keys", account_id).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}
