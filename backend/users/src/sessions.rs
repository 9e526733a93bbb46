//! Beginning, refreshing and ending sessions: the same for every way of signing in.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::AppendHeaders,
};
use jiff::Timestamp;
use kernel::{
    Core,
    chance::hash_secret,
    cookies,
    outbox::{self, About},
    session::{self, TOKEN_LIFETIME},
};
use shared_types::{
    AccountId, SessionId,
    users::{AccountMail, Claims, Revocation, Revoked, Strength, UsersEvent},
};
use sqlx::PgConnection;

use crate::{
    domain::{device::Device, session_limits::SessionLimits},
    mail::{self, Letter},
    session_token::{Holder, session_token},
    state::State,
    store::{
        account::{self, AccountRow},
        refresh_token,
        session::{self as session_store, SessionRow},
    },
};

/// `Set-Cookie` headers beside a reply.
pub type Cookies = AppendHeaders<Vec<(HeaderName, HeaderValue)>>;

/// The cookie with the refresh token; sent to one path only.
pub const REFRESH_COOKIE: &str = "__Secure-refresh";
/// That path.
pub const REFRESH_PATH: &str = "/api/v1/users/refresh";
/// The cookie between password and code.
pub const STEP_COOKIE: &str = "__Host-sign-in";

/// What the browser gets: cookies, and what the token says.
pub struct Started {
    /// What the token says.
    pub claims: Claims,
    /// To be set.
    pub cookies: Vec<HeaderValue>,
}

impl Started {
    /// The cookies as headers.
    pub fn headers(&self) -> Cookies {
        set_cookies(self.cookies.clone())
    }
}

/// `Set-Cookie` headers.
pub fn set_cookies(cookies: Vec<HeaderValue>) -> Cookies {
    AppendHeaders(cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)).collect())
}

/// Begins a session. The one that the browser had of the same account ends; a browser or network not seen before is
/// told to the account's holder.
///
/// # Errors
/// When a table cannot be read or changed.
pub async fn begin(
    conn: &mut PgConnection,
    state: &State,
    account: &AccountRow,
    strength: Strength,
    device: Device,
    before: Option<&Claims>,
) -> sqlx::Result<Started> {
    let (core, now) = (&state.core, state.core.now());
    let account_id = account.account_id;
    if let Some(before) = before.filter(|before| before.account_id == account_id) {
        end(conn, core, account_id, before.session_id).await?;
    }
    let (signed_in_before, same_place) = session_store::is_known(conn, account_id, &device).await?;
    if signed_in_before && !same_place {
        let letter = Letter { device: Some(device.label.clone()), ..Letter::notice(AccountMail::NewDevice) };
        mail::ask(conn, core, account_id, &account.email, letter).await?;
    }
    let row = SessionRow {
        session_id: core.id(),
        account_id,
        strength,
        device,
        created_at: now,
        last_seen_at: now,
    };
    session_store::insert_session(conn, &row).await?;
    let (claims, cookie) = access(conn, state, &row).await?;
    let refresh = new_refresh_token(conn, core, &row, &claims, None).await?;
    Ok(Started { claims, cookies: vec![cookie, refresh] })
}

/// A new token for a session that goes on, as a cookie. `None`, and the session ends, when it has lasted longer than
/// somebody may stay signed in who may do what its account may do now.
///
/// # Errors
/// When a table cannot be read or changed.
pub async fn go_on(
    conn: &mut PgConnection,
    state: &State,
    row: &SessionRow,
) -> sqlx::Result<Option<(Claims, HeaderValue)>> {
    let (claims, cookie) = access(conn, state, row).await?;
    if state.core.now() < SessionLimits::of(&claims).end(row.created_at, row.last_seen_at) {
        return Ok(Some((claims, cookie)));
    }
    end(conn, &state.core, row.account_id, row.session_id).await?;
    Ok(None)
}

async fn access(
    conn: &mut PgConnection,
    state: &State,
    row: &SessionRow,
) -> sqlx::Result<(Claims, HeaderValue)> {
    let holder = Holder { session_id: row.session_id, account_id: row.account_id, strength: row.strength };
    let (claims, token) = session_token(conn, &state.core, &state.signer, holder).await?;
    Ok((claims, cookies::set(session::COOKIE, &token, TOKEN_LIFETIME.as_secs())))
}

