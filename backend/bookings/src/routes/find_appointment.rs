//! `GET /api/v1/bookings/appointments/{appointment_id}` and its calendar file.

use axum::{
    Json,
    extract::{Path, State as Extract},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::{
    Reject,
    audit::{self, Outcome},
    calendar_file::{self, Method},
    cookies::Holder,
};
use shared_types::{AppointmentId, bookings::Appointment};

use super::views::{Held, appointment_fact, appointment_view, begin_for_holder};
use crate::state::State;

/// An appointment, for who made it or opened its link.
pub async fn find_appointment(
    Extract(state): Extract<State>,
    holder: Holder,
    Path(appointment_id): Path<AppointmentId>,
) -> Result<Json<Appointment>, Reject> {
    let core = &state.core;
    let held = begin_for_holder(core, appointment_id, &holder, "find_appointment").await?;
    let Held { mut tx, row, calendar, actor } = held;
    let entry = audit::Entry {
        actor,
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

/// The same as a file for the patient's own calendar.
pub async fn download_calendar(
    Extract(state): Extract<State>,
    holder: Holder,
    Path(appointment_id): Path<AppointmentId>,
) -> Result<Response, Reject> {
    let core = &state.core;
    let held = begin_for_holder(core, appointment_id, &holder, "download_calendar").await?;
    let Held { mut tx, row, calendar, actor } = held;
    let entry = audit::Entry {
        actor,
        action: "download_calendar",
        resource_kind: "booking",
        resource_id: row.booking_id.0,
        purpose: "booking",
        outcome: Outcome::Allowed,
    };
    audit::record(&mut tx, core, entry).await?;
    core.commit(tx).await?;
    let method = if row.status.is_upcoming() { Method::Publish } else { Method::Cancel };
    let text = calendar_file::write(
        method,
        &appointment_fact(&row, &calendar, None),
        &state.organizer,
        None,
        core.now(),
    );
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"appointment.ics\""),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
