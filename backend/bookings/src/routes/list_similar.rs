//! `GET /api/v1/bookings/roles/{practitioner_role_id}/similar?appointment_type=&within_km=`.

use axum::{
    Json,
    extract::{Path, Query, State as Extract},
};
use kernel::Reject;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId, Problem,
    bookings::waitlist::{FURTHEST_KM, SimilarRoles},
    problem::FieldError,
};

use crate::{state::State, store::similar};

/// What somebody would like instead, and how far they would go.
#[derive(Deserialize, JsonSchema)]
pub struct Like {
    /// Which type of the first practitioner's.
    appointment_type: AppointmentTypeId,
    /// How far from the first one's place, in kilometres; none is at the practice alone.
    #[serde(default)]
    within_km: u16,
}

/// With whom somebody could do as well who waits for a practitioner.
pub async fn list_similar(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
    Query(like): Query<Like>,
) -> Result<Json<SimilarRoles>, Reject> {
    if like.within_km > FURTHEST_KM {
        let detail = format!("ask about at most {FURTHEST_KM} kilometres");
        return Err(Problem::invalid(vec![FieldError::new("within_km", detail)]).into());
    }
    let mut conn = state.core.pool.acquire().await?;
    let items = similar::list(&mut conn, role, like.appointment_type, like.within_km).await?;
    Ok(Json(SimilarRoles { items }))
}
