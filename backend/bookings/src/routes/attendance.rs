//! `/api/v1/bookings/appointments/{appointment_id}/attendance` and `/absence`: the patient says that they will come, or that
//! nobody was there for them.

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{
    Disclosed, Json, Reject,
    audit::{self, Outcome, Purpose},
};
use shared_types::{
    AppointmentId,
    bookings::{Appointment, practice::SeenVersion},
};

use super::{
    cancel_appointment::stale,
    views::{Held, appointment_view, begin_for_visitor, refusal, sees_money, without_money},
};
use crate::{
    domain::{Standing, Step, TransitionError},
    state::State,
    steps::{self, Wanted},
    store::{appointment::StepBy, reservation},
    visitor::Visitor,
};

/// Says that the patient will come. It changes nothing else.
pub async fn confirm_attendance(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
    Json(body): Json<SeenVersion>,
) -> Result<Disclosed<Appointment>, Reject> {
    let held = begin_for_visitor(&state.core, appointment_id, &visitor, "confirm_attendance").await?;
    let step = (Step::ConfirmAttendance, "confirm_attendance");
    take(&state, &visitor, held, body, step, Standing::confirm_attendance).await
}

/// Says that the practitioner did not come. Nothing is owed; the practice sees it and can answer.
pub async fn report_absence(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
    Json(body): Json<SeenVersion>,
) -> Result<Disclosed<Appointment>, Reject> {
    let held = begin_for_visitor(&state.core, appointment_id, &visitor, "report_absence").await?;
    let step = (Step::PractitionerAbsent, "report_absence");
    take(&state, &visitor, held, body, step, Standing::practitioner_absent).await
}

/// Takes a step of the patient's.
async fn take(
    state: &State,
    visitor: &Visitor,
    held: Held,
    seen: SeenVersion,
    (step, action): (Step, &'static str),
    to: fn(Standing, Timestamp) -> Result<Standing, TransitionError>,
) -> Result<Disclosed<Appointment>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let Held { mut tx, mut row, calendar, actor, whose } = held;
    let sees_money = sees_money(&mut tx, core, visitor, &row).await?;
    reservation::lock(&mut tx, calendar.resource_id).await?;
    let to = to(row.standing(), now).map_err(|error| refusal(error, calendar.role.time_zone, now))?;
    let wanted = Wanted { to, step, reason: None, by: StepBy::Patient };
    if !steps::take(&mut tx, core, &mut row, &calendar, seen.version, wanted).await? {
        return Err(stale().into());
    }
    let entry = audit::Entry {
        actor,
        action,
        resource: row.booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    let view = appointment_view(&row, calendar, now);
    let view = if sees_money { view } else { without_money(view) };
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}
