//! `POST /api/v1/users/email/verify`: the link of a sign-up or of a change of address was followed.

use axum::{extract::State as Extract, response::NoContent};
use kernel::{Json, Reject, address::ClientAddress, audit::Outcome, chance::hash_secret};
use shared_types::{
    Problem,
    users::{AccountMail, OwnDetails, OwnDetailsChanged, VerifyEmail},
};
use sqlx::PgConnection;

use crate::{
    caution,
    domain::email::Email,
    mail::{self, Letter},
    people::tell_own_details,
    state::State,
    store::{account, email_token, password, patient, sign_up},
};

/// Makes the account, or gives it its new address. A link works once.
pub async fn verify_email(
    Extract(state): Extract<State>,
    address: ClientAddress,
    Json(body): Json<VerifyEmail>,
) -> Result<NoContent, Reject> {
    state.tries_per_address.check(address)?;
    let hash = hash_secret(body.token.expose());
    let mut tx = state.core.begin().await?;
    let done = make_account(&mut tx, &state, &hash).await? || change_address(&mut tx, &state, &hash).await?;
    if !done {
        return Err(caution::link_ended().into());
    }
    state.core.commit(tx).await?;
    Ok(NoContent)
}

/// False when the link is of no sign-up, or somebody else has that address by now.
async fn make_account(conn: &mut PgConnection, state: &State, hash: &[u8; 32]) -> Result<bool, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let Some(row) = sign_up::take_sign_up(conn, hash, now).await? else { return Ok(false) };
    let email = Email::parse(&row.email).map_err(|error| Problem::invalid(vec![error]))?;
    let account_id = row.account_id;
    if !account::insert_account(conn, account_id, email.written(), email.lower(), now).await? {
        return Ok(false);
    }
    password::put_password(conn, account_id, &row.password, now).await?;
    caution::note_stranger(conn, core, "verify_email", Some(account_id), Outcome::Allowed).await?;
    Ok(true)
}

/// False when the link is of no change, or somebody else has that address by now. The old address is told.
async fn change_address(conn: &mut PgConnection, state: &State, hash: &[u8; 32]) -> Result<bool, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let Some((account_id, new)) = email_token::use_change(conn, hash, now).await? else { return Ok(false) };
    let email = Email::parse(&new).map_err(|error| Problem::invalid(vec![error]))?;
    let Some(before) = account::find_account(conn, account_id).await? else { return Ok(false) };
    if !account::change_email(conn, account_id, email.written(), email.lower(), now).await? {
        return Ok(false);
    }
    let own = patient::find(conn, None, Some(account_id)).await?.map(|found| found.patient);
    let details = own.as_ref().map(|patient| &patient.details);
    let was = OwnDetails::of(before.email.clone(), details);
    let is = OwnDetails::of(email.written().to_owned().into(), details);
    let patient_id = own.as_ref().map(|patient| patient.patient_id);
    tell_own_details(conn, core, OwnDetailsChanged { account_id, patient_id, was, is }).await?;
    // A reset that was asked for at the old address is not to be used from there any more.
    email_token::end_tokens(conn, account_id, "reset").await?;
    mail::ask(conn, core, account_id, &before.email, Letter::notice(AccountMail::EmailChanged)).await?;
    caution::note_stranger(conn, core, "change_email", Some(account_id), Outcome::Allowed).await?;
    Ok(true)
}
