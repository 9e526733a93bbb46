//! `/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/calendar-feed`: the secret address at which a
//! practitioner subscribes to what is booked with them.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{Created, Json, Reject, SignedIn};
use shared_types::{
    OrganizationId, PractitionerRoleId,
    bookings::calendar_feed::{CreateFeed, FeedMade, FeedState},
};

use super::{
    calendar_feed::make,
    practice::calendar_of_practice,
    role_schedule::{editor, note},
};
use crate::{
    domain::FeedOf,
    state::State,
    store::calendar_feed::{self, FeedRow},
};

type OfRole = Path<(OrganizationId, PractitionerRoleId)>;

/// Finds a role's feed.
pub async fn find_role_feed(
    Extract(state): Extract<State>,
    Path((organization_id, role)): OfRole,
) -> Result<axum::Json<FeedState>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    calendar_of_practice(&mut conn, organization_id, role, state.core.now()).await?;
    let feed = calendar_feed::of_role(&mut conn, role).await?;
    Ok(axum::Json(FeedState { feed }))
}

/// Makes an address, instead of the one before.
pub async fn create_role_feed(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): OfRole,
    Json(wanted): Json<CreateFeed>,
) -> Result<Created<axum::Json<FeedMade>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    calendar_of_practice(&mut tx, organization_id, role, core.now()).await?;
    let actor = editor(core, &mut tx, &caller, organization_id, role, "create_role_feed").await?;
    let feed = FeedRow { calendar_feed_id: core.id(), of: FeedOf::Role(role), detail: wanted.detail };
    let made = make(&mut tx, core, &feed, &caller).await?;
    note(&mut tx, core, actor, organization_id, "create_role_feed").await?;
    core.commit(tx).await?;
    Ok(Created(axum::Json(made)))
}

/// Switches a role's feed off.
pub async fn delete_role_feed(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): OfRole,
) -> Result<NoContent, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    calendar_of_practice(&mut tx, organization_id, role, core.now()).await?;
    let actor = editor(core, &mut tx, &caller, organization_id, role, "delete_role_feed").await?;
    calendar_feed::remove(&mut tx, FeedOf::Role(role)).await?;
    note(&mut tx, core, actor, organization_id, "delete_role_feed").await?;
    core.commit(tx).await?;
    Ok(NoContent)
}
