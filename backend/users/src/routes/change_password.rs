//! `POST /api/v1/users/password/change`: with the present password.

use axum::{extract::State as Extract, response::NoContent};
use kernel::{Json, Reject, SignedIn, access::Refusal, chance::is_same_secret};
use shared_types::{
    AccountId, Problem,
    problem::FieldError,
    users::{AccountMail, ChangePassword, WrappedBy},
};
use sqlx::PgConnection;

use crate::{
    caution::{self, Refused},
    domain::{
        auth_key::AuthKey,
        credentials::{self, Blob},
        email::Email,
    },
    mail::{self, Letter},
    sessions,
    state::State,
    store::{
        account::{self, AccountRow},
        attempt,
        password::{self, PasswordRow},
        wrapped_key,
    },
};

/// Replaces the password and the copy of the account key that it wraps. Everywhere else is signed out.
pub async fn change_password(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(body): Json<ChangePassword>,
) -> Result<NoContent, Refused> {
    let core = &state.core;
    let current = AuthKey::parse(&body.current_auth_key, "/current_auth_key");
    let current = current.map_err(|error| Problem::invalid(vec![error]))?;
    let (kdf, key) = credentials::new_password(&body.kdf, &body.auth_key)?;
    let copy = read_copy(body.wrapped_key.as_deref())?;
    let (account, kept) = find(&state, caller.account_id).await?;
    let email = Email::parse(&account.email).map_err(|error| Problem::invalid(vec![error]))?;
    let subject = caution::take_try(&state, &email).await?;
    let right = current.matches(Some(kept.clone())).await?;
    let auth_hash = key.hash(&core.chance).await?;
    let mut tx = core.begin().await?;
    account::lock_account(&mut tx, account.account_id).await?;
    let session = caution::just_signed_in(&mut tx, core, &caller).await?;
    let still = password::find_password(&mut tx, account.account_id).await?;
    let still = still.is_some_and(|still| is_same_secret(still.auth_hash.as_bytes(), kept.as_bytes()));
    if !right || !still {
        caution::note_refused(&mut tx, core, &caller, "change_password").await?;
        core.commit(tx).await?;
        return Err(caution::wrong_sign_in().into());
    }
    replace_copy(&mut tx, &state, account.account_id, copy).await?;
    password::put_password(&mut tx, account.account_id, &PasswordRow { kdf, auth_hash }, core.now()).await?;
    sessions::end_all(&mut tx, core, account.account_id, Some(session.session_id)).await?;
    attempt::clear(&mut tx, &subject).await?;
    let letter = Letter::notice(AccountMail::PasswordChanged);
    mail::ask(&mut tx, core, account.account_id, &account.email, letter).await?;
    caution::note(&mut tx, core, &caller, "change_password", account.account_id).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

fn read_copy(text: Option<&str>) -> Result<Option<Blob>, Problem> {
    text.map(|text| match credentials::bytes(text) {
        Some(bytes) => Ok(Blob { kind: WrappedBy::Password, passkey_id: None, bytes }),
        None => Err(copy_problem("Send 1 to 1024 bytes as base64url")),
    })
    .transpose()
}

fn copy_problem(detail: &str) -> Problem {
    Problem::invalid(vec![FieldError::new("/wrapped_key", detail)])
}

async fn find(state: &State, account_id: AccountId) -> Result<(AccountRow, String), Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let account = account::find_account(&mut conn, account_id).await?;
    let password = password::find_password(&mut conn, account_id).await?;
    match (account, password) {
        (Some(account), Some(password)) => Ok((account, password.auth_hash)),
        _ => Err(Refusal::SignedOut.into()),
    }
}

/// A copy wrapped by the old password could not be opened any more, so a new one must come with the new password.
async fn replace_copy(
    conn: &mut PgConnection,
    state: &State,
    account_id: AccountId,
    copy: Option<Blob>,
) -> Result<(), Reject> {
    let had = wrapped_key::delete_password_copy(conn, account_id).await?;
    match copy {
        Some(copy) => {
            wrapped_key::put_wrapped_keys(conn, &state.core, account_id, &[copy]).await?;
            Ok(())
        }
        None if had => Err(copy_problem("Wrap the account key with the new password and send it").into()),
        None => Ok(()),
    }
}
