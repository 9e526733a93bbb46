//! `GET /api/v1/bookings/roles/{practitioner_role_id}/availability?appointment_type=&from=&to=`.

use axum::{
    Json,
    extract::{Path, Query, State as Extract},
};
use kernel::Reject;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId,
    bookings::{Availability, RoleAvailability, free_times::apparent_busy},
};

use super::span::{self, Asked, Offered, Span};
use crate::state::State;

/// How many days are told unless asked otherwise: enough to look around in without asking again.
pub const DAYS: i32 = 28;

/// Finds what the free times of an appointment type follow from, by default for the next four weeks.
///
/// Anybody may ask, so what is taken is told only as far as the free times of these very days show it: a range of the
/// calendar would say to the minute when somebody comes and goes, and what is taken out of hours or elsewhere.
pub async fn find_availability(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
    Query(span): Query<Span>,
) -> Result<Json<RoleAvailability>, Reject> {
    let asked = span::load(&state, role, &span, DAYS).await?;
    Ok(Json(told(&asked, span.appointment_type)))
}

/// What anybody may know of it.
pub fn told(asked: &Asked, appointment_type_id: AppointmentTypeId) -> RoleAvailability {
    let zone = asked.calendar.role.time_zone;
    let mut told = RoleAvailability {
        practitioner_role_id: asked.calendar.role.practitioner_role_id,
        appointment_type_id,
        as_of: asked.now,
        from: asked.from,
        to: asked.to,
        availability: Availability { zone, rules: Vec::new(), closures: Vec::new(), extra_hours: Vec::new() },
        offering: None,
        busy: Vec::new(),
        next: None,
        sessions: Vec::new(),
    };
    if let Some(Offered { offering, availability, busy, sessions, next }) = &asked.offered {
        let hours = availability.between(asked.from, asked.to, *offering);
        let window = asked.window();
        told.sessions = sessions.iter().copied().filter(|start| window.contains(start)).collect();
        told.busy = apparent_busy(&hours, offering, busy, window, asked.now);
        (told.availability, told.offering, told.next) = (hours, Some(*offering), *next);
    }
    told
}
