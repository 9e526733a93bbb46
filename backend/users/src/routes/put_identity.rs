//! `PUT /api/v1/users/me/identity`: publishes the caller's keys, the first or new ones.

use axum::{extract::State as Extract, response::NoContent};
use kernel::{Json, Reject, SignedIn, access::Refusal};
use shared_types::{
    AccountId, Problem,
    problem::FieldError,
    users::{AccountMail, PutIdentity},
};
use sqlx::PgConnection;

use crate::{
    caution,
    domain::{identity::NewIdentity, leaf},
    mail::{self, Letter},
    state::State,
    store::{account, identity, key_log, wrapped_key},
};

/// Publishes them in the key directory. New keys take the place of the former: every copy of a former account key goes, and
/// what was sealed to the former stays closed to the new ones. The same once more changes nothing.
pub async fn put_identity(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(body): Json<PutIdentity>,
) -> Result<NoContent, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let new = NewIdentity::read(account_id, &body, core.now())?;
    let mut tx = core.begin().await?;
    account::lock_account(&mut tx, account_id).await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    let former = key_log::of_accounts(&mut tx, &[account_id]).await?.pop();
    let former = former.map(|leaf| leaf.read()).transpose()?;
    if former.as_ref() == Some(&new.leaf) {
        return Ok(NoContent);
    }
    leaf::follows(&new.leaf, former.as_ref())?;
    replace(&mut tx, &state, account_id, &new).await?;
    let account = account::find_account(&mut tx, account_id).await?.ok_or(Refusal::SignedOut)?;
    mail::ask(&mut tx, core, account_id, &account.email, Letter::notice(AccountMail::SignInChanged)).await?;
    caution::note(&mut tx, core, &caller, "put_identity", account_id).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

async fn replace(
    conn: &mut PgConnection,
    state: &State,
    account_id: AccountId,
    new: &NewIdentity,
) -> Result<(), Reject> {
    let core = &state.core;
    wrapped_key::delete_wrapped_keys(conn, account_id).await?;
    if wrapped_key::put_wrapped_keys(conn, core, account_id, &new.account_key).await?.is_none() {
        let error = FieldError::new("/keys/account_key", "Name passkeys of this account only");
        return Err(Problem::invalid(vec![error]).into());
    }
    let index = state.key_log.append(conn, core, &new.leaf).await?;
    identity::put(conn, account_id, new.keys.key_id(), &new.wrapped, index, core.now()).await?;
    Ok(())
}
