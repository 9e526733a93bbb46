//! `POST /api/v1/users/refresh`: a new token for the same sign-in. Each refresh token is replaced when it is used, so that
//! one which was copied comes to light (rotation: RFC 9700, section 4.14.2, read 2026-11-28).
//!
//! - For twenty seconds a replaced one still gives a session token, since two tabs of one browser may use it at once; it
//!   gives no refresh token of its own, for the browser has the new one by then.
//! - Used later, it gives both, until its own end, as long as its successor was never used: the answer with that one was
//!   lost on the way. The unused one is worth nothing from then on, and another is the successor.
//! - Otherwise it was copied: the session ends, and its owner is told.
//!
//! So when an owner and a thief have the same token, either's next use makes worthless what the other was given for it,
//! and the use of that ends the session. A successor counts as used once it was refreshed with: nobody writes down where
//! session tokens are shown.

use axum::{
    extract::State as Extract,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};
use kernel::{Reject, access::Refusal, audit::Outcome, chance::hash_secret, openapi::Refusing};
use sqlx::PgConnection;

use super::sign_in::{SessionReply, done};
use crate::{
    caution,
    sessions::{self, Started},
    state::State,
    store::{
        account,
        refresh_token::{self, RefreshRow},
        session::{self, SessionRow},
    },
};

/// How long a replaced token still gives a session token, whatever became of its successor.
const GRACE: SignedDuration = SignedDuration::from_secs(20);

/// Gives new cookies, or takes the old ones away.
pub async fn refresh_session(
    Extract(state): Extract<State>,
    headers: HeaderMap,
) -> Result<SessionReply, NotRefreshed> {
    let secret = sessions::refresh_secret(&headers).ok_or(NotRefreshed::SignedOut)?;
    let hash = hash_secret(secret);
    let mut tx = state.core.begin().await?;
    let (row, token) = find(&mut tx, &hash).await?.ok_or(NotRefreshed::SignedOut)?;
    let started = match use_of(&token, state.core.now()) {
        Use::First | Use::AnswerLost => rotate(&mut tx, &state, &row, &hash).await?,
        Use::Again => sessions::go_on(&mut tx, &state, &row)
            .await?
            .map(|(claims, cookie)| Started { claims, cookies: vec![cookie] }),
        Use::Ended => None,
        Use::Stolen => {
            let account_id = Some(row.account_id);
            caution::note_stranger(&mut tx, &state.core, "refresh_session", account_id, Outcome::Denied)
                .await?;
            sessions::end_stolen(&mut tx, &state.core, &row).await?;
            None
        }
    };
    state.core.commit(tx).await?;
    started.map(|started| done(&started)).ok_or(NotRefreshed::SignedOut)
}

/// The session, locked, and the token as it is while nobody else can use it. `None` when either is gone.
async fn find(conn: &mut PgConnection, hash: &[u8; 32]) -> sqlx::Result<Option<(SessionRow, RefreshRow)>> {
    let Some(session_id) = refresh_token::session_of(conn, hash).await? else { return Ok(None) };
    let Some(row) = session::lock_session(conn, session_id).await? else { return Ok(None) };
    if account::find_account(conn, row.account_id).await?.is_none() {
        return Ok(None);
    }
    Ok(refresh_token::find_token(conn, hash).await?.map(|token| (row, token)))
}

async fn rotate(
    conn: &mut PgConnection,
    state: &State,
    row: &SessionRow,
    hash: &[u8; 32],
) -> sqlx::Result<Option<Started>> {
    let Some((claims, cookie)) = sessions::go_on(conn, state, row).await? else { return Ok(None) };
    session::note_seen(conn, row.session_id, state.core.now()).await?;
    let refresh = sessions::new_refresh_token(conn, &state.core, row, &claims, Some(hash)).await?;
    Ok(Some(Started { claims, cookies: vec![cookie, refresh] }))
}

/// What the use of a token means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    First,
    Again,
    AnswerLost,
    Ended,
    Stolen,
}

fn use_of(token: &RefreshRow, now: Timestamp) -> Use {
    match token.replaced_at {
        _ if token.expires_at <= now => Use::Ended,
        None => Use::First,
        Some(at) if now.duration_since(at) <= GRACE => Use::Again,
        Some(_) if token.is_successor_unused => Use::AnswerLost,
        Some(_) => Use::Stolen,
    }
}

/// Why there is no new token.
#[derive(Debug)]
pub enum NotRefreshed {
    /// Nobody is signed in by that cookie any more; it is taken away.
    SignedOut,
    /// Anything else.
    Reject(Reject),
}

impl From<sqlx::Error> for NotRefreshed {
    fn from(error: sqlx::Error) -> Self {
        Self::Reject(error.into())
    }
}

impl Refusing for NotRefreshed {}

impl IntoResponse for NotRefreshed {
    fn into_response(self) -> Response {
        match self {
            Self::SignedOut => {
                let cookies = sessions::set_cookies(sessions::forgotten());
                (cookies, Reject::from(Refusal::SignedOut)).into_response()
            }
            Self::Reject(reject) => reject.into_response(),
        }
    }
}
