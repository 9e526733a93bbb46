//! A refund of the processor, applied to ours. One that was made at the processor without us becomes one of ours.

use anyhow::Context as _;
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    AudCents, BookingId, PaymentId, RefundId,
    payments::{
        IntentStatus, PaymentStatus, PaymentsEvent, RefundFact, RefundReason, RefundStatus,
        practice::PostingCause,
    },
};
use sqlx::PgConnection;

use super::{Applied, share};
use crate::{
    domain::{
        ledger::Account,
        payment::{Change, Payment, TakenBy},
    },
    gateways::card_processor::{RefundRecord, RefundState},
    refunding::{self, NewRefund},
    settle::settle,
    store::{
        intent, ledger, payment,
        processor_call::{self, NewCall, Operation},
        refund::{self, Refund, RequestedAs},
        sent_share, transfer,
    },
};

/// Applies it.
///
/// # Errors
/// When it does not lead on from what we have, or a table cannot be changed.
pub async fn apply(conn: &mut PgConnection, core: &Core, record: &RefundRecord) -> anyhow::Result<Applied> {
    let Some(payment_id) = payment_of(conn, record).await? else { return Ok(Applied::Unknown) };
    let mut payment = payment::lock_by_id(conn, payment_id).await?.context("a refund's payment")?;
    let refund_id = match known(conn, record).await? {
        Some(refund_id) => refund_id,
        // One that did not work moved nothing.
        None if record.state == RefundState::Failed => return Ok(Applied::Same),
        None => {
            let refund_id = adopt(conn, core, &payment, record).await?;
            payment = payment::lock_by_id(conn, payment_id).await?.context("a refund's payment")?;
            refund_id
        }
    };
    let mut it = refund::lock(conn, refund_id).await?.context("a refund that was there")?;
    let from = it.status;
    let to = match record.state {
        RefundState::Pending => RefundStatus::Sent,
        RefundState::Succeeded => RefundStatus::Succeeded,
        RefundState::Failed => RefundStatus::Failed,
    };
    if !from.next().contains(&to) {
        return Ok(Applied::Same);
    }
    it.status = to;
    it.processor_refund = Some(record.id.clone());
    refund::update(conn, &it, from, core.now()).await?;
    if to == RefundStatus::Failed {
        tell_failed(conn, core, payment.booking_id, &it).await?;
    }
    if is_booked(conn, &it).await? {
        // A visit that Medicare pays after all is charged for no more: what did not come back stays owed to the patient.
        let practice = payment.organization_id.filter(|_| !payment.is_bulk_billed());
        follow(conn, core, payment, &it, from).await?;
        let takes_share = it.requested_as != RequestedAs::Processor || record.takes_share_back;
        if !takes_share {
            take_share_back(conn, core, &it).await?;
        } else if from == RefundStatus::Due {
            // It took its part, or what was left, also where it is first heard of once it has failed.
            share::take_again(conn, core, &it).await?;
        }
        if let (RefundStatus::Failed, Some(organization_id)) = (to, practice) {
            let was_taken =
                takes_share || sent_share::was_taken_back(conn, it.payment_id, it.refund_id).await?;
            if was_taken {
                share::send(conn, core, organization_id, &it).await?;
            }
        }
    }
    Ok(Applied::Changed)
}

/// The processor does not give it back: somebody has to look, and whoever it was to go back to is told that it did not come, unless the rest
/// of it is made anew. What a bank has is not refused for good: `bank_has_it` leaves it to what the bank decides.
///
/// # Errors
/// When a table cannot be changed.
pub async fn refuse(
    conn: &mut PgConnection,
    core: &Core,
    refund_id: RefundId,
    bank_has_it: bool,
) -> anyhow::Result<()> {
    let payment_id = refund::find_payment_of(conn, refund_id).await?.context("a refund's payment")?;
    let payment = payment::lock_by_id(conn, payment_id).await?.context("a refund's payment")?;
    let it = refund::lock(conn, refund_id).await?.context("a refund that was there")?;
    let from = it.status;
    if from != RefundStatus::Due {
        return Ok(());
    }
    let refused = Refund { status: RefundStatus::Failed, ..it };
    refund::update(conn, &refused, from, core.now()).await?;
    let booking_id = payment.booking_id;
    let mut comes_otherwise = bank_has_it;
    if is_booked(conn, &refused).await? {
        follow(conn, core, payment, &refused, from).await?;
        comes_otherwise |= give_back_rest(conn, core, &refused).await?;
    }
    if !comes_otherwise {
        tell_failed(conn, core, booking_id, &refused).await?;
    }
    Ok(())
}

