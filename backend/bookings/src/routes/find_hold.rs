//! `GET /api/v1/bookings/holds/{hold_id}`.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::{Reject, cookies::Holder};
use shared_types::{HoldId, Problem, bookings::Hold};

use super::views::{hold_view, load_calendar};
use crate::{state::State, store::hold};

/// A guest's own hold.
pub async fn find_hold(
    Extract(state): Extract<State>,
    holder: Holder,
    Path(hold_id): Path<HoldId>,
) -> Result<Json<Hold>, Reject> {
    let now = state.core.now();
    let mut tx = state.core.begin().await?;
    let not_found = || Reject::from(Problem::not_found("This hold"));
    let guest = holder.guest.ok_or_else(not_found)?;
    let hold = hold::find(&mut tx, hold_id, &guest).await?.ok_or_else(not_found)?;
    let day = hold.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = load_calendar(&mut tx, hold.practitioner_role_id, day, day).await?;
    Ok(Json(hold_view(hold, calendar, now)))
}
