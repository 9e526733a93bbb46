//! `GET /api/v1/providers/providers/{slug}`.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::Reject;
use shared_types::{Problem, providers::ProviderProfile};

use crate::{state::State, store::profile};

/// A provider's page.
pub async fn find_provider(
    Extract(state): Extract<State>,
    Path(slug): Path<String>,
) -> Result<Json<ProviderProfile>, Reject> {
    let not_found = || Reject::from(Problem::not_found("This provider"));
    let slug = super::slug(&slug).ok_or_else(not_found)?;
    let mut conn = state.core.pool.acquire().await?;
    let found = profile::provider(&mut conn, slug, state.core.now()).await?;
    found.map(Json).ok_or_else(not_found)
}
