//! A refund of the processor, applied to ours. One that was made at the processor without us becomes one of ours.

use anyhow::Context as _;
use kernel::Core;
use shared_types::{
    AudCents, PaymentId, RefundId,
    payments::{IntentStatus, RefundReason, RefundStatus},
};
use sqlx::PgConnection;

use super::Applied;
use crate::{
    domain::payment::{Change, Payment, TakenBy},
    gateways::card_processor::{RefundRecord, RefundState},
    settle::settle,
    store::{
        intent, payment,
        refund::{self, Refund, RequestedAs},
        transfer,
    },
};

/// Applies it.
///
/// # Errors
/// When it does not lead on from what we have, or a table cannot be changed.
pub async fn apply(conn: &mut PgConnection, core: &Core, record: &RefundRecord) -> anyhow::Result<Applied> {
    let Some(payment_id) = payment_of(conn, record).await? else { return Ok(Applied::Unknown) };
    let payment = payment::lock_by_id(conn, payment_id).await?.context("a refund's payment")?;
    let refund_id = match known(conn, record).await? {
        Some(refund_id) => refund_id,
        None => adopt(conn, core, &payment, record).await?,
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
    if is_booked(conn, &it).await? {
        follow(conn, core, payment, &it, from).await?;
    }
    Ok(Applied::Changed)
}

/// The processor does not give it back: somebody has to look.
///
/// # Errors
/// When a table cannot be changed.
pub async fn refuse(conn: &mut PgConnection, core: &Core, refund_id: RefundId) -> anyhow::Result<()> {
    let payment_id = refund::find_payment_of(conn, refund_id).await?.context("a refund's payment")?;
    let payment = payment::lock_by_id(conn, payment_id).await?.context("a refund's payment")?;
    let it = refund::lock(conn, refund_id).await?.context("a refund that was there")?;
    let from = it.status;
    if from != RefundStatus::Due {
        return Ok(());
    }
    let refused = Refund { status: RefundStatus::Failed, ..it };
    refund::update(conn, &refused, from, core.now()).await?;
    if is_booked(conn, &refused).await? {
        follow(conn, core, payment, &refused, from).await?;
    }
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

/// Somebody gave money back at the processor itself. It has gone back all the same.
async fn adopt(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    record: &RefundRecord,
) -> anyhow::Result<RefundId> {
    let made = record.intent.as_deref().context("a refund is of a payment")?;
    let (intent_id, _) = intent::find_by_object(conn, made).await?.context("a refund's try")?;
    let refund_id: RefundId = core.id();
    let it = Refund {
        refund_id,
        payment_id: payment.payment_id,
        intent_id,
        cause_id: refund_id.0,
        amount_cents: AudCents(record.amount_cents),
        transfer_reversed_cents: AudCents::ZERO,
        fee_reversed_cents: AudCents::ZERO,
        reason: RefundReason::Mistake,
        note: None,
        status: RefundStatus::Due,
        requested_as: RequestedAs::Rule,
        requested_by: None,
        decided_by: None,
        processor_refund: Some(record.id.clone()),
        created_at: core.now(),
    };
    refund::insert(conn, &it).await?;
    tracing::warn!(refund.id = %refund_id, "a refund was made at the processor without us");
    Ok(refund_id)
}
