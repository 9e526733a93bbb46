//! The authenticator app: `POST /api/v1/users/totp/start`, `POST /api/v1/users/totp/confirm`, `DELETE /api/v1/users/totp`.

use axum::{extract::State as Extract, response::NoContent};
use kernel::{Disclosed, Json, Reject, SignedIn, access::Refusal};
use shared_types::{
    Problem,
    users::{AccountMail, ConfirmTotp, RecoveryCodes, TotpStarted},
};

use super::{recovery_codes::new_codes, sign_in_with_code::is_right_code};
use crate::{
    caution,
    domain::codes::{TOTP_SECRET, totp_words},
    mail::{self, Letter},
    state::State,
    store::{account, totp},
};

/// Makes a secret and shows it once. It is asked for only after a right code has come back.
pub async fn start_totp(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<TotpStarted>, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let secret: [u8; TOTP_SECRET] = core.chance.bytes();
    let sealed = state.secrets.seal(account_id, &secret, &core.chance);
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    let account = account::find_account(&mut tx, account_id).await?.ok_or(Refusal::SignedOut)?;
    if !totp::put_secret(&mut tx, account_id, &sealed, core.now()).await? {
        return Err(is_on().into());
    }
    let recorded = caution::note(&mut tx, core, &caller, "start_totp", account_id).await?;
    let (base32, uri) = totp_words(&secret, account.email.expose());
    let started = TotpStarted { secret: base32.into(), uri: uri.into() };
    Ok(Disclosed::commit(core, tx, recorded, started).await?)
}

/// From now on a code is asked for after the password. Shows ten recovery codes, once.
pub async fn confirm_totp(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(body): Json<ConfirmTotp>,
) -> Result<Json<RecoveryCodes>, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    match totp::find_totp(&mut tx, account_id).await? {
        None => return Err(is_off().into()),
        Some(row) if row.confirmed => return Err(is_on().into()),
        Some(_) => {}
    }
    if !is_right_code(&mut tx, &state, account_id, body.code.expose()).await? {
        return Err(Problem::new("wrong-proof", 403, "That code does not match")
            .detail("Check the clock of your phone and enter the newest code.")
            .into());
    }
    totp::confirm(&mut tx, account_id, core.now()).await?;
    let codes = new_codes(&mut tx, core, account_id).await?;
    if let Some(account) = account::find_account(&mut tx, account_id).await? {
        mail::ask(&mut tx, core, account_id, &account.email, Letter::notice(AccountMail::SignInChanged))
            .await?;
    }
    caution::note(&mut tx, core, &caller, "confirm_totp", account_id).await?;
    core.commit(tx).await?;
    Ok(Json(codes))
}

/// No code is asked for any more, and the recovery codes are gone. 404 when there was no app.
pub async fn delete_totp(Extract(state): Extract<State>, caller: SignedIn) -> Result<NoContent, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    if !totp::delete_totp(&mut tx, account_id).await? {
        return Err(Problem::not_found("An authenticator app").into());
    }
    if let Some(account) = account::find_account(&mut tx, account_id).await? {
        mail::ask(&mut tx, core, account_id, &account.email, Letter::notice(AccountMail::SignInChanged))
            .await?;
    }
    caution::note(&mut tx, core, &caller, "delete_totp", account_id).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

fn is_on() -> Problem {
    Problem::new("totp-on", 409, "An authenticator app is set up already")
        .detail("Nothing was changed. Remove it first to set up another.")
}

/// The answer where an authenticator app is needed and there is none.
pub fn is_off() -> Problem {
    Problem::new("totp-off", 409, "No authenticator app is set up")
        .detail("Nothing was changed. Set one up first.")
}
