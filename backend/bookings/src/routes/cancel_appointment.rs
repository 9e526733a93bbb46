//! `POST /api/v1/bookings/appointments/{appointment_id}/cancel`: the patient cancels, or withdraws a request.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject,
    audit::{self, Outcome, Purpose},
};
use shared_types::{
    AppointmentId, Problem,
    bookings::{Appointment, CancelAppointment},
};

use super::views::{Held, appointment_view, begin_for_visitor, sees_money, without_money};
use crate::{
    domain::Step,
    state::State,
    steps::{self, Wanted},
    store::{appointment::StepBy, reservation},
    visitor::Visitor,
};

/// Cancels an appointment as last seen; the policy agreed at hold says what it costs.
pub async fn cancel_appointment(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
    Json(body): Json<CancelAppointment>,
) -> Result<Disclosed<Appointment>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let held = begin_for_visitor(core, appointment_id, &visitor, "cancel_appointment").await?;
    let Held { mut tx, mut row, calendar, actor, whose } = held;
    let sees_money = sees_money(&mut tx, core, &visitor, &row).await?;
    reservation::lock(&mut tx, calendar.resource_id).await?;
    let to = row.standing().cancel_by_patient(now).map_err(|_| not_possible())?;
    let wanted = Wanted { to, step: Step::CancelByPatient, reason: None, by: StepBy::Patient };
    if !steps::take(&mut tx, core, &mut row, &calendar, body.version, wanted).await? {
        return Err(stale().into());
    }
    let entry = audit::Entry {
        actor,
        action: "cancel_appointment",
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

/// The appointment changed since it was read.
pub fn stale() -> Problem {
    Problem::new("stale-version", 409, "This appointment has changed since you opened it")
        .detail("Nothing was changed. Look at it again, then decide.")
}

/// It has begun, or no longer stands.
pub fn not_possible() -> Problem {
    Problem::new("not-cancellable", 409, "This appointment can no longer be changed here")
        .detail("It has started or was cancelled already. Call the practice if something is wrong.")
}
