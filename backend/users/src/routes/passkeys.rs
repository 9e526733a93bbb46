//! `GET /api/v1/users/passkeys` and `DELETE /api/v1/users/passkeys/{passkey_id}`.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{Disclosed, Reject, SignedIn};
use shared_types::{
    PasskeyId, Problem,
    users::{AccountMail, PasskeyList},
};

use crate::{
    caution,
    mail::{self, Letter},
    state::State,
    store::{account, passkey},
};

/// The caller's passkeys, oldest first.
pub async fn list_passkeys(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<PasskeyList>, Reject> {
    let mut tx = state.core.begin().await?;
    caution::live_session(&mut tx, &caller).await?;
    let list = PasskeyList(passkey::list_passkeys(&mut tx, caller.account_id).await?);
    let recorded = caution::note(&mut tx, &state.core, &caller, "list_passkeys", caller.account_id).await?;
    Ok(Disclosed::commit(&state.core, tx, recorded, list).await?)
}

/// Removes one, with the copy of the account key that it wrapped. 404 when the caller has none of that id.
pub async fn delete_passkey(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(passkey_id): Path<PasskeyId>,
) -> Result<NoContent, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    if !passkey::delete_passkey(&mut tx, account_id, passkey_id).await? {
        return Err(Problem::not_found("This passkey").into());
    }
    if let Some(account) = account::find_account(&mut tx, account_id).await? {
        mail::ask(&mut tx, core, account_id, &account.email, Letter::notice(AccountMail::SignInChanged))
            .await?;
    }
    caution::note(&mut tx, core, &caller, "delete_passkey", account_id).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}
