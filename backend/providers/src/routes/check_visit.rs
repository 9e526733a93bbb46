//! `GET /api/v1/providers/roles/{practitioner_role_id}/appointment-types/{appointment_type_id}/visit?near=`: whether a
//! practitioner comes to a place, before anybody is asked for an address. It says what was told last; what counts is what
//! bookings says when the visit is booked.

use axum::{
    Json,
    extract::{Path, Query, State as Extract},
};
use kernel::Reject;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId, Problem,
    problem::FieldError,
    providers::{Place, VisitCheck},
};

use crate::{
    state::State,
    store::{coverage_area, locality},
};

#[derive(Deserialize, JsonSchema)]
pub struct Near {
    /// A suburb, town or postcode in words.
    #[serde(default)]
    near: String,
}

/// Checks whether a home visit is made at a place.
pub async fn check_visit(
    Extract(state): Extract<State>,
    Path((role, of)): Path<(PractitionerRoleId, AppointmentTypeId)>,
    Query(Near { near }): Query<Near>,
) -> Result<Json<VisitCheck>, Reject> {
    if near.chars().count() > 100 {
        return Err(Problem::invalid(vec![FieldError::new("near", "use at most 100 characters")]).into());
    }
    let mut conn = state.core.pool.acquire().await?;
    let Some(place) = locality::find(&mut conn, &near, 1).await?.into_iter().next() else {
        return Ok(Json(VisitCheck { place: None, comes: None }));
    };
    let place = Place { postcode: locality::postcode_of(&mut conn, &place).await?, ..place };
    let comes = coverage_area::comes(&mut conn, role, of, &place).await?;
    Ok(Json(VisitCheck { place: Some(place), comes }))
}
