//! `GET /api/v1/providers/sitemap` and `/sitemap/{page}`: every public page, 50,000 at a time.

use std::num::NonZeroU32;

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::Reject;
use shared_types::{
    Problem,
    providers::{SitemapCount, SitemapEntry},
};

use crate::{state::State, store::sitemap};

/// How many files there are.
pub async fn count_sitemap(Extract(state): Extract<State>) -> Result<Json<SitemapCount>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let pages = sitemap::pages(&mut conn).await?;
    Ok(Json(SitemapCount { pages: u32::try_from(pages).unwrap_or(u32::MAX) }))
}

/// One file, counted from 1.
pub async fn list_sitemap(
    Extract(state): Extract<State>,
    Path(page): Path<String>,
) -> Result<Json<Vec<SitemapEntry>>, Reject> {
    let not_found = || Reject::from(Problem::not_found("This page of the sitemap"));
    let page: NonZeroU32 = page.parse().map_err(|_| not_found())?;
    let mut conn = state.core.pool.acquire().await?;
    let entries = sitemap::page(&mut conn, i64::from(page.get())).await?;
    if entries.is_empty() { Err(not_found()) } else { Ok(Json(entries)) }
}
