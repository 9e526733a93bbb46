//! What is asked before something about an account changes, and what is written down after.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::SignedDuration;
use kernel::{
    Core, Reject,
    access::Refusal,
    audit::{self, Actor, Entry, Outcome, Purpose, Recorded, Resource},
    openapi::Refusing,
    reject::problem_response,
};
use shared_types::{
    AccountId, Problem,
    users::{Claims, Strength},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    domain::email::Email,
    state::State,
    store::{
        attempt, passkey,
        session::{self, SessionRow},
        totp,
    },
};

/// How long a sign-in counts as just made.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// The session behind a token, as the table has it: a token may be younger than the end of its session.
///
/// # Errors
/// 401 when the session has ended.
pub async fn live_session(conn: &mut PgConnection, claims: &Claims) -> Result<SessionRow, Reject> {
    let row = session::lock_session(conn, claims.session_id).await?;
    row.ok_or_else(|| Refusal::SignedOut.into())
}

/// Lets through who signed in a moment ago, with all that the account has to prove it.
///
/// # Errors
/// 401 when the session has ended, 403 when the sign-in is too old or too weak.
pub async fn just_signed_in(
    conn: &mut PgConnection,
    core: &Core,
    claims: &Claims,
) -> Result<SessionRow, Reject> {
    let row = live_session(conn, claims).await?;
    if core.now().duration_since(row.created_at) > FRESH {
        return Err(Problem::new("sign-in-again", 403, "Sign in again first")
            .detail("Nothing was changed. This needs a sign-in of the last 15 minutes.")
            .into());
    }
    if row.strength == Strength::Password && has_second_factor(conn, claims.account_id).await? {
        return Err(Refusal::TooWeak.into());
    }
    Ok(row)
}

/// Whether the account has more than a password.
async fn has_second_factor(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<bool> {
    let app = totp::find_totp(conn, account_id).await?.is_some_and(|totp| totp.confirmed);
    Ok(app || !passkey::list_credential_ids(conn, account_id).await?.is_empty())
}

/// Whether another letter may go to an address that somebody typed: after many, fewer and fewer, so that nobody's mailbox
/// is filled from here. What is answered does not depend on it.
///
/// # Errors
/// When the row cannot be written.
pub async fn may_write_to(conn: &mut PgConnection, state: &State, email: &Email) -> sqlx::Result<bool> {
    let now = state.core.now();
    let subject = state.secrets.letters(email.lower());
    let waits = attempt::lock_attempts(conn, &subject, now).await?.wait(now).is_some();
    if !waits {
        attempt::count_failure(conn, &subject, now).await?;
    }
    Ok(!waits)
}

/// Counts a try for an address before it is looked at, whether or not anybody has an account with it.
///
/// # Errors
/// 429 with the time to wait, after many wrong answers.
pub async fn take_try(state: &State, email: &Email) -> Result<[u8; 32], Refused> {
    let (core, now) = (&state.core, state.core.now());
    let subject = state.secrets.subject(email.lower());
    let mut tx = core.begin().await?;
    let attempts = attempt::lock_attempts(&mut tx, &subject, now).await?;
    if let Some(wait) = attempts.wait(now) {
        return Err(Refused::Until(wait));
    }
    attempt::count_failure(&mut tx, &subject, now).await?;
    core.commit(tx).await?;
    Ok(subject)
}

/// What a route that counts tries answers with instead.
#[derive(Debug)]
pub enum Refused {
    /// Too many wrong answers: nothing is looked at for so long.
    Until(SignedDuration),
    /// Any other problem.
    Reject(Reject),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self::Reject(error.into())
    }
}

impl From<Reject> for Refused {
    fn from(reject: Reject) -> Self {
        Self::Reject(reject)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Reject(problem.into())
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Self {
        Self::Reject(error.into())
    }
}

impl Refusing for Refused {}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Reject(reject) => reject.into_response(),
            Self::Until(wait) => {
                let problem = Problem::new("rate-limited", 429, "Too many wrong answers for this address")
                    .detail("Wait a little and try again, or choose a new password.");
                let mut response = problem_response(&problem);
                let seconds = wait.as_secs() + 1;
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                response
            }
        }
    }
}

/// The one answer to a wrong address, password, code or passkey.
pub fn wrong_sign_in() -> Problem {
    Problem::new("wrong-sign-in", 403, "That does not match")
        .detail("Check what you entered. If you have just signed up, follow the link in our e-mail first.")
}

/// The one answer to a link that was used, has ended or never was.
pub fn link_ended() -> Problem {
    Problem::new("link-ended", 410, "This link no longer works")
        .detail("Ask for a new one and use it while it is fresh.")
}

/// Writes that somebody who is signed in did something about their account.
///
/// # Errors
/// When the row cannot be written.
pub async fn note(
    conn: &mut PgConnection,
    core: &Core,
    claims: &Claims,
    action: &'static str,
    resource: impl Into<Resource>,
) -> sqlx::Result<Recorded> {
    let resource = resource.into();
    let entry = Entry {
        actor: Actor::of(claims),
        action,
        resource,
        whose: claims.patient_id,
        purpose: Purpose::Account,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}

/// Writes that they were refused.
///
/// # Errors
/// When the row cannot be written.
pub async fn note_refused(
    conn: &mut PgConnection,
    core: &Core,
    claims: &Claims,
    action: &'static str,
) -> sqlx::Result<Recorded> {
    let entry = Entry {
        actor: Actor::of(claims),
        action,
        resource: claims.account_id.into(),
        whose: claims.patient_id,
        purpose: Purpose::Account,
        outcome: Outcome::Denied,
    };
    audit::record(conn, core, entry).await
}

/// Writes what somebody we do not know did or tried about an account, which may not exist.
///
/// # Errors
/// When the row cannot be written.
pub async fn note_stranger(
    conn: &mut PgConnection,
    core: &Core,
    action: &'static str,
    account_id: Option<AccountId>,
    outcome: Outcome,
) -> sqlx::Result<Recorded> {
    let resource = account_id.map_or(Resource { kind: "account", id: Uuid::nil() }, Resource::from);
    let entry =
        Entry { actor: Actor::Anonymous, action, resource, whose: None, purpose: Purpose::Account, outcome };
    audit::record(conn, core, entry).await
}
