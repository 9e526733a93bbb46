//! The one way in which a payment changes: what moved is booked, the payment and its history are written, the log is added to and
//! the others are told, all in the caller's transaction or not at all.

#[cfg(test)]
mod tests;

use anyhow::{Context as _, Result, ensure};
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AudCents, ChargebackId,
    payments::{
        FailedStep, IntentPurpose, OwedFee, PaymentStatus, PaymentStep, PaymentsEvent,
        practice::PostingCause, rules::fee_reversed,
    },
};
use sqlx::PgConnection;

pub use crate::domain::payment::TakenBy;
use crate::{
    domain::{
        ledger::{Account, Posting},
        payment::{Change, Facts, Money, Payment},
    },
    store::{
        chargeback,
        ledger::{self, Posted},
        owner, payment as store,
        payment_transition::{self, Transition},
        transfer,
    },
};

/// Applies a change to a payment that the caller has locked, and gives the payment as it is now. A change that it has had already
/// is no change, and nobody is told of it.
///
/// # Errors
/// A `TransitionError` when the change does not lead on from where the payment stands; else when the database fails or refuses.
pub async fn settle(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    change: Change,
    by: TakenBy,
) -> Result<Payment> {
    if is_booked(conn, &change).await? {
        return Ok(payment);
    }
    let facts = facts(conn, core, &payment, &change).await?;
    let before = payment.clone();
    let (mut after, money) = payment.take(&change, &facts)?;
    if money.is_none() && after == before {
        return Ok(after);
    }
    let posted = match money {
        Some(money) => Some(book(conn, core, &before, money).await?),
        None => None,
    };
    let changed = store::change(conn, &after, facts.now)
        .await
        .with_context(|| format!("changing payment {}", after.payment_id))?;
    ensure!(changed, "payment {} was changed meanwhile", after.payment_id);
    (after.version, after.updated_at) = (before.version + 1, Some(facts.now));
    if after.status != before.status || posted.is_some() {
        let step = Transition {
            payment_id: after.payment_id,
            version: after.version,
            from: before.status,
            to: after.status,
            posting_id: posted.map(|posted| posted.posting_id),
            by,
        };
        payment_transition::add(conn, step, facts.now).await?;
    }
    note(conn, core, &after, change.action()).await?;
    tell(conn, core, &before, &after).await?;
    Ok(after)
}

/// Whether the ledger has it already: webhooks come twice, and what is asked is asked again after a crash.
async fn is_booked(conn: &mut PgConnection, change: &Change) -> Result<bool> {
    let booking = match change {
        Change::Taken { intent_id, .. } => (PostingCause::Capture, intent_id.0),
        Change::RefundDone { refund_id, .. } => (PostingCause::Refund, refund_id.0),
        Change::RefundFailed { refund_id, .. } => (PostingCause::RefundFailed, refund_id.0),
        Change::ChargebackOpened { chargeback_id, .. } => (PostingCause::ChargebackOpened, chargeback_id.0),
        Change::ChargebackWon { chargeback_id } => (PostingCause::ChargebackWon, chargeback_id.0),
        Change::ChargebackLost { chargeback_id } => (PostingCause::ChargebackLost, chargeback_id.0),
        Change::PageOpened
        | Change::CardSaved
        | Change::Held { .. }
        | Change::HoldExpired { .. }
        | Change::Failed { .. }
        | Change::LetGo
        | Change::RefundBegun { .. }
        | Change::FeeOwed { .. }
        | Change::FeeWaived
        | Change::FeeKept
        | Change::Asked { .. }
        | Change::Agreed { .. }
        | Change::AskedAgain { .. }
        | Change::Moved { .. }
        | Change::Completed
        | Change::NotOver
        | Change::BulkBilled => return Ok(false),
    };
    Ok(ledger::booked(conn, booking.0, booking.1).await?.is_some())
}

/// What the change goes by beyond the payment. Only what it needs is looked up.
async fn facts(conn: &mut PgConnection, core: &Core, payment: &Payment, change: &Change) -> Result<Facts> {
    let mut facts = Facts { now: core.now(), refund_is_booked: false, hold_expires_at: None };
    if let Change::RefundFailed { refund_id, .. } = change {
        facts.refund_is_booked = ledger::booked(conn, PostingCause::Refund, refund_id.0).await?.is_some();
    }
    if let Change::Moved { .. } | Change::Held { .. } = change {
        facts.hold_expires_at = store::hold_expires_at(conn, payment.payment_id).await?;
    }
    Ok(facts)
}

