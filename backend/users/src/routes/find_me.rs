//! `GET /api/v1/users/me`: who is signed in, and the account key in every wrapping there is.

use axum::extract::State as Extract;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Disclosed, Reject, SignedIn, access::Refusal};
use shared_types::users::Me;

use crate::{
    caution,
    domain::credentials::Blob,
    state::State,
    store::{account, passkey, totp, wrapped_key},
};

/// 401 when the session has ended, even if the token still has minutes to go.
pub async fn find_me(Extract(state): Extract<State>, caller: SignedIn) -> Result<Disclosed<Me>, Reject> {
    let account_id = caller.account_id;
    let mut tx = state.core.begin().await?;
    let session = caution::live_session(&mut tx, &caller).await?;
    let account = account::find_account(&mut tx, account_id).await?.ok_or(Refusal::SignedOut)?;
    let passkeys = passkey::list_credential_ids(&mut tx, account_id).await?.len();
    let wrapped_keys = wrapped_key::list_wrapped_keys(&mut tx, account_id).await?;
    let me = Me {
        account_id,
        email: account.email,
        patient_id: caller.patient_id,
        acts_for: caller.acts_for.clone(),
        memberships: caller.memberships.clone(),
        platform: caller.platform.clone(),
        strength: caller.strength,
        signed_in_at: session.created_at,
        totp: totp::find_totp(&mut tx, account_id).await?.is_some_and(|totp| totp.confirmed),
        passkeys: u32::try_from(passkeys).unwrap_or(u32::MAX),
        recovery_codes_left: totp::count_recovery_codes(&mut tx, account_id).await?,
        identity_keys: account.identity_keys.map(|keys| URL_SAFE_NO_PAD.encode(keys)),
        wrapped_keys: wrapped_keys.iter().map(Blob::view).collect(),
    };
    let recorded = caution::note(&mut tx, &state.core, &caller, "find_me", account_id).await?;
    Ok(Disclosed::commit(&state.core, tx, recorded, me).await?)
}
