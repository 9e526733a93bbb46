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
            AnswerDispute, DecisionReason, Dispute, DisputeParty, DisputeStanding, DisputeStatus, LateFee,
            OpenDispute, check_words,
        },
        practice::ActName,
    },
    personal::Personal,
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    cancel_appointment::stale,
    views::{Held, appointment_fact, begin_for_visitor, read_again, refusal},
};
use crate::{
    domain::{NotAnError, Step, answer_by, decides_dispute, disputable, late_fee, may_be_error},
    state::State,
    steps::{self, Wanted},
    store::{
        appointment::{AppointmentRow, StepBy},
        calendar::Calendar,
        dispute::{self, Decided, DisputeRow},
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
    reservation::lock(&mut held.tx, held.calendar.resource_id).await?;
    held.row = read_again(&mut held.tx, &held.row).await?;
    let text = said(&body, held.row.presumed).map_err(|error| Problem::invalid(vec![error]))?;
    if let Some(known) = dispute::of_appointment(&mut held.tx, held.row.appointment_id).await? {
        let again = known.opened_by == by && known.text == text && known.instead == body.instead;
        return if again { Ok(()) } else { Err(not_disputable().into()) };
    }
    if held.row.version != body.version {
        return Err(stale().into());
    }
    let is_other_kind = body.instead.is_some() && !held.row.presumed;
    if is_other_kind || until(&mut held.tx, &held.row, by, now).await?.is_none() {
        return Err(not_disputable().into());
    }
    let dispute = Dispute {
        dispute_id: core.id(),
        version: 1,
        status: DisputeStatus::Open,
        opened_by: by,
        text,
        instead: body.instead,
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

/// What somebody says: words, or of a visit that nobody marked what happened instead.
fn said(body: &OpenDispute, presumed: bool) -> Result<Personal<String>, FieldError> {
    match body.instead {
        None if presumed => Err(FieldError::new("/instead", "Choose what happened")),
        None => check_words(&body.text, "/text", true),
        Some(_) if !body.text.expose().trim().is_empty() => {
            Err(FieldError::new("/text", "Choose what happened; no words are needed"))
        }
        Some(_) => Ok(Personal::default()),
    }
}

/// Keeps one side's answer to what the other side disputes, in the transaction of its appointment. Who agrees has decided it.
pub(super) async fn answer(
    held: &mut Held,
    core: &Core,
    by: DisputeParty,
    body: AnswerDispute,
) -> Result<(), Reject> {
    let text =
        check_words(&body.text, "/text", !body.agrees).map_err(|error| Problem::invalid(vec![error]))?;
    if body.agrees {
        let step_by = match by {
            DisputeParty::Patient => StepBy::Patient,
            DisputeParty::Practice => StepBy::Practice,
        };
        return agree(held, core, (by, step_by), (body.version, text)).await;
    }
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

/// Decides a dispute for who began it, since the other side agrees. The same once more is the same.
async fn agree(
    held: &mut Held,
    core: &Core,
    (by, step_by): (DisputeParty, StepBy),
    (version, note): (i32, Personal<String>),
) -> Result<(), Reject> {
    let not_found = || Problem::not_found("This dispute");
    let known = dispute::of_appointment(&mut held.tx, held.row.appointment_id).await?;
    let known = known.filter(|known| known.opened_by != by).ok_or_else(not_found)?;
    // In the order in which administrators lock them.
    let known = dispute::find(&mut held.tx, known.dispute_id).await?.ok_or_else(not_found)?.dispute;
    reservation::lock(&mut held.tx, held.calendar.resource_id).await?;
    held.row = read_again(&mut held.tx, &held.row).await?;
    match known.status {
        DisputeStatus::Open => {}
        DisputeStatus::Upheld if known.reason == Some(DecisionReason::OtherSideAgrees) => return Ok(()),
        DisputeStatus::Upheld | DisputeStatus::Rejected => return Err(stale_dispute().into()),
    }
    let reason = DecisionReason::OtherSideAgrees;
    let decided = Decided { status: DisputeStatus::Upheld, reason, note };
    let dispute = Open { dispute: &known, version };
    settle(&mut held.tx, core, (&mut held.row, &held.calendar), dispute, (&decided, step_by)).await?;
    Ok(())
}

/// A dispute that is open, and the version of it that was on the screen.
#[derive(Clone, Copy)]
pub(super) struct Open<'a> {
    pub dispute: &'a Dispute,
    pub version: i32,
}

/// Decides a dispute in the transaction of its appointment, whose resource is locked: the fee that hangs on it is reversed or
/// kept, or a visit that nobody marked stands as what happened instead. Gives the dispute as it is now.
pub(super) async fn settle(
    conn: &mut PgConnection,
    core: &Core,
    (row, calendar): (&mut AppointmentRow, &Calendar),
    Open { dispute: found, version: seen }: Open<'_>,
    (decided, by): (&Decided, StepBy),
) -> Result<Dispute, Reject> {
    let (now, upheld) = (core.now(), decided.status == DisputeStatus::Upheld);
    let to = row.standing().settle_dispute(upheld, found.instead);
    let to = to.map_err(|error| refusal(error, row.offered.time_zone, now))?;
    let step = if upheld { Step::UpholdDispute } else { Step::RejectDispute };
    if !dispute::decide(conn, found.dispute_id, seen, decided, now).await? {
        return Err(stale_dispute().into());
    }
    let (version, reason) = (row.version, row.reason);
    let wanted = Wanted { to, step, reason, by };
    if !steps::take(conn, core, row, calendar, version, wanted).await? {
        return Err(stale_dispute().into());
    }
    // Of a visit that nobody marked there was no fee to decide about.
    if found.opened_by == DisputeParty::Patient && found.instead.is_none() {
        dispute::mark_fee(conn, row.appointment_id, upheld).await?;
    }
    let found = dispute::find(conn, found.dispute_id).await?;
    let found = found.ok_or_else(|| Problem::not_found("This dispute"))?.dispute;
    tell(conn, core, &BookingsEvent::DisputeDecided(fact(&found, row, calendar)), &found).await?;
    Ok(found)
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

/// Refuses to let a practice do with an appointment what would decide a dispute about it, or say that it never was one, where
/// something stands against it. Lock its resource first.
pub(super) async fn refuse_act(
    conn: &mut PgConnection,
    row: &AppointmentRow,
    act: ActName,
) -> Result<(), Reject> {
    if !decides_dispute(act, row.status) {
        return Ok(());
    }
    let dispute = dispute::of_appointment(conn, row.appointment_id).await?;
    let disputed = dispute.is_some_and(|dispute| dispute.status == DisputeStatus::Open);
    if act != ActName::EnterInError {
        return if disputed { Err(answer_instead().into()) } else { Ok(()) };
    }
    let noted = dispute::noted(conn, row.appointment_id, row.status).await?;
    let said_by_patient = noted.is_some_and(|noted| noted.by_patient);
    may_be_error(row.status, disputed, said_by_patient).map_err(|why| not_an_error(why).into())
}

/// The patient says already that it was otherwise.
fn answer_instead() -> Problem {
    Problem::new("wrong-state", 409, "The patient disputes that this visit took place").detail(
        "Nothing was changed. Answer the dispute instead: if you agree with the patient, that decides it.",
    )
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
        instead: dispute.instead,
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
