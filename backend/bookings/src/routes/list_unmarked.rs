//! `GET /api/v1/bookings/practices/{organization_id}/unmarked`: the visits that nobody marked. Each that is read is written down.

use axum::extract::{Path, State as Extract};
use jiff::SignedDuration;
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{
    OrganizationId,
    bookings::{
        practice::UNMARKED_MINUTES,
        unmarked::{PRESUMED_DAYS, Presumed, UnmarkedVisit},
    },
    page::Page,
};

use super::{practice::for_reader, views::load_calendar};
use crate::{
    domain::dispute_by,
    state::State,
    store::{diary, unmarked},
};

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
    let mut items = Vec::new();
    let found = unmarked::of_practice(&mut tx, organization_id, began_before, presumed_since).await?;
    for visit in found {
        let entry = diary::entry(&mut tx, visit.appointment_id).await?;
        let disputed = entry.disputed;
        let day = entry.standing.start.to_zoned(jiff::tz::TimeZone::UTC).date();
        let role = entry.appointment.practitioner_role_id;
        let calendar = load_calendar(&mut tx, role, day, day).await?;
        let (appointment, whose) = for_reader(entry, organization_id, &caller, now);
        let seen = audit::Entry {
            actor: Actor::for_practice(&caller, organization_id),
            action: "list_unmarked",
            resource: appointment.booking_id.into(),
            whose,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        let presumed = visit.presumed_at.map(|at| Presumed { at, dispute_by: dispute_by(at), disputed });
        let view = UnmarkedVisit {
            appointment,
            practitioner_name: calendar.role.name,
            time_zone: calendar.role.time_zone,
            presumed,
            as_of: now,
        };
        items.push((view, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}
