//! `GET /api/v1/bookings/holds/{hold_id}`.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::Reject;
use shared_types::{HoldId, Problem, bookings::Hold};

use super::views::hold_again;
use crate::{state::State, store::hold, visitor::Visitor};

/// A guest's own hold.
pub async fn find_hold(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(hold_id): Path<HoldId>,
) -> Result<Json<Hold>, Reject> {
    let mut tx = state.core.begin().await?;
    let not_found = || Reject::from(Problem::not_found("This hold"));
    let keeper = visitor.keeper();
    let hold = hold::find(&mut tx, hold_id, &keeper).await?.ok_or_else(not_found)?;
    Ok(Json(hold_again(&mut tx, &state, hold, keeper.account).await?))
}
