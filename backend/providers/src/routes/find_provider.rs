//! `GET /api/v1/providers/providers/{slug}`.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::Reject;
use shared_types::{Problem, providers::ProviderProfile};

use super::not_listed;
use crate::{
    state::State,
    store::{listing, profile},
};

/// A provider's page.
pub async fn find_provider(
    Extract(state): Extract<State>,
    Path(slug): Path<String>,
) -> Result<Json<ProviderProfile>, Reject> {
    let not_found = || Reject::from(Problem::not_found("This provider"));
    let slug = super::slug(&slug).ok_or_else(not_found)?;
    let mut conn = state.core.pool.acquire().await?;
    if let Some(found) = profile::provider(&mut conn, slug, state.core.now()).await? {
        return Ok(Json(found));
    }
    let suspended = listing::is_suspended(&mut conn, slug).await?;
    Err(if suspended { not_listed("This provider").into() } else { not_found() })
}
