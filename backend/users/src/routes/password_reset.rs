//! A forgotten password: `POST /api/v1/users/password/reset/start` and `POST /api/v1/users/password/reset`.

use axum::extract::State as Extract;
use jiff::SignedDuration;
use kernel::{Accepted, Json, Reject, address::ClientAddress, audit::Outcome, chance::hash_secret};
use shared_types::{
    AccountId, Problem,
    users::{AccountMail, EmailOnly, PasswordReset, ResetPassword},
};
use sqlx::PgConnection;

use crate::{
    caution,
    domain::{credentials, email::Email},
    mail::{self, Letter},
    sessions,
    state::State,
    store::{
        account, attempt,
        email_token::{self, EmailAct},
        password::{self, PasswordRow},
        wrapped_key,
    },
};

/// How long the link works.
const LINK: SignedDuration = SignedDuration::from_hours(1);

/// Has a link mailed, if anybody has an account with that address. The reply is the same if not.
pub async fn start_password_reset(
    Extract(state): Extract<State>,
    address: ClientAddress,
    Json(body): Json<EmailOnly>,
) -> Result<Accepted<()>, Reject> {
    state.tries_per_address.check(address)?;
    let email = Email::parse(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    let core = &state.core;
    let mut tx = core.begin().await?;
    let account = account::find_by_email(&mut tx, email.lower()).await?;
    let write = caution::may_write_to(&mut tx, &state, &email).await?;
    let (letter, hash, expires_at) = Letter::with_link(core, AccountMail::ResetPassword, LINK);
    if let Some(account) = account.as_ref().filter(|_| write) {
        let act = EmailAct::Reset;
        email_token::put_token(&mut tx, &hash, account.account_id, &act, core.now(), expires_at).await?;
        mail::ask(&mut tx, core, account.account_id, &account.email, letter).await?;
    }
    let account_id = account.map(|account| account.account_id);
    caution::note_stranger(&mut tx, core, "start_password_reset", account_id, Outcome::Allowed).await?;
    core.commit(tx).await?;
    Ok(Accepted(()))
}

/// Chooses a new password. Everybody is signed out; a code is still asked for where one was. What is sealed stays closed
/// until a recovery code or a passkey unwraps the account key, which the reply says.
pub async fn reset_password(
    Extract(state): Extract<State>,
    address: ClientAddress,
    Json(body): Json<ResetPassword>,
) -> Result<Json<PasswordReset>, Reject> {
    state.tries_per_address.check(address)?;
    let (kdf, key) = credentials::new_password(&body.kdf, &body.auth_key)?;
    let auth_hash = key.hash(&state.core.chance).await?;
    let core = &state.core;
    let mut tx = core.begin().await?;
    let used = email_token::use_reset(&mut tx, &hash_secret(body.token.expose()), core.now()).await?;
    let account_id = used.ok_or_else(caution::link_ended)?;
    if !account::lock_account(&mut tx, account_id).await? {
        return Err(caution::link_ended().into());
    }
    password::put_password(&mut tx, account_id, &PasswordRow { kdf, auth_hash }, core.now()).await?;
    let sealed_needs_recovery = wrapped_key::delete_password_copy(&mut tx, account_id).await?;
    sessions::end_all(&mut tx, core, account_id, None).await?;
    tell_owner(&mut tx, &state, account_id).await?;
    caution::note_stranger(&mut tx, core, "reset_password", Some(account_id), Outcome::Allowed).await?;
    core.commit(tx).await?;
    Ok(Json(PasswordReset { sealed_needs_recovery }))
}

/// The owner is told, and need not wait for wrong answers that others gave.
async fn tell_owner(conn: &mut PgConnection, state: &State, account_id: AccountId) -> sqlx::Result<()> {
    let Some(account) = account::find_account(conn, account_id).await? else { return Ok(()) };
    if let Ok(email) = Email::parse(&account.email) {
        attempt::clear(conn, &state.secrets.subject(email.lower())).await?;
    }
    mail::ask(conn, &state.core, account_id, &account.email, Letter::notice(AccountMail::PasswordChanged))
        .await
}