/// A new refresh token for a session, as a cookie, in the place of the one with that hash where there is one: good until
/// the session has been idle too long or is too old for what its token says.
///
/// # Errors
/// When a row cannot be written.
pub async fn new_refresh_token(
    conn: &mut PgConnection,
    core: &Core,
    row: &SessionRow,
    claims: &Claims,
    before: Option<&[u8; 32]>,
) -> sqlx::Result<HeaderValue> {
    let now = core.now();
    let expires_at = SessionLimits::of(claims).end(row.created_at, now);
    let secret: String = core.chance.bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let hash = hash_secret(&secret);
    refresh_token::insert_token(conn, &hash, row.session_id, now, expires_at).await?;
    if let Some(before) = before {
        refresh_token::replace(conn, before, &hash, now).await?;
    }
    let seconds = expires_at.duration_since(now).as_secs();
    Ok(cookies::set_for_path(REFRESH_COOKIE, &secret, REFRESH_PATH, seconds))
}

/// The refresh token that a browser sends.
pub fn refresh_secret(headers: &HeaderMap) -> Option<&str> {
    cookies::value(headers, REFRESH_COOKIE).filter(|secret| secret.len() == 64)
}

/// Makes the browser forget that it was signed in.
pub fn forgotten() -> Vec<HeaderValue> {
    vec![cookies::set(session::COOKIE, "", 0), cookies::set_for_path(REFRESH_COOKIE, "", REFRESH_PATH, 0)]
}

/// Ends one session, here and within seconds everywhere. False when the account has none of that id.
///
/// # Errors
/// When a table cannot be changed.
pub async fn end(
    conn: &mut PgConnection,
    core: &Core,
    account_id: AccountId,
    session_id: SessionId,
) -> sqlx::Result<bool> {
    let ended = session_store::end_session(conn, account_id, session_id, core.now()).await?;
    if ended {
        tell(conn, core, Revoked::Session(session_id)).await?;
    }
    Ok(ended)
}

/// Ends an account's sessions, all or all but the one that asks; here and within seconds everywhere.
///
/// # Errors
/// When a table cannot be changed.
pub async fn end_all(
    conn: &mut PgConnection,
    core: &Core,
    account_id: AccountId,
    but: Option<SessionId>,
) -> sqlx::Result<()> {
    let ended = session_store::end_sessions(conn, account_id, but, core.now()).await?;
    match but {
        // One row names them all.
        None => tell(conn, core, Revoked::Account(account_id)).await,
        Some(_) => {
            for session_id in ended {
                tell(conn, core, Revoked::Session(session_id)).await?;
            }
            Ok(())
        }
    }
}

/// The session was used by two: it ends, and its owner is told.
///
/// # Errors
/// When a table cannot be changed.
pub async fn end_stolen(conn: &mut PgConnection, core: &Core, row: &SessionRow) -> sqlx::Result<()> {
    end(conn, core, row.account_id, row.session_id).await?;
    if let Some(account) = account::find_account(conn, row.account_id).await? {
        let letter =
            Letter { device: Some(row.device.label.clone()), ..Letter::notice(AccountMail::SessionEnded) };
        mail::ask(conn, core, row.account_id, &account.email, letter).await?;
    }
    Ok(())
}

async fn tell(conn: &mut PgConnection, core: &Core, of: Revoked) -> sqlx::Result<()> {
    let now = core.now();
    let revocation = Revocation { of, issued_until: now, forget_at: lifetime_after(now) };
    session::revoke(conn, &revocation).await?;
    let id = match of {
        Revoked::Session(id) => id.to_string(),
        Revoked::Account(id) => id.to_string(),
    };
    let about = About { aggregate: "revocation", id, version: now.as_millisecond() };
    outbox::tell(conn, core, about, &UsersEvent::TokensRevoked(revocation)).await?;
    Ok(())
}

fn lifetime_after(now: Timestamp) -> Timestamp {
    now.saturating_add(TOKEN_LIFETIME).unwrap_or(now)
}
