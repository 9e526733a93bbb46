//! What follows for a payment from where its try stands.

use anyhow::Context as _;
use kernel::Core;
use shared_types::{
    AudCents, IntentId,
    payments::{IntentPurpose, IntentStatus, PaymentFailure, PaymentStatus, RefundReason},
};
use sqlx::PgConnection;

use crate::{
    charging,
    domain::{
        ledger::Posting,
        payment::{Change, Payment, TakenBy},
    },
    gateways::card_processor::IntentRecord,
    inbox::owed,
    refunding::{self, NewRefund},
    settle::settle,
    store::{
        intent::Intent,
        ledger,
        refund::RequestedAs,
        transfer::{self, Transfer},
    },
};

/// What follows for the payment.
pub(super) async fn follow(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    it: &Intent,
    was: IntentStatus,
    record: &IntentRecord,
) -> anyhow::Result<()> {
    let change = match it.status {
        IntentStatus::Saved => Change::CardSaved,
        IntentStatus::Authorised => Change::Held { cents: it.amount_cents },
        IntentStatus::Captured => return captured(conn, core, payment, it, record).await,
        IntentStatus::Failed => Change::Failed { failure: it.failure.unwrap_or(PaymentFailure::Declined) },
        // Held money that somebody else let go is gone as if the bank had.
        IntentStatus::Expired | IntentStatus::Voided
            if was == IntentStatus::Authorised && payment.status == PaymentStatus::Authorised =>
        {
            Change::HoldExpired { now: core.now() }
        }
        IntentStatus::Created
        | IntentStatus::PageOpen
        | IntentStatus::NeedsAuthentication
        | IntentStatus::Processing
        | IntentStatus::Expired
        | IntentStatus::Voided => return Ok(()),
    };
    settle(conn, core, payment, change, TakenBy::Processor).await?;
    Ok(())
}

/// Money that was taken, with the practice's share. What comes once it is not owed any more goes back at once; a bank that disputes
/// has the money, and what goes back then is decided with it.
async fn captured(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    it: &Intent,
    record: &IntentRecord,
) -> anyhow::Result<()> {
    let cents = it.captured_cents;
    let (beyond, reason) = not_owed(&payment, it);
    if let Some(organization_id) = payment.organization_id {
        let share = Transfer {
            transfer_id: core.id(),
            payment_id: payment.payment_id,
            intent_id: it.intent_id,
            organization_id,
            processor_transfer: record.transfer.clone(),
            amount_cents: cents,
            fee_cents: payment.fee_in(cents).whole_cents,
        };
        transfer::insert(conn, &share, core.now()).await?;
    }
    let taken = Change::Taken {
        intent_id: it.intent_id,
        cents,
        processor_charge: record.charge.clone().context("money is taken by a charge")?,
    };
    let payment = settle(conn, core, payment, taken, TakenBy::Processor).await?;
    let cause_id = it.intent_id.0;
    if beyond > AudCents::ZERO && payment.status == PaymentStatus::Disputed {
        owed::came_in_dispute(conn, core, &payment, (cause_id, reason)).await?;
    } else if beyond > AudCents::ZERO {
        // Of what a bank keeps for good, what was taken besides is left.
        let amount = beyond.min(refunding::left(conn, &payment).await?);
        if amount > AudCents::ZERO {
            let (requested_as, requested_by) = (RequestedAs::Rule, None);
            let back = NewRefund { cause_id, amount, reason, note: None, requested_as, requested_by };
            refunding::begin_refund(conn, core, &payment, back).await?;
        }
    } else if it.purpose == IntentPurpose::Visit && payment.fee_cents == AudCents::ZERO {
        // What was agreed to beyond what could be held; where no card is kept for it any more, it is not lost.
        charging::collect_balance(conn, core, payment, TakenBy::Processor).await?;
    }
    Ok(())
}

/// How much of what a try took is not owed any more, and why it goes back.
fn not_owed(payment: &Payment, it: &Intent) -> (AudCents, RefundReason) {
    let cents = it.captured_cents;
    if payment.status == PaymentStatus::Voided {
        return (cents, RefundReason::TooLate);
    }
    match it.purpose {
        IntentPurpose::Visit => (AudCents::ZERO, RefundReason::TooLate),
        IntentPurpose::Balance => {
            let owed = payment.still_owes(it.purpose, cents);
            (if owed { AudCents::ZERO } else { cents }, RefundReason::Cancelled)
        }
        IntentPurpose::LateFee | IntentPurpose::NoShowFee => {
            let beyond = AudCents((cents.0 - payment.fee_owed_cents.0).max(0));
            (beyond, RefundReason::FeeWaived)
        }
    }
}

/// What the processor kept for itself of what a try took, once for each try.
pub(super) async fn book_processor_fee(
    conn: &mut PgConnection,
    core: &Core,
    intent_id: IntentId,
    record: &IntentRecord,
) -> anyhow::Result<()> {
    let Some((object, cents)) = &record.processor_fee else { return Ok(()) };
    if *cents > 0 {
        let fee = Posting::processor_fee(intent_id.0, AudCents(*cents), object.clone(), core.now());
        ledger::post(conn, core, &fee).await?;
    }
    Ok(())
}
