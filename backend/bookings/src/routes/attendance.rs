//! `/api/v1/bookings/appointments/{appointment_id}/attendance`, `/arrival` and `/absence`: the patient says that they will come,
//! that they are there, or that nobody was there for them.

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{
    Disclosed, Json, Reject,
    audit::{self, Outcome, Purpose},
};
use shared_types::{
    AppointmentId, Problem,
    bookings::{Appointment, practice::SeenVersion},
};

use super::{
    cancel_appointment::stale,
    views::{Held, appointment_view, begin_for_visitor, read_again, refusal, sees_money, without_money},
};
use crate::{
    domain::{Standing, Step, TransitionError},
    state::State,
    steps::{self, Wanted},
    store::{
        appointment::{AppointmentRow, StepBy},
        reservation,
    },
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

/// Says that the patient is at the practice, from an hour before the start until the end. The desk sees it as its own, and can take
/// it back.
pub async fn report_arrival(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
    Json(body): Json<SeenVersion>,
) -> Result<Disclosed<Appointment>, Reject> {
    let mut held = begin_for_visitor(&state.core, appointment_id, &visitor, "report_arrival").await?;
    reservation::lock(&mut held.tx, held.calendar.resource_id).await?;
    // That its card was refused meanwhile makes no version.
    held.row = read_again(&mut held.tx, &held.row).await?;
    if let Some(problem) = cannot_arrive(&held.row) {
        return Err(problem.into());
    }
    let end = held.row.ends_at;
    let arrive = move |standing: Standing, now: Timestamp| standing.arrive_by_patient(end, now);
    take(&state, &visitor, held, body, (Step::Arrive, "report_arrival"), arrive).await
}

/// Why a patient cannot say of a visit that they have arrived for it, whatever the time is.
fn cannot_arrive(row: &AppointmentRow) -> Option<Problem> {
    let no = |detail: &str| {
        let title = "This cannot be done with the appointment as it stands";
        Some(Problem::new("wrong-state", 409, title).detail(detail))
    };
    if !row.appointment_type.is_at_practice() {
        return no("Nothing was changed. For this visit you do not come to the practice.");
    }
    // What nobody pays for is cancelled, but for who is there: that is not the patient's word alone.
    if row.money.repair_until.is_some() {
        return no("Nothing was changed. Its card was not charged: please tell the desk that you are there.");
    }
    None
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
    to: impl FnOnce(Standing, Timestamp) -> Result<Standing, TransitionError>,
) -> Result<Disclosed<Appointment>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let Held { mut tx, mut row, calendar, actor, whose } = held;
    let sees_money = sees_money(&mut tx, core, visitor, &row).await?;
    reservation::lock(&mut tx, calendar.resource_id).await?;
    let to = to(row.standing(), now).map_err(|error| refusal(error, row.offered.time_zone, now))?;
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
