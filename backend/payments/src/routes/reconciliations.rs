//! `/api/v1/payments/platform/reconciliations`: comparisons with the card processor's records, for administrators.

use axum::extract::{Path, Query, State as Extract};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Accepted, Core, Json, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose, Resource},
    idempotency::{self, Begun, IdempotencyKey},
};
use serde::Deserialize;
use shared_types::{
    DifferenceId, Problem, ReconciliationId, Zone,
    page::Page,
    payments::platform::{
        CloseDifference, Difference, Reconciliation, ReconciliationReport, StartReconciliation,
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use super::money::wrong_state;
use crate::{
    state::State,
    store::{difference, reconciliation},
};

const AT_ONCE: usize = 50;
/// The most characters of a note.
const NOTE: usize = 1_000;

/// Which page.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub struct Wanted {
    /// From the page before.
    cursor: Option<ReconciliationId>,
}

/// The latest first.
pub async fn list_reconciliations(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Page<Reconciliation>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let mut items = reconciliation::list(&mut tx, wanted.cursor, AT_ONCE as i64 + 1).await?;
    let more = items.len() > AT_ONCE;
    items.truncate(AT_ONCE);
    let next = items.last().filter(|_| more).map(|last| last.reconciliation_id.to_string());
    note(&mut tx, core, &caller, "list_reconciliations", Resource::ROUTE).await?;
    core.commit(tx).await?;
    Ok(Json(Page { items, next }))
}

/// Starts one; a job goes through the processor's records.
pub async fn start_reconciliation(
    Extract(state): Extract<State>,
    caller: SignedIn,
    key: IdempotencyKey,
    Json(body): Json<StartReconciliation>,
) -> Result<Accepted<Json<Reconciliation>>, Reject> {
    let core = &state.core;
    let range = range(&body, core.now())?;
    let mut tx = core.begin().await?;
    let who = caller.account_id.to_string();
    let begun = idempotency::begin(&mut tx, core, "start_reconciliation", &who, key, &body).await?;
    let ticket = match begun {
        Begun::Replay(reply) => return Ok(Accepted(Json(reply))),
        Begun::New(ticket) => ticket,
    };
    let id: ReconciliationId = core.id();
    if !reconciliation::start(&mut tx, id, range, Some(caller.account_id), core.now()).await? {
        return Err(Problem::new("wrong-state", 409, "A comparison is running already")
            .detail("Nothing was started. Wait for it to finish, then start another.")
            .into());
    }
    let started = reconciliation::find(&mut tx, id).await?.ok_or_else(not_found)?;
    note(&mut tx, core, &caller, "start_reconciliation", resource(id)).await?;
    ticket.finish(&mut tx, 202, &started).await?;
    core.commit(tx).await?;
    Ok(Accepted(Json(started)))
}

/// One, with every difference and what was done about it.
pub async fn find_reconciliation(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(reconciliation_id): Path<ReconciliationId>,
) -> Result<Json<ReconciliationReport>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let reconciliation = reconciliation::find(&mut tx, reconciliation_id).await?.ok_or_else(not_found)?;
    let differences = difference::list(&mut tx, reconciliation_id).await?;
    note(&mut tx, core, &caller, "find_reconciliation", resource(reconciliation_id)).await?;
    core.commit(tx).await?;
    Ok(Json(ReconciliationReport { reconciliation, differences }))
}

/// Closes a difference that waits for somebody: they say what was done by hand. Who comes second is told that it is closed.
pub async fn close_difference(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((reconciliation_id, difference_id)): Path<(ReconciliationId, DifferenceId)>,
    key: IdempotencyKey,
    Json(body): Json<CloseDifference>,
) -> Result<Json<Difference>, Reject> {
    let (core, action) = (&state.core, "close_difference");
    let text = checked(&body)?;
    let missing = || Problem::not_found("This difference");
    let which = (reconciliation_id, difference_id);
    let mut tx = core.begin().await?;
    let who = caller.account_id.to_string();
    let ticket = match idempotency::begin(&mut tx, core, action, &who, key, &(which, &body)).await? {
        Begun::Replay(closed) => return Ok(Json(closed)),
        Begun::New(ticket) => ticket,
    };
    if !difference::close(&mut tx, which, caller.account_id, text, core.now()).await? {
        let known = difference::find(&mut tx, reconciliation_id, difference_id).await?;
        return Err(known.map_or_else(missing, |_| wrong_state()).into());
    }
    let closed = difference::find(&mut tx, reconciliation_id, difference_id).await?.ok_or_else(missing)?;
    let closing = Resource { kind: "difference", id: difference_id.0 };
    note(&mut tx, core, &caller, action, closing).await?;
    ticket.finish(&mut tx, 200, &closed).await?;
    core.commit(tx).await?;
    Ok(Json(closed))
}

fn checked(body: &CloseDifference) -> Result<&str, Problem> {
    let note = body.note.expose().trim();
    if note.is_empty() || note.chars().count() > NOTE {
        let error = FieldError::new("/note", "say what was done: 1 to 1000 characters");
        return Err(Problem::invalid(vec![error]));
    }
    Ok(note)
}

/// The days that are asked for, at the platform's place; without them the last two.
fn range(wanted: &StartReconciliation, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
    let until = wanted.until.map_or(now, |day| Zone::SYDNEY.start_of_day(day).min(now));
    let from = match wanted.from {
        Some(day) => Zone::SYDNEY.start_of_day(day),
        None => until - SignedDuration::from_hours(48),
    };
    if from < until {
        return Ok((from, until));
    }
    Err(Problem::invalid(vec![FieldError::new("/from", "this is after the end, or in the future")]))
}

fn not_found() -> Problem {
    Problem::not_found("This comparison")
}

fn resource(id: ReconciliationId) -> Resource {
    Resource { kind: "reconciliation", id: id.0 }
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    action: &'static str,
    resource: Resource,
) -> sqlx::Result<()> {
    let entry = Entry {
        actor: Actor::of(caller),
        action,
        resource,
        whose: None,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
