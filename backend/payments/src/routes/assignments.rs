//! `/api/v1/payments/…/assignments`: patients read what they are asked for, agree or do not, take it back, and keep a copy. They are known by
//! their session, by the ticket of who holds the booking, or by a letter's secret and three points of identity (C-55).

use axum::{
    extract::{Path, State as Extract},
    http::{HeaderMap, header},
};
use kernel::{
    Caller, Core, Disclosed, Json, Reject, Written, access,
    audit::{self, Actor, Outcome, Purpose, Recorded, Resource},
    chance::hash_secret,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    AssignmentId, BookingId, PatientId, Problem,
    payments::assignment::{
        AnswerAssignment, Assignment, AssignmentMethod, AssignmentStatus, Assignments, OpenAssignment,
    },
    users::DelegationScope,
};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    assigning::{
        self,
        agreeing::{How, Said, agree, decline, end},
        receipt::{self, Html},
    },
    domain::assignment::{Evidence, MOST_WRONG_PROOFS, StepBy, device_class, proof_holds},
    payer::Payer,
    state::State,
    store::{
        assignment::{self, Row},
        claimant, owner,
    },
};

/// The assignments of a booking, the latest first, and the enduring ones that hold for it.
pub async fn list_assignments(
    Extract(state): Extract<State>,
    payer: Payer,
    Path(booking_id): Path<BookingId>,
) -> Result<Disclosed<Assignments>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let actor = payer.at(&mut tx, core, booking_id, "list_assignments").await?;
    let rows = assignment::of_booking(&mut tx, booking_id).await?;
    let whose = owner::find(&mut tx, booking_id).await?.and_then(|(_, patient_id)| patient_id);
    let recorded = note(&mut tx, core, actor, booking_id.into(), whose, "list_assignments").await?;
    let items = rows.into_iter().map(|row| row.assignment).collect();
    Ok(Disclosed::commit(core, tx, recorded, Assignments { items }).await?)
}

/// Opens a letter's link with three points of identity: family name, day of birth, the end of the mobile's number. Five tries; one that
/// is repeated counts once.
pub async fn open_assignment(
    Extract(state): Extract<State>,
    key: IdempotencyKey,
    Json(body): Json<OpenAssignment>,
) -> Result<Disclosed<Assignment>, Reject> {
    let (core, action) = (&state.core, "open_assignment");
    let mut tx = core.begin().await?;
    let id = assignment::by_token(&mut tx, &hash_secret(body.token.expose())).await?.ok_or_else(not_found)?;
    let row = assignment::find_after_claimant(&mut tx, id).await?.ok_or_else(not_found)?;
    if row.wrong_proofs >= MOST_WRONG_PROOFS {
        return Err(not_found().into());
    }
    let is_proved = match idempotency::begin(&mut tx, core, action, &id.to_string(), key, &body).await? {
        Begun::Replay(was_proved) => was_proved,
        Begun::New(ticket) => {
            let is_proved = is_proved(&mut tx, &state, &row, &body).await?;
            assignment::note_proof(&mut tx, id, is_proved.then(|| core.now())).await?;
            ticket.finish(&mut tx, if is_proved { 200 } else { 403 }, &is_proved).await?;
            is_proved
        }
    };
    let outcome = if is_proved { Outcome::Allowed } else { Outcome::Denied };
    let recorded = note_as(&mut tx, core, by_letter(&row), &row, action, outcome).await?;
    if is_proved {
        return Ok(Disclosed::commit(core, tx, recorded, row.assignment).await?);
    }
    // The try is counted, whatever else.
    core.commit(tx).await?;
    Err(not_proved().into())
}

/// Agrees, or does not. The answer is to the text whose hash comes with it.
pub async fn answer_assignment(
    Extract(state): Extract<State>,
    caller: Caller,
    payer: Payer,
    Path(id): Path<AssignmentId>,
    key: IdempotencyKey,
    headers: HeaderMap,
    Json(body): Json<AnswerAssignment>,
) -> Result<Disclosed<Assignment>, Reject> {
    let (core, action) = (&state.core, "answer_assignment");
    let token = body.token.as_ref().map(|token| token.expose().as_str());
    let Let { mut tx, row, actor, evidence } = begin(core, &caller, &payer, id, token, action).await?;
    let row = match idempotency::begin(&mut tx, core, action, &id.to_string(), key, &body).await? {
        Begun::Replay(AssignmentId(_)) => row,
        Begun::New(ticket) => {
            let row = answer(&mut tx, &state, row, &body, evidence, &headers).await?;
            ticket.finish(&mut tx, 200, &id).await?;
            row
        }
    };
    let recorded = note_as(&mut tx, core, actor, &row, action, Outcome::Allowed).await?;
    Ok(Disclosed::commit(core, tx, recorded, row.assignment).await?)
}

/// No longer agrees. What a claim rests on stays; an enduring one ends for what is still to come.
pub async fn withdraw_assignment(
    Extract(state): Extract<State>,
    caller: Caller,
    payer: Payer,
    Path(id): Path<AssignmentId>,
    key: IdempotencyKey,
) -> Result<Disclosed<Assignment>, Reject> {
    let (core, action) = (&state.core, "withdraw_assignment");
    let Let { mut tx, row, actor, .. } = begin(core, &caller, &payer, id, None, action).await?;
    let row = match idempotency::begin(&mut tx, core, action, &id.to_string(), key, &()).await? {
        Begun::Replay(AssignmentId(_)) => row,
        Begun::New(ticket) => {
            let row = end(&mut tx, &state, row, AssignmentStatus::Withdrawn, StepBy::Patient).await?;
            ticket.finish(&mut tx, 200, &id).await?;
            row
        }
    };
    let recorded = note_as(&mut tx, core, actor, &row, action, Outcome::Allowed).await?;
    Ok(Disclosed::commit(core, tx, recorded, row.assignment).await?)
}

