//! `/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/proposal`: the practice proposes another time,
//! or thinks better of it.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Core, Created, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, BookingId, OrganizationId, PatientId, Problem, Zone,
    bookings::{
        BookingsEvent, ProposalFact,
        proposal::{ANSWER_BEFORE_START_HOURS, ANSWER_HOURS, Proposal, ProposeTime},
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    cancel_appointment::stale,
    cannot_be_charged::cannot_be_charged,
    create_appointment::visit,
    practice::{begin_for_practice, refuse_suspended},
    reschedule_appointment::{taken_by_others, takes_for},
    views::{Held, appointment_fact, read_again, refusal, session_shorter},
};
use crate::{
    domain::Offer,
    holding,
    state::State,
    steps,
    store::{
        appointment::AppointmentRow,
        group::{self, Session},
        hold,
        proposal::{self, Ended, ProposalRow},
        reservation::{self, Place, ReserveError},
    },
};

/// The least time that a patient has for an answer.
const LEAST: SignedDuration = SignedDuration::from_mins(30);

/// Proposes another time, which is kept until the patient has answered. An earlier proposal ends; the same time once more is the same
/// proposal, and nobody is written to twice.
pub async fn propose_time(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, appointment_id)): Path<(OrganizationId, AppointmentId)>,
    Json(body): Json<ProposeTime>,
) -> Result<Created<Disclosed<Proposal>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let held = begin_for_practice(core, organization_id, appointment_id, &caller, "propose_time").await?;
    let Held { mut tx, row, calendar, actor, whose } = held;
    // Its room and its devices are kept for both times.
    let mut takes = reservation::taken_by(&mut tx, appointment_id).await?;
    if !takes.contains(&calendar.resource_id) {
        takes.push(calendar.resource_id);
    }
    reservation::lock_all(&mut tx, &takes).await?;
    let row = read_again(&mut tx, &row).await?;
    let (zone, standing) = (row.offered.time_zone, row.standing());
    standing.move_by_patient(now).map_err(|error| refusal(error, zone, now))?;
    if row.version != body.version {
        return Err(stale().into());
    }
    can_be_told(&row)?;
    let open = proposal::open(&mut tx, row.booking_id, now).await?;
    if let Some(open) = open.filter(|open| open.starts_at == body.start) {
        let again = entry(actor, "propose_time", row.booking_id, whose);
        let receipt = audit::record(&mut tx, core, again).await?;
        let view = proposal_view(&open, row.starts_at, zone, now);
        return Ok(Created(Disclosed::commit(core, tx, receipt, view).await?));
    }
    refuse_suspended(&calendar)?;
    let length = row.ends_at.duration_since(row.starts_at);
    let visit = visit(body.start, body.start.checked_add(length).ok(), 0, now)?;
    if let Some(why) = holding::stays_behind(&mut tx, &calendar, &row, visit.start).await? {
        return Err(cannot_be_charged(why, &row.appointment_type.name).into());
    }
    let expires_at = answer_by(now, row.starts_at, visit.start)?;
    if proposal::comes_anyway(&mut tx, row.booking_id, &visit).await? {
        let detail = "The patient comes here for another appointment at that time: propose another one";
        return Err(Problem::invalid(vec![FieldError::new("/start", detail)]).into());
    }
    steps::end_proposal(&mut tx, row.booking_id, Ended::Withdrawn).await?;
    let during = takes_for(&mut tx, &row, &visit).await?;
    let seats = group::seats_beside(&mut tx, appointment_id).await?;
    let place = Place {
        resources: takes,
        during,
        fit_in: false,
        session: seats.map(|seats| Session {
            practitioner_role_id: row.practitioner_role_id,
            appointment_type_id: row.appointment_type.appointment_type_id,
            start: visit.start,
            seats,
        }),
    };
    reservation::clear_lapsed(&mut tx, &place.resources, &place.during, now).await?;
    // Nobody has its cookie, and it begins no booking: the patient's answer decides.
    let offer = Offer::at_practice(row.appointment_type.clone(), row.policy);
    let offer = (offer, calendar.offered(row.offered.type_version));
    let kept = holding::begin(&state, (row.practitioner_role_id, None), offer, &visit, expires_at);
    hold::insert(&mut tx, &kept, &core.chance.bytes(), None, now).await?;
    match reservation::keep(&mut tx, &|| core.id(), &place, kept.hold_id).await {
        Ok(()) => {}
        Err(ReserveError::TimeTaken) => {
            tx.rollback().await?;
            let wanted = AppointmentRow { starts_at: visit.start, ..row };
            return Err(taken_by_others(core, &wanted).await?.into());
        }
        Err(ReserveError::SessionShorter) => return Err(session_shorter("/start").into()),
        Err(ReserveError::Database(error)) => return Err(error.into()),
    }
    let proposed = ProposalRow {
        proposal_id: core.id(),
        booking_id: row.booking_id,
        appointment_id,
        hold_id: kept.hold_id,
        starts_at: visit.start,
        ends_at: visit.end,
        expires_at,
        proposed_by: Some(caller.account_id),
    };
    proposal::insert(&mut tx, &proposed, now).await?;
    reservation::tell_next_free_soon(&mut tx, &[row.practitioner_role_id], now).await?;
    let about =
        About { aggregate: "proposal", id: proposed.proposal_id.to_string(), version: now.as_microsecond() };
    let fact = ProposalFact {
        appointment: appointment_fact(&row, &calendar, None),
        start: visit.start,
        end: visit.end,
        expires_at,
    };
    outbox::tell(&mut tx, core, about, &BookingsEvent::TimeProposed(fact)).await?;
    let entry = entry(actor, "propose_time", row.booking_id, whose);
    let receipt = audit::record(&mut tx, core, entry).await?;
    let view = proposal_view(&proposed, row.starts_at, zone, now);
    let disclosed = Disclosed::commit(core, tx, receipt, view).await?;
    Ok(Created(disclosed))
}

