//! `GET /api/v1/bookings/roles/{practitioner_role_id}/appointment-types`.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::Reject;
use shared_types::{PractitionerRoleId, bookings::AppointmentTypes};

use super::views::load_calendar;
use crate::{state::State, store::calendar::TypeRow};

/// Lists what can be booked with a role; nothing for roles that are only listed.
pub async fn list_appointment_types(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
) -> Result<Json<AppointmentTypes>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let today = state.core.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = load_calendar(&mut conn, role, today, today).await?;
    let items = calendar.types.iter().map(TypeRow::appointment_type).collect();
    Ok(Json(AppointmentTypes { items, role: calendar.role }))
}
