//! `/api/v1/payments/practices/{organization_id}/payments/{payment_id}/…`: what a practice does about a payment: gives money back, asks
//! for a higher price.

use axum::extract::{Path, State as Extract};
use kernel::{
    Accepted, Created, Disclosed, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
    outbox::{self, About},
};
use shared_types::{
    AudCents, OrganizationId, PaymentId, Problem,
    payments::{
        AskedFact, PaymentsEvent,
        practice::{AskForCharge, PracticeRefund, RefundPayment},
    },
    problem::FieldError,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::money::{note_payment, payment_of_practice, refused, unsettled};
use crate::{
    domain::payment::{Change, TakenBy},
    refunding::{NewRefund, begin_refund},
    settle::settle,
    state::State,
    store::{
        asked,
        refund::{self, RequestedAs},
    },
};

/// A payment of a practice, by the path.
type OfPractice = Path<(OrganizationId, PaymentId)>;

/// Gives money back, of what is left. Where it was taken by several tries, each gives its part; the reply has their sum.
pub async fn refund_payment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, payment_id)): OfPractice,
    key: IdempotencyKey,
    Json(body): Json<RefundPayment>,
) -> Result<Created<Disclosed<PracticeRefund>>, Reject> {
    let (core, action) = (&state.core, "refund_payment");
    check_amount(body.amount_cents, "/amount_cents")?;
    let mut tx = core.begin().await?;
    let payment = payment_of_practice(&mut tx, organization_id, payment_id).await?;
    let holder = format!("{organization_id} {}", caller.account_id);
    let begun = idempotency::begin(&mut tx, core, action, &holder, key, &(payment_id, &body)).await?;
    let reply: PracticeRefund = match begun {
        Begun::Replay(reply) => reply,
        Begun::New(ticket) => {
            let wanted = NewRefund {
                cause_id: key.0,
                amount: body.amount_cents,
                reason: body.reason,
                note: None,
                requested_as: RequestedAs::Practice,
                requested_by: Some(caller.account_id),
            };
            begin_refund(&mut tx, core, &payment, wanted).await.map_err(refused)?;
            let reply = of_cause(&mut tx, payment_id, key.0).await?;
            ticket.finish(&mut tx, 201, &reply).await?;
            reply
        }
    };
    let actor = Actor::for_practice(&caller, organization_id);
    let recorded = note_payment(&mut tx, core, actor, action, &payment, Purpose::Practice).await?;
    Ok(Created(Disclosed::commit(core, tx, recorded, reply).await?))
}

/// Asks the patient to agree to a higher price, and tells them why. Nothing more is taken before they do.
pub async fn ask_for_charge(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, payment_id)): OfPractice,
    key: IdempotencyKey,
    Json(body): Json<AskForCharge>,
) -> Result<Accepted<()>, Reject> {
    let (core, action) = (&state.core, "ask_for_charge");
    let reason = body.check_reason().map_err(|wrong| Problem::invalid(vec![wrong]))?;
    let mut tx = core.begin().await?;
    let payment = payment_of_practice(&mut tx, organization_id, payment_id).await?;
    let holder = format!("{organization_id} {}", caller.account_id);
    let begun = idempotency::begin(&mut tx, core, action, &holder, key, &(payment_id, &body)).await?;
    let ticket = match begun {
        Begun::Replay(()) => return Ok(Accepted(())),
        Begun::New(ticket) => ticket,
    };
    let agreed_cents = payment.chargeable_cents();
    // What the card said no to can be asked for anew, with a fresh consent.
    let again = payment.was_declined(body.total_cents);
    if !payment.is_bulk_billed() && !again && body.total_cents <= agreed_cents {
        let detail = format!("give more than {agreed_cents}, which was agreed to");
        return Err(Problem::invalid(vec![FieldError::new("/total_cents", detail)]).into());
    }
    let actor = Actor::for_practice(&caller, organization_id);
    note_payment(&mut tx, core, actor, action, &payment, Purpose::Practice).await?;
    let (change, before) = (Change::Asked { cents: body.total_cents }, payment.version);
    let after = settle(&mut tx, core, payment, change, TakenBy::Practice).await.map_err(unsettled)?;
    asked::keep_reason(&mut tx, payment_id, &reason).await?;
    // Asked for the same price again, the patient knows already.
    if after.version > before {
        let (booking_id, total_cents) = (after.booking_id, body.total_cents);
        let fact = AskedFact { booking_id, agreed_cents, total_cents, again };
        let version = i64::from(after.version);
        let about = About { aggregate: "payment", id: payment_id.to_string(), version };
        outbox::tell(&mut tx, core, about, &PaymentsEvent::ChargeAsked(fact)).await?;
    }
    ticket.finish(&mut tx, 202, &()).await?;
    core.commit(tx).await?;
    Ok(Accepted(()))
}

/// What one wish gives back, summed over the tries that it comes from.
async fn of_cause(
    conn: &mut PgConnection,
    payment_id: PaymentId,
    cause_id: Uuid,
) -> Result<PracticeRefund, Reject> {
    let parts = refund::of_payment(conn, payment_id).await?;
    let parts: Vec<_> = parts.into_iter().filter(|part| part.cause_id == cause_id).collect();
    let sum = |of: fn(&refund::Refund) -> AudCents| AudCents(parts.iter().map(|part| of(part).0).sum());
    let first = parts.first().ok_or_else(|| Problem::not_found("This refund"))?;
    Ok(PracticeRefund {
        refund_id: first.refund_id,
        payment_id,
        amount_cents: sum(|part| part.amount_cents),
        reason: first.reason,
        status: first.status,
        transfer_reversed_cents: sum(|part| part.transfer_reversed_cents),
        fee_reversed_cents: sum(|part| part.fee_reversed_cents),
    })
}

fn check_amount(cents: AudCents, pointer: &str) -> Result<(), Problem> {
    if cents > AudCents::ZERO {
        return Ok(());
    }
    Err(Problem::invalid(vec![FieldError::new(pointer, "give an amount above zero")]))
}