/// Books money that moved. `payment` is as it was before.
async fn book(conn: &mut PgConnection, core: &Core, payment: &Payment, money: Money) -> Result<Posted> {
    let posting = posting(conn, core, payment, money).await?;
    let posted = ledger::post(conn, core, &posting)
        .await
        .with_context(|| format!("booking {} of payment {}", posting.cause.code(), payment.payment_id))?;
    ensure!(posted.is_new, "{} {} was booked meanwhile", posting.cause.code(), posting.cause_id);
    Ok(posted)
}

async fn posting(conn: &mut PgConnection, core: &Core, payment: &Payment, money: Money) -> Result<Posting> {
    let whose = payment.whose().context("a payment through us names the practice")?;
    let now = core.now();
    Ok(match money {
        Money::Captured { intent_id, cents, processor_charge } => {
            Posting::capture(whose, intent_id, cents, payment.fee_in(cents), processor_charge, now)
        }
        Money::Refunded { refund_id, cents } => {
            let (fee, object) = ledger::refund_terms(conn, refund_id).await?;
            let standing = ledger::fee_standing(conn, payment.payment_id).await?;
            // A chargeback that was lost meanwhile may have taken it back already.
            let left = AudCents(standing.taken.whole_cents.0 - standing.back.whole_cents.0);
            let fee =
                standing.going_back(fee.min(left)).context("no more of a fee goes back than was taken")?;
            Posting::refund(whose, refund_id, cents, fee, object, now)
        }
        Money::RefundReturned { refund_id } => ledger::find(conn, PostingCause::Refund, refund_id.0)
            .await?
            .context("a refund that came back was booked")?
            .reversed(PostingCause::RefundFailed, now),
        Money::ChargebackOpened { chargeback_id, cents } => {
            Posting::chargeback_opened(whose, chargeback_id, cents, now)
        }
        Money::ChargebackWon { chargeback_id } => {
            ledger::find(conn, PostingCause::ChargebackOpened, chargeback_id.0)
                .await?
                .context("a chargeback that is decided was opened")?
                .reversed(PostingCause::ChargebackWon, now)
        }
        Money::ChargebackLost { chargeback_id } => {
            let opened = ledger::find(conn, PostingCause::ChargebackOpened, chargeback_id.0)
                .await?
                .context("a chargeback that is decided was opened")?;
            let cents = opened.change_of(Account::CHARGEBACKS);
            let standing = ledger::fee_standing(conn, payment.payment_id).await?;
            let fee = match fee_lost(conn, chargeback_id, cents).await? {
                Some(fee) => {
                    let left = AudCents(standing.taken.whole_cents.0 - standing.back.whole_cents.0);
                    standing.going_back(fee.min(left))
                }
                None => {
                    // What went back before and is disputed all the same is lost twice; the fee goes back once.
                    let back = payment.refunded_cents.checked_add(cents).context("an amount of 64 bits")?;
                    standing.in_proportion(payment.captured_cents, back.min(payment.captured_cents))
                }
            };
            let fee = fee.context("no more of a fee goes back than was taken")?;
            Posting::chargeback_lost(whose, chargeback_id, cents, fee, now)
        }
    })
}

