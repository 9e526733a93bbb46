//! `POST /api/v1/users/sign-out` and `POST /api/v1/users/sign-out-everywhere`.

use axum::{extract::State as Extract, response::NoContent};
use kernel::{Reject, SignedIn};

use crate::{
    caution,
    sessions::{self, Cookies},
    state::State,
};

/// The cookies are taken away; there is nothing else to tell.
type Gone = (Cookies, NoContent);

/// Ends this session. Its cookies go, whether or not it had ended already.
pub async fn sign_out(Extract(state): Extract<State>, caller: SignedIn) -> Result<Gone, Reject> {
    let mut tx = state.core.begin().await?;
    sessions::end(&mut tx, &state.core, caller.account_id, caller.session_id).await?;
    caution::note(&mut tx, &state.core, &caller, "sign_out", caller.session_id).await?;
    state.core.commit(tx).await?;
    Ok(gone())
}

/// Ends every session of the account, this one too.
pub async fn sign_out_everywhere(Extract(state): Extract<State>, caller: SignedIn) -> Result<Gone, Reject> {
    let mut tx = state.core.begin().await?;
    caution::live_session(&mut tx, &caller).await?;
    sessions::end_all(&mut tx, &state.core, caller.account_id, None).await?;
    caution::note(&mut tx, &state.core, &caller, "sign_out_everywhere", caller.account_id).await?;
    state.core.commit(tx).await?;
    Ok(gone())
}

fn gone() -> Gone {
    (sessions::set_cookies(sessions::forgotten()), NoContent)
}
