//! `GET /api/v1/providers/landing/{profession}/{locality}`: one profession around one locality.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::Reject;
use shared_types::{
    Problem,
    providers::{Landing, SearchProviders},
};

use super::search_providers::answer;
use crate::{state::State, store::locality};

/// A landing page.
pub async fn find_landing(
    Extract(state): Extract<State>,
    Path((profession, slug)): Path<(String, String)>,
) -> Result<Json<Landing>, Reject> {
    let not_found = || Reject::from(Problem::not_found("This page"));
    let profession = state.professions.iter().find(|known| known.slug == profession).ok_or_else(not_found)?;
    let slug = super::slug(&slug).ok_or_else(not_found)?;
    let mut conn = state.core.pool.acquire().await?;
    let place = locality::by_slug(&mut conn, slug).await?.ok_or_else(not_found)?;
    let query = SearchProviders {
        near: Some(place.label.clone()),
        profession: Some(profession.slug.clone()),
        ..SearchProviders::default()
    };
    let results = answer(&mut conn, &state, query).await?;
    let nearby = locality::nearby(&mut conn, &place, &profession.slug, 8).await?;
    Ok(Json(Landing { profession: profession.to_ref(), place, results, nearby }))
}
