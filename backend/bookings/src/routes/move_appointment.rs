//! `POST /api/v1/bookings/appointments/{appointment_id}/move`: another time, same provider and type.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject,
    audit::{self, Actor, Outcome, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
    outbox,
};
use shared_types::{
    AppointmentId, BookingId, PatientId,
    bookings::{Appointment, BookingsEvent, MoveAppointment},
};

use super::{
    cancel_appointment::{not_possible, stale},
    cannot_be_charged::cannot_be_charged,
    views::{
        Held, appointment_fact, appointment_view, begin_for_visitor, calendar_around, is_offered, read_again,
        sees_money, session_shorter, time_taken, within_reach, without_money,
    },
};
use crate::{
    domain::Step,
    holding,
    state::State,
    steps,
    store::{
        appointment::{self, AppointmentRow, StepBy, Taken},
        calendar::TypeRow,
        manage,
        proposal::Ended,
        reservation::{self, ReserveError},
    },
    visitor::Visitor,
};

/// Moves an appointment: a new link of the chain takes over reservation, money and link in one transaction, so the
/// old time is never lost before the new one is certain. The new time may overlap the old one.
pub async fn move_appointment(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
    key: IdempotencyKey,
    Json(body): Json<MoveAppointment>,
) -> Result<Disclosed<Appointment>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let held = begin_for_visitor(core, appointment_id, &visitor, "move_appointment").await?;
    let Held { mut tx, row: old, calendar, actor, whose } = held;
    let sees_money = sees_money(&mut tx, core, &visitor, &old).await?;
    let caller = appointment_id.to_string();
    let ticket = match idempotency::begin(&mut tx, core, "move_appointment", &caller, key, &body).await? {
        Begun::New(ticket) => ticket,
        Begun::Replay(appointment) => {
            // What was done is done; that somebody reads of it again is an act of its own.
            let receipt = audit::record(&mut tx, core, moved(actor, old.booking_id, whose)).await?;
            let view = if sees_money { appointment } else { without_money(appointment) };
            return Ok(Disclosed::commit(core, tx, receipt, view).await?);
        }
    };
    let type_id = old.appointment_type.appointment_type_id;
    let takes = calendar.find_type(type_id).map_or(vec![calendar.resource_id], |row| calendar.takes(row));
    reservation::lock_all(&mut tx, &takes).await?;
    // What became of its money meanwhile moves along: that makes no version.
    let old = read_again(&mut tx, &old).await?;
    let moved_on = old.standing().move_by_patient(now).map_err(|_| not_possible())?;
    let near = within_reach(body.start, now);
    let (calendar, row) = calendar_around(&mut tx, old.practitioner_role_id, type_id, near).await?;
    if calendar.takes(&row) != takes {
        // The practice has changed what the type needs between two looks.
        return Err(stale().into());
    }
    // The length that was booked is the length that moves, whatever the type is today.
    let length = old.ends_at.duration_since(old.starts_at);
    let zone = calendar.role.time_zone;
    let row = TypeRow {
        duration_minutes: u16::try_from(length.as_mins()).unwrap_or(row.duration_minutes),
        // On its own day it is counted already.
        daily_cap: row.daily_cap.filter(|_| zone.date(body.start) != zone.date(old.starts_at)),
        ..row
    };
    if !is_offered(&calendar, &row, body.start, now) {
        return Err(time_taken(&mut tx, &calendar, &row, body.start, now).await?.into());
    }
    if let Some(why) = holding::stays_behind(&mut tx, &calendar, &old, body.start).await? {
        return Err(cannot_be_charged(why, &old.appointment_type.name).into());
    }
    let taken = Taken { id: core.id(), step: Step::Reschedule, reason: None, by: StepBy::Patient };
    if !appointment::change(&mut tx, &old, body.version, &moved_on, taken, now).await? {
        return Err(stale().into());
    }
    let new = AppointmentRow {
        appointment_id: core.id(),
        starts_at: body.start,
        ends_at: body.start.saturating_add(length).map_err(|_| not_possible())?,
        sequence: old.sequence + 1,
        version: 1,
        replaces: Some(old.appointment_id),
        reply_by: None,
        attendance_confirmed_at: None,
        reason: None,
        // Its type moves along as it was booked.
        offered: calendar.offered(old.offered.type_version),
        ..old.clone()
    };
    appointment::insert(&mut tx, &new, now).await?;
    let place = holding::place(&calendar, &row, &(new.starts_at..new.ends_at));
    steps::end_proposal(&mut tx, new.booking_id, Ended::Refused).await?;
    reservation::clear_lapsed(&mut tx, &place.resources, &place.during, now).await?;
    let replaced = Some(old.appointment_id);
    let put = if reservation::is_beside_others(&mut tx, &place, replaced).await? {
        Err(ReserveError::TimeTaken)
    } else {
        reservation::put(&mut tx, &|| core.id(), &place, new.appointment_id, replaced).await
    };
    match put {
        Ok(()) => {}
        Err(ReserveError::TimeTaken) => {
            tx.rollback().await?;
            let mut conn = core.pool.acquire().await?;
            return Err(time_taken(&mut conn, &calendar, &row, body.start, now).await?.into());
        }
        Err(ReserveError::SessionShorter) => return Err(session_shorter("/start").into()),
        Err(ReserveError::Database(error)) => return Err(error.into()),
    }
    manage::extend_link(&mut tx, new.booking_id, steps::link_dies_at(&new)).await?;
    steps::waive_late_fees(&mut tx, core, &new, Some(&old)).await?;
    reservation::tell_next_free_soon(&mut tx, &[new.practitioner_role_id], now).await?;
    let receipt = audit::record(&mut tx, core, moved(actor, new.booking_id, whose)).await?;
    let about = outbox::About {
        aggregate: "booking",
        id: new.booking_id.to_string(),
        version: i64::from(new.sequence) + 1,
    };
    outbox::tell(
        &mut tx,
        core,
        about,
        &BookingsEvent::AppointmentMoved(appointment_fact(&new, &calendar, None)),
    )
    .await?;
    let view = appointment_view(&new, calendar, now);
    ticket.finish(&mut tx, 200, &view).await?;
    let view = if sees_money { view } else { without_money(view) };
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

fn moved(actor: Actor, booking_id: BookingId, whose: Option<PatientId>) -> audit::Entry {
    audit::Entry {
        actor,
        action: "move_appointment",
        resource: booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    }
}
