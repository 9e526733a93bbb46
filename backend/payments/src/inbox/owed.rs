//! What an appointment that does not stand any more means for its money: a fee is owed and the rest goes back, or all of it does.

use anyhow::Context as _;
use jiff::Timestamp;
use kernel::Core;
use shared_types::{
    AudCents, ChargebackId,
    payments::{IntentPurpose, IntentStatus, PaymentStatus, RefundReason, RefundStatus, rules},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    domain::payment::{Change, Payment, TakenBy},
    refunding::{self, NewRefund, begin_refund},
    settle::settle,
    store::{
        after_dispute::{self, Owed},
        chargeback,
        intent::{self, Intent},
        refund::{self, Refund, RequestedAs},
    },
};

/// A fee for cancelling late or not coming.
#[derive(Clone, Copy, Debug)]
pub struct Fee {
    /// Which of the two.
    pub purpose: IntentPurpose,
    /// How much.
    pub cents: AudCents,
    /// From when on it is taken.
    pub due_at: Timestamp,
}

/// Nothing is owed: what is held or planned is let go, and what was taken goes back. `cause` is the event. What a bank has of it goes back
/// once that has decided.
pub async fn nothing(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    (cause, reason): (Uuid, RefundReason),
) -> anyhow::Result<()> {
    keep_for_later(conn, &payment, &Owed::Nothing { cause, reason }).await?;
    give_all_back(conn, core, payment, (cause, reason)).await
}

/// Keeps what is owed for as long as a bank has some of the payment's money: of two charges the other may be decided already. What was kept
/// before is replaced, since the latest counts.
async fn keep_for_later(conn: &mut PgConnection, payment: &Payment, owed: &Owed) -> anyhow::Result<()> {
    let payment_id = payment.payment_id;
    if payment.status == PaymentStatus::Disputed
        || chargeback::is_undecided(conn, payment_id).await?
        || after_dispute::find(conn, payment_id).await?.is_some()
    {
        after_dispute::keep(conn, payment_id, owed).await?;
    }
    Ok(())
}

/// As far as no bank has it.
async fn give_all_back(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    (cause, reason): (Uuid, RefundReason),
) -> anyhow::Result<()> {
    match payment.status {
        PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired => {
            settle(conn, core, payment, Change::LetGo, TakenBy::Bookings).await?;
            Ok(())
        }
        // Of what a bank keeps for good, what was taken besides is left.
        PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won | PaymentStatus::Lost => {
            let payment = settle(conn, core, payment, Change::FeeWaived, TakenBy::Bookings).await?;
            let all = refunding::left(conn, &payment).await?;
            give_back(conn, core, &payment, (cause, reason), all).await
        }
        // A bank has the money and decides; or nothing is left.
        PaymentStatus::Disputed | PaymentStatus::Refunded | PaymentStatus::Voided => Ok(()),
    }
}

/// Money came that was not owed any more, while a bank has what was taken before: it goes back once that has decided, with what is owed
/// back then. Where that was kept already, it stays.
pub async fn came_in_dispute(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    (cause, reason): (Uuid, RefundReason),
) -> anyhow::Result<()> {
    if after_dispute::find(conn, payment.payment_id).await?.is_some() {
        return Ok(());
    }
    let cents = AudCents(payment.fee_cents.0 + payment.fee_owed_cents.0);
    let later = match payment.fee_kind.filter(|_| cents > AudCents::ZERO) {
        Some(purpose) => {
            Owed::Fee { cause, purpose, cents, due_at: payment.fee_due_at.unwrap_or(core.now()) }
        }
        None => Owed::Nothing { cause, reason },
    };
    Ok(after_dispute::keep(conn, payment.payment_id, &later).await?)
}

/// What an appointment that was cancelled meanwhile leaves owed, once a bank has decided for the cardholder: what was taken by another
/// charge than the one that is lost.
pub async fn after_loss(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    chargeback_id: ChargebackId,
) -> anyhow::Result<()> {
    match after_dispute::find(conn, payment.payment_id).await? {
        Some(_) => after_dispute(conn, core, payment, chargeback_id).await,
        None => Ok(()),
    }
}

/// What an appointment that was cancelled meanwhile leaves owed, once a bank has decided for the practice. Each decision is a cause of its
/// own: what it sets free goes back even where some went back after another.
pub async fn after_dispute(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    chargeback_id: ChargebackId,
) -> anyhow::Result<()> {
    let cause = chargeback_id.0;
    match after_dispute::find(conn, payment.payment_id).await? {
        Some(Owed::Nothing { reason, .. }) => {
            give_all_back(conn, core, payment.clone(), (cause, reason)).await
        }
        Some(Owed::Fee { purpose, cents, due_at, .. }) => {
            keep_fee(conn, core, payment.clone(), (cause, Fee { purpose, cents, due_at })).await
        }
        None => give_back_after_all(conn, core, payment, cause).await,
    }
}

