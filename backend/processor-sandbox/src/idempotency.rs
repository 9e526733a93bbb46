//! A repeated request is answered as the first one was (<https://docs.stripe.com/api/idempotent_requests>, read 2026-11-26).
//!
//! Errors that say the request was never begun are not kept; a card's refusal is.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{call::Call, refusal::Refusal, world::World};

/// How long a key is remembered, in seconds.
const REMEMBERED: i64 = 24 * 60 * 60;

/// A reply that was given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    fingerprint: String,
    at: i64,
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

/// What is known of a request's key.
pub enum Known {
    /// Nothing: it is the first.
    Nothing,
    /// It was answered.
    Answered(Answer),
    /// It was another request's.
    Another(Refusal),
}

/// Looks whether a request was answered before.
pub fn look(world: &mut World, call: &Call, key: &str) -> Known {
    let now = world.now();
    let Some(answer) =
        world.book.answers.get(&place(call, key)).filter(|answer| answer.at + REMEMBERED > now)
    else {
        return Known::Nothing;
    };
    if answer.fingerprint != fingerprint(call) {
        return Known::Another(Refusal::key_reused(key));
    }
    let answer = answer.clone();
    if world.faults.ignores_key_at(&call.path) {
        world.faults.keys_ignored -= 1;
        world.figures.keys_ignored += 1;
        return Known::Nothing;
    }
    Known::Answered(answer)
}

/// Whether a key was shown before, whatever for.
pub fn is_known(world: &World, call: &Call, key: &str) -> bool {
    world.book.answers.contains_key(&place(call, key))
}

/// Remembers a reply.
pub fn remember(world: &mut World, call: &Call, key: &str, status: StatusCode, body: &Value) {
    if !status.is_success() && status != StatusCode::PAYMENT_REQUIRED {
        return;
    }
    let answer = Answer {
        fingerprint: fingerprint(call),
        at: world.now(),
        status: status.as_u16(),
        body: body.clone(),
    };
    world.book.answers.insert(place(call, key), answer);
    world.is_changed = true;
}

fn place(call: &Call, key: &str) -> String {
    format!("{}/{key}", call.account().unwrap_or_default())
}

fn fingerprint(call: &Call) -> String {
    let asked = format!("{} {} {}", call.method, call.path, call.form.json());
    hex::encode(Sha256::digest(asked.as_bytes()))
}
