//! `GET /api/v1/bookings/appointments/{appointment_id}` and its calendar file.

use axum::{
    extract::{Path, State as Extract},
    http::{HeaderName, HeaderValue, header},
};
use kernel::{
    Core, Disclosed, MediaType, Reject, Written,
    audit::{self, Outcome, Purpose},
    calendar_file::{self, Method},
};
use serde::Serialize;
use shared_types::{
    AppointmentId,
    bookings::{Appointment, AppointmentStatus},
    personal::PersonalData,
};
use sqlx::PgConnection;

use super::{
    running_late::lateness_of,
    views::{
        Held, appointment_fact, appointment_view, begin_for_visitor, payment_ticket, proposed_for,
        sees_money, without_money,
    },
};
use crate::{
    state::State,
    store::{
        appointment::{self, AppointmentRow},
        waitlist,
    },
    visitor::{Visitor, may_see},
};

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
    let sees_money = sees_money(&mut tx, core, &visitor, &row).await?;
    let payment_ticket =
        payment_ticket(&state, visitor.keeper().account, &row, calendar.role.organization_id);
    let late_minutes = lateness_of(&mut tx, &row, &calendar, core.now()).await?;
    let lost = waitlist::of_appointment(&mut tx, row.appointment_id, core.now()).await?;
    let asked_first = lost.is_some() && calendar.role.bookable;
    let proposed = proposed_for(&mut tx, &row, core.now()).await?;
    let answers = may_answer(&mut tx, core, &visitor, &row).await?;
    let proposed = proposed.filter(|_| answers);
    let view = appointment_view(&row, calendar, core.now());
    let view = Appointment { payment_ticket, late_minutes, asked_first, proposed, ..view };
    let view = if sees_money { view } else { without_money(view) };
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

/// Whether who sees an appointment may answer what is proposed for it: what a reminder's link opens can cancel and do no more.
async fn may_answer(
    conn: &mut PgConnection,
    core: &Core,
    visitor: &Visitor,
    row: &AppointmentRow,
) -> sqlx::Result<bool> {
    let member =
        visitor.claims.as_ref().is_some_and(|claims| may_see(claims, row.account_id, row.patient_id));
    let access = appointment::access(conn, row.appointment_id, &visitor.holder, core.now()).await?;
    Ok(member || access.is_some_and(|access| access.by_guest || access.by_link))
}

/// An appointment as a calendar file.
#[derive(Serialize)]
struct CalendarFile(String);

impl PersonalData for CalendarFile {}

/// iCalendar (RFC 5545).
pub struct Calendar;

impl MediaType for Calendar {
    const NAME: &'static str = "text/calendar; charset=utf-8";
}

/// How a file is saved, and kept nowhere on the way.
type Attached = [(HeaderName, HeaderValue); 2];

/// The same as a file for the patient's own calendar.
pub async fn download_calendar(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
) -> Result<(Attached, Written<Calendar>), Reject> {
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
    // What took place stays in the patient's calendar.
    let stays = row.status.is_upcoming() || row.status == AppointmentStatus::Completed;
    let method = if stays { Method::Publish } else { Method::Cancel };
    let text = calendar_file::write(
        method,
        &appointment_fact(&row, &calendar, None),
        &state.organizer,
        None,
        core.now(),
    );
    let disclosed = Disclosed::commit(core, tx, receipt, CalendarFile(text)).await?;
    let attached = HeaderValue::from_static("attachment; filename=\"appointment.ics\"");
    let headers = [
        (header::CONTENT_DISPOSITION, attached),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, disclosed.written_as(|CalendarFile(text)| text)))
}