/// Who cancelled before anybody heard of the dispute was not given their money back: the bank had it, and the processor refused. It
/// goes back now. Bulk billing the visit instead is wished for anew.
async fn give_back_after_all(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    cause: Uuid,
) -> anyhow::Result<()> {
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    let refunds = refund::of_payment(conn, payment.payment_id).await?;
    let is_of_visit = |it: &Refund| {
        let is_taken = |one: &Intent| one.intent_id == it.intent_id && one.status == IntentStatus::Captured;
        // What somebody gave back at the processor itself is its own cause.
        let by_rule = it.requested_as == RequestedAs::Rule && it.cause_id != it.refund_id.0;
        by_rule && it.reason != RefundReason::BulkBilled && tries.iter().any(is_taken)
    };
    let refused: Vec<_> =
        refunds.iter().filter(|it| it.status == RefundStatus::Failed && is_of_visit(it)).collect();
    let Some(last) = refused.last() else { return Ok(()) };
    let fee = payment.fee_cents.0 + payment.fee_owed_cents.0;
    let asked: i64 = refused.iter().map(|it| it.amount_cents.0).sum();
    let amount = AudCents(asked.min(refunding::left(conn, payment).await?.0 - fee));
    give_back(conn, core, payment, (cause, last.reason), amount).await
}

/// A fee is owed, and what was taken beyond it goes back. Without a card there is nothing to take it from: it is between the
/// practice and the patient. One that is too little for a card is not owed.
pub async fn fee(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    (cause, fee): (Uuid, Fee),
) -> anyhow::Result<()> {
    if rules::fee_owed(fee.cents, payment.patient_charge_cents, payment.is_bulk_billed()) == AudCents::ZERO {
        return nothing(conn, core, payment, (cause, RefundReason::FeeWaived)).await;
    }
    let Fee { purpose, cents, due_at } = fee;
    keep_for_later(conn, &payment, &Owed::Fee { cause, purpose, cents, due_at }).await?;
    keep_fee(conn, core, payment, (cause, fee)).await
}

/// As far as no bank has what was taken.
async fn keep_fee(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    (cause, fee): (Uuid, Fee),
) -> anyhow::Result<()> {
    match payment.status {
        // Whether another card comes of the page that is open or not, the fee is owed.
        PaymentStatus::Awaiting if payment.is_being_repaired() => {
            settle(conn, core, payment, owed(fee), TakenBy::Bookings).await?;
            Ok(())
        }
        PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired => {
            settle(conn, core, payment, owed(fee), TakenBy::Bookings).await?;
            Ok(())
        }
        PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won => {
            let payment = settle(conn, core, payment, owed(fee), TakenBy::Bookings).await?;
            let kept = AudCents(payment.fee_owed_cents.0 + payment.fee_cents.0);
            let beyond = AudCents((refunding::left(conn, &payment).await?.0 - kept.0).max(0));
            give_back(conn, core, &payment, (cause, RefundReason::Cancelled), beyond).await
        }
        // The fee is kept of what was taken besides, as far as that goes: no card is charged for it.
        PaymentStatus::Lost => {
            let kept = rules::fee_owed(fee.cents, payment.patient_charge_cents, payment.is_bulk_billed());
            let beyond = AudCents((refunding::left(conn, &payment).await?.0 - kept.0).max(0));
            give_back(conn, core, &payment, (cause, RefundReason::Cancelled), beyond).await
        }
        PaymentStatus::NotRequired | PaymentStatus::Awaiting => {
            settle(conn, core, payment, Change::LetGo, TakenBy::Bookings).await?;
            Ok(())
        }
        PaymentStatus::Disputed | PaymentStatus::Refunded | PaymentStatus::Voided => Ok(()),
    }
}

fn owed(fee: Fee) -> Change {
    Change::FeeOwed { purpose: fee.purpose, cents: fee.cents, due_at: fee.due_at }
}

async fn give_back(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    (cause_id, reason): (Uuid, RefundReason),
    amount: AudCents,
) -> anyhow::Result<()> {
    if amount <= AudCents::ZERO {
        return Ok(());
    }
    let new = NewRefund {
        cause_id,
        amount,
        reason,
        note: None,
        requested_as: RequestedAs::Rule,
        requested_by: None,
    };
    let begun = begin_refund(conn, core, payment, new).await;
    begun.with_context(|| format!("refunding booking {}", payment.booking_id))?;
    Ok(())
}
