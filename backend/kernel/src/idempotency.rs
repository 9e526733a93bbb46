//! The same key from the same caller on the same route gets the same reply for a day.
//!
//! The key is stored with the first change of its transaction and the reply with the last, so a reply exists exactly
//! when its effect does. A second request with the key waits for the first one's commit.

use axum::{extract::FromRequestParts, http::request::Parts};
use jiff_sqlx::ToSqlx;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use shared_types::Problem;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::{Core, Reject};

/// The `Idempotency-Key` header: a UUID that the client made for this one act.
#[derive(Clone, Copy, Debug)]
pub struct IdempotencyKey(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        let header = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok());
        let key = header.and_then(|text| text.trim_matches('"').parse().ok());
        key.map(Self).ok_or_else(|| {
            Problem::new("idempotency-key-missing", 400, "This request needs an Idempotency-Key")
                .detail("Send a header Idempotency-Key with a UUID made for this one act, and the same one on every retry.")
                .into()
        })
    }
}

/// What a key turned out to be.
pub enum Begun<T> {
    /// Not seen before: act, then [`Ticket::finish`].
    New(Ticket),
    /// Done before: this was the reply.
    Replay(T),
}

/// A key under way in this transaction.
pub struct Ticket {
    route: &'static str,
    caller: String,
    key: Uuid,
}

/// Takes a key in the caller's transaction.
///
/// # Errors
/// 422 when the key came with another body before, 409 when it is under way elsewhere.
pub async fn begin<B: Serialize, T: DeserializeOwned>(
    conn: &mut PgConnection,
    core: &Core,
    route: &'static str,
    caller: &str,
    IdempotencyKey(key): IdempotencyKey,
    body: &B,
) -> Result<Begun<T>, Reject> {
    let body = serde_json::to_vec(body).map_err(|error| Reject::internal(&error))?;
    let fingerprint = Sha256::digest(&body).to_vec();
    let taken = sqlx::query(
        "insert into idempotency (route, caller, key, fingerprint, created_at) values ($1, $2, $3, $4, $5) \
         on conflict do nothing",
    )
    .bind(route)
    .bind(caller)
    .bind(key)
    .bind(&fingerprint)
    .bind(core.now().to_sqlx())
    .execute(&mut *conn)
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(Begun::New(Ticket { route, caller: caller.to_owned(), key }));
    }
    let row = sqlx::query(
        "select fingerprint, reply_body from idempotency where route = $1 and caller = $2 and key = $3",
    )
    .bind(route)
    .bind(caller)
    .bind(key)
    .fetch_one(conn)
    .await?;
    if row.try_get::<Vec<u8>, _>("fingerprint")? != fingerprint {
        return Err(Problem::new("idempotency-key-reused", 422, "This key was used for another request")
            .detail("Make a new Idempotency-Key for a new request.")
            .into());
    }
    match row.try_get::<Option<serde_json::Value>, _>("reply_body")? {
        Some(reply) => {
            serde_json::from_value(reply).map(Begun::Replay).map_err(|error| Reject::internal(&error))
        }
        None => Err(Problem::new("in-progress", 409, "This request is still under way").into()),
    }
}

impl Ticket {
    /// Stores the reply, as the transaction's last change.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub async fn finish<T: Serialize>(
        self,
        conn: &mut PgConnection,
        status: u16,
        reply: &T,
    ) -> Result<(), Reject> {
        let reply = serde_json::to_value(reply).map_err(|error| Reject::internal(&error))?;
        sqlx::query(
            "update idempotency set reply_status = $4, reply_body = $5 where route = $1 and caller = $2 and key = $3",
        )
        .bind(self.route)
        .bind(&self.caller)
        .bind(self.key)
        .bind(i16::try_from(status).unwrap_or(i16::MAX))
        .bind(reply)
        .execute(conn)
        .await?;
        Ok(())
    }
}

/// Forgets keys older than a day. Says how many.
///
/// # Errors
/// When the table cannot be changed.
pub async fn forget_old(conn: &mut PgConnection, core: &Core) -> sqlx::Result<u64> {
    let day_ago = core.now() - jiff::SignedDuration::from_hours(24);
    let done = sqlx::query("delete from idempotency where created_at < $1")
        .bind(day_ago.to_sqlx())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
