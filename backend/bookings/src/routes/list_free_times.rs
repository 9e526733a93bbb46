//! `GET /api/v1/bookings/roles/{practitioner_role_id}/free-times?appointment_type=&from=&to=`.

use axum::{
    Json,
    extract::{Path, Query, State as Extract},
};
use kernel::Reject;
use shared_types::{
    PractitionerRoleId,
    bookings::{
        FreeTimes,
        free_times::{free_times, with_open_sessions},
    },
};

use super::span::{self, Offered, Span};
use crate::state::State;

/// How many days are listed unless told.
const DAYS: i32 = 14;

/// Lists the free times of an appointment type, by default of the next two weeks.
pub async fn list_free_times(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
    Query(span): Query<Span>,
) -> Result<Json<FreeTimes>, Reject> {
    let asked = span::load(&state, role, &span, DAYS).await?;
    let starts = asked.offered.as_ref().map(|offered| {
        let window = asked.window();
        let Offered { availability, offering, busy, sessions, .. } = offered;
        let starts = free_times(availability, offering, busy, window.clone(), asked.now);
        with_open_sessions(starts, sessions, &window)
    });
    Ok(Json(FreeTimes {
        practitioner_role_id: role,
        appointment_type_id: span.appointment_type,
        time_zone: asked.calendar.role.time_zone,
        as_of: asked.now,
        from: asked.from,
        to: asked.to,
        starts: starts.unwrap_or_default(),
        next: asked.offered.and_then(|offered| offered.next),
    }))
}
