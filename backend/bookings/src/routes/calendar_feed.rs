//! `/api/v1/bookings/me/calendar-feed`: the secret address at which one's own appointments can be subscribed to. Those of people
//! one acts for are not in it: leave to act ends, and an address would not know.

use axum::{extract::State as Extract, response::NoContent};
use kernel::{
    Core, Created, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose, Resource},
};
use shared_types::bookings::calendar_feed::{CalendarFeed, CreateFeed, FeedMade, FeedState};
use sqlx::PgConnection;

use crate::{
    domain::FeedOf,
    state::State,
    store::calendar_feed::{self, FeedRow},
};

/// Finds the caller's feed.
pub async fn find_calendar_feed(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<axum::Json<FeedState>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let feed = calendar_feed::of_account(&mut conn, caller.account_id).await?;
    Ok(axum::Json(FeedState { feed }))
}

/// Makes an address, instead of the one before.
pub async fn create_calendar_feed(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(wanted): Json<CreateFeed>,
) -> Result<Created<axum::Json<FeedMade>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let feed = FeedRow {
        calendar_feed_id: core.id(),
        of: FeedOf::Account(caller.account_id, caller.patient_id),
        detail: wanted.detail,
    };
    let made = make(&mut tx, core, &feed, &caller).await?;
    note(&mut tx, core, &caller, feed.calendar_feed_id.into(), "create_calendar_feed").await?;
    core.commit(tx).await?;
    Ok(Created(axum::Json(made)))
}

/// Switches the caller's feed off.
pub async fn delete_calendar_feed(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<NoContent, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    calendar_feed::remove(&mut tx, FeedOf::Account(caller.account_id, None)).await?;
    note(&mut tx, core, &caller, caller.account_id.into(), "delete_calendar_feed").await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Puts a feed with a new secret. This is the only time that it is told.
pub async fn make(
    conn: &mut PgConnection,
    core: &Core,
    feed: &FeedRow,
    caller: &SignedIn,
) -> Result<FeedMade, Reject> {
    let now = core.now();
    let (token, token_hash) = core.chance.link_token();
    calendar_feed::put(conn, feed, caller.account_id, &token_hash, now).await?;
    Ok(FeedMade {
        feed: CalendarFeed { detail: feed.detail, created_at: now, last_read_at: None },
        path: format!("/api/v1/bookings/calendar-feeds/{token}/calendar.ics").into(),
    })
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    resource: Resource,
    action: &'static str,
) -> Result<(), Reject> {
    let entry = audit::Entry {
        actor: Actor::of(caller),
        action,
        resource,
        whose: caller.patient_id,
        purpose: Purpose::OwnRecord,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
