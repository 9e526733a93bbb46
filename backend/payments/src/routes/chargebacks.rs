//! `/api/v1/payments/platform/chargebacks` and what a practice sees of its own: cardholders' disputes, and what speaks for the charge.
//! Nothing clinical is sent: a bank is told that a visit took place and not why.

use axum::extract::{Path, Query, State as Extract};
use jiff::SignedDuration;
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    AccountId, ChargebackId, OrganizationId, Problem, Zone,
    page::Page,
    payments::{
        ChargebackStatus,
        platform::{Chargeback, ChargebackCase, Evidence, PutEvidence},
        rules::EVIDENCE_MARGIN_HOURS,
    },
    problem::FieldError,
};
use sqlx::{PgConnection, Postgres, Transaction};

use super::money::{note_payment, payment_entry, stale, wrong_state};
use crate::{
    domain::{
        evidence::{self, Known},
        payment::Payment,
    },
    state::State,
    store::{
        after_dispute,
        chargeback::{self, ChargebackRow},
        payment, payment_search,
        processor_call::{NewCall, Operation, enqueue},
    },
};

/// How many one page has.
const PAGE: i64 = 50;
/// The most characters of a text that is sent to a bank.
const TEXT: usize = 20_000;

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The `next` of the page before.
    cursor: Option<u32>,
}

