//! `POST /api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/reschedule`: the practice moves an
//! appointment, changes its length or gives it to somebody else of the practice.

use std::{iter, ops::Range};

use axum::extract::{Path, State as Extract};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{self, Outcome, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, OrganizationId, Problem,
    bookings::{
        BookingsEvent, ChangeReason,
        practice::{CalendarAppointment, RescheduleAppointment},
    },
};
use sqlx::PgConnection;

use super::{
    cancel_appointment::stale,
    cannot_be_charged::cannot_be_charged,
    create_appointment::visit,
    practice::{begin_for_practice, calendar_of_practice, for_reader, refuse_suspended},
    views::{
        Held, appointment_fact, days_around, read_again, refusal, session_shorter, time_taken, within_reach,
    },
};
use crate::{
    domain::Step,
    holding,
    state::State,
    steps,
    store::{
        appointment::{self, AppointmentRow, StepBy, Taken},
        calendar::Calendar,
        diary,
        group::{self, Session},
        manage,
        proposal::Ended,
        reservation::{self, Place, ReserveError},
        running_late,
    },
};

/// Moves an appointment as last seen: a later link of its chain takes over its time, its money and its link in one
/// transaction, and stands where it stood. What is kept free around it moves along. Undoing it is the same act again.
pub async fn reschedule_appointment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, appointment_id)): Path<(OrganizationId, AppointmentId)>,
    key: IdempotencyKey,
    Json(body): Json<RescheduleAppointment>,
) -> Result<Disclosed<CalendarAppointment>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let held =
        begin_for_practice(core, organization_id, appointment_id, &caller, "reschedule_appointment").await?;
    let Held { mut tx, row: old, calendar, actor, whose } = held;
    let holder = format!("{appointment_id} {}", caller.account_id);
    let begun = idempotency::begin(&mut tx, core, "reschedule_appointment", &holder, key, &body).await?;
    let moved_id = match begun {
        Begun::Replay(moved_id) => moved_id,
        Begun::New(ticket) => {
            let role = body.practitioner_role_id.unwrap_or(old.practitioner_role_id);
            let before = calendar.resource_id;
            let calendar = if role == old.practitioner_role_id {
                calendar
            } else {
                let near = within_reach(body.start, now);
                calendar_of_practice(&mut tx, organization_id, role, near).await?
            };
            // Its room and its devices move along.
            let mut resources = reservation::taken_by(&mut tx, old.appointment_id).await?;
            resources.retain(|taken| *taken != before && *taken != calendar.resource_id);
            resources.push(calendar.resource_id);
            let everything: Vec<_> = iter::once(before).chain(resources.iter().copied()).collect();
            reservation::lock_all(&mut tx, &everything).await?;
            // What became of its money meanwhile moves along: that makes no version.
            let old = read_again(&mut tx, &old).await?;
            let visit = visit(body.start, Some(body.end), 0, now)?;
            let zone = old.offered.time_zone;
            let moved_on = old.standing().reschedule().map_err(|error| refusal(error, zone, now))?;
            // Its length is no new time: a visit that is under way may take longer.
            if role != old.practitioner_role_id || visit.start != old.starts_at {
                refuse_suspended(&calendar)?;
            }
            if let Some(why) = holding::stays_behind(&mut tx, &calendar, &old, visit.start).await? {
                return Err(cannot_be_charged(why, &old.appointment_type.name).into());
            }
            let during = takes_for(&mut tx, &old, &visit).await?;
            let seats = group::seats_beside(&mut tx, old.appointment_id).await?;
            let place = Place {
                resources,
                during,
                fit_in: body.fit_in,
                session: seats.map(|seats| Session {
                    practitioner_role_id: role,
                    appointment_type_id: old.appointment_type.appointment_type_id,
                    start: visit.start,
                    seats,
                }),
            };
            steps::end_proposal(&mut tx, old.booking_id, Ended::Withdrawn).await?;
            reservation::clear_lapsed(&mut tx, &place.resources, &place.during, now).await?;
            let reason = body.patient_asked.then_some(ChangeReason::PatientAsked);
            let taken = Taken { id: core.id(), step: Step::Reschedule, reason, by: StepBy::Practice };
            if !appointment::change(&mut tx, &old, body.version, &moved_on, taken, now).await? {
                return Err(stale().into());
            }
            let new = AppointmentRow {
                appointment_id: core.id(),
                practitioner_role_id: role,
                starts_at: visit.start,
                ends_at: visit.end,
                sequence: old.sequence + 1,
                version: 1,
                replaces: Some(old.appointment_id),
                // Who said that they come said it of that time.
                attendance_confirmed_at: old.attendance_confirmed_at.filter(|_| visit.start == old.starts_at),
                reply_by: None,
                reason: None,
                // Its type moves along as it was booked; the clocks and the hours are those of whoever has it now.
                offered: calendar.offered(old.offered.type_version),
                ..old.clone()
            };
            appointment::insert(&mut tx, &new, now).await?;
            if (role, new.starts_at) == (old.practitioner_role_id, old.starts_at) {
                running_late::knows_already(&mut tx, old.appointment_id, new.appointment_id).await?;
            }
            let replaced = Some(old.appointment_id);
            match reservation::put(&mut tx, &|| core.id(), &place, new.appointment_id, replaced).await {
                Ok(()) => {}
                Err(ReserveError::TimeTaken) => {
                    tx.rollback().await?;
                    return Err(taken_by_others(core, &new).await?.into());
                }
                Err(ReserveError::SessionShorter) => return Err(session_shorter("/end").into()),
                Err(ReserveError::Database(error)) => return Err(error.into()),
            }
            steps::waive_late_fees(&mut tx, core, &new, Some(&old)).await?;
            tell(&mut tx, core, &old, &new, &calendar).await?;
            ticket.finish(&mut tx, 200, &new.appointment_id).await?;
            new.appointment_id
        }
    };
    let entry = audit::Entry {
        actor,
        action: "reschedule_appointment",
        resource: old.booking_id.into(),
        whose,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    let moved = diary::entry(&mut tx, moved_id).await?;
    let (view, _) = for_reader(moved, organization_id, &caller, now);
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

/// What an appointment takes for a visit at another time or of another length: what is kept free around it moves along. In a group it
/// is no less than the group takes, also where one of it is there for less: others may come for as long as it lasts.
pub async fn takes_for(
    conn: &mut PgConnection,
    row: &AppointmentRow,
    visit: &Range<Timestamp>,
) -> Result<Range<Timestamp>, Reject> {
    let shown = diary::entry(conn, row.appointment_id).await?.appointment;
    let (from, until) = shown.takes.unwrap_or((row.starts_at, row.ends_at));
    let lasts = SignedDuration::from_mins(row.appointment_type.duration_minutes.into());
    let lasts = shown.group.map_or(SignedDuration::ZERO, |_| lasts.min(until.duration_since(row.starts_at)));
    let ends = |start: Timestamp, end: Timestamp| end.max(start + lasts);
    let before = row.starts_at.duration_since(from).max(SignedDuration::ZERO);
    let after = until.duration_since(ends(row.starts_at, row.ends_at)).max(SignedDuration::ZERO);
    Ok(visit.start - before..ends(visit.start, visit.end) + after)
}

/// The time is taken: 409, with others where the type is still offered.
pub async fn taken_by_others(core: &Core, wanted: &AppointmentRow) -> Result<Problem, Reject> {
    let mut conn = core.pool.acquire().await?;
    let calendar = days_around(&mut conn, wanted.practitioner_role_id, wanted.starts_at).await?;
    match calendar.find_type(wanted.appointment_type.appointment_type_id) {
        Some(row) => time_taken(&mut conn, &calendar, row, wanted.starts_at, core.now()).await,
        None => Ok(Problem::new("time-taken", 409, "That time is no longer free")
            .detail("Nothing was changed. Choose another time, or fit it in.")),
    }
}

async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    old: &AppointmentRow,
    new: &AppointmentRow,
    calendar: &Calendar,
) -> Result<(), Reject> {
    let now = core.now();
    manage::extend_link(conn, new.booking_id, steps::link_dies_at(new)).await?;
    let roles = [old.practitioner_role_id, new.practitioner_role_id];
    reservation::tell_next_free_soon(conn, &roles, now).await?;
    let about =
        About { aggregate: "booking", id: new.booking_id.to_string(), version: i64::from(new.sequence) + 1 };
    let fact = appointment_fact(new, calendar, None);
    outbox::tell(conn, core, about, &BookingsEvent::AppointmentMoved(fact)).await?;
    Ok(())
}
