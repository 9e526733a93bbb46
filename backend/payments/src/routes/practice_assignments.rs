//! `/api/v1/payments/practices/{organization_id}/…/assignments`: staff ask patients for assignments, write down what was agreed to on paper
//! or by word of mouth, and keep the copies.

use axum::extract::{Path, Query, State as Extract};
use kernel::{
    Core, Created, Disclosed, Json, Reject, SignedIn, Written,
    audit::{self, Actor, Outcome, Purpose, Recorded},
    idempotency::{self, Begun, IdempotencyKey},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    AssignmentId, AudCents, BookingId, OrganizationId, Problem, Zone,
    page::Page,
    payments::assignment::{
        Assignment, AssignmentKind, AssignmentMethod, AssignmentStatus, OfferAssignment, RecordAssignment,
    },
    payments::rules,
    problem::FieldError,
};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    assigning::{
        self, Asked,
        agreeing::{How, Said, agree, end, wrong_state},
        receipt::{self, Html},
    },
    claiming,
    domain::assignment::{Evidence, StepBy, check_offer, check_record},
    state::State,
    store::{
        assignment::{self, Row},
        claimant, schedule,
    },
};

const PAGE: i64 = 50;

type OfPractice = Path<(OrganizationId, AssignmentId)>;

/// Which of them, and where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// Only those that stand here.
    status: Option<AssignmentStatus>,
    /// The `next` of the page before.
    cursor: Option<AssignmentId>,
}

/// The practice's assignments, the latest first. Each that is read is written down.
pub async fn list_practice_assignments(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<Assignment>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let mut rows =
        assignment::of_practice(&mut tx, organization_id, wanted.status, wanted.cursor, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| row.assignment.assignment_id.to_string());
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let seen = entry(&caller, &row, "list_practice_assignments");
        items.push((row.assignment, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

/// Asks the patient of a bulk-billed booking. What is open for it is superseded; what was agreed to as well, since the practice says that
/// something changed: after a claim that was refused or not paid, too, such as for a card that was wrong.
pub async fn offer_assignment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, booking_id)): Path<(OrganizationId, BookingId)>,
    key: IdempotencyKey,
    Json(body): Json<OfferAssignment>,
) -> Result<Created<Disclosed<Assignment>>, Reject> {
    let (core, action) = (&state.core, "offer_assignment");
    let mut tx = core.begin().await?;
    let visit = claimant::find(&mut tx, booking_id).await?;
    let visit = visit.filter(|visit| visit.organization_id == organization_id);
    let visit = visit.ok_or_else(|| Problem::not_found("This bulk-billed booking"))?;
    let (holder, asked) = (organization_id.to_string(), (booking_id, &body));
    let id = match idempotency::begin(&mut tx, core, action, &holder, key, &asked).await? {
        Begun::Replay(id) => id,
        Begun::New(ticket) => {
            let row = offer(&mut tx, &state, &visit, &body).await?;
            let id = row.assignment.assignment_id;
            ticket.finish(&mut tx, 201, &id).await?;
            id
        }
    };
    let row = assignment::find(&mut tx, id).await?.ok_or_else(not_found)?;
    let recorded = note(&mut tx, core, &caller, &row, action).await?;
    Ok(Created(Disclosed::commit(core, tx, recorded, row.assignment).await?))
}

/// Writes down what was agreed to on paper or by word of mouth.
pub async fn record_assignment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): OfPractice,
    key: IdempotencyKey,
    Json(body): Json<RecordAssignment>,
) -> Result<Disclosed<Assignment>, Reject> {
    let (core, action) = (&state.core, "record_assignment");
    let (mut tx, row) = begin(core, &caller, organization_id, id, action).await?;
    let (holder, asked) = (organization_id.to_string(), (id, &body));
    let row = match idempotency::begin(&mut tx, core, action, &holder, key, &asked).await? {
        Begun::Replay(AssignmentId(_)) => row,
        Begun::New(ticket) => {
            let row = record(&mut tx, &state, &caller, row, &body).await?;
            ticket.finish(&mut tx, 200, &id).await?;
            row
        }
    };
    let recorded = note(&mut tx, core, &caller, &row, action).await?;
    Ok(Disclosed::commit(core, tx, recorded, row.assignment).await?)
}

