//! Does what is due for payments without anybody asking: holds money on a saved card four days before the visit, takes it once the
//! visit is over, takes fees that are owed, gives up when a repair window is over, and lets go. The processor is not asked here:
//! what it is to be asked is written down, with the try it is about. Every ten seconds, one payment at a time until none is due. A
//! payment that cannot be acted on is logged and put off by ten minutes each time, so that it stands in nobody's way. Where the processor
//! lets the practice collect nothing, what is asked of a card waits until it does; what is held is taken all the same.

#[cfg(test)]
mod tests;

use anyhow::{Context as _, Result};
use jiff::SignedDuration;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AudCents, PaymentId,
    payments::{
        IntentKind, IntentPurpose, IntentStatus, PaymentFailure, PaymentStatus, PaymentsEvent,
        rules::CHARGED_AT_LEAST,
    },
};
use sqlx::PgConnection;

use crate::{
    charging,
    domain::payment::{Change, Due, Payment, TakenBy},
    settle::settle,
    store::{
        intent::{self, Intent},
        owner, payment as store,
        processor_call::{NewCall, Operation, enqueue},
        saved_card,
    },
};

const PUT_OFF: SignedDuration = SignedDuration::from_mins(10);
/// How soon it is looked again whether what was held before is let go.
const LETTING_GO: SignedDuration = SignedDuration::from_mins(1);

/// Acts on one payment. Says whether one was due.
///
/// # Errors
/// When the database fails.
pub async fn act_on_due(core: &Core) -> Result<u64> {
    let mut tx = core.begin().await?;
    let Some(payment) = store::claim_due(&mut tx, core.now()).await? else { return Ok(0) };
    let payment_id = payment.payment_id;
    match act(&mut tx, core, payment).await {
        Ok(()) => core.commit(tx).await?,
        Err(error) => {
            tx.rollback().await?;
            tracing::error!(payment.id = %payment_id, error = format!("{error:#}"), "a payment could not be acted on");
            put_off(core, payment_id).await?;
        }
    }
    Ok(1)
}

async fn put_off(core: &Core, payment_id: PaymentId) -> Result<()> {
    let mut tx = core.begin().await?;
    if let Some(mut payment) = store::lock_by_id(&mut tx, payment_id).await? {
        payment.due = payment.due.map(|(due, at)| (due, at.max(core.now() + PUT_OFF)));
        store::plan(&mut tx, &payment).await?;
    }
    core.commit(tx).await?;
    Ok(())
}

async fn act(conn: &mut PgConnection, core: &Core, payment: Payment) -> Result<()> {
    let Some((due, _)) = payment.due else { return Ok(()) };
    if asks_card(due) && lets_go_first(conn, core, &payment).await? {
        let again = Payment { due: Some((due, core.now() + LETTING_GO)), ..payment };
        return Ok(store::plan(conn, &again).await?);
    }
    let after = match due {
        Due::Authorise => {
            let cents = payment.patient_charge_cents;
            ask_card(conn, core, &payment, (IntentPurpose::Visit, IntentKind::Authorise), cents).await?;
            payment
        }
        Due::Capture => {
            capture(conn, core, &payment).await?;
            payment
        }
        Due::ChargeFee => charge_fee(conn, core, payment).await?,
        // What is held or open then is let go at the next look.
        Due::GiveUp => return give_up(conn, core, payment).await,
        Due::Void => {
            let_go(conn, core, &payment).await?;
            payment
        }
    };
    note(conn, core, &after, due).await?;
    store::plan(conn, &after.acted(core.now())).await?;
    Ok(())
}

/// Whether the kept card may be asked for the visit.
fn asks_card(due: Due) -> bool {
    match due {
        Due::Authorise | Due::Capture => true,
        Due::ChargeFee | Due::GiveUp | Due::Void => false,
    }
}

/// Whether money is still held that is to be let go, since it would not outlive the visit: no second try is made beside it.
async fn lets_go_first(conn: &mut PgConnection, core: &Core, payment: &Payment) -> Result<bool> {
    if payment.status != PaymentStatus::CardSaved {
        return Ok(false);
    }
    let mut is_held = false;
    for one in intent::of_payment(conn, payment.payment_id).await? {
        if one.purpose == IntentPurpose::Visit && one.status == IntentStatus::Authorised {
            let call = NewCall::of_intent(Operation::Cancel, payment.payment_id, one.intent_id, None);
            if enqueue(conn, core, call).await? {
                note(conn, core, payment, Due::Void).await?;
            }
            is_held = true;
        }
    }
    Ok(is_held)
}

/// Takes what is held, or all of it from the saved card where nothing could be held.
async fn capture(conn: &mut PgConnection, core: &Core, payment: &Payment) -> Result<()> {
    match payment.status {
        PaymentStatus::Authorised => capture_held(conn, core, payment, payment.held_cents).await,
        PaymentStatus::CardSaved => {
            let cents = payment.patient_charge_cents;
            ask_card(conn, core, payment, (IntentPurpose::Visit, IntentKind::Charge), cents).await
        }
        PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::Captured
        | PaymentStatus::PartRefunded
        | PaymentStatus::Refunded
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Voided
        | PaymentStatus::Disputed
        | PaymentStatus::Won
        | PaymentStatus::Lost => Ok(()),
    }
}

