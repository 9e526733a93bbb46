//! `POST /api/v1/users/sign-in/code`: the second half of a sign-in with a password.

use axum::{extract::State as Extract, http::HeaderMap};
use kernel::{Caller, Json, Reject, address::ClientAddress, audit::Outcome, chance::hash_secret, cookies};
use shared_types::{
    AccountId, Problem,
    users::{CodeGiven, Strength},
};
use sqlx::PgConnection;

use super::sign_in::{SessionReply, done};
use crate::{
    caution::{self, Refused},
    domain::{codes, device::Device, email::Email},
    sessions::{self, STEP_COOKIE},
    state::State,
    store::{account, attempt, refresh_token, totp},
};

/// Every code works once. Wrong ones count like wrong passwords.
pub async fn sign_in_with_code(
    Extract(state): Extract<State>,
    Caller(before): Caller,
    address: ClientAddress,
    device: Device,
    headers: HeaderMap,
    Json(body): Json<CodeGiven>,
) -> Result<SessionReply, Refused> {
    state.tries_per_address.check(address)?;
    let step = cookies::value(&headers, STEP_COOKIE).map(hash_secret).ok_or_else(begin_again)?;
    let subject = caution::take_try(&state, &email_of(&state, &step).await?).await?;
    let mut tx = state.core.begin().await?;
    let account_id =
        refresh_token::find_step(&mut tx, &step, state.core.now()).await?.ok_or_else(begin_again)?;
    let account = match account::find_account(&mut tx, account_id).await? {
        Some(account) if is_right(&mut tx, &state, account_id, &body).await? => account,
        _ => {
            let core = &state.core;
            caution::note_stranger(&mut tx, core, "sign_in_with_code", Some(account_id), Outcome::Denied)
                .await?;
            core.commit(tx).await?;
            return Err(caution::wrong_sign_in().into());
        }
    };
    refresh_token::delete_step(&mut tx, &step).await?;
    attempt::clear(&mut tx, &subject).await?;
    let strength = Strength::PasswordAndCode;
    let mut started = sessions::begin(&mut tx, &state, &account, strength, device, before.as_deref()).await?;
    started.cookies.push(cookies::set(STEP_COOKIE, "", 0));
    caution::note(&mut tx, &state.core, &started.claims, "sign_in_with_code", account_id).await?;
    state.core.commit(tx).await?;
    Ok(done(&started))
}

/// The address of the account whose password was right a moment ago.
async fn email_of(state: &State, step: &[u8; 32]) -> Result<Email, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let account_id =
        refresh_token::find_step(&mut conn, step, state.core.now()).await?.ok_or_else(begin_again)?;
    let account = account::find_account(&mut conn, account_id).await?.ok_or_else(begin_again)?;
    Ok(Email::parse(&account.email).map_err(|error| Problem::invalid(vec![error]))?)
}

/// Uses the code up if it is right.
async fn is_right(
    conn: &mut PgConnection,
    state: &State,
    account_id: AccountId,
    given: &CodeGiven,
) -> Result<bool, Reject> {
    match given {
        CodeGiven::Code(code) => is_right_code(conn, state, account_id, code.expose()).await,
        CodeGiven::RecoveryCode(code) => {
            let hash = codes::recovery_code_hash(code.expose());
            Ok(totp::use_recovery_code(conn, account_id, &hash, state.core.now()).await?)
        }
    }
}

/// Uses a code of the authenticator app up if it is right and was not used before.
///
/// # Errors
/// When the secret cannot be opened.
pub async fn is_right_code(
    conn: &mut PgConnection,
    state: &State,
    account_id: AccountId,
    code: &str,
) -> Result<bool, Reject> {
    let Some(row) = totp::find_totp(conn, account_id).await? else { return Ok(false) };
    let secret = state.secrets.open_sealed(account_id, &row.sealed_secret)?;
    match codes::step_of_code(&secret, code, state.core.now())? {
        Some(step) => Ok(totp::use_step(conn, account_id, step).await?),
        None => Ok(false),
    }
}

fn begin_again() -> Reject {
    Problem::new("sign-in-again", 403, "Sign in again first")
        .detail("The code came too late. Enter your e-mail address and password once more.")
        .into()
}
