//! `/api/v1/payments/platform/payments/…/refunds` and `…/refunds`: administrators give money back. Above a limit that takes two of them.

use axum::extract::{Path, Query, State as Extract};
use kernel::{
    Created, Disclosed, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    AudCents, PaymentId, Problem, RefundId,
    page::Page,
    payments::{
        RefundStatus,
        platform::{DecideRefund, PlatformRefund, RequestRefund},
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use super::money::{note_payment, payment_entry, refused};
use crate::{
    domain::payment::Payment,
    refunding::{self, NewRefund, begin_refund},
    state::State,
    store::{
        payment,
        refund::{self, RequestedAs},
    },
};

/// How many one page has.
const PAGE: i64 = 50;
/// The most characters of a note.
const NOTE: usize = 1_000;

/// Which of them, and where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// Only those that stand here.
    status: Option<RefundStatus>,
    /// The `next` of the page before.
    cursor: Option<RefundId>,
}

/// Asks for a refund. A large one waits for somebody else.
pub async fn request_refund(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(payment_id): Path<PaymentId>,
    key: IdempotencyKey,
    Json(body): Json<RequestRefund>,
) -> Result<Created<Disclosed<PlatformRefund>>, Reject> {
    let (core, action) = (&state.core, "request_refund");
    let note = checked(&body).map_err(Problem::invalid)?;
    let mut tx = core.begin().await?;
    let payment = locked(&mut tx, payment_id).await?;
    let holder = caller.account_id.to_string();
    let begun = idempotency::begin(&mut tx, core, action, &holder, key, &(payment_id, &body)).await?;
    let reply = match begun {
        Begun::Replay(reply) => reply,
        Begun::New(ticket) => {
            let wanted = NewRefund {
                cause_id: key.0,
                amount: body.amount_cents,
                reason: body.reason,
                note: Some(note),
                requested_as: RequestedAs::Platform,
                requested_by: Some(caller.account_id),
            };
            let reply = begin_refund(&mut tx, core, &payment, wanted).await.map_err(refused)?;
            ticket.finish(&mut tx, 201, &reply).await?;
            reply
        }
    };
    let actor = Actor::of(&caller);
    let recorded = note_payment(&mut tx, core, actor, action, &payment, Purpose::Administration).await?;
    Ok(Created(Disclosed::commit(core, tx, recorded, reply).await?))
}

/// Refunds, the latest first. Each that is read is written down.
pub async fn list_platform_refunds(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<PlatformRefund>>, Reject> {
    let (core, action) = (&state.core, "list_platform_refunds");
    let mut tx = core.begin().await?;
    let mut rows = refund::list(&mut tx, wanted.status, wanted.cursor, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|last| last.refund_id.to_string());
    let ids: Vec<_> = rows.iter().map(|row| row.payment_id).collect();
    let payments = payment::find_all(&mut tx, &ids).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let found = payments.iter().find(|payment| payment.payment_id == row.payment_id);
        let Some(payment) = found else { continue };
        let actor = Actor::of(&caller);
        let seen = payment_entry(&mut tx, actor, action, payment, Purpose::Administration).await?;
        items.push((refunding::view(&row, payment), seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

/// Agrees to a refund that waits, or does not. Who asked for it cannot.
pub async fn decide_refund(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(refund_id): Path<RefundId>,
    key: IdempotencyKey,
    Json(body): Json<DecideRefund>,
) -> Result<Disclosed<PlatformRefund>, Reject> {
    let (core, action) = (&state.core, "decide_refund");
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    let begun = idempotency::begin(&mut tx, core, action, &holder, key, &(refund_id, &body)).await?;
    let decided: PlatformRefund = match begun {
        Begun::Replay(decided) => decided,
        Begun::New(ticket) => {
            let wanted = (body.approve, body.amount_cents);
            let decided = refunding::decide(&mut tx, core, refund_id, wanted, caller.account_id).await;
            let decided = decided.map_err(refused)?.ok_or_else(|| Problem::not_found("This refund"))?;
            ticket.finish(&mut tx, 200, &decided).await?;
            decided
        }
    };
    let payment = locked(&mut tx, decided.payment_id).await?;
    let actor = Actor::of(&caller);
    let recorded = note_payment(&mut tx, core, actor, action, &payment, Purpose::Administration).await?;
    Ok(Disclosed::commit(core, tx, recorded, decided).await?)
}

async fn locked(conn: &mut PgConnection, payment_id: PaymentId) -> Result<Payment, Reject> {
    let found = payment::lock_by_id(conn, payment_id).await?;
    found.ok_or_else(|| Problem::not_found("This payment").into())
}

fn checked(body: &RequestRefund) -> Result<String, Vec<FieldError>> {
    let note = body.note.expose().trim().to_owned();
    let mut errors = Vec::new();
    if body.amount_cents <= AudCents::ZERO {
        errors.push(FieldError::new("/amount_cents", "give an amount above zero"));
    }
    if note.is_empty() || note.chars().count() > NOTE {
        errors.push(FieldError::new("/note", "say why: 1 to 1000 characters"));
    }
    if errors.is_empty() { Ok(note) } else { Err(errors) }
}