/// A fee is part of what was taken, of what is held, or is charged to the saved card; what is left of it, once one of these did not
/// reach, to the saved card as well.
async fn charge_fee(conn: &mut PgConnection, core: &Core, payment: Payment) -> Result<Payment> {
    let purpose = payment.fee_kind.context("a fee that is owed is for something")?;
    match payment.status {
        PaymentStatus::Authorised => {
            let cents = payment.fee_owed_cents.min(payment.held_cents);
            capture_held(conn, core, &payment, cents).await?;
            Ok(payment)
        }
        PaymentStatus::CardSaved => {
            let cents = payment.fee_owed_cents;
            ask_card(conn, core, &payment, (purpose, IntentKind::Charge), cents).await?;
            Ok(payment)
        }
        PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won => {
            let payment = settle(conn, core, payment, Change::FeeKept, TakenBy::System).await?;
            charge_rest(conn, core, payment, purpose).await
        }
        PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::Refunded
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Voided
        | PaymentStatus::Disputed
        | PaymentStatus::Lost => Ok(payment),
    }
}

/// What of a fee is above what was taken is charged to the card that is kept for it. Where there is none, its patient is told, and can give
/// one.
async fn charge_rest(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    purpose: IntentPurpose,
) -> Result<Payment> {
    let cents = payment.fee_left_cents();
    if cents < CHARGED_AT_LEAST {
        return Ok(payment);
    }
    let can_charge = match saved_card::of_payment(conn, payment.payment_id).await? {
        Some(card) => charging::lets_charge_fee(conn, &payment, &card).await?,
        None => false,
    };
    if can_charge {
        ask_card(conn, core, &payment, (purpose, IntentKind::Charge), cents).await?;
        return Ok(payment);
    }
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    if tries.iter().any(|one| one.purpose == purpose && one.status.is_live()) {
        return Ok(payment);
    }
    let failed = Change::Failed { failure: PaymentFailure::NotFinished };
    settle(conn, core, payment, failed, TakenBy::System).await
}

async fn capture_held(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    cents: AudCents,
) -> Result<()> {
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    let held = tries.iter().rev().find(|one| one.status == IntentStatus::Authorised);
    let held = held.context("money that is held was held by a try")?;
    let call = NewCall::of_intent(Operation::Capture, payment.payment_id, held.intent_id, Some(cents));
    enqueue(conn, core, call).await?;
    Ok(())
}

/// A new try with the card that is kept; none while another for the same purpose is under way or has the money.
async fn ask_card(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    (purpose, kind): (IntentPurpose, IntentKind),
    cents: AudCents,
) -> Result<()> {
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    let is_live =
        |one: &Intent| one.purpose == purpose && one.kind != IntentKind::Setup && one.status.is_live();
    if tries.iter().any(is_live) {
        return Ok(());
    }
    let card = saved_card::hold_of_payment(conn, payment.payment_id).await?;
    let card = card.context("a card that is to be charged is kept")?;
    let earlier = tries.iter().filter(|one| one.purpose == purpose && one.kind == kind);
    let number = earlier.map(|one| one.number).max().unwrap_or(0) + 1;
    let (payment_id, of) = (payment.payment_id, (purpose, kind));
    let mut new = Intent::new(core.id(), Some(payment_id), card.customer_id, of, number, cents, core.now());
    new.saved_card_id = Some(card.saved_card_id);
    intent::insert(conn, &new).await?;
    let operation = match kind {
        IntentKind::Authorise => Operation::Authorise,
        IntentKind::Setup | IntentKind::Charge => Operation::Charge,
    };
    let call = NewCall::of_intent(operation, payment_id, new.intent_id, Some(cents));
    enqueue(conn, core, call).await?;
    Ok(())
}

/// Nobody gave another card: the appointment is cancelled, and bookings says so.
async fn give_up(conn: &mut PgConnection, core: &Core, payment: Payment) -> Result<()> {
    let booking_id = payment.booking_id;
    let payment = settle(conn, core, payment, Change::LetGo, TakenBy::System).await?;
    let about = About {
        aggregate: "payment",
        id: payment.payment_id.to_string(),
        version: i64::from(payment.version),
    };
    outbox::tell(conn, core, about, &PaymentsEvent::PaymentLapsed { booking_id }).await?;
    Ok(())
}

/// Closes the page and lets go what is held, of whatever is still under way.
async fn let_go(conn: &mut PgConnection, core: &Core, payment: &Payment) -> Result<()> {
    for one in intent::of_payment(conn, payment.payment_id).await? {
        let operation = match one.status {
            IntentStatus::PageOpen => Operation::ExpireCheckout,
            IntentStatus::Created
            | IntentStatus::NeedsAuthentication
            | IntentStatus::Processing
            | IntentStatus::Authorised => Operation::Cancel,
            IntentStatus::Saved
            | IntentStatus::Captured
            | IntentStatus::Failed
            | IntentStatus::Expired
            | IntentStatus::Voided => continue,
        };
        let call = NewCall::of_intent(operation, payment.payment_id, one.intent_id, None);
        enqueue(conn, core, call).await?;
    }
    Ok(())
}

async fn note(conn: &mut PgConnection, core: &Core, payment: &Payment, due: Due) -> sqlx::Result<()> {
    let action = match due {
        Due::Authorise => "ask_to_hold_payment",
        Due::Capture => "ask_to_take_payment",
        Due::ChargeFee => "ask_to_take_fee",
        Due::GiveUp | Due::Void => "ask_to_let_payment_go",
    };
    let entry = Entry {
        actor: Actor::System("payments.act_on_due"),
        action,
        resource: payment.booking_id.into(),
        whose: owner::patient(conn, payment.booking_id).await?,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