/// Where somebody gave part of it back at the processor while ours was on its way, a rule's refund is made anew of what is left beyond a
/// fee. Says whether that is so.
async fn give_back_rest(conn: &mut PgConnection, core: &Core, refused: &Refund) -> anyhow::Result<bool> {
    let others = refund::of_payment(conn, refused.payment_id).await?;
    let meanwhile = |other: &Refund| {
        let is_of_same = other.intent_id == refused.intent_id && other.requested_as == RequestedAs::Processor;
        is_of_same && other.created_at >= refused.created_at
    };
    if refused.requested_as != RequestedAs::Rule || !others.iter().any(meanwhile) {
        return Ok(false);
    }
    let payment = payment::lock_by_id(conn, refused.payment_id).await?.context("a refund's payment")?;
    let fee = payment.fee_cents.0 + payment.fee_owed_cents.0;
    let beyond = AudCents(refunding::left(conn, &payment).await?.0 - fee);
    let amount = beyond.min(refused.amount_cents);
    if amount > AudCents::ZERO {
        let rest = NewRefund {
            cause_id: refused.refund_id.0,
            amount,
            reason: refused.reason,
            note: None,
            requested_as: RequestedAs::Rule,
            requested_by: None,
        };
        refunding::begin_refund(conn, core, &payment, rest).await?;
    }
    Ok(true)
}

/// Whoever it was to go back to is told that it did not come, and the practice that it owes it.
async fn tell_failed(
    conn: &mut PgConnection,
    core: &Core,
    booking_id: BookingId,
    it: &Refund,
) -> anyhow::Result<()> {
    let (refund_id, amount_cents) = (it.refund_id, it.amount_cents);
    let fact = RefundFact { refund_id, booking_id, amount_cents, reason: it.reason };
    // The first was that it is on its way.
    let about = About { aggregate: "refund", id: refund_id.to_string(), version: 2 };
    outbox::tell(conn, core, about, &PaymentsEvent::RefundFailed(fact)).await?;
    Ok(())
}

/// What was taken twice was booked once, so of the second nothing is booked when it goes back.
async fn is_booked(conn: &mut PgConnection, it: &Refund) -> anyhow::Result<bool> {
    let tries = intent::of_payment(conn, it.payment_id).await?;
    Ok(tries.iter().any(|from| from.intent_id == it.intent_id && from.status == IntentStatus::Captured))
}

/// What follows for the payment and the practice's share.
async fn follow(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    it: &Refund,
    from: RefundStatus,
) -> anyhow::Result<()> {
    let (refund_id, cents) = (it.refund_id, it.amount_cents);
    let (share, fee) = (it.transfer_reversed_cents, it.fee_reversed_cents);
    match it.status {
        RefundStatus::Succeeded => {
            settle(conn, core, payment, Change::RefundDone { refund_id, cents }, TakenBy::Processor).await?;
            transfer::reverse(conn, it.intent_id, share, fee, core.now()).await?;
        }
        RefundStatus::Failed => {
            tracing::error!(refund.id = %refund_id, "a refund was not taken by the bank");
            if payment.is_bulk_billed() {
                // Nothing is charged for it any more, whatever a bank does: this stays a difference with the processor, and is owed.
                return Ok(());
            }
            settle(conn, core, payment, Change::RefundFailed { refund_id, cents }, TakenBy::Processor)
                .await?;
            if from == RefundStatus::Succeeded {
                let back = |cents: AudCents| AudCents(-cents.0);
                transfer::reverse(conn, it.intent_id, back(share), back(fee), core.now()).await?;
            }
        }
        RefundStatus::AwaitingApproval | RefundStatus::Refused | RefundStatus::Due | RefundStatus::Sent => {}
    }
    Ok(())
}