/// The patient's copy, as a page to print.
pub async fn print_assignment(
    Extract(state): Extract<State>,
    caller: Caller,
    payer: Payer,
    Path(id): Path<AssignmentId>,
) -> Result<Written<Html>, Reject> {
    let (core, action) = (&state.core, "print_assignment");
    let Let { mut tx, row, actor, .. } = begin(core, &caller, &payer, id, None, action).await?;
    let recorded = note_as(&mut tx, core, actor, &row, action, Outcome::Allowed).await?;
    let shown = Disclosed::commit(core, tx, recorded, row.assignment).await?;
    Ok(shown.written_as::<Html>(|assignment| receipt::page(&assignment)))
}

/// An assignment whose patient is let in.
struct Let {
    tx: Transaction<'static, Postgres>,
    row: Row,
    actor: Actor,
    evidence: Evidence,
}

/// Begins a transaction with an assignment, for who may see it: 404 for everybody else.
async fn begin(
    core: &Core,
    caller: &Caller,
    payer: &Payer,
    id: AssignmentId,
    token: Option<&str>,
    action: &'static str,
) -> Result<Let, Reject> {
    let mut tx = core.begin().await?;
    let row = assignment::find_after_claimant(&mut tx, id).await?.ok_or_else(not_found)?;
    if let Some(token) = token {
        let is_its = assignment::has_token(&mut tx, id, &hash_secret(token)).await?;
        if !is_its || row.wrong_proofs >= MOST_WRONG_PROOFS {
            return Err(not_found().into());
        }
        if !proof_holds(row.proved_at, core.now()) {
            return Err(if row.proved_at.is_some() { proof_over() } else { not_proved() }.into());
        }
        let actor = by_letter(&row);
        return Ok(Let { tx, row, actor, evidence: Evidence::Letter });
    }
    let evidence = if caller.0.is_some() { Evidence::Session } else { Evidence::Ticket };
    let actor = match (row.assignment.booking_id, row.patient_id, &caller.0) {
        (Some(booking_id), ..) => payer.at(&mut tx, core, booking_id, action).await?,
        // An enduring one has no booking: its patient's account is what shows whose it is.
        (None, Some(patient_id), Some(claims)) => {
            let scope = DelegationScope::Payments;
            access::act_for(core, claims, patient_id, scope, action, Purpose::Payment).await?
        }
        (None, ..) => return Err(not_found().into()),
    };
    Ok(Let { tx, row, actor, evidence })
}

async fn answer(
    conn: &mut PgConnection,
    state: &State,
    row: Row,
    body: &AnswerAssignment,
    evidence: Evidence,
    headers: &HeaderMap,
) -> Result<Row, Reject> {
    if !body.agrees {
        return decline(conn, state, row, &body.document_sha256).await;
    }
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let said = Said {
        document_sha256: &body.document_sha256,
        relation: body.relation,
        assignor_name: body.assignor_name.as_ref(),
        claimant: body.claimant.as_ref(),
    };
    let how = How {
        method: AssignmentMethod::Electronic,
        verbal_reason: None,
        evidence,
        device: Some(device_class(agent)),
        recorded_by: None,
        by: StepBy::Patient,
    };
    agree(conn, state, row, said, how).await
}

/// Whether the three points are those of the booking's patient. An enduring one is answered by who is signed in.
async fn is_proved(
    conn: &mut PgConnection,
    state: &State,
    row: &Row,
    given: &OpenAssignment,
) -> Result<bool, Reject> {
    let Some(booking_id) = row.assignment.booking_id else { return Ok(false) };
    let Some(visit) = claimant::find(conn, booking_id).await? else { return Ok(false) };
    Ok(assigning::open(&state.cipher, &visit)?.is_proved_by(given))
}

fn by_letter(row: &Row) -> Actor {
    row.assignment.booking_id.map_or(Actor::Anonymous, Actor::Link)
}

fn not_found() -> Problem {
    Problem::not_found("This agreement")
}

fn not_proved() -> Problem {
    Problem::new("identity", 403, "These details do not match the booking")
        .detail("Nothing was changed. Enter them as you gave them when booking. After five tries the link stops working.")
}

/// They were right, and too long ago.
fn proof_over() -> Problem {
    Problem::new("identity", 403, "Show once more who you are")
        .detail("Nothing was changed. Half an hour is over since you gave your details: give them once more, then answer.")
}

async fn note_as(
    conn: &mut PgConnection,
    core: &Core,
    actor: Actor,
    row: &Row,
    action: &'static str,
    outcome: Outcome,
) -> sqlx::Result<Recorded> {
    let of_practice = || Resource::from(row.assignment.organization_id);
    let resource = row.assignment.booking_id.map_or_else(of_practice, Resource::from);
    let whose = row.patient_id;
    let entry = audit::Entry { actor, action, resource, whose, purpose: Purpose::Payment, outcome };
    audit::record(conn, core, entry).await
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    actor: Actor,
    resource: Resource,
    whose: Option<PatientId>,
    action: &'static str,
) -> sqlx::Result<Recorded> {
    let outcome = Outcome::Allowed;
    let entry = audit::Entry { actor, action, resource, whose, purpose: Purpose::Payment, outcome };
    audit::record(conn, core, entry).await
}
