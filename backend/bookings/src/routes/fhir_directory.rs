//! `GET /fhir/PractitionerRole/{practitioner_role_id}`, `GET /fhir/Location/{practitioner_role_id}` and
//! `GET /fhir/HealthcareService/{practitioner_role_id}`: whom one books, where, and what.

use axum::extract::{Path, State as Extract};
use kernel::{
    Reject, Written,
    fhir::{FhirJson, written},
};
use shared_types::PractitionerRoleId;

use super::views::load_calendar;
use crate::{fhir, state::State, store::calendar::Calendar};

/// Somebody at a place.
pub async fn fhir_read_practitioner_role(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
) -> Result<Written<FhirJson>, Reject> {
    written(&fhir::practitioner_role(&state.fhir, &calendar_now(&state, role).await?.role))
}

/// The place of a role; it has the role's id.
pub async fn fhir_read_location(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
) -> Result<Written<FhirJson>, Reject> {
    written(&fhir::location(&state.fhir, &calendar_now(&state, role).await?.role))
}

/// What can be booked with a role; it has the role's id.
pub async fn fhir_read_healthcare_service(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
) -> Result<Written<FhirJson>, Reject> {
    written(&fhir::healthcare_service(&state.fhir, &calendar_now(&state, role).await?))
}

async fn calendar_now(state: &State, role: PractitionerRoleId) -> Result<Calendar, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let today = state.core.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    load_calendar(&mut conn, role, today, today).await
}
