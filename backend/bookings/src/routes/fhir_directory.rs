//! `GET /fhir/PractitionerRole/{practitioner_role_id}` and `GET /fhir/Location/{practitioner_role_id}`: whom one books and where.

use axum::extract::{Path, State as Extract};
use kernel::{
    Reject, Written,
    fhir::{FhirJson, written},
};
use shared_types::{PractitionerRoleId, bookings::BookedRole};

use super::views::load_calendar;
use crate::{fhir, state::State};

/// Somebody at a place.
pub async fn fhir_read_practitioner_role(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
) -> Result<Written<FhirJson>, Reject> {
    written(&fhir::practitioner_role(&state.fhir, &role_now(&state, role).await?))
}

/// The place of a role; it has the role's id.
pub async fn fhir_read_location(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
) -> Result<Written<FhirJson>, Reject> {
    written(&fhir::location(&state.fhir, &role_now(&state, role).await?))
}

async fn role_now(state: &State, role: PractitionerRoleId) -> Result<BookedRole, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let today = state.core.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(load_calendar(&mut conn, role, today, today).await?.role)
}
