//! Session tokens: what `users` signs and every service reads by itself. A JWS in compact form (RFC 7515) with EdDSA
//! (RFC 8037), both read 2026-11-22; no other algorithm is known here, so none can be asked for.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use serde::{Deserialize, Serialize};
use shared_types::users::{Claims, Revocation, Revoked};
use sqlx::{PgConnection, PgPool, Row as _};
use uuid::Uuid;

use crate::{
    Core,
    keys::{self, Signer},
};

/// The cookie that carries the token.
pub const COOKIE: &str = "__Host-session";

/// How long a token lives.
pub const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// The longest token a cookie may carry, in bytes.
pub const TOKEN_MAX: usize = 3 * 1024;

/// Only this header is ever written and only this one is read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: Algorithm,
    typ: Kind,
    kid: String,
}

#[derive(Serialize, Deserialize)]
enum Algorithm {
    #[serde(rename = "EdDSA")]
    EdDsa,
}

#[derive(Serialize, Deserialize)]
enum Kind {
    #[serde(rename = "hm-session+jwt")]
    Session,
}

/// Signs a token.
pub fn sign(signer: &Signer, claims: &Claims) -> String {
    let header = Header { alg: Algorithm::EdDsa, typ: Kind::Session, kid: signer.kid().to_owned() };
    let signed = format!("{}.{}", encode(&header), encode(claims));
    let signature = signer.sign(signed.as_bytes());
    format!("{signed}.{signature}")
}

fn encode<T: Serialize>(part: &T) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).expect("claims and headers have string keys only"))
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// No key has been learned yet, so nobody can be believed: try again in a moment.
    #[error("no session key is known yet")]
    NoKeys,
    /// Not a token of ours, or changed on the way.
    #[error("the token is not one of ours")]
    Forged,
    /// Its time is over.
    #[error("the token has ended")]
    Expired,
    /// Dead before its end.
    #[error("the token was revoked")]
    Revoked,
}

/// The keys and revocations this process knows, loaded from its service's own tables every second.
#[derive(Clone, Default)]
pub struct Sessions(Arc<RwLock<Known>>);

#[derive(Default)]
struct Known {
    keys: HashMap<String, [u8; 32]>,
    revoked: HashMap<Revoked, Timestamp>,
}

impl Sessions {
    /// What the token says, if it is to be believed at that moment.
    ///
    /// # Errors
    /// When it is not.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, TokenError> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if known.keys.is_empty() {
            return Err(TokenError::NoKeys);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Forged)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Forged)?;
        let header: Header = decode(header)?;
        let key = known.keys.get(&header.kid).ok_or(TokenError::Forged)?;
        if !keys::verify(key, signed.as_bytes(), signature) {
            return Err(TokenError::Forged);
        }
        let claims: Claims = decode(claims)?;
        if claims.expires_at <= now {
            return Err(TokenError::Expired);
        }
        if known.has_revoked(&claims) {
            return Err(TokenError::Revoked);
        }
        Ok(claims)
    }

    /// Reads keys and revocations anew.
    ///
    /// # Errors
    /// When a table cannot be read; what was known stays known.
    pub async fn load(&self, pool: &PgPool) -> sqlx::Result<()> {
        let keys = sqlx::query("select kid, public_key from signing_key where issuer = 'users'")
            .fetch_all(pool)
            .await?
            .into_iter()
            .map(|row| {
                let key: Vec<u8> = row.try_get("public_key")?;
                let key = key.try_into().map_err(|_| sqlx::Error::Decode("a key has 32 bytes".into()))?;
                Ok((row.try_get("kid")?, key))
            })
            .collect::<sqlx::Result<_>>()?;
        let revoked = sqlx::query("select of_kind, of_id, issued_until from revocation")
            .fetch_all(pool)
            .await?
            .into_iter()
            .map(|row| {
                let id: Uuid = row.try_get("of_id")?;
                let of = match row.try_get::<String, _>("of_kind")?.as_str() {
                    "session" => Revoked::Session(id.into()),
                    _ => Revoked::Account(id.into()),
                };
                Ok((of, row.try_get::<jiff_sqlx::Timestamp, _>("issued_until")?.to_jiff()))
            })
            .collect::<sqlx::Result<_>>()?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Known { keys, revoked };
        Ok(())
    }
}

impl Known {
    fn has_revoked(&self, claims: &Claims) -> bool {
        [Revoked::Session(claims.session_id), Revoked::Account(claims.account_id)]
            .iter()
            .filter_map(|of| self.revoked.get(of))
            .any(|until| claims.issued_at <= *until)
    }
}

fn decode<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Forged)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Forged)
}

/// Keeps a revocation as users told it. A later one for the same session or account replaces an earlier one.
///
/// # Errors
/// When the row cannot be written.
pub async fn revoke(conn: &mut PgConnection, revocation: &Revocation) -> sqlx::Result<()> {
    let (kind, id) = match revocation.of {
        Revoked::Session(id) => ("session", id.0),
        Revoked::Account(id) => ("account", id.0),
    };
    sqlx::query(
        "insert into revocation (of_kind, of_id, issued_until, forget_at) values ($1, $2, $3, $4) \
         on conflict on constraint revocation_pkey do update set \
         issued_until = greatest(revocation.issued_until, excluded.issued_until), \
         forget_at = greatest(revocation.forget_at, excluded.forget_at)",
    )
    .bind(kind)
    .bind(id)
    .bind(revocation.issued_until.to_sqlx())
    .bind(revocation.forget_at.to_sqlx())
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets revocations of tokens that would have ended anyway. Says how many.
///
/// # Errors
/// When the table cannot be changed.
pub async fn forget_old(core: &Core) -> anyhow::Result<u64> {
    let done = sqlx::query("delete from revocation where forget_at <= $1")
        .bind(core.now().to_sqlx())
        .execute(&core.pool)
        .await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests;
