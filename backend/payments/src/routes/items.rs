//! `GET /api/v1/payments/items/{item_number}`: an item of the Medicare Benefits Schedule.

use axum::{
    Json as Plain,
    extract::{Path, Query, State as Extract},
};
use jiff::civil::Date;
use kernel::Reject;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{Problem, Zone, payments::funding::ScheduleItem};

use crate::{state::State, store::schedule};

/// Which day's.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The day on which it is to be in force; today when absent.
    on: Option<Date>,
}

/// 404 when it was not in force on that day.
pub async fn find_item(
    Extract(state): Extract<State>,
    Path(item_number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Plain<ScheduleItem>, Reject> {
    let core = &state.core;
    let on = wanted.on.unwrap_or_else(|| Zone::SYDNEY.date(core.now()));
    let mut conn = core.pool.acquire().await?;
    let item = schedule::item_on(&mut conn, &item_number, on).await?;
    item.map(Plain).ok_or_else(|| Problem::not_found("This item").into())
}
