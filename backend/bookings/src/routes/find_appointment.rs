//! `GET /api/v1/bookings/appointments/{appointment_id}` and its calendar file.

use axum::{
    extract::{Path, State as Extract},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::{
    Disclosed, Reject,
    audit::{self, Outcome, Purpose},
    calendar_file::{self, Method},
};
use serde::Serialize;
use shared_types::{AppointmentId, bookings::Appointment, personal::PersonalData};

use super::views::{Held, appointment_fact, appointment_view, begin_for_visitor};
use crate::{state::State, visitor::Visitor};

/// An appointment, for who made it or opened its link.
pub async fn find_appointment(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
) -> Result<Disclosed<Appointment>, Reject> {
    let core = &state.core;
    let held = begin_for_visitor(core, appointment_id, &visitor, "find_appointment").await?;
    let Held { mut tx, row, calendar, actor, whose } = held;
    let entry = audit::Entry {
        actor,
        action: "find_appointment",
        resource: row.booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    let view = appointment_view(&row, calendar, core.now());
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

/// An appointment as a calendar file.
#[derive(Serialize)]
struct CalendarFile(String);

impl PersonalData for CalendarFile {}

/// The same as a file for the patient's own calendar.
pub async fn download_calendar(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
) -> Result<Response, Reject> {
    let core = &state.core;
    let held = begin_for_visitor(core, appointment_id, &visitor, "download_calendar").await?;
    let Held { mut tx, row, calendar, actor, whose } = held;
    let entry = audit::Entry {
        actor,
        action: "download_calendar",
        resource: row.booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    let method = if row.status.is_upcoming() { Method::Publish } else { Method::Cancel };
    let text = calendar_file::write(
        method,
        &appointment_fact(&row, &calendar, None),
        &state.organizer,
        None,
        core.now(),
    );
    let disclosed = Disclosed::commit(core, tx, receipt, CalendarFile(text)).await?;
    let mut response = disclosed.written_by(|CalendarFile(text)| text.into_response());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"appointment.ics\""),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
