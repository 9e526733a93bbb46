//! Money is let go before it was taken, or goes back afterwards.

use anyhow::Context as _;
use shared_types::{
    AudCents,
    payments::{IntentStatus, RefundStatus},
};

use super::LEASE;
use crate::{
    applying,
    gateways::card_processor::ProcessorError,
    jobs::lost_replies,
    state::State,
    store::{
        intent, payment,
        processor_call::{End, NewCall},
        refund, transfer,
    },
};

/// A payment or set-up is let go. One that has no name yet is either never made or about to get one.
pub(super) async fn cancel(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let core = &state.core;
    let intent_id = call.intent_id.context("a try")?;
    let mut tx = core.begin().await?;
    let it = intent::lock(&mut tx, intent_id).await?.context("the try")?;
    core.commit(tx).await?;
    let Some(made) = it.processor_intent else {
        let waits = it.status == IntentStatus::Created && it.created_at > core.now() - LEASE;
        anyhow::ensure!(!waits, "a try that may be made right now");
        return close_page(state, call).await;
    };
    let record = match state.processor.cancel(&call.idempotency_key, &made).await {
        Ok(record) => record,
        Err(error @ ProcessorError::Unavailable(_)) => return Err(error.into()),
        // It is over already, or its money was taken: that is looked at.
        Err(_) => state.processor.find_intent(&made).await?,
    };
    let mut tx = core.begin().await?;
    applying::intent::apply(&mut tx, core, &record).await?;
    core.commit(tx).await?;
    Ok(End::Done(Some(record.id)))
}

/// A page is closed; what was paid there before is applied. A page that nobody was sent to is only forgotten.
pub(super) async fn close_page(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let core = &state.core;
    let (payment_id, intent_id) = (call.payment_id.context("a payment")?, call.intent_id.context("a try")?);
    let mut tx = core.begin().await?;
    payment::lock_by_id(&mut tx, payment_id).await?;
    let it = intent::lock(&mut tx, intent_id).await?.context("the try")?;
    let Some(page) = it.checkout_session else {
        applying::intent::expire(&mut tx, core, intent_id).await?;
        core.commit(tx).await?;
        return Ok(End::Done(None));
    };
    core.commit(tx).await?;
    match state.processor.close_page(&call.idempotency_key, &page).await {
        Ok(_) => {}
        Err(error @ ProcessorError::Unavailable(_)) => return Err(error.into()),
        Err(error) => tracing::info!(intent.id = %intent_id, error = %error, "a page was not open any more"),
    }
    applying::apply_object(state, &page).await?;
    Ok(End::Done(Some(page)))
}

pub(super) async fn give_back(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let core = &state.core;
    let refund_id = call.refund_id.context("a refund")?;
    let mut tx = core.begin().await?;
    let it = refund::lock(&mut tx, refund_id).await?.context("the refund")?;
    let tries = intent::of_payment(&mut tx, it.payment_id).await?;
    let share = transfer::find_whole(&mut tx, it.intent_id).await?;
    core.commit(tx).await?;
    let from = tries.into_iter().find(|try_| try_.intent_id == it.intent_id).context("a refund's try")?;
    let made = from.processor_intent.context("what was taken has a name at the processor")?;
    let (reference, cents) = (refund_id.to_string(), it.amount_cents.0);
    let is_forgotten = lost_replies::may_be_forgotten(it.created_at, core.now());
    let before =
        if is_forgotten { lost_replies::find_refund(state, refund_id, it.created_at).await? } else { None };
    let asked = match before {
        Some(record) => Ok(record),
        None => state.processor.refund(&call.idempotency_key, &reference, &made, cents).await,
    };
    match asked {
        Ok(record) => {
            let mut tx = core.begin().await?;
            applying::refund::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            give_fee_back(state, call, (&reference, &made), share.map(|_| it.fee_reversed_cents)).await?;
            Ok(End::Done(Some(record.id)))
        }
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => {
            tracing::error!(refund.id = %refund_id, error = %error, "the processor gives nothing back");
            if it.status == RefundStatus::Due {
                learn_given_back(state, &made).await?;
                let bank_has_it =
                    matches!(&error, ProcessorError::Refused { code } if code == "charge_disputed");
                let mut tx = core.begin().await?;
                applying::refund::refuse(&mut tx, core, refund_id, bank_has_it).await?;
                core.commit(tx).await?;
            }
            Ok(End::Refused(error.to_string()))
        }
    }
}

/// The platform's fee goes back to the practice as the ledger has it, to the cent. Of what was taken twice nothing is in the ledger, and
/// it goes back whole. Whoever dies before this, or is refused, asks for the refund again, which is the same, and comes here.
async fn give_fee_back(
    state: &State,
    call: &NewCall,
    (reference, made): (&str, &str),
    fee: Option<AudCents>,
) -> anyhow::Result<()> {
    if fee == Some(AudCents::ZERO) {
        return Ok(());
    }
    let key = format!("{}_fee", call.idempotency_key);
    let given = state.processor.give_fee_back(&key, reference, made, fee.map(|cents| cents.0)).await;
    given.with_context(|| format!("giving the fee back with refund {reference}"))
}

/// Somebody may have given it back at the processor, which is why that refuses, and its word of it may be on its way.
async fn learn_given_back(state: &State, made: &str) -> anyhow::Result<()> {
    let core = &state.core;
    let refunds = match state.processor.list_refunds_of(made).await {
        Ok(refunds) => refunds,
        Err(error @ ProcessorError::Unavailable(_)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(error = %error, "what was given back of a payment cannot be listed");
            return Ok(());
        }
    };
    for record in &refunds {
        let mut tx = core.begin().await?;
        applying::refund::apply(&mut tx, core, record).await?;
        core.commit(tx).await?;
    }
    Ok(())
}