async fn known(conn: &mut PgConnection, record: &RefundRecord) -> anyhow::Result<Option<RefundId>> {
    if let Some(refund_id) = refund::find_by_object(conn, &record.id).await? {
        return Ok(Some(refund_id));
    }
    let Some(refund_id) = record.reference.as_deref().and_then(|it| it.parse::<RefundId>().ok()) else {
        return Ok(None);
    };
    Ok(refund::find_payment_of(conn, refund_id).await?.map(|_| refund_id))
}

async fn payment_of(conn: &mut PgConnection, record: &RefundRecord) -> anyhow::Result<Option<PaymentId>> {
    if let Some(refund_id) = known(conn, record).await? {
        return Ok(refund::find_payment_of(conn, refund_id).await?);
    }
    let Some(made) = &record.intent else { return Ok(None) };
    Ok(intent::find_by_object(conn, made).await?.and_then(|(_, payment_id)| payment_id))
}

/// Somebody gave money back at the processor itself. It has gone back all the same: what we give back later is of the rest, and whom it
/// concerns is told. The platform's fee goes back in proportion as with any refund, but where the practice's share was taken back with
/// it: how much of the fee came with that only the balances say, which are compared each night.
async fn adopt(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    record: &RefundRecord,
) -> anyhow::Result<RefundId> {
    let made = record.intent.as_deref().context("a refund is of a payment")?;
    let (intent_id, _) = intent::find_by_object(conn, made).await?.context("a refund's try")?;
    let from = intent::lock(conn, intent_id).await?.context("a refund's try")?;
    let refund_id: RefundId = core.id();
    let amount_cents = AudCents(record.amount_cents);
    let fee = refunding::fee_of(conn, &from, amount_cents).await?;
    let it = Refund {
        refund_id,
        payment_id: payment.payment_id,
        intent_id,
        cause_id: refund_id.0,
        amount_cents,
        transfer_reversed_cents: if fee.is_some() { amount_cents } else { AudCents::ZERO },
        fee_reversed_cents: fee.filter(|_| !record.takes_share_back).unwrap_or(AudCents::ZERO),
        reason: RefundReason::Goodwill,
        note: None,
        status: RefundStatus::Due,
        requested_as: RequestedAs::Processor,
        requested_by: None,
        decided_by: None,
        processor_refund: Some(record.id.clone()),
        created_at: core.now(),
    };
    refund::insert(conn, &it).await?;
    tracing::warn!(refund.id = %refund_id, "a refund was made at the processor without us");
    if is_booked(conn, &it).await? {
        begun(conn, core, payment, &it).await?;
        refunding::tell(conn, core, payment, &it).await?;
    }
    Ok(refund_id)
}

/// It counts as on its way, unless what is left is on its way already by a refund of ours: the processor will not make that one.
async fn begun(conn: &mut PgConnection, core: &Core, payment: &Payment, it: &Refund) -> anyhow::Result<()> {
    let can_begin = match payment.status {
        PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won | PaymentStatus::Lost => {
            it.amount_cents <= payment.kept_cents()
        }
        PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Refunded
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Voided
        | PaymentStatus::Disputed => false,
    };
    if can_begin {
        let change = Change::RefundBegun { cents: it.amount_cents };
        settle(conn, core, payment.clone(), change, TakenBy::Processor).await?;
    }
    Ok(())
}

/// Who gave money back at the processor left the practice its share of it. It is asked back, once, as the ledger has it.
async fn take_share_back(conn: &mut PgConnection, core: &Core, it: &Refund) -> anyhow::Result<()> {
    let Some(booked) = ledger::find(conn, PostingCause::Refund, it.refund_id.0).await? else { return Ok(()) };
    let Some(organization_id) = booked.organization_id else { return Ok(()) };
    let share = booked.change_of(Account::practice_balance(organization_id));
    if it.status == RefundStatus::Succeeded && share > AudCents::ZERO {
        let call = NewCall {
            payment_id: Some(it.payment_id),
            intent_id: Some(it.intent_id),
            refund_id: Some(it.refund_id),
            amount_cents: Some(share),
            ..NewCall::about(Operation::ReverseTransfer, it.refund_id.0)
        };
        processor_call::enqueue(conn, core, call).await?;
    }
    Ok(())
}
