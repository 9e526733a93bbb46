//! `POST /api/v1/bookings/appointments/{appointment_id}/cancel`.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject,
    audit::{self, Outcome, Purpose},
    outbox,
};
use shared_types::{
    AppointmentId, Problem,
    bookings::{Appointment, BookingsEvent, CancelAppointment},
};

use super::views::{Held, appointment_fact, appointment_view, begin_for_visitor};
use crate::{
    domain::cancel,
    state::State,
    store::{appointment, reservation},
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
    reservation::lock(&mut tx, calendar.resource_id).await?;
    let Some(cancelled) = cancel(row.status, row.policy, row.starts_at, now) else {
        return Err(not_possible().into());
    };
    if !appointment::change_status(
        &mut tx,
        &row,
        body.version,
        cancelled.status,
        cancelled.late_fee_cents,
        now,
    )
    .await?
    {
        return Err(stale().into());
    }
    row.status = cancelled.status;
    row.late_fee_cents = cancelled.late_fee_cents;
    row.version += 1;
    row.sequence += 1;
    reservation::free_appointment(&mut tx, row.appointment_id).await?;
    reservation::tell_next_free_soon(&mut tx, row.practitioner_role_id, now).await?;
    let entry = audit::Entry {
        actor,
        action: "cancel_appointment",
        resource: row.booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    let about = outbox::About {
        aggregate: "booking",
        id: row.booking_id.to_string(),
        version: i64::from(row.sequence) + 1,
    };
    let fact = appointment_fact(&row, &calendar, None);
    outbox::tell(&mut tx, core, about, &BookingsEvent::AppointmentCancelled(fact)).await?;
    Ok(Disclosed::commit(core, tx, receipt, appointment_view(&row, calendar, now)).await?)
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