/// The platform's fee that goes back with so much of the charge that is lost: it was taken with one of a payment's charges, and goes by
/// that one. `None` where it is not known which it is, or no practice has a share in it.
async fn fee_lost(
    conn: &mut PgConnection,
    chargeback_id: ChargebackId,
    cents: AudCents,
) -> Result<Option<AudCents>> {
    let Some(intent_id) = chargeback::find_intent(conn, chargeback_id).await? else { return Ok(None) };
    let Some((whole, fee)) = transfer::find_whole(conn, intent_id).await? else { return Ok(None) };
    let Some((left, fee_left)) = transfer::find_left(conn, intent_id).await? else { return Ok(None) };
    // What went back before and is disputed all the same is lost twice; the fee goes back once.
    let back = AudCents((whole.0 - left.0).saturating_add(cents.0)).min(whole);
    let then =
        fee_reversed(fee, whole, back).context("a share that is taken back is within what was taken")?;
    Ok(Some(AudCents((then.0 - (fee.0 - fee_left.0)).max(0))))
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    action: &'static str,
) -> sqlx::Result<()> {
    let entry = Entry {
        actor: Actor::System("payments.settle"),
        action,
        resource: payment.booking_id.into(),
        whose: owner::patient(conn, payment.booking_id).await?,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}

async fn tell(conn: &mut PgConnection, core: &Core, before: &Payment, after: &Payment) -> sqlx::Result<()> {
    let about = || About {
        aggregate: "payment",
        id: after.payment_id.to_string(),
        version: i64::from(after.version),
    };
    if let Some(step) = completed_step(before, after) {
        let event = PaymentsEvent::PaymentStepCompleted { booking_id: after.booking_id, step };
        outbox::tell(conn, core, about(), &event).await?;
    }
    if let Some(failed) = failed_step(before, after) {
        outbox::tell(conn, core, about(), &PaymentsEvent::PaymentStepFailed(failed)).await?;
    }
    if after.is_bulk_billed() && !before.is_bulk_billed() {
        let event = PaymentsEvent::BookingBulkBilled { booking_id: after.booking_id };
        outbox::tell(conn, core, about(), &event).await?;
    }
    if before.fact() != after.fact() {
        outbox::tell(conn, core, about(), &PaymentsEvent::PaymentChanged(after.fact())).await?;
    }
    Ok(())
}

/// The step that a confirmation waits for. One that comes after the payment was let go is told as well: bookings knows whether the
/// appointment still stands. So is the rest of a fee or of a higher price, for which no other card is needed any more.
fn completed_step(before: &Payment, after: &Payment) -> Option<PaymentStep> {
    let (from, to) = (before.status, after.status);
    let was_repaired = before.repair_until.is_some() && after.repair_until.is_none();
    if from.keeps_money() && was_repaired && before.captured_cents < after.captured_cents {
        return Some(PaymentStep::Captured);
    }
    match from {
        PaymentStatus::Awaiting
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Voided => {}
        PaymentStatus::NotRequired
        | PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Captured
        | PaymentStatus::PartRefunded
        | PaymentStatus::Refunded
        | PaymentStatus::Disputed
        | PaymentStatus::Won
        | PaymentStatus::Lost => return None,
    }
    match to {
        PaymentStatus::NotRequired => Some(PaymentStep::NotRequired),
        PaymentStatus::CardSaved => Some(PaymentStep::CardSaved),
        PaymentStatus::Authorised => Some(PaymentStep::Authorised),
        PaymentStatus::Captured => Some(PaymentStep::Captured),
        PaymentStatus::Awaiting
        | PaymentStatus::PartRefunded
        | PaymentStatus::Refunded
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Voided
        | PaymentStatus::Disputed
        | PaymentStatus::Won
        | PaymentStatus::Lost => None,
    }
}

/// A card that said no, or a hold that ran out: told once for each time that the repair window opens, opens anew or has another reason,
/// and once more when a fee is owed for which there is no card. Of what was taken, only the rest of a fee or of a higher price opens
/// a window.
fn failed_step(before: &Payment, after: &Payment) -> Option<FailedStep> {
    let moved = match after.status {
        PaymentStatus::Failed | PaymentStatus::AuthExpired => before.status != after.status,
        PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won => {
            before.repair_until.is_none()
        }
        PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Refunded
        | PaymentStatus::Voided
        | PaymentStatus::Disputed
        | PaymentStatus::Lost => return None,
    };
    let owes_anew = before.fee_owed_cents < after.fee_owed_cents;
    // None comes before any time.
    let opens = before.repair_until < after.repair_until;
    let is_new = moved || before.failure != after.failure || owes_anew || opens;
    let (failure, repair_until) = after.failure.zip(after.repair_until)?;
    let owed = after.fee_owed_cents;
    let kind = after.fee_kind.filter(|_| owed > AudCents::ZERO).and_then(IntentPurpose::fee);
    let fee = kind.map(|kind| OwedFee { kind, cents: owed });
    let balance = Some(after.balance_left_cents()).filter(|cents| *cents > AudCents::ZERO);
    is_new.then_some(FailedStep { booking_id: after.booking_id, failure, repair_until, fee, balance })
}