/// Those to answer, the earliest limit first, then the others. Each that is read is written down.
pub async fn list_chargebacks(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<Chargeback>>, Reject> {
    let (actor, action) = (Actor::of(&caller), "list_chargebacks");
    page(&state.core, actor, None, wanted, action, Purpose::Administration).await
}

/// The practice's own.
pub async fn list_practice_chargebacks(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<Chargeback>>, Reject> {
    let actor = Actor::for_practice(&caller, organization_id);
    let action = "list_practice_chargebacks";
    page(&state.core, actor, Some(organization_id), wanted, action, Purpose::Practice).await
}

/// One with what is to be sent.
pub async fn find_chargeback(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(chargeback_id): Path<ChargebackId>,
) -> Result<Disclosed<ChargebackCase>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    locked(&mut tx, chargeback_id).await?;
    disclose(core, tx, &caller, chargeback_id, "find_chargeback").await
}

/// Replaces what is to be sent, as last seen.
pub async fn put_evidence(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(chargeback_id): Path<ChargebackId>,
    Json(body): Json<PutEvidence>,
) -> Result<Disclosed<ChargebackCase>, Reject> {
    let core = &state.core;
    check(&body.evidence).map_err(Problem::invalid)?;
    let mut tx = core.begin().await?;
    let row = locked(&mut tx, chargeback_id).await?;
    still_open(core, &row)?;
    let done = chargeback::put_evidence(&mut tx, chargeback_id, &body.evidence, body.version, core.now());
    if !done.await? {
        return Err(stale().into());
    }
    disclose(core, tx, &caller, chargeback_id, "put_evidence").await
}

/// Has it sent to the bank. That is done once.
pub async fn submit_evidence(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(chargeback_id): Path<ChargebackId>,
    key: IdempotencyKey,
) -> Result<Disclosed<ChargebackCase>, Reject> {
    let (core, action) = (&state.core, "submit_evidence");
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    if let Begun::New(ticket) =
        idempotency::begin::<_, ChargebackId>(&mut tx, core, action, &holder, key, &chargeback_id).await?
    {
        submit(&mut tx, core, chargeback_id, caller.account_id).await?;
        ticket.finish(&mut tx, 200, &chargeback_id).await?;
    }
    disclose(core, tx, &caller, chargeback_id, action).await
}

async fn submit(
    conn: &mut PgConnection,
    core: &Core,
    chargeback_id: ChargebackId,
    submitted_by: AccountId,
) -> Result<(), Reject> {
    let row = locked(conn, chargeback_id).await?;
    still_open(core, &row)?;
    let payment = payment_of(conn, &row).await?;
    if !chargeback::mark_submitted(conn, chargeback_id, submitted_by, core.now()).await? {
        return Err(wrong_state().into());
    }
    let organization_id = payment.organization_id.ok_or_else(wrong_state)?;
    let mut call = NewCall {
        payment_id: Some(row.payment_id),
        ..NewCall::of_practice(Operation::SubmitEvidence, organization_id, chargeback_id.0)
    };
    // An inquiry that was answered may become a dispute, which is answered as well.
    call.idempotency_key = format!("{}_{}", call.idempotency_key, row.version);
    enqueue(conn, core, call).await?;
    Ok(())
}

async fn page(
    core: &Core,
    actor: Actor,
    organization_id: Option<OrganizationId>,
    wanted: Wanted,
    action: &'static str,
    purpose: Purpose,
) -> Result<Disclosed<Page<Chargeback>>, Reject> {
    let skip = i64::from(wanted.cursor.unwrap_or(0));
    let mut tx = core.begin().await?;
    let mut rows = chargeback::list(&mut tx, organization_id, skip, PAGE + 1).await?;
    let next = (rows.len() > PAGE as usize).then(|| (skip + PAGE).to_string());
    rows.truncate(PAGE as usize);
    let ids: Vec<_> = rows.iter().map(|(row, _)| row.payment_id).collect();
    let payments = payment::find_all(&mut tx, &ids).await?;
    let mut items = Vec::with_capacity(rows.len());
    for (row, whose) in rows {
        let found = payments.iter().find(|payment| payment.payment_id == row.payment_id);
        let payment = found.ok_or_else(without_payment)?;
        let seen = payment_entry(&mut tx, actor.clone(), action, payment, purpose).await?;
        items.push((view(&row, whose), seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

async fn disclose(
    core: &Core,
    mut tx: Transaction<'static, Postgres>,
    caller: &SignedIn,
    chargeback_id: ChargebackId,
    action: &'static str,
) -> Result<Disclosed<ChargebackCase>, Reject> {
    let row = locked(&mut tx, chargeback_id).await?;
    let payment = payment_of(&mut tx, &row).await?;
    let actor = Actor::of(caller);
    let recorded = note_payment(&mut tx, core, actor, action, &payment, Purpose::Administration).await?;
    let known = known(&mut tx, &payment).await?;
    let case = ChargebackCase {
        chargeback: view(&row, payment.organization_id),
        known,
        evidence: row.evidence,
        version: row.version,
        submitted_at: row.submitted_at,
    };
    Ok(Disclosed::commit(core, tx, recorded, case).await?)
}

/// What we know ourselves that speaks for a charge.
async fn known(conn: &mut PgConnection, payment: &Payment) -> Result<Evidence, Reject> {
    let Some(begun) = payment_search::begun(conn, payment.payment_id).await? else {
        return Ok(Evidence::default());
    };
    let zone = begun.time_zone.and_then(|name| name.parse().ok());
    let terms = payment.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    // What was said not to have taken place while a bank has the money changes the payment once that has decided.
    let is_called_off = after_dispute::find(conn, payment.payment_id).await?.is_some();
    Ok(evidence::known(&Known {
        terms,
        agreed_at: begun.created_at,
        starts_at: begun.starts_at,
        noted_at: payment.noted_over_at(begun.over_at).filter(|_| !is_called_off),
        zone: zone.unwrap_or(Zone::SYDNEY),
        receipt: payment_search::receipt(conn, payment.payment_id).await?,
    }))
}

async fn locked(conn: &mut PgConnection, chargeback_id: ChargebackId) -> Result<ChargebackRow, Reject> {
    let found = chargeback::lock(conn, chargeback_id).await?;
    found.ok_or_else(|| Problem::not_found("This chargeback").into())
}

async fn payment_of(conn: &mut PgConnection, row: &ChargebackRow) -> Result<Payment, Reject> {
    let found = payment::lock_by_id(conn, row.payment_id).await?;
    Ok(found.ok_or_else(without_payment)?)
}

fn without_payment() -> Problem {
    Problem::not_found("This chargeback’s payment")
}

/// Evidence is written until a day before the bank's own limit, and not once it was sent.
fn still_open(core: &Core, row: &ChargebackRow) -> Result<(), Problem> {
    match row.status {
        ChargebackStatus::NeedsResponse if row.submitted_at.is_none() => {}
        ChargebackStatus::NeedsResponse
        | ChargebackStatus::UnderReview
        | ChargebackStatus::Closed
        | ChargebackStatus::Won
        | ChargebackStatus::Lost => return Err(wrong_state()),
    }
    let margin = SignedDuration::from_hours(EVIDENCE_MARGIN_HOURS);
    let is_late =
        row.evidence_due_at.is_some_and(|due| due.saturating_sub(margin).unwrap_or(due) <= core.now());
    if !is_late {
        return Ok(());
    }
    Err(Problem::new("too-late", 409, "The time for evidence is over")
        .detail("Nothing was changed. The bank decides on what it has."))
}

fn check(evidence: &Evidence) -> Result<(), Vec<FieldError>> {
    let texts = [
        ("/evidence/policy", evidence.policy.as_deref()),
        ("/evidence/history", evidence.history.as_deref()),
        ("/evidence/note", evidence.note.as_ref().map(|note| note.expose().as_str())),
    ];
    let too_long = |text: &str| text.chars().count() > TEXT;
    let errors: Vec<_> = texts
        .into_iter()
        .filter(|(_, text)| text.is_some_and(too_long))
        .map(|(pointer, _)| FieldError::new(pointer, "give at most 20,000 characters"))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// A chargeback as administrators and its practice see it.
pub(super) fn view(row: &ChargebackRow, organization_id: Option<OrganizationId>) -> Chargeback {
    Chargeback {
        chargeback_id: row.chargeback_id,
        payment_id: row.payment_id,
        organization_id,
        amount_cents: row.amount_cents,
        reason: row.reason.clone(),
        status: row.status,
        evidence_due_at: row.evidence_due_at,
        opened_at: row.opened_at,
    }
}
