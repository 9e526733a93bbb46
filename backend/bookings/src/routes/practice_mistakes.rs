//! `/api/v1/bookings/practices/{organization_id}/mistakes` and how one is asked for: where money moved or Medicare has a claim, one of
//! those who answer for a practice asks that an appointment be entered in error, and another one agrees or does not.

use axum::extract::{Path, State as Extract};
use jiff::SignedDuration;
use kernel::{
    Core, Created, Disclosed, Json, Reject, SignedIn,
    access::Refusal,
    audit::{self, Actor, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, MistakeRequestId, OrganizationId, Problem,
    bookings::{
        BookingsEvent, ChangeReason, MistakeFact,
        dispute::check_words,
        mistake::{
            AskMistake, DeclineMistake, MistakeDecider, MistakeRequest, MistakeStatus, PracticeMistake,
            SHOWN_DAYS,
        },
        practice::{ActName, PracticeAct, SeenVersion},
    },
    page::Page,
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    cancel_appointment::stale,
    cases::appointment_of,
    dispute::refuse_act,
    mistake::{self as deciding, Answering, if_mistake, not_found, stale_request},
    practice::begin_for_practice,
    views::{Held, read_again, refusal},
};
use crate::{
    state::State,
    store::{
        appointment::AppointmentRow,
        calendar::Calendar,
        mistake::{self, MistakeRow},
        reservation,
    },
};

/// Asks somebody else to agree that an appointment, as last seen, never was one. The same once more is no second request, and what
/// was asked about an appointment that has changed since is taken back for it.
pub async fn ask_mistake(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, appointment_id)): Path<(OrganizationId, AppointmentId)>,
    Json(body): Json<AskMistake>,
) -> Result<Created<Disclosed<PracticeMistake>>, Reject> {
    let (core, action) = (&state.core, "ask_mistake");
    let mut held = begin_for_practice(core, organization_id, appointment_id, &caller, action).await?;
    reservation::lock(&mut held.tx, held.calendar.resource_id).await?;
    held.row = read_again(&mut held.tx, &held.row).await?;
    let request = ask(&mut held, core, (&caller, organization_id), body).await?;
    Ok(Created(disclose(core, held, request, &caller, action).await?))
}

/// What was asked, and what became of it. Each that is read is written down.
pub async fn list_practice_mistakes(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Disclosed<Page<PracticeMistake>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let since = core.now().saturating_sub(SignedDuration::from_hours(SHOWN_DAYS * 24)).unwrap_or(core.now());
    let mut items = Vec::new();
    for request in mistake::of_practice(&mut tx, organization_id, since).await? {
        let Some((row, calendar)) = appointment_of(&mut tx, request.appointment_id).await? else { continue };
        let actor = Actor::for_practice(&caller, organization_id);
        let seen = entry(actor, &row, "list_practice_mistakes", Outcome::Allowed);
        items.push((view(&mut tx, core, &caller, request, row, calendar).await?, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Agrees: the appointment is entered in error in the same transaction.
pub async fn approve_mistake(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, mistake_request_id)): Path<(OrganizationId, MistakeRequestId)>,
    Json(body): Json<SeenVersion>,
) -> Result<Disclosed<PracticeMistake>, Reject> {
    let (core, action) = (&state.core, "approve_mistake");
    let (mut held, request) = begin(core, organization_id, mistake_request_id, &caller, action).await?;
    let by = Answering { caller: &caller, as_whom: MistakeDecider::Practice, version: body.version };
    deciding::approve(&mut held.tx, core, (&request, &mut held.row, &held.calendar), by).await?;
    disclose(core, held, mistake_request_id, &caller, action).await
}

/// Does not agree, and says why.
pub async fn decline_mistake(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, mistake_request_id)): Path<(OrganizationId, MistakeRequestId)>,
    Json(body): Json<DeclineMistake>,
) -> Result<Disclosed<PracticeMistake>, Reject> {
    let (core, action) = (&state.core, "decline_mistake");
    let (mut held, request) = begin(core, organization_id, mistake_request_id, &caller, action).await?;
    let by = Answering { caller: &caller, as_whom: MistakeDecider::Practice, version: body.version };
    deciding::decline(&mut held.tx, core, &request, by, &body).await?;
    disclose(core, held, mistake_request_id, &caller, action).await
}

/// Takes back what the caller asked.
pub async fn withdraw_mistake(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, mistake_request_id)): Path<(OrganizationId, MistakeRequestId)>,
    Json(body): Json<SeenVersion>,
) -> Result<Disclosed<PracticeMistake>, Reject> {
    let (core, action) = (&state.core, "withdraw_mistake");
    let (mut held, request) = begin(core, organization_id, mistake_request_id, &caller, action).await?;
    if request.asked_by != caller.account_id {
        let denied = entry(held.actor.clone(), &held.row, action, Outcome::Denied);
        audit::record(&mut held.tx, core, denied).await?;
        core.commit(held.tx).await?;
        return Err(Refusal::NotAllowed.into());
    }
    if !mistake::withdraw(&mut held.tx, mistake_request_id, body.version, core.now()).await? {
        return Err(stale_request().into());
    }
    disclose(core, held, mistake_request_id, &caller, action).await
}

