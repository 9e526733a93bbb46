//! `/api/v1/payments/platform/shares`: practices' shares that the card processor refused to move. Each is asked for again by itself after a
//! while; an administrator who has seen to the reason has it asked for at once. Of one that was given up after most of a day without an
//! answer nobody knows whether it was moved, so only an administrator, who can look there, has it asked for again.

use axum::extract::{Path, Query, State as Extract};
use kernel::{
    Json, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose, Resource},
    idempotency::{self, Begun, IdempotencyKey},
};
use serde::Deserialize;
use shared_types::{Problem, ProcessorCallId, page::Page, payments::platform::RefusedShare};

use super::money::wrong_state;
use crate::{state::State, store::refused_share};

/// How many one page has.
const PAGE: i64 = 100;

/// Which page.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub struct Wanted {
    /// From the page before.
    cursor: Option<ProcessorCallId>,
}

/// Those that wait or were given up, the earliest first.
pub async fn list_refused_shares(
    Extract(state): Extract<State>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Page<RefusedShare>>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let mut items = refused_share::list(&mut conn, None, wanted.cursor, PAGE + 1).await?;
    let more = items.len() > PAGE as usize;
    items.truncate(PAGE as usize);
    let next = items.last().filter(|_| more).map(|last| last.processor_call_id.to_string());
    Ok(Json(Page { items, next }))
}

/// One is asked for at once. 409 once it is moved, and while one that was given up is asked for again.
pub async fn ask_again_for_share(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(processor_call_id): Path<ProcessorCallId>,
    key: IdempotencyKey,
) -> Result<Json<RefusedShare>, Reject> {
    let (core, action) = (&state.core, "ask_again_for_share");
    let missing = || Problem::not_found("This share");
    let mut tx = core.begin().await?;
    let who = caller.account_id.to_string();
    let ticket = match idempotency::begin(&mut tx, core, action, &who, key, &processor_call_id).await? {
        Begun::Replay(share) => return Ok(Json(share)),
        Begun::New(ticket) => ticket,
    };
    if !refused_share::ask_now(&mut tx, processor_call_id, core.now()).await? {
        let was_asked = refused_share::was_asked(&mut tx, processor_call_id).await?;
        return Err(if was_asked { wrong_state() } else { missing() }.into());
    }
    let found = refused_share::list(&mut tx, Some(processor_call_id), None, 1).await?;
    let share = found.into_iter().next().ok_or_else(missing)?;
    let entry = Entry {
        actor: Actor::of(&caller),
        action,
        resource: Resource { kind: "processor_call", id: processor_call_id.0 },
        whose: None,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(&mut tx, core, entry).await?;
    ticket.finish(&mut tx, 200, &share).await?;
    core.commit(tx).await?;
    Ok(Json(share))
}
