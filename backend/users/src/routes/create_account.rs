//! `POST /api/v1/users/accounts`: signs up. The account is made when the link in the mail is followed.

use axum::extract::State as Extract;
use jiff::SignedDuration;
use kernel::{Accepted, Core, Json, Reject, address::ClientAddress, audit::Outcome, consent};
use shared_types::{
    Problem,
    bookings::ConsentGiven,
    problem::FieldError,
    users::{AccountMail, CreateAccount},
};
use sqlx::PgConnection;

use crate::{
    caution,
    domain::{credentials, email::Email},
    mail::{self, Letter},
    state::State,
    store::{
        account,
        password::PasswordRow,
        sign_up::{self, SignUpRow},
    },
};

/// The text that people who sign up agree to.
const CONSENT_TEXT: &str = "account-collection";
/// How long the link works.
const LINK: SignedDuration = SignedDuration::from_hours(24);

/// The same reply for the same work, whether or not somebody has an account with that address: it is told by mail.
pub async fn create_account(
    Extract(state): Extract<State>,
    address: ClientAddress,
    Json(body): Json<CreateAccount>,
) -> Result<Accepted<()>, Reject> {
    state.tries_per_address.check(address)?;
    let email = Email::parse(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    let (kdf, auth_key) = credentials::new_password(&body.kdf, &body.auth_key)?;
    let auth_hash = auth_key.hash(&state.core.chance).await?;
    let row = SignUpRow {
        account_id: state.core.id(),
        email: email.written().to_owned().into(),
        password: PasswordRow { kdf, auth_hash },
    };
    let mut tx = state.core.begin().await?;
    check_consent(&mut tx, &state.core, &body.consent).await?;
    sign_up(&mut tx, &state, &email, &row, body.consent.version).await?;
    state.core.commit(tx).await?;
    Ok(Accepted(()))
}

/// The version on the screen must be the one that applies.
async fn check_consent(conn: &mut PgConnection, core: &Core, given: &ConsentGiven) -> Result<(), Reject> {
    let current = consent::current_text(conn, core, CONSENT_TEXT).await?;
    if current.is_some_and(|text| given.text == text.text && given.version == text.version) {
        return Ok(());
    }
    let error = FieldError::new("/consent", "Read the notice again and agree to it: it has changed");
    Err(Problem::invalid(vec![error]).into())
}

async fn sign_up(
    conn: &mut PgConnection,
    state: &State,
    email: &Email,
    row: &SignUpRow,
    agreed: i32,
) -> sqlx::Result<()> {
    let (core, now) = (&state.core, state.core.now());
    let existing = account::find_by_email(conn, email.lower()).await?;
    let write = caution::may_write_to(conn, state, email).await?;
    let (link, hash, expires_at) = Letter::with_link(core, AccountMail::VerifyEmail, LINK);
    let (account_id, letter) = match &existing {
        Some(existing) => (existing.account_id, Letter::notice(AccountMail::AccountExists)),
        None => {
            sign_up::insert_sign_up(conn, row, &hash, now, expires_at).await?;
            consent::store_receipt(conn, core, CONSENT_TEXT, agreed, "account", row.account_id.0).await?;
            (row.account_id, link)
        }
    };
    if write {
        mail::ask(conn, core, account_id, &row.email, letter).await?;
    }
    caution::note_stranger(conn, core, "create_account", Some(account_id), Outcome::Allowed).await?;
    Ok(())
}
