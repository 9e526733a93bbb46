//! `GET /api/v1/bookings/practices/{organization_id}/unmarked`: the visits that nobody marked. Each that is read is written down.

use axum::extract::{Path, State as Extract};
use jiff::SignedDuration;
use kernel::{Disclosed, Reject, SignedIn};
use shared_types::{
    OrganizationId,
    bookings::{
        practice::UNMARKED_MINUTES,
        unmarked::{PRESUMED_DAYS, Presumed, UnmarkedVisit},
    },
    page::Page,
};

use super::practice::{Listed, listed};
use crate::{domain::dispute_by, state::State, store::unmarked};

/// Those to mark, and those that count as having taken place.
pub async fn list_unmarked(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Disclosed<Page<UnmarkedVisit>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let ago = |minutes| now.saturating_sub(SignedDuration::from_mins(minutes)).unwrap_or(now);
    let (began_before, presumed_since) = (ago(UNMARKED_MINUTES), ago(PRESUMED_DAYS * 24 * 60));
    let mut tx = core.begin().await?;
    let visits = unmarked::of_practice(&mut tx, organization_id, began_before, presumed_since).await?;
    let ids: Vec<_> = visits.iter().map(|visit| visit.appointment_id).collect();
    let found = listed(&mut tx, &ids, organization_id, (&caller, "list_unmarked"), now).await?;
    let items = found.into_iter().zip(visits).map(|(one, visit)| {
        let Listed { appointment, practitioner_name, time_zone, disputed, seen } = one;
        let presumed = visit.presumed_at.map(|at| Presumed { at, dispute_by: dispute_by(at), disputed });
        (UnmarkedVisit { appointment, practitioner_name, time_zone, presumed, as_of: now }, seen)
    });
    Ok(Disclosed::commit_page(core, tx, items.collect(), None).await?)
}
