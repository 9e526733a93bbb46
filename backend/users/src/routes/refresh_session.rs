//! `POST /api/v1/users/refresh`: a new token for the same sign-in. Each refresh token is replaced when it is used.
//!
//! For twenty seconds the one before still gives a token, since two tabs of one browser may use it at once; it gives no
//! refresh token of its own, for the browser has the new one by then. Used later, it was copied: the session ends.

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

/// How long a replaced token still gives a session token.
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
        Use::First => rotate(&mut tx, &state, &row, &hash).await?,
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
    let now = state.core.now();
    let Some((claims, cookie)) = sessions::go_on(conn, state, row).await? else { return Ok(None) };
    refresh_token::mark_replaced(conn, hash, now).await?;
    session::note_seen(conn, row.session_id, now).await?;
    let refresh = sessions::new_refresh_token(conn, &state.core, row, &claims).await?;
    Ok(Some(Started { claims, cookies: vec![cookie, refresh] }))
}

/// What the use of a token means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    First,
    Again,
    Ended,
    Stolen,
}

fn use_of(token: &RefreshRow, now: Timestamp) -> Use {
    match token.replaced_at {
        _ if token.expires_at <= now => Use::Ended,
        None => Use::First,
        Some(at) if now.duration_since(at) <= GRACE => Use::Again,
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
