//! `POST /api/v1/users/email/change`: asks for another address; it is used once its link is followed.

use axum::extract::State as Extract;
use jiff::SignedDuration;
use kernel::{Accepted, Json, Reject, SignedIn, address::ClientAddress};
use shared_types::{
    Problem,
    users::{AccountMail, EmailOnly},
};

use crate::{
    caution,
    domain::email::Email,
    mail::{self, Letter},
    state::State,
    store::{
        account,
        email_token::{self, EmailAct},
    },
};

/// How long the link works.
const LINK: SignedDuration = SignedDuration::from_hours(24);

/// The reply is the same whether or not somebody has an account with the new address: it is told by mail.
pub async fn change_email(
    Extract(state): Extract<State>,
    caller: SignedIn,
    address: ClientAddress,
    Json(body): Json<EmailOnly>,
) -> Result<Accepted<()>, Reject> {
    state.tries_per_address.check(address)?;
    let email = Email::parse(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    let (core, account_id) = (&state.core, caller.account_id);
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    let taken =
        account::find_by_email(&mut tx, email.lower()).await?.filter(|other| other.account_id != account_id);
    let write = caution::may_write_to(&mut tx, &state, &email).await?;
    let (link, hash, expires_at) = Letter::with_link(core, AccountMail::ChangeEmail, LINK);
    let act = EmailAct::Change(email.written().to_owned().into());
    email_token::put_token(&mut tx, &hash, account_id, &act, core.now(), expires_at).await?;
    if write {
        let (to, letter) = match &taken {
            Some(other) => (other.account_id, Letter::notice(AccountMail::AccountExists)),
            None => (account_id, link),
        };
        mail::ask(&mut tx, core, to, &email.written().to_owned().into(), letter).await?;
    }
    caution::note(&mut tx, core, &caller, "ask_change_email", account_id).await?;
    core.commit(tx).await?;
    Ok(Accepted(()))
}
