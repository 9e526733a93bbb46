//! `GET /api/v1/bookings/practices/{organization_id}/honour-rate`.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::Reject;
use shared_types::{OrganizationId, bookings::honour::HonourRate};

use crate::{state::State, store::honour};

/// How many of the appointments that people were promised a practice kept. Of a practice that nobody knows there are too few to
/// say, as of one that nobody books.
pub async fn find_honour_rate(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Json<HonourRate>, Reject> {
    let now = state.core.now();
    let mut conn = state.core.pool.acquire().await?;
    let counted = honour::count(&mut conn, organization_id, now).await?;
    Ok(Json(HonourRate::of(counted.honoured, counted.all, now)))
}
