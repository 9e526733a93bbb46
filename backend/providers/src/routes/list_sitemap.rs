//! `GET /api/v1/providers/sitemap` and `/sitemap/{page}`: every public page, 50,000 at a time.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::Reject;
use serde_json::{Value, json};
use shared_types::{Problem, providers::SitemapEntry};

use crate::{state::State, store::sitemap};

/// How many files there are.
pub async fn count_sitemap(Extract(state): Extract<State>) -> Result<Json<Value>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    Ok(Json(json!({ "pages": sitemap::pages(&mut conn).await? })))
}

/// One file, counted from 1.
pub async fn list_sitemap(
    Extract(state): Extract<State>,
    Path(page): Path<u32>,
) -> Result<Json<Vec<SitemapEntry>>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let entries = sitemap::page(&mut conn, i64::from(page)).await?;
    if page == 0 || entries.is_empty() {
        Err(Problem::not_found("This page of the sitemap").into())
    } else {
        Ok(Json(entries))
    }
}
