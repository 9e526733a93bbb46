//! `GET /api/v1/bookings/practices/{organization_id}/bookings?ids=`: bookings that a practice's staff know by their ids, each as
//! it stands now, wherever it was moved to.

use axum::extract::{Path, Query, State as Extract};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    BookingId, OrganizationId, Problem,
    bookings::{PRACTICE_BOOKINGS, PracticeAppointment},
    page::Page,
    problem::FieldError,
};

use crate::{state::State, store::listing};

/// Ids with commas between.
#[derive(Deserialize, JsonSchema)]
pub struct Wanted {
    ids: String,
}

impl Wanted {
    fn bookings(&self) -> Result<Vec<BookingId>, Problem> {
        let ids: Result<Vec<BookingId>, _> = self.ids.split(',').map(str::parse).collect();
        let fine = ids.ok().filter(|ids| ids.len() <= PRACTICE_BOOKINGS);
        fine.ok_or_else(|| {
            Problem::invalid(vec![FieldError::new("ids", "give at most 50 ids with commas between")])
        })
    }
}

/// Those of them that are with the practice, in order of time. Each booking that is read is written down with the practice as
/// the reason.
pub async fn list_practice_bookings(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<PracticeAppointment>>, Reject> {
    let core = &state.core;
    let bookings = wanted.bookings()?;
    let mut tx = core.begin().await?;
    let mut items = Vec::with_capacity(bookings.len());
    for (row, whose) in listing::of_bookings(&mut tx, organization_id, &bookings).await? {
        let entry = audit::Entry {
            actor: Actor::for_practice(&caller, organization_id),
            action: "list_practice_bookings",
            resource: row.booking_id.into(),
            whose,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        items.push((row, entry));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}
