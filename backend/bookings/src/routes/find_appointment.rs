//! `GET /api/v1/bookings/appointments/{appointment_id}`.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::{
    Reject,
    audit::{self, Outcome},
    cookies::Holder,
};
use shared_types::{AppointmentId, bookings::Appointment};

use super::views::{actor, appointment_view, find_for_holder};
use crate::state::State;

/// An appointment, for who made it or opened its link.
pub async fn find_appointment(
    Extract(state): Extract<State>,
    holder: Holder,
    Path(appointment_id): Path<AppointmentId>,
) -> Result<Json<Appointment>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let (row, calendar) = find_for_holder(&mut tx, core, appointment_id, &holder).await?;
    let entry = audit::Entry {
        actor: actor(&holder, &row),
        action: "find_appointment",
        resource_kind: "booking",
        resource_id: row.booking_id.0,
        purpose: "booking",
        outcome: Outcome::Allowed,
    };
    audit::record(&mut tx, core, entry).await?;
    core.commit(tx).await?;
    Ok(Json(appointment_view(&row, calendar, core.now())))
}