/// Takes back what was made by mistake, unless a claim rests on it.
pub async fn void_assignment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): OfPractice,
    key: IdempotencyKey,
) -> Result<Disclosed<Assignment>, Reject> {
    let (core, action) = (&state.core, "void_assignment");
    let (mut tx, row) = begin(core, &caller, organization_id, id, action).await?;
    let holder = organization_id.to_string();
    let row = match idempotency::begin(&mut tx, core, action, &holder, key, &id).await? {
        Begun::Replay(AssignmentId(_)) => row,
        Begun::New(ticket) => {
            let row = end(&mut tx, &state, row, AssignmentStatus::Void, StepBy::Practice).await?;
            ticket.finish(&mut tx, 200, &id).await?;
            row
        }
    };
    let recorded = note(&mut tx, core, &caller, &row, action).await?;
    Ok(Disclosed::commit(core, tx, recorded, row.assignment).await?)
}

/// The practice's copy, as a page to print.
pub async fn print_practice_assignment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): OfPractice,
) -> Result<Written<Html>, Reject> {
    let core = &state.core;
    let (mut tx, row) = begin(core, &caller, organization_id, id, "print_practice_assignment").await?;
    let recorded = note(&mut tx, core, &caller, &row, "print_practice_assignment").await?;
    let shown = Disclosed::commit(core, tx, recorded, row.assignment).await?;
    Ok(shown.written_as::<Html>(|assignment| receipt::page(&assignment)))
}

async fn offer(
    conn: &mut PgConnection,
    state: &State,
    visit: &claimant::Row,
    body: &OfferAssignment,
) -> Result<Row, Reject> {
    let core = &state.core;
    let errors = check_offer(body, visit.service_on, Zone::SYDNEY.date(core.now()));
    if !errors.is_empty() {
        return Err(Problem::invalid(errors).into());
    }
    let asked = asked(conn, visit, body).await?;
    let identity = assigning::open(&state.cipher, visit)?;
    let document = assigning::write(conn, core, visit, &identity, &asked).await?.ok_or_else(|| {
        Problem::new("wrong-state", 409, "No provider number is known for this practitioner here")
            .detail("Nothing was changed. Enter the provider number under Medicare first, then ask again.")
    })?;
    let is_enduring = body.kind == AssignmentKind::Enduring;
    let old = if is_enduring {
        asked_already(conn, visit.booking_id, &document.provider_number).await?
    } else {
        assigning::live(conn, visit.booking_id).await?
    };
    let is_relied_on = old.as_ref().is_some_and(|old| old.assignment.status == AssignmentStatus::ReliedOn);
    if is_relied_on && !claiming::pays_nothing(conn, visit.booking_id).await? {
        return Err(wrong_state().into());
    }
    let old = match old {
        Some(old) => Some(assigning::supersede(conn, core, old).await?),
        None => None,
    };
    // Sorts that staff did not name go with the visit's items, as when nobody had asked.
    let is_by_rule = body.kind == AssignmentKind::Pre && body.service_category.is_none();
    let asked_by = if is_by_rule { StepBy::System } else { StepBy::Practice };
    let row = assigning::offer(conn, core, visit, asked, document, asked_by).await?;
    if is_enduring && row.patient_id.is_none() {
        let detail =
            "Only patients with an account can agree for every service: their bookings are known by it";
        return Err(Problem::invalid(vec![FieldError::new("/kind", detail)]).into());
    }
    if let Some(old) = old {
        assignment::point_to(conn, old.assignment.assignment_id, row.assignment.assignment_id).await?;
    }
    Ok(row)
}

/// The enduring one for the same number that the visit's patient has not answered yet. One that was agreed to stays good until the new one
/// is answered, and after.
async fn asked_already(
    conn: &mut PgConnection,
    booking_id: BookingId,
    provider_number: &str,
) -> Result<Option<Row>, Reject> {
    let rows = assignment::of_booking(conn, booking_id).await?;
    Ok(rows.into_iter().find(|row| {
        let is_open =
            matches!(row.assignment.status, AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed);
        is_open
            && row.assignment.kind == AssignmentKind::Enduring
            && row.assignment.document.provider_number == provider_number
    }))
}

