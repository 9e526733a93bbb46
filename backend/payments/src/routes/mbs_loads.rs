//! `GET /api/v1/payments/platform/mbs-loads`: the readings of the Medicare Benefits Schedule.

use axum::{
    Json as Plain,
    extract::{Query, State as Extract},
};
use kernel::Reject;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{MbsLoadId, page::Page, payments::funding::MbsLoad};

use crate::{state::State, store::schedule};

const PAGE: i64 = 20;

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The `next` of the page before.
    cursor: Option<MbsLoadId>,
}

/// The latest first.
pub async fn list_mbs_loads(
    Extract(state): Extract<State>,
    Query(wanted): Query<Wanted>,
) -> Result<Plain<Page<MbsLoad>>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let mut items = schedule::loads::page(&mut conn, wanted.cursor, PAGE + 1).await?;
    let more = items.len() > PAGE as usize;
    items.truncate(PAGE as usize);
    let next = items.last().filter(|_| more).map(|last| last.mbs_load_id.to_string());
    Ok(Plain(Page { items, next }))
}
