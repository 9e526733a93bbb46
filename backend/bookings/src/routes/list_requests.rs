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
    let waiting = waiting_request::of_practice(&mut tx, organization_id, now).await?;
    let ids: Vec<_> = waiting.iter().map(|(appointment_id, _)| *appointment_id).collect();
    let found = listed(&mut tx, &ids, organization_id, (&caller, "list_requests"), now).await?;
    let items = found.into_iter().zip(waiting).map(|(one, (_, answer_by))| {
        let Listed { appointment, practitioner_name, time_zone, disputed: _, seen } = one;
        let request = WaitingRequest { appointment, practitioner_name, time_zone, answer_by, as_of: now };
        (request, seen)
    });
    Ok(Disclosed::commit_page(core, tx, items.collect(), None).await?)
}