/// What is asked for, with each item's benefit on the day.
async fn asked(
    conn: &mut PgConnection,
    visit: &claimant::Row,
    body: &OfferAssignment,
) -> Result<Asked, Reject> {
    match (body.kind, body.ground, body.expires_on) {
        (AssignmentKind::Pre, ..) => Ok(Asked::Pre(match body.service_category.as_deref() {
            Some(sorts) => sorts.trim().to_owned(),
            None => assigning::category_of(conn, visit).await?,
        })),
        (AssignmentKind::Enduring, Some(ground), Some(last)) => Ok(Asked::Enduring(ground, last)),
        (AssignmentKind::Enduring, ..) => Err(wrong_state().into()),
        (AssignmentKind::Post, ..) => {
            let (mut items, mut errors) = (Vec::new(), Vec::new());
            for (nth, item) in body.item_numbers.iter().enumerate() {
                match schedule::item_on(conn, item, visit.service_on).await? {
                    Some(found) => items.push((item.clone(), found.benefit_cents.unwrap_or(AudCents::ZERO))),
                    None => {
                        let detail = "The schedule had no such item on the day of the visit";
                        errors.push(FieldError::new(format!("/item_numbers/{nth}"), detail));
                    }
                }
            }
            if errors.is_empty() { Ok(Asked::Post(items)) } else { Err(Problem::invalid(errors).into()) }
        }
    }
}

async fn record(
    conn: &mut PgConnection,
    state: &State,
    caller: &SignedIn,
    row: Row,
    body: &RecordAssignment,
) -> Result<Row, Reject> {
    let today = Zone::SYDNEY.date(state.core.now());
    if body.method == AssignmentMethod::Verbal && !rules::verbal_is_allowed(today) {
        return Err(Problem::new("verbal-ended", 422, "An agreement by word of mouth is no longer enough")
            .detail("Nothing was changed. Have it signed on paper, or send the patient the link.")
            .into());
    }
    let errors = check_record(body, today);
    if !errors.is_empty() {
        return Err(Problem::invalid(errors).into());
    }
    let said = Said {
        document_sha256: &body.document_sha256,
        relation: body.relation,
        assignor_name: body.assignor_name.as_ref(),
        claimant: body.claimant.as_ref(),
    };
    let how = How {
        method: body.method,
        verbal_reason: body.verbal_reason.filter(|_| body.method == AssignmentMethod::Verbal),
        evidence: Evidence::Staff,
        device: None,
        recorded_by: Some(caller.account_id),
        by: StepBy::Practice,
    };
    agree(conn, state, row, said, how).await
}

/// Begins a transaction with an assignment of the practice. 404 for another's, written down as refused.
async fn begin(
    core: &Core,
    caller: &SignedIn,
    organization_id: OrganizationId,
    id: AssignmentId,
    action: &'static str,
) -> Result<(Transaction<'static, Postgres>, Row), Reject> {
    let mut tx = core.begin().await?;
    let row = assignment::find_after_claimant(&mut tx, id).await?.ok_or_else(not_found)?;
    if row.assignment.organization_id == organization_id {
        return Ok((tx, row));
    }
    let entry = audit::Entry {
        actor: Actor::of(caller),
        action,
        resource: row.assignment.organization_id.into(),
        whose: row.patient_id,
        purpose: Purpose::Practice,
        outcome: Outcome::Denied,
    };
    audit::record(&mut tx, core, entry).await?;
    core.commit(tx).await?;
    Err(not_found().into())
}

fn not_found() -> Problem {
    Problem::not_found("This agreement")
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    row: &Row,
    action: &'static str,
) -> sqlx::Result<Recorded> {
    audit::record(conn, core, entry(caller, row, action)).await
}

fn entry(caller: &SignedIn, row: &Row, action: &'static str) -> audit::Entry {
    let organization_id = row.assignment.organization_id;
    audit::Entry {
        actor: Actor::for_practice(caller, organization_id),
        action,
        resource: row.assignment.booking_id.map_or_else(|| organization_id.into(), audit::Resource::from),
        whose: row.patient_id,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    }
}
