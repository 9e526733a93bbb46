//! Cookies that make a browser a holder: a guest's, and the one a manage link leaves. Only hashes are stored.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};

use crate::{Reject, chance::hash_secret};

/// Set at a guest's first hold.
pub const GUEST: &str = "__Host-guest";
/// Set when a manage link is opened with proof.
pub const MANAGE: &str = "__Host-manage";

/// What a browser holds; either part may be missing, and nothing is known of whether it is any good.
#[derive(Clone, Debug, Default)]
pub struct Holder {
    /// SHA-256 of the guest cookie.
    pub guest: Option<[u8; 32]>,
    /// SHA-256 of the manage cookie.
    pub manage: Option<[u8; 32]>,
}

impl<S: Send + Sync> FromRequestParts<S> for Holder {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        let hash = |name| secret(&parts.headers, name).map(hash_secret);
        Ok(Self { guest: hash(GUEST), manage: hash(MANAGE) })
    }
}

/// Whether the request carries any of our cookies.
pub fn holds_any(headers: &HeaderMap) -> bool {
    secret(headers, GUEST).is_some() || secret(headers, MANAGE).is_some()
}

/// One of our secrets: hexadecimal digits, never much longer than they need to be.
fn secret<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    value(headers, name).filter(|value| (32..=128).contains(&value.len()))
}

/// A cookie's value as sent; whatever a browser may send.
pub fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A `Set-Cookie` for one of ours: this host only, not for scripts, not sent along from other sites' forms.
pub fn set(name: &str, secret: &str, max_age_seconds: i64) -> HeaderValue {
    // `Lax` and not `Strict`, so that following a link from a mail arrives with the cookie.
    let text = format!("{name}={secret}; Path=/; Max-Age={max_age_seconds}; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::from_str(&text).expect("our names and hexadecimal digits are visible ASCII")
}

/// A `Set-Cookie` that is sent to one path only and never with another site's request; for a refresh token.
pub fn set_for_path(name: &str, secret: &str, path: &str, max_age_seconds: i64) -> HeaderValue {
    let text =
        format!("{name}={secret}; Path={path}; Max-Age={max_age_seconds}; Secure; HttpOnly; SameSite=Strict");
    HeaderValue::from_str(&text).expect("our names, paths and hexadecimal digits are visible ASCII")
}