/// Takes a proposal back. That there is none any more is no mistake.
pub async fn withdraw_proposal(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, appointment_id)): Path<(OrganizationId, AppointmentId)>,
) -> Result<NoContent, Reject> {
    let (core, action) = (&state.core, "withdraw_proposal");
    let held = begin_for_practice(core, organization_id, appointment_id, &caller, action).await?;
    let Held { mut tx, row, calendar, actor, whose } = held;
    reservation::lock(&mut tx, calendar.resource_id).await?;
    if withdraw(&mut tx, core, row.booking_id).await? {
        reservation::tell_next_free_soon(&mut tx, &[row.practitioner_role_id], core.now()).await?;
        audit::record(&mut tx, core, entry(actor, action, row.booking_id, whose)).await?;
    }
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Takes the open proposal of a booking back, if there is one, and tells of it. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> anyhow::Result<bool> {
    if !steps::end_proposal(conn, booking_id, Ended::Withdrawn).await? {
        return Ok(false);
    }
    let about =
        About { aggregate: "proposal", id: booking_id.to_string(), version: core.now().as_microsecond() };
    outbox::tell(conn, core, about, &BookingsEvent::ProposalWithdrawn { booking_id }).await?;
    Ok(true)
}

/// A proposal as both sides see it.
pub fn proposal_view(row: &ProposalRow, stands_at: Timestamp, time_zone: Zone, now: Timestamp) -> Proposal {
    Proposal {
        proposal_id: row.proposal_id,
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        stands_at,
        start: row.starts_at,
        end: row.ends_at,
        time_zone,
        expires_at: row.expires_at,
        as_of: now,
    }
}

/// A proposal goes by mail and to the account that the booking is in: by these alone can it be agreed to. That the patient was told on
/// the telephone is not enough, nor is their number: the desk moves the appointment itself then.
fn can_be_told(row: &AppointmentRow) -> Result<(), Problem> {
    if row.account_id.is_some() || !row.email.expose().is_empty() {
        return Ok(());
    }
    let detail = "There is no e-mail address to write to: call the patient, then move the appointment";
    Err(Problem::invalid(vec![FieldError::new("/start", detail)]))
}

/// Two days, and two hours before either time at the latest.
///
/// # Errors
/// When that leaves no time for an answer.
pub fn answer_by(now: Timestamp, stands_at: Timestamp, proposed: Timestamp) -> Result<Timestamp, Problem> {
    let before = stands_at.min(proposed) - SignedDuration::from_hours(ANSWER_BEFORE_START_HOURS);
    let until = before.min(now + SignedDuration::from_hours(ANSWER_HOURS));
    if until < now + LEAST {
        let detail = "There is no time left for an answer: call the patient, then move the appointment";
        return Err(Problem::invalid(vec![FieldError::new("/start", detail)]));
    }
    Ok(until)
}

/// What is written down of a proposal.
pub fn entry(
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
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    }
}
