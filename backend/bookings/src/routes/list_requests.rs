//! `GET /api/v1/bookings/practices/{organization_id}/requests`: the requests that wait for the practice's answer. Each that is read is
//! written down.

use axum::extract::{Path, State as Extract};
use kernel::{Disclosed, Reject, SignedIn};
use shared_types::{OrganizationId, bookings::requests::WaitingRequest, page::Page};

use super::practice::{Listed, listed};
use crate::{state::State, store::waiting_request};

/// Those that can still be answered.
pub async fn list_requests(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Disclosed<Page<WaitingRequest>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let mut items = Vec::new();
    for (appointment_id, answer_by) in waiting_request::of_practice(&mut tx, organization_id, now).await? {
        let by = (&caller, "list_requests");
        let Listed { appointment, practitioner_name, time_zone, disputed: _, seen } =
            listed(&mut tx, appointment_id, organization_id, by, now).await?;
        let request = WaitingRequest { appointment, practitioner_name, time_zone, answer_by, as_of: now };
        items.push((request, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}
