//! `/api/v1/bookings/appointments/{appointment_id}/dispute`: a patient disputes what the practice noted, or answers what it
//! disputes.

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{
    Core, Created, Disclosed, Json, Reject,
    audit::{self, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, Problem,
    bookings::{
        BookingsEvent, DisputeFact,
        dispute::{
            AnswerDispute, Dispute, DisputeParty, DisputeStanding, DisputeStatus, LateFee, OpenDispute,
            check_words,
        },
    },
};
use sqlx::PgConnection;

use super::{
    cancel_appointment::stale,
    views::{Held, appointment_fact, begin_for_visitor, read_again},
};
use crate::{
    domain::{NotAnError, answer_by, disputable, late_fee, may_be_error},
    state::State,
    store::{
        appointment::AppointmentRow,
        calendar::Calendar,
        dispute::{self, DisputeRow},
        reservation,
    },
    visitor::Visitor,
};

/// What can be disputed, and what was.
pub async fn find_dispute(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
) -> Result<Disclosed<DisputeStanding>, Reject> {
    let held = begin_for_visitor(&state.core, appointment_id, &visitor, "find_dispute").await?;
    disclose(&state.core, held, "find_dispute").await
}

/// Disputes what was noted, as last seen. The same words once more are no second dispute.
pub async fn open_dispute(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
    Json(body): Json<OpenDispute>,
) -> Result<Created<Disclosed<DisputeStanding>>, Reject> {
    let core = &state.core;
    let mut held = begin_for_visitor(core, appointment_id, &visitor, "open_dispute").await?;
    open(&mut held, core, DisputeParty::Patient, body).await?;
    Ok(Created(disclose(core, held, "open_dispute").await?))
}

/// Answers what the practice disputes.
pub async fn answer_dispute(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
    Json(body): Json<AnswerDispute>,
) -> Result<Disclosed<DisputeStanding>, Reject> {
    let core = &state.core;
    let mut held = begin_for_visitor(core, appointment_id, &visitor, "answer_dispute").await?;
    answer(&mut held, core, DisputeParty::Patient, body).await?;
    disclose(core, held, "answer_dispute").await
}

/// Begins a dispute by one side, in the transaction of its appointment, and tells it.
pub(super) async fn open(
    held: &mut Held,
    core: &Core,
    by: DisputeParty,
    body: OpenDispute,
) -> Result<(), Reject> {
    let now = core.now();
    let text = check_words(&body.text, "/text", true).map_err(|error| Problem::invalid(vec![error]))?;
    reservation::lock(&mut held.tx, held.calendar.resource_id).await?;
    held.row = read_again(&mut held.tx, &held.row).await?;
    if let Some(known) = dispute::of_appointment(&mut held.tx, held.row.appointment_id).await? {
        let again = known.opened_by == by && known.text == text;
        return if again { Ok(()) } else { Err(not_disputable().into()) };
    }
    if held.row.version != body.version {
        return Err(stale().into());
    }
    if until(&mut held.tx, &held.row, by, now).await?.is_none() {
        return Err(not_disputable().into());
    }
    let dispute = Dispute {
        dispute_id: core.id(),
        version: 1,
        status: DisputeStatus::Open,
        opened_by: by,
        text,
        opened_at: now,
        answer_by: answer_by(now),
        answer: None,
        answered_at: None,
        reason: None,
        note: None,
        decided_at: None,
    };
    let row = DisputeRow { appointment_id: held.row.appointment_id, dispute };
    dispute::insert(&mut held.tx, held.row.booking_id, &row).await?;
    let told = fact(&row.dispute, &held.row, &held.calendar);
    tell(&mut held.tx, core, &BookingsEvent::DisputeOpened(told), &row.dispute).await
}

/// Keeps one side's answer to what the other side disputes, in the transaction of its appointment.
pub(super) async fn answer(
    held: &mut Held,
    core: &Core,
    by: DisputeParty,
    body: AnswerDispute,
) -> Result<(), Reject> {
    let text = check_words(&body.text, "/text", true).map_err(|error| Problem::invalid(vec![error]))?;
    let known = dispute::of_appointment(&mut held.tx, held.row.appointment_id).await?;
    let known = known.filter(|known| known.opened_by != by);
    let known = known.ok_or_else(|| Problem::not_found("This dispute"))?;
    if dispute::answer(&mut held.tx, known.dispute_id, body.version, &text, core.now()).await? {
        Ok(())
    } else if known.answer.as_ref() == Some(&text) {
        // The same once more, whose reply was lost.
        Ok(())
    } else {
        Err(stale_dispute().into())
    }
}

/// Until when a side can dispute what is noted; none when it cannot.
pub(super) async fn until(
    conn: &mut PgConnection,
    row: &AppointmentRow,
    by: DisputeParty,
    now: Timestamp,
) -> Result<Option<Timestamp>, Reject> {
    let noted = dispute::noted(conn, row.appointment_id, row.status).await?;
    let may = noted.and_then(|noted| disputable(row.status, noted));
    Ok(may.filter(|(party, until)| *party == by && now < *until).map(|(_, until)| until))
}

/// What became of an appointment's fee.
pub(super) async fn fee_of(conn: &mut PgConnection, row: &AppointmentRow) -> sqlx::Result<Option<LateFee>> {
    Ok(late_fee(row.status, dispute::fee_marks(conn, row.appointment_id).await?))
}

/// Refuses to let a practice say that an appointment never was one, where something stands against it.
pub(super) async fn refuse_error(conn: &mut PgConnection, row: &AppointmentRow) -> Result<(), Reject> {
    let dispute = dispute::of_appointment(conn, row.appointment_id).await?;
    let disputed = dispute.is_some_and(|dispute| dispute.status == DisputeStatus::Open);
    let noted = dispute::noted(conn, row.appointment_id, row.status).await?;
    let said_by_patient = noted.is_some_and(|noted| noted.by_patient);
    may_be_error(row.status, disputed, said_by_patient).map_err(|why| not_an_error(why).into())
}

fn not_an_error(why: NotAnError) -> Problem {
    let why = match why {
        NotAnError::Disputed => "It is disputed: mark it as a mistake once the dispute is decided.",
        NotAnError::SaidByPatient => "The patient noted that nobody was there: dispute that instead.",
    };
    Problem::new("wrong-state", 409, "This cannot be marked as a mistake")
        .detail(format!("Nothing was changed. {why}"))
}

/// As others are told of it.
pub(super) fn fact(dispute: &Dispute, row: &AppointmentRow, calendar: &Calendar) -> DisputeFact {
    DisputeFact {
        dispute_id: dispute.dispute_id,
        opened_by: dispute.opened_by,
        answer_by: dispute.answer_by,
        status: dispute.status,
        appointment: appointment_fact(row, calendar, None),
        late_fee_cents: row.late_fee_cents,
    }
}

/// Tells others of a dispute as it stands.
pub(super) async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    event: &BookingsEvent,
    dispute: &Dispute,
) -> Result<(), Reject> {
    let version = i64::from(dispute.version);
    let about = About { aggregate: "dispute", id: dispute.dispute_id.to_string(), version };
    outbox::tell(conn, core, about, event).await?;
    Ok(())
}

/// The dispute was answered or decided since it was read.
pub(super) fn stale_dispute() -> Problem {
    Problem::new("stale-version", 409, "This dispute has changed since you opened it")
        .detail("Nothing was changed. Look at it again, then decide.")
}

/// There is nothing to dispute, or its time is over.
fn not_disputable() -> Problem {
    Problem::new("wrong-state", 409, "This cannot be disputed")
        .detail("Nothing was changed. It was disputed already, or the time in which it could be is over.")
}

async fn disclose(
    core: &Core,
    held: Held,
    action: &'static str,
) -> Result<Disclosed<DisputeStanding>, Reject> {
    let Held { mut tx, row, actor, whose, .. } = held;
    let entry = audit::Entry {
        actor,
        action,
        resource: row.booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    let dispute = dispute::of_appointment(&mut tx, row.appointment_id).await?;
    let until = match &dispute {
        Some(_) => None,
        None => until(&mut tx, &row, DisputeParty::Patient, core.now()).await?,
    };
    let standing = DisputeStanding {
        version: row.version,
        until,
        late_fee: fee_of(&mut tx, &row).await?,
        dispute,
        as_of: core.now(),
    };
    Ok(Disclosed::commit(core, tx, receipt, standing).await?)
}
