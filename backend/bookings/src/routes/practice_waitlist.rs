//! `/api/v1/bookings/practices/{organization_id}/waitlist`: who waits for a practice's people, in the order in which they are
//! asked, and what they were asked about.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{
    OrganizationId, Problem, WaitlistEntryId,
    bookings::waitlist::{PracticeWaiting, RemoveFromWaitlist},
    page::Page,
};

use super::waitlist::let_go;
use crate::{
    state::State,
    store::{
        waitlist::{self, EntryRow},
        waitlist_offer,
    },
};

/// Everybody who waits for somebody of the practice. Each who is read is written down.
pub async fn list_practice_waitlist(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Disclosed<Page<PracticeWaiting>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let rows = waitlist::of_practice(&mut tx, organization_id).await?;
    let ids: Vec<_> = rows.iter().map(|(row, _)| row.waitlist_entry_id).collect();
    let with = waitlist::with(&mut tx, &ids).await?;
    let offers = waitlist_offer::of_practice(&mut tx, organization_id, &ids).await?;
    let mut items = Vec::new();
    for (position, (row, name)) in (1..).zip(rows) {
        let seen = entry(&caller, organization_id, &row, "list_practice_waitlist", Outcome::Allowed);
        let id = row.waitlist_entry_id;
        let ours = with.iter().filter(|(of, at, _)| *of == id && *at == Some(organization_id));
        let waiting = PracticeWaiting {
            waitlist_entry_id: id,
            position,
            name,
            status: row.status,
            with: ours.map(|(_, _, waited_for)| waited_for.clone()).collect(),
            wishes: row.wishes,
            joined_at: row.joined_at,
            priority: row.priority,
            offers: offers.iter().filter(|(of, _)| *of == id).map(|(_, offer)| *offer).collect(),
            as_of: now,
        };
        items.push((waiting, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Ends somebody's place with the practice, and lets a time of the practice go that they were offered.
pub async fn remove_from_waitlist(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): Path<(OrganizationId, WaitlistEntryId)>,
    Json(body): Json<RemoveFromWaitlist>,
) -> Result<NoContent, Reject> {
    let (core, now, action) = (&state.core, state.core.now(), "remove_from_waitlist");
    let not_found = || Problem::not_found("This place on a waitlist");
    let mut tx = core.begin().await?;
    waitlist::lock_resources(&mut tx, id).await?;
    let row = waitlist::find(&mut tx, id).await?.ok_or_else(not_found)?;
    let with = waitlist::with(&mut tx, &[id]).await?;
    let ours: Vec<_> = with.iter().filter(|(_, at, _)| *at == Some(organization_id)).collect();
    if ours.is_empty() {
        let refused = entry(&caller, organization_id, &row, action, Outcome::Denied);
        audit::record(&mut tx, core, refused).await?;
        core.commit(tx).await?;
        return Err(not_found().into());
    }
    let open = waitlist_offer::open(&mut tx, id, now).await?;
    let is_ours = |role| ours.iter().any(|(_, _, waited_for)| waited_for.practitioner_role_id == role);
    if let Some(offer) = open.filter(|offer| is_ours(offer.practitioner_role_id)) {
        let_go(&mut tx, &offer, now).await?;
    }
    if waitlist::remove(&mut tx, id, organization_id, body.reason, now).await? {
        audit::record(&mut tx, core, entry(&caller, organization_id, &row, action, Outcome::Allowed)).await?;
    }
    core.commit(tx).await?;
    Ok(NoContent)
}

fn entry(
    caller: &SignedIn,
    organization_id: OrganizationId,
    row: &EntryRow,
    action: &'static str,
    outcome: Outcome,
) -> audit::Entry {
    let actor = match outcome {
        Outcome::Allowed => Actor::for_practice(caller, organization_id),
        Outcome::Denied => Actor::of(caller),
    };
    audit::Entry {
        actor,
        action,
        resource: audit::Resource { kind: "waitlist_entry", id: row.waitlist_entry_id.0 },
        whose: row.patient_id,
        purpose: Purpose::Practice,
        outcome,
    }
}
