//! `POST /api/v1/users/sign-in`: with a password.

use axum::extract::State as Extract;
use jiff::SignedDuration;
use kernel::{
    Caller, Json,
    address::ClientAddress,
    audit::Outcome,
    chance::{hash_secret, is_same_secret},
    cookies,
};
use shared_types::{
    AccountId, Problem,
    users::{Claims, SignIn, SignedInReply, Strength},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    caution::{self, Refused},
    domain::{auth_key::AuthKey, device::Device, email::Email},
    sessions::{self, Cookies, STEP_COOKIE, Started},
    state::State,
    store::{
        account::{self, AccountRow},
        attempt, password, refresh_token, totp,
    },
};

/// What signing in comes to: cookies, and what is next.
pub type SessionReply = (Cookies, Json<SignedInReply>);

/// How long a code may take after the password.
const STEP: SignedDuration = SignedDuration::from_mins(5);

/// An unknown address takes the same work and gets the same answer as a wrong password.
pub async fn sign_in(
    Extract(state): Extract<State>,
    Caller(before): Caller,
    address: ClientAddress,
    device: Device,
    Json(body): Json<SignIn>,
) -> Result<SessionReply, Refused> {
    state.tries_per_address.check(address)?;
    let email = Email::parse(&body.email).map_err(|error| Problem::invalid(vec![error]))?;
    let key = AuthKey::parse(&body.auth_key, "/auth_key").map_err(|error| Problem::invalid(vec![error]))?;
    let subject = caution::take_try(&state, &email).await?;
    let (account, kept) = find(&state, &email).await?;
    let right = key.matches(kept.clone()).await?;
    let mut tx = state.core.begin().await?;
    let account = match account {
        Some(account) if right && still(&mut tx, account.account_id, kept.as_deref()).await? => account,
        other => {
            let account_id = other.map(|account| account.account_id);
            caution::note_stranger(&mut tx, &state.core, "sign_in", account_id, Outcome::Denied).await?;
            state.core.commit(tx).await?;
            return Err(caution::wrong_sign_in().into());
        }
    };
    let reply = match totp::find_totp(&mut tx, account.account_id).await? {
        Some(totp) if totp.confirmed => ask_for_code(&mut tx, &state, account.account_id).await?,
        _ => {
            attempt::clear(&mut tx, &subject).await?;
            let started =
                sessions::begin(&mut tx, &state, &account, Strength::Password, device, before.as_deref())
                    .await?;
            caution::note(&mut tx, &state.core, &started.claims, "sign_in", account.account_id).await?;
            done(&started)
        }
    };
    state.core.commit(tx).await?;
    Ok(reply)
}

/// The account with that address and what is kept of its password; for nobody as well, so that both ways take the same
/// steps.
async fn find(state: &State, email: &Email) -> sqlx::Result<(Option<AccountRow>, Option<String>)> {
    let mut conn = state.core.pool.acquire().await?;
    let account = account::find_by_email(&mut conn, email.lower()).await?;
    let account_id = account.as_ref().map_or(Uuid::nil().into(), |account| account.account_id);
    let password = password::find_password(&mut conn, account_id).await?;
    Ok((account, password.map(|password| password.auth_hash)))
}

/// Whether the password that was right is the account's still, now that nobody else can change it.
async fn still(conn: &mut PgConnection, account_id: AccountId, kept: Option<&str>) -> sqlx::Result<bool> {
    let open = account::lock_account(conn, account_id).await?;
    let now = password::find_password(conn, account_id).await?;
    let same =
        now.zip(kept).is_some_and(|(now, kept)| is_same_secret(now.auth_hash.as_bytes(), kept.as_bytes()));
    Ok(open && same)
}

async fn ask_for_code(
    conn: &mut PgConnection,
    state: &State,
    account_id: AccountId,
) -> sqlx::Result<SessionReply> {
    let core = &state.core;
    let (secret, _) = core.chance.link_token();
    let expires_at = core.now().saturating_add(STEP).unwrap_or(core.now());
    refresh_token::insert_step(conn, &hash_secret(&secret), account_id, expires_at).await?;
    let cookie = cookies::set(STEP_COOKIE, &secret, STEP.as_secs());
    Ok((sessions::set_cookies(vec![cookie]), Json(SignedInReply::Code)))
}

/// The cookies of a new session, and until when its token works.
pub fn done(started: &Started) -> SessionReply {
    let Claims { expires_at, .. } = started.claims;
    (started.headers(), Json(SignedInReply::Done { expires_at }))
}
