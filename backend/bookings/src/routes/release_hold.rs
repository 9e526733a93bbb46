//! `DELETE /api/v1/bookings/holds/{hold_id}`: lets a time go.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Reject,
    audit::{self, Outcome, Purpose},
};
use shared_types::{HoldId, Problem, bookings::HoldStatus};

use crate::{
    state::State,
    store::{hold, reservation, waitlist_offer},
    visitor::Visitor,
};

/// Releases a guest's own hold. One that has ended already is left as it is: letting go twice is no mistake.
pub async fn release_hold(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(hold_id): Path<HoldId>,
) -> Result<NoContent, Reject> {
    let not_found = || Reject::from(Problem::not_found("This hold"));
    let keeper = visitor.keeper();
    let mut tx = state.core.begin().await?;
    let resource = hold::resource_of(&mut tx, hold_id, &keeper).await?.ok_or_else(not_found)?;
    reservation::lock(&mut tx, resource).await?;
    let found = hold::find(&mut tx, hold_id, &keeper).await?.ok_or_else(not_found)?;
    if hold::end(&mut tx, hold_id, HoldStatus::Released).await? {
        reservation::free_hold(&mut tx, hold_id).await?;
        waitlist_offer::declined(&mut tx, hold_id).await?;
        reservation::tell_next_free_soon(&mut tx, &[found.practitioner_role_id], state.core.now()).await?;
        let entry = audit::Entry {
            actor: visitor.actor(),
            action: "release_hold",
            resource: found.booking_id.into(),
            whose: None,
            purpose: Purpose::Booking,
            outcome: Outcome::Allowed,
        };
        audit::record(&mut tx, &state.core, entry).await?;
    }
    state.core.commit(tx).await?;
    Ok(NoContent)
}
