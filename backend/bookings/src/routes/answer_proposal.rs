//! `/api/v1/bookings/appointments/{appointment_id}/proposal`: the patient sees another time that the practice proposes, and
//! takes it or not.

use axum::extract::{Path, State as Extract};
use kernel::{
    Core, Disclosed, Json, Reject,
    audit::{self, Actor, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, BookingId, PatientId, Problem,
    bookings::{
        Appointment, AppointmentStatus, BookingsEvent, HoldStatus, NotTakenFact,
        proposal::{AnswerProposal, Proposal},
    },
};
use sqlx::PgConnection;

use super::{
    cancel_appointment::stale,
    practice::refuse_suspended,
    propose_time::proposal_view,
    views::{
        Held, appointment_fact, appointment_view, begin_for_visitor, read_again, refusal, sees_money,
        without_money,
    },
};
use crate::{
    domain::Step,
    state::State,
    steps,
    store::{
        appointment::{self, AppointmentRow, StepBy, Taken},
        calendar::Calendar,
        hold, manage,
        proposal::{self, Ended, ProposalRow, Unanswered},
        reservation,
    },
    visitor::Visitor,
};

/// The time that is proposed, if one is.
pub async fn find_proposal(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
) -> Result<Disclosed<Proposal>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let held = begin_for_visitor(core, appointment_id, &visitor, "find_proposal").await?;
    let Held { mut tx, row, actor, whose, .. } = held;
    let open = proposal::open(&mut tx, row.booking_id, now).await?;
    let seen = entry(actor, "find_proposal", row.booking_id, whose);
    let Some(open) = open else {
        // Who was written to comes by an older letter, and is told what became of it.
        let ended = unanswered(&mut tx, &row).await?;
        let ended = ended.ok_or_else(|| Problem::not_found("A proposed time"))?;
        audit::record(&mut tx, core, seen).await?;
        core.commit(tx).await?;
        return Err(no_longer(Some(ended)).into());
    };
    let receipt = audit::record(&mut tx, core, seen).await?;
    let view = proposal_view(&open, row.starts_at, row.offered.time_zone, now);
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

/// Takes the proposed time or leaves everything as it is. Taking it is a move: a new link of the chain.
pub async fn answer_proposal(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
    Json(body): Json<AnswerProposal>,
) -> Result<Disclosed<Appointment>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let held = begin_for_visitor(core, appointment_id, &visitor, "answer_proposal").await?;
    let Held { mut tx, row, calendar, actor, whose } = held;
    let sees_money = sees_money(&mut tx, core, &visitor, &row).await?;
    reservation::lock(&mut tx, calendar.resource_id).await?;
    // What became of its money meanwhile moves along: that makes no version.
    let row = read_again(&mut tx, &row).await?;
    let open = proposal::open(&mut tx, row.booking_id, now).await?;
    let open = match open {
        Some(open) if open.appointment_id != row.appointment_id => return Err(no_longer(None).into()),
        Some(open) if open.proposal_id != body.proposal_id => return Err(replaced().into()),
        Some(open) => open,
        None => {
            let ended = unanswered(&mut tx, &row).await?;
            return Err(no_longer(ended).into());
        }
    };
    let answered = if body.agree {
        agree(&mut tx, core, &row, &calendar, &open).await?
    } else {
        refuse(&mut tx, core, &row, &open).await?;
        row
    };
    reservation::tell_next_free_soon(&mut tx, &[answered.practitioner_role_id], now).await?;
    let entry = entry(actor, "answer_proposal", answered.booking_id, whose);
    let receipt = audit::record(&mut tx, core, entry).await?;
    let view = appointment_view(&answered, calendar, now);
    let view = if sees_money { view } else { without_money(view) };
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

/// How what was proposed for an appointment that stands ended, if its patient did not answer it.
async fn unanswered(conn: &mut PgConnection, row: &AppointmentRow) -> sqlx::Result<Option<Unanswered>> {
    if row.status != AppointmentStatus::Confirmed {
        return Ok(None);
    }
    proposal::ended_unanswered(conn, row.appointment_id).await
}

/// What was proposed cannot be agreed to any more.
fn no_longer(ended: Option<Unanswered>) -> Problem {
    let detail = match ended {
        Some(Unanswered::Withdrawn) => {
            "The practice took it back. Your appointment stands as it was: there is nothing to answer."
        }
        Some(Unanswered::Lapsed) => {
            "The time for an answer is over. Your appointment stands as it was; call the practice to move it."
        }
        None => "Look at the appointment as it is now, or call the practice.",
    };
    Problem::new("proposal-ended", 410, "This time is no longer proposed").detail(detail)
}

/// There is a later proposal.
fn replaced() -> Problem {
    let detail = "The practice proposes another time now. Your appointment stands as it was: look at the new time first.";
    Problem::new("proposal-ended", 410, "This time is no longer proposed").detail(detail)
}

/// The practitioner takes nothing new at the moment. Why is for the practice to say.
fn not_theirs() -> Problem {
    Problem::new("not-bookable", 409, "This time cannot be taken at the moment")
        .detail("Your appointment stands as it was. Call the practice to move it.")
}

/// Moves the appointment onto the time that was kept for it.
async fn agree(
    conn: &mut PgConnection,
    core: &Core,
    old: &AppointmentRow,
    calendar: &Calendar,
    open: &ProposalRow,
) -> Result<AppointmentRow, Reject> {
    let now = core.now();
    // Suspended since it was proposed: it is no time of theirs to take any more, and what is booked is looked at.
    refuse_suspended(calendar).map_err(|_| not_theirs())?;
    let moved_on = old.standing().move_by_patient(now);
    let moved_on = moved_on.map_err(|error| refusal(error, old.offered.time_zone, now))?;
    let taken = Taken { id: core.id(), step: Step::Reschedule, reason: None, by: StepBy::Patient };
    if !appointment::change(conn, old, old.version, &moved_on, taken, now).await? {
        return Err(stale().into());
    }
    let new = AppointmentRow {
        appointment_id: core.id(),
        starts_at: open.starts_at,
        ends_at: open.ends_at,
        sequence: old.sequence + 1,
        version: 1,
        replaces: Some(old.appointment_id),
        reply_by: None,
        attendance_confirmed_at: None,
        reason: None,
        offered: hold::offered(conn, open.hold_id).await?,
        ..old.clone()
    };
    appointment::insert(conn, &new, now).await?;
    reservation::free_appointment(conn, old.appointment_id).await?;
    reservation::hand_over(conn, open.hold_id, new.appointment_id).await?;
    hold::end(conn, open.hold_id, HoldStatus::Consumed).await?;
    if proposal::end(conn, old.booking_id, Ended::Agreed).await?.is_none() {
        // Its time was up at this very moment, and who proposed it is told so.
        return Err(no_longer(Some(Unanswered::Lapsed)).into());
    }
    steps::waive_late_fees(conn, core, &new, Some(old)).await?;
    manage::extend_link(conn, new.booking_id, steps::link_dies_at(&new)).await?;
    let about =
        About { aggregate: "booking", id: new.booking_id.to_string(), version: i64::from(new.sequence) + 1 };
    let fact = appointment_fact(&new, calendar, None);
    outbox::tell(conn, core, about, &BookingsEvent::AppointmentMoved(fact)).await?;
    Ok(new)
}

/// Leaves everything as it is, and has whoever proposed it told.
async fn refuse(
    conn: &mut PgConnection,
    core: &Core,
    row: &AppointmentRow,
    open: &ProposalRow,
) -> Result<(), Reject> {
    if !steps::end_proposal(conn, row.booking_id, Ended::Refused).await? {
        return Err(no_longer(Some(Unanswered::Lapsed)).into());
    }
    if let Some(proposed_by) = open.proposed_by {
        let fact = NotTakenFact {
            booking_id: row.booking_id,
            proposed_by,
            refused: true,
            stands_at: row.starts_at,
            time_zone: row.offered.time_zone,
        };
        steps::tell_not_taken(conn, core, open.proposal_id, fact).await?;
    }
    Ok(())
}

fn entry(
    actor: Actor,
    action: &'static str,
    booking_id: BookingId,
    whose: Option<PatientId>,
) -> audit::Entry {
    audit::Entry {
        actor,
        action,
        resource: booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    }
}
