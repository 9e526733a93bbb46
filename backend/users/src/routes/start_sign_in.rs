//! `POST /api/v1/users/sign-in/start`: how to make the auth key of an address's password.

use axum::extract::State as Extract;
use kernel::{Json, Reject, address::ClientAddress};
use shared_types::{
    Problem,
    users::{EmailOnly, SignInStarted},
};
use uuid::Uuid;

use crate::{
    domain::{credentials::KdfChosen, email::Email},
    state::State,
    store::{account, password},
};

/// An address that nobody has an account with gets a salt too, the same every time.
pub async fn start_sign_in(
    Extract(state): Extract<State>,
    address: ClientAddress,
    Json(body): Json<EmailOnly>,
) -> Result<Json<SignInStarted>, Reject> {
    state.tries_per_address.check(address)?;
    let email = Email::parse(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    let pretended = KdfChosen::pretended(state.secrets.pretended_salt(email.lower()));
    let mut conn = state.core.pool.acquire().await?;
    let account = account::find_by_email(&mut conn, email.lower()).await?;
    // Asked for nobody as well, so that both ways take the same steps.
    let account_id = account.map_or(Uuid::nil().into(), |account| account.account_id);
    let known = password::find_password(&mut conn, account_id).await?;
    Ok(Json(SignInStarted { kdf: known.map_or(pretended, |known| known.kdf.view()) }))
}