/// Begins a transaction with a request of the practice and its appointment, its practitioner's time locked.
async fn begin(
    core: &Core,
    organization_id: OrganizationId,
    id: MistakeRequestId,
    caller: &SignedIn,
    action: &'static str,
) -> Result<(Held, MistakeRow), Reject> {
    // Which appointment it is about never changes.
    let found = mistake::find(&mut *core.begin().await?, id).await?.ok_or_else(not_found)?;
    let mut held = begin_for_practice(core, organization_id, found.appointment_id, caller, action).await?;
    reservation::lock(&mut held.tx, held.calendar.resource_id).await?;
    held.row = read_again(&mut held.tx, &held.row).await?;
    let request = mistake::find(&mut held.tx, id).await?.ok_or_else(not_found)?;
    Ok((held, request))
}

/// Keeps the wish, once nothing stands against it but that somebody else has to agree, and has those told who could.
async fn ask(
    held: &mut Held,
    core: &Core,
    (caller, organization_id): (&SignedIn, OrganizationId),
    body: AskMistake,
) -> Result<MistakeRequestId, Reject> {
    let now = core.now();
    let note = check_words(&body.note, "/note", false).map_err(|error| Problem::invalid(vec![error]))?;
    if !ChangeReason::OF_PRACTICES.contains(&body.reason) {
        return Err(Problem::invalid(vec![FieldError::new("/reason", "Choose why")]).into());
    }
    if let Some(known) = mistake::open_of(&mut held.tx, held.row.appointment_id).await? {
        let id = known.request.mistake_request_id;
        if known.appointment_version == held.row.version {
            let same = known.request.reason == body.reason && known.request.note == note;
            let again = same && known.asked_by == caller.account_id;
            return if again { Ok(id) } else { Err(asked_already().into()) };
        }
        // Nobody can agree to it any more.
        mistake::withdraw(&mut held.tx, id, known.request.version, now).await?;
    }
    if held.row.version != body.version {
        return Err(stale().into());
    }
    refuse_act(&mut held.tx, &held.row, ActName::EnterInError).await?;
    let acted = held.row.standing().act(PracticeAct::EnterInError { reason: body.reason }, now);
    acted.map_err(|error| refusal(error, held.row.offered.time_zone, now))?;
    if !if_mistake(&mut held.tx, &held.row).await?.needs_agreement() {
        return Err(alone_is_enough().into());
    }
    let request = MistakeRequest {
        mistake_request_id: core.id(),
        version: 1,
        status: MistakeStatus::Asked,
        reason: body.reason,
        note,
        nobody_else: body.nobody_else,
        asked_at: now,
        decided_as: None,
        answer: None,
        ended_at: None,
    };
    let id = request.mistake_request_id;
    let row = MistakeRow {
        appointment_id: held.row.appointment_id,
        appointment_version: held.row.version,
        asked_by: caller.account_id,
        request,
    };
    mistake::insert(&mut held.tx, held.row.booking_id, &row).await?;
    let told = MistakeFact {
        mistake_request_id: id,
        organization_id,
        asked_by: caller.account_id,
        nobody_else: body.nobody_else,
    };
    let about = About { aggregate: "mistake_request", id: id.to_string(), version: 1 };
    outbox::tell(&mut held.tx, core, about, &BookingsEvent::MistakeAsked(told)).await?;
    Ok(id)
}

fn asked_already() -> Problem {
    Problem::new("wrong-state", 409, "Somebody was asked about this already")
        .detail("Nothing was changed. One request is open at a time: answer it, or have it taken back.")
}

fn alone_is_enough() -> Problem {
    Problem::new("wrong-state", 409, "Nobody else has to agree to this").detail(
        "Nothing was changed. No money has moved and Medicare has no claim: mark the appointment as entered in error.",
    )
}

async fn disclose(
    core: &Core,
    held: Held,
    id: MistakeRequestId,
    caller: &SignedIn,
    action: &'static str,
) -> Result<Disclosed<PracticeMistake>, Reject> {
    let Held { mut tx, row, calendar, actor, .. } = held;
    let receipt = audit::record(&mut tx, core, entry(actor, &row, action, Outcome::Allowed)).await?;
    let request = mistake::find(&mut tx, id).await?.ok_or_else(not_found)?;
    let view = view(&mut tx, core, caller, request, row, calendar).await?;
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

fn entry(actor: Actor, row: &AppointmentRow, action: &'static str, outcome: Outcome) -> audit::Entry {
    audit::Entry {
        actor,
        action,
        resource: row.booking_id.into(),
        whose: row.patient_id,
        purpose: Purpose::Practice,
        outcome,
    }
}

async fn view(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    of: MistakeRow,
    row: AppointmentRow,
    calendar: Calendar,
) -> Result<PracticeMistake, Reject> {
    let open = of.request.status == MistakeStatus::Asked;
    Ok(PracticeMistake {
        if_mistake: if_mistake(conn, &row).await?,
        moved_on: open && row.version != of.appointment_version,
        mine: of.asked_by == caller.account_id,
        request: of.request,
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        role: row.offered.on_its_clocks(calendar.role),
        start: row.starts_at,
        noted: row.status,
        patient_name: row.patient_name,
        as_of: core.now(),
    })
}
