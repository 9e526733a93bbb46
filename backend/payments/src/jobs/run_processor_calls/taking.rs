//! Money is held or taken: by a card that is kept, or from what is held.

use anyhow::Context as _;
use shared_types::payments::{IntentStatus, PaymentFailure, PaymentStatus};
use sqlx::PgConnection;

use super::{ONCE_MORE, pause_after};
use crate::{
    applying,
    gateways::card_processor::{IntentState, NewCharge, PracticeShare, ProcessorError},
    jobs::lost_replies,
    state::State,
    store::{
        customer,
        intent::{self, Intent},
        payment,
        processor_call::{self, End, NewCall, Operation},
        saved_card, transfer,
    },
};

/// A charge or hold of a card that is kept, unless the payment has no use for it any more. An old one may have been made without an
/// answer, and the processor no longer knows it by its key: it is looked for first.
pub(super) async fn charge(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let core = &state.core;
    let (payment_id, intent_id) = (call.payment_id.context("a payment")?, call.intent_id.context("a try")?);
    let mut tx = core.begin().await?;
    let Some((it, wanted)) = wanted_charge(&mut tx, state, call).await? else {
        core.commit(tx).await?;
        return Ok(End::Refused("not_wanted".to_owned()));
    };
    core.commit(tx).await?;
    let is_forgotten = lost_replies::may_be_forgotten(it.created_at, core.now());
    let made =
        if is_forgotten { lost_replies::find_intent(state, intent_id, it.created_at).await? } else { None };
    let asked = match made {
        Some(record) => Ok(record),
        None => state.processor.charge_card(&call.idempotency_key, &wanted).await,
    };
    match asked {
        Ok(record) => {
            let mut tx = core.begin().await?;
            applying::intent::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            Ok(End::Done(Some(record.id)))
        }
        Err(ProcessorError::Declined { code, intent }) => {
            let failure = applying::intent::failure_of(&code);
            let mut tx = core.begin().await?;
            applying::intent::fail(&mut tx, core, payment_id, intent_id, failure, intent.as_deref()).await?;
            core.commit(tx).await?;
            Ok(End::Refused(code))
        }
        Err(error @ (ProcessorError::Refused { .. } | ProcessorError::Missing)) => {
            if let Some(share) = &wanted.share
                && !applying::still_collects(state, &share.account).await?
            {
                // It says nothing of the card. The call waits until the practice collects again.
                return Err(error.into());
            }
            tracing::error!(intent.id = %intent_id, error = %error, "a card that is kept cannot be charged");
            let failure = PaymentFailure::Declined;
            let mut tx = core.begin().await?;
            applying::intent::fail(&mut tx, core, payment_id, intent_id, failure, None).await?;
            core.commit(tx).await?;
            Ok(End::Refused(error.to_string()))
        }
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
    }
}

/// What to charge; none where the try is over or the payment was let go, and then the try is.
async fn wanted_charge(
    conn: &mut PgConnection,
    state: &State,
    call: &NewCall,
) -> anyhow::Result<Option<(Intent, NewCharge)>> {
    let core = &state.core;
    let (payment_id, intent_id) = (call.payment_id.context("a payment")?, call.intent_id.context("a try")?);
    let payment = payment::lock_by_id(conn, payment_id).await?.context("the payment")?;
    let it = intent::lock(conn, intent_id).await?.context("the try")?;
    if it.status != IntentStatus::Created {
        return Ok(None);
    }
    let is_over = match payment.status {
        PaymentStatus::NotRequired
        | PaymentStatus::Voided
        | PaymentStatus::Refunded
        | PaymentStatus::Lost => true,
        PaymentStatus::Awaiting
        | PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Captured
        | PaymentStatus::PartRefunded
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Disputed
        | PaymentStatus::Won => false,
    };
    if is_over || !payment.still_owes(it.purpose, it.amount_cents) {
        applying::intent::expire(conn, core, intent_id).await?;
        return Ok(None);
    }
    let card = it.saved_card_id.context("a try without a page has a card")?;
    let Some(card) = saved_card::find(conn, card).await? else {
        // Its holder took it back: nothing is charged to it, and another can be given.
        tracing::warn!(intent.id = %intent_id, "a card that was to be charged was removed");
        let failure = PaymentFailure::Declined;
        applying::intent::fail(conn, core, payment.payment_id, intent_id, failure, None).await?;
        return Ok(None);
    };
    let customer = customer::find(conn, card.customer_id).await?.and_then(|it| it.processor_customer);
    let share = match payment.organization_id {
        Some(organization_id) => transfer::find_destination(conn, organization_id).await?.map(|account| {
            PracticeShare { account, fee_cents: payment.fee_in(it.amount_cents).whole_cents.0 }
        }),
        None => None,
    };
    let wanted = NewCharge {
        reference: intent_id.to_string(),
        takes: call.operation == Operation::Charge,
        amount_cents: it.amount_cents.0,
        customer: customer.context("who has a card is a customer")?,
        card: card.processor_card,
        share: Some(share.context("a practice that is paid has an account")?),
    };
    Ok(Some((it, wanted)))
}

/// What is held is taken, or part of it, unless it was let go meanwhile. Where nothing is held any more, what became of it is looked
/// at; as long as it is held it is asked for once more, later.
pub(super) async fn capture(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let core = &state.core;
    let (payment_id, intent_id) = (call.payment_id.context("a payment")?, call.intent_id.context("a try")?);
    let cents = call.amount_cents.context("an amount")?;
    let mut tx = core.begin().await?;
    let payment = payment::lock_by_id(&mut tx, payment_id).await?.context("the payment")?;
    let it = intent::lock(&mut tx, intent_id).await?.context("the try")?;
    core.commit(tx).await?;
    if payment.status != PaymentStatus::Authorised {
        return Ok(End::Refused("not_wanted".to_owned()));
    }
    let made = it.processor_intent.context("what is held has a name at the processor")?;
    let fee = payment.organization_id.map(|_| payment.fee_in(cents).whole_cents.0);
    let (record, end) = match state.processor.capture(&call.idempotency_key, &made, cents.0, fee).await {
        Ok(record) => {
            let end = End::Done(Some(record.id.clone()));
            (record, end)
        }
        Err(error @ ProcessorError::Unavailable(_)) => return Err(error.into()),
        Err(error) => {
            tracing::error!(intent.id = %intent_id, error = %error, "what is held cannot be taken");
            (state.processor.find_intent(&made).await?, End::Refused(error.to_string()))
        }
    };
    let mut tx = core.begin().await?;
    applying::intent::apply(&mut tx, core, &record).await?;
    if record.state == IntentState::Held {
        let later = core.now() + pause_after(call.number().saturating_add(ONCE_MORE));
        processor_call::enqueue_at(&mut tx, core, call.once_more(), later).await?;
    }
    core.commit(tx).await?;
    Ok(end)
}
