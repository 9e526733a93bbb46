//! `GET /api/v1/bookings/practices/{organization_id}/roles`: the columns of a practice's calendar.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::{Reject, SignedIn};
use shared_types::{
    OrganizationId,
    bookings::practice::{PracticeRole, PracticeRoles},
    users::StaffRole,
};

use super::role_schedule::EDITORS;
use crate::{
    state::State,
    store::{
        calendar::{self, TypeRow},
        diary, schedule,
    },
};

/// Lists the practice's people and places with what can be booked with them. Nothing here says anything of a patient.
pub async fn list_practice_roles(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Json<PracticeRoles>, Reject> {
    let now = state.core.now();
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let edits_all = caller.works_at(organization_id, &EDITORS);
    let keeps_own = caller.works_at(organization_id, &[StaffRole::Practitioner]);
    let mut conn = state.core.pool.acquire().await?;
    let mut items = Vec::new();
    for (practitioner_role_id, schedule_version) in diary::roles(&mut conn, organization_id).await? {
        let Some(calendar) = calendar::load(&mut conn, practitioner_role_id, today, today).await? else {
            continue;
        };
        let keeper = schedule::keeper(&mut conn, practitioner_role_id).await?;
        items.push(PracticeRole {
            practitioner_role_id,
            name: calendar.role.name,
            profession_name: calendar.role.profession_name,
            address: calendar.role.address,
            time_zone: calendar.role.time_zone,
            bookable: calendar.role.bookable,
            schedule_version,
            may_edit: edits_all || (keeps_own && keeper == Some(caller.account_id)),
            appointment_types: calendar.types.iter().map(TypeRow::appointment_type).collect(),
        });
    }
    Ok(Json(PracticeRoles { items, as_of: now }))
}
