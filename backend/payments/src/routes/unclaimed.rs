//! `/api/v1/payments/practices/{organization_id}/claims/unclaimed`: bulk-billed visits that took place and that are on no claim, since
//! it could not be drafted by itself or was taken back. Those whose year is over are a list of their own: nothing can be done about them, but
//! nobody should look for them in vain.

use axum::extract::{Path, Query, State as Extract};
use jiff::civil::Date;
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{Actor, Entry, Outcome, Purpose},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    BookingId, OrganizationId,
    page::Page,
    payments::{claim::UnclaimedVisit, rules::lodge_until},
};

use crate::{
    assigning,
    claiming::CLAIM_ZONE,
    state::State,
    store::{claimant, owner},
};

/// How many one page has.
const PAGE: usize = 50;

/// Where to go on.
#[derive(Deserialize, JsonSchema)]
pub struct Listed {
    /// The `next` of the page before.
    cursor: Option<BookingId>,
    /// Those that can be claimed no more, instead of those that can.
    #[serde(default)]
    lapsed: bool,
}

/// One page, the earliest visit first. Each that is read is written down.
pub async fn list_unclaimed_visits(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Listed>,
) -> Result<Disclosed<Page<UnclaimedVisit>>, Reject> {
    let core = &state.core;
    let today = CLAIM_ZONE.date(core.now());
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut tx = core.begin().await?;
    let mut visits =
        claimant::unclaimed(&mut tx, organization_id, (today, wanted.lapsed), wanted.cursor, limit).await?;
    let more = visits.len() > PAGE;
    visits.truncate(PAGE);
    let next = visits.last().filter(|_| more).map(|visit| visit.booking_id.to_string());
    let mut items = Vec::with_capacity(visits.len());
    for visit in visits {
        let entry = Entry {
            actor: Actor::for_practice(&caller, organization_id),
            action: "list_unclaimed_visits",
            resource: visit.booking_id.into(),
            whose: owner::patient(&mut tx, visit.booking_id).await?,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        items.push((shown(&state, visit, today)?, entry));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

fn shown(state: &State, visit: claimant::Row, today: Date) -> anyhow::Result<UnclaimedVisit> {
    let identity = assigning::open(&state.cipher, &visit)?;
    let until = lodge_until(visit.service_on);
    Ok(UnclaimedVisit {
        booking_id: visit.booking_id,
        patient_name: identity.name,
        professional_name: visit.professional_name,
        service_name: visit.service_name,
        service_date: visit.service_on,
        lodge_until: until,
        lapsed: today > until,
    })
}
