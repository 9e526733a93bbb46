//! Signing in with a passkey: `POST /api/v1/users/sign-in/passkey/start` and `POST /api/v1/users/sign-in/passkey`.
//! The browser offers the passkeys it has, so nobody types an address.

use axum::extract::State as Extract;
use jiff::SignedDuration;
use kernel::{Caller, Json, Reject, address::ClientAddress, audit::Outcome};
use serde_json::Value;
use shared_types::{
    AccountId, CeremonyId, Problem,
    problem::FieldError,
    users::{PasskeyAnswer, PasskeyCeremony, Strength},
};
use sqlx::PgConnection;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::sign_in::{SessionReply, done};
use crate::{
    caution,
    domain::device::Device,
    sessions,
    state::State,
    store::{
        account,
        passkey::{self, PasskeyRow},
    },
};

/// How long a browser may take to answer.
pub const CEREMONY: SignedDuration = SignedDuration::from_mins(5);

/// Asks the browser for any passkey it has for us.
pub async fn start_passkey_sign_in(
    Extract(state): Extract<State>,
    address: ClientAddress,
) -> Result<Json<PasskeyCeremony>, Reject> {
    state.tries_per_address.check(address)?;
    let (options, ceremony) =
        state.webauthn.start_discoverable_authentication().map_err(|error| Reject::internal(&error))?;
    let options = serde_json::to_value(options).map_err(|error| Reject::internal(&error))?;
    let ceremony_id: CeremonyId = state.core.id();
    let expires_at = state.core.now().saturating_add(CEREMONY).unwrap_or(state.core.now());
    let mut conn = state.core.pool.acquire().await?;
    passkey::insert_ceremony(&mut conn, ceremony_id, None, &ceremony, expires_at).await?;
    Ok(Json(PasskeyCeremony { ceremony_id, options }))
}

/// Whatever does not fit, the answer is the same.
pub async fn sign_in_with_passkey(
    Extract(state): Extract<State>,
    Caller(before): Caller,
    address: ClientAddress,
    device: Device,
    Json(body): Json<PasskeyAnswer>,
) -> Result<SessionReply, Reject> {
    state.tries_per_address.check(address)?;
    let credential: PublicKeyCredential = read(body.credential)?;
    let core = &state.core;
    let mut tx = core.begin().await?;
    let right = check(&mut tx, &state, body.ceremony_id, &credential).await?;
    let account = match right {
        Some(account_id) if account::lock_account(&mut tx, account_id).await? => {
            account::find_account(&mut tx, account_id).await?
        }
        _ => None,
    };
    let Some(account) = account else {
        caution::note_stranger(&mut tx, core, "sign_in_with_passkey", right, Outcome::Denied).await?;
        // The question counts as asked even so.
        core.commit(tx).await?;
        return Err(caution::wrong_sign_in().into());
    };
    let started =
        sessions::begin(&mut tx, &state, &account, Strength::Passkey, device, before.as_deref()).await?;
    caution::note(&mut tx, core, &started.claims, "sign_in_with_passkey", account.account_id).await?;
    core.commit(tx).await?;
    Ok(done(&started))
}

/// Whose passkey answered the question rightly, if anybody's; its use is noted.
async fn check(
    conn: &mut PgConnection,
    state: &State,
    ceremony_id: CeremonyId,
    credential: &PublicKeyCredential,
) -> sqlx::Result<Option<AccountId>> {
    let now = state.core.now();
    let asked: Option<DiscoverableAuthentication> =
        passkey::take_ceremony(conn, ceremony_id, None, now).await?;
    let named = state.webauthn.identify_discoverable_authentication(credential);
    let (Some(asked), Ok((account_id, credential_id))) = (asked, named) else { return Ok(None) };
    let account_id = AccountId::from(account_id);
    let Some(mut row) = passkey::find_passkey(conn, account_id, credential_id).await? else {
        return Ok(None);
    };
    if !answers(state, credential, asked, &mut row) {
        return Ok(None);
    }
    passkey::note_use(conn, &row, now).await?;
    Ok(Some(account_id))
}

/// Whether the passkey signed the question, with the person verified; its counter goes up.
fn answers(
    state: &State,
    credential: &PublicKeyCredential,
    asked: DiscoverableAuthentication,
    row: &mut PasskeyRow,
) -> bool {
    match state.webauthn.finish_discoverable_authentication_v2(credential, asked, &row.passkey) {
        Ok(result) => result.user_verified() && row.passkey.update_credential(&result).is_some(),
        Err(_) => false,
    }
}

/// Reads what a browser answered. What it says is not quoted.
///
/// # Errors
/// 422 when it is no credential.
pub fn read<T: serde::de::DeserializeOwned>(credential: Value) -> Result<T, Problem> {
    serde_json::from_value(credential).map_err(|_| {
        Problem::invalid(vec![FieldError::new("/credential", "Send what the browser answered, as JSON")])
    })
}
