//! Finishes or undoes what a crash or a lost webhook left in the middle: pages that ran out, tries that the processor was never or
//! may have been asked for, holds that the bank let go. Every minute, twenty at a time, the longest untouched first. What cannot be
//! looked at now is looked at again after the others; nothing is ever given up here.

use anyhow::Context as _;
use jiff::SignedDuration;
use shared_types::{
    IntentId,
    payments::{IntentKind, IntentStatus, PaymentFailure, rules::AWAITING_MINUTES},
};

use super::lost_replies;
use crate::{
    applying,
    state::State,
    store::{
        intent::{self, Intent},
        payment,
        processor_call::{self, NewCall, Operation},
    },
};

const BATCH: i64 = 20;
/// Untouched for so long, a try is looked at.
const QUIET: SignedDuration = SignedDuration::from_mins(10);

/// One batch. Says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn recover_intents(state: &State) -> anyhow::Result<u64> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let stale = intent::stale(&mut tx, core.now(), core.now() - QUIET, BATCH).await?;
    for intent_id in &stale {
        intent::touch(&mut tx, *intent_id, core.now()).await?;
    }
    core.commit(tx).await?;
    for intent_id in &stale {
        if let Err(error) = recover(state, *intent_id).await {
            tracing::warn!(intent.id = %intent_id, error = format!("{error:#}"), "a try could not be recovered yet");
        }
    }
    Ok(stale.len() as u64)
}

async fn recover(state: &State, intent_id: IntentId) -> anyhow::Result<()> {
    let mut tx = state.core.begin().await?;
    let it = intent::lock(&mut tx, intent_id).await?.context("a try that was there")?;
    state.core.commit(tx).await?;
    // Of a page the processor says more than of what it made: whether somebody can still pay there.
    let object = match it.status {
        IntentStatus::PageOpen => it.checkout_session.as_ref().or(it.processor_intent.as_ref()),
        IntentStatus::Created
        | IntentStatus::NeedsAuthentication
        | IntentStatus::Processing
        | IntentStatus::Saved
        | IntentStatus::Authorised
        | IntentStatus::Captured
        | IntentStatus::Failed
        | IntentStatus::Expired
        | IntentStatus::Voided => it.processor_intent.as_ref().or(it.checkout_session.as_ref()),
    };
    match object {
        Some(object) => {
            applying::apply_object(state, object).await?;
            Ok(())
        }
        None => nameless(state, &it).await,
    }
}

/// The processor may or may not know it. Nobody was sent to its page, so nobody pays there; a charge is asked for again by its key,
/// as long as that says that it is the same, and looked for after that.
async fn nameless(state: &State, it: &Intent) -> anyhow::Result<()> {
    let core = &state.core;
    if it.status != IntentStatus::Created {
        return Ok(());
    }
    let age = core.now().duration_since(it.created_at);
    let is_of_page = it.saved_card_id.is_none() || it.kind == IntentKind::Setup;
    let is_forgotten = lost_replies::may_be_forgotten(it.created_at, core.now());
    let found = if is_forgotten && !is_of_page {
        lost_replies::find_intent(state, it.intent_id, it.created_at).await?
    } else {
        None
    };
    let mut tx = core.begin().await?;
    if let Some(record) = found {
        applying::intent::apply(&mut tx, core, &record).await?;
    } else if is_of_page {
        if age > SignedDuration::from_mins(AWAITING_MINUTES) {
            if let Some(payment_id) = it.payment_id {
                payment::lock_by_id(&mut tx, payment_id).await?;
            }
            applying::intent::expire(&mut tx, core, it.intent_id).await?;
        }
    } else if let (false, Some(payment_id)) = (is_forgotten, it.payment_id) {
        let operation = match it.kind {
            IntentKind::Authorise => Operation::Authorise,
            IntentKind::Charge | IntentKind::Setup => Operation::Charge,
        };
        let call = NewCall::of_intent(operation, payment_id, it.intent_id, Some(it.amount_cents));
        processor_call::ask_again(&mut tx, &call.idempotency_key, core.now()).await?;
        processor_call::enqueue(&mut tx, core, call).await?;
    } else if let Some(payment_id) = it.payment_id
        // What waits was not asked for yet: its practice may collect nothing for now.
        && !processor_call::waits(&mut tx, it.intent_id).await?
    {
        tracing::error!(intent.id = %it.intent_id, "a try was never answered");
        let failure = PaymentFailure::ProcessorUnavailable;
        applying::intent::fail(&mut tx, core, payment_id, it.intent_id, failure, None).await?;
    }
    core.commit(tx).await?;
    Ok(())
}
