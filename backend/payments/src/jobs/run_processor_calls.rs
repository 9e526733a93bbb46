//! Asks the processor what is written down to be asked. Every two seconds, ten at a time, each under a key that is the same every
//! time. What gets no answer is asked again after a while, longer each time, and the tenth time leaves an error in the log. Then a
//! charge or hold is given up, since `recover_intents` goes on with it; taking what is held, giving back and letting go are not:
//! nobody else would.

use anyhow::Context as _;
use jiff::SignedDuration;
use shared_types::{
    AudCents, ChargebackId, SavedCardId,
    payments::{IntentPurpose, IntentStatus, PaymentFailure, PaymentStatus, RefundStatus},
};
use sqlx::PgConnection;

use super::lost_replies;
use crate::{
    applying,
    gateways::card_processor::{Evidence, IntentState, NewCharge, PracticeShare, ProcessorError},
    state::State,
    store::{
        chargeback, customer,
        intent::{self, Intent},
        payment, payout_hold, practice_account,
        processor_call::{self, Call, End, NewCall, Operation},
        refund, saved_card, transfer,
    },
};

const BATCH: i64 = 10;
const LEASE: SignedDuration = SignedDuration::from_mins(2);
const TRIES: i16 = 10;
/// So often a practice's share is asked back, which is less than a day: after that the key may stand for another request.
const TRIES_OF_A_SHARE: i16 = 20;
/// What was refused and is asked once more waits as if it had been tried so often: twenty minutes, and longer each time.
const ONCE_MORE: i16 = 7;

/// How long to wait after so many tries: ten seconds, and twice as long each time.
pub fn pause_after(tries: i16) -> SignedDuration {
    SignedDuration::from_secs(5 << tries.clamp(1, 10))
}

/// One batch. Says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn run_processor_calls(state: &State) -> anyhow::Result<u64> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let due = processor_call::claim_due(&mut tx, core.now(), core.now() + LEASE, BATCH).await?;
    core.commit(tx).await?;
    for call in &due {
        finish(state, call, run(state, &call.call).await).await?;
    }
    Ok(due.len() as u64)
}

async fn finish(state: &State, call: &Call, ended: anyhow::Result<End>) -> anyhow::Result<()> {
    let core = &state.core;
    let id = call.processor_call_id;
    let mut tx = core.begin().await?;
    match ended {
        Ok(end) => {
            processor_call::end(&mut tx, id, &end, core.now()).await?;
        }
        Err(error) if at_most(call.call.operation).is_some_and(|tries| call.attempts >= tries) => {
            tracing::error!(call.id = %id, error = format!("{error:#}"), "the processor was asked too often");
            processor_call::end(&mut tx, id, &End::GivenUp("no answer".to_owned()), core.now()).await?;
        }
        Err(error) => {
            let error = format!("{error:#}");
            if call.attempts == TRIES {
                tracing::error!(call.id = %id, error, "the processor has not answered for hours");
            } else {
                tracing::warn!(call.id = %id, error, "the processor will be asked again");
            }
            let again_at = core.now() + pause_after(call.attempts);
            processor_call::put_off(&mut tx, id, again_at, core.now()).await?;
        }
    }
    core.commit(tx).await?;
    Ok(())
}

/// How often it is asked at most; `None` where it is asked until there is an answer. That may be done twice without harm, or is found
/// done already.
fn at_most(operation: Operation) -> Option<i16> {
    match operation {
        Operation::CreateCustomer
        | Operation::OpenCheckout
        | Operation::CreateAccount
        | Operation::OpenOnboarding
        | Operation::Authorise
        | Operation::Charge => Some(TRIES),
        Operation::ReverseTransfer => Some(TRIES_OF_A_SHARE),
        Operation::ExpireCheckout
        | Operation::Cancel
        | Operation::Capture
        | Operation::Refund
        | Operation::DetachCard
        | Operation::SubmitEvidence
        | Operation::HoldPayouts
        | Operation::ReleasePayouts => None,
    }
}

/// Asks, applies the answer and says how it ended. An error means that it is asked again.
async fn run(state: &State, call: &NewCall) -> anyhow::Result<End> {
    match call.operation {
        Operation::Authorise | Operation::Charge => charge(state, call).await,
        Operation::Capture => capture(state, call).await,
        Operation::Cancel => cancel(state, call).await,
        Operation::ExpireCheckout => close_page(state, call).await,
        Operation::Refund => give_back(state, call).await,
        Operation::ReverseTransfer => take_share_back(state, call).await,
        Operation::DetachCard => forget_card(state, call).await,
        Operation::SubmitEvidence => submit_evidence(state, call).await,
        Operation::HoldPayouts | Operation::ReleasePayouts => hold_payouts(state, call).await,
        // These are asked while somebody waits for the page that they lead to.
        Operation::CreateCustomer
        | Operation::OpenCheckout
        | Operation::CreateAccount
        | Operation::OpenOnboarding => Ok(End::Refused("not_a_job".to_owned())),
    }
}

/// A charge or hold of a card that is kept, unless the payment has no use for it any more. An old one may have been made without an
/// answer, and the processor no longer knows it by its key: it is looked for first.
async fn charge(state: &State, call: &NewCall) -> anyhow::Result<End> {
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
async fn capture(state: &State, call: &NewCall) -> anyhow::Result<End> {
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

/// A payment or set-up is let go. One that has no name yet is either never made or about to get one.
async fn cancel(state: &State, call: &NewCall) -> anyhow::Result<End> {
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
async fn close_page(state: &State, call: &NewCall) -> anyhow::Result<End> {
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

async fn give_back(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let core = &state.core;
    let refund_id = call.refund_id.context("a refund")?;
    let mut tx = core.begin().await?;
    let it = refund::lock(&mut tx, refund_id).await?.context("the refund")?;
    let tries = intent::of_payment(&mut tx, it.payment_id).await?;
    let share = transfer::find_whole(&mut tx, it.intent_id).await?;
    core.commit(tx).await?;
    let from = tries.into_iter().find(|try_| try_.intent_id == it.intent_id).context("a refund's try")?;
    // What was taken twice was the first money when it was asked for, but for what comes after a visit.
    let has_fee = share.map_or(from.purpose != IntentPurpose::Balance, |(_, fee)| fee > AudCents::ZERO);
    let made = from.processor_intent.context("what was taken has a name at the processor")?;
    let (reference, cents) = (refund_id.to_string(), it.amount_cents.0);
    let is_forgotten = lost_replies::may_be_forgotten(it.created_at, core.now());
    let before =
        if is_forgotten { lost_replies::find_refund(state, refund_id, it.created_at).await? } else { None };
    let asked = match before {
        Some(record) => Ok(record),
        None => state.processor.refund(&call.idempotency_key, &reference, &made, cents, has_fee).await,
    };
    match asked {
        Ok(record) => {
            let mut tx = core.begin().await?;
            applying::refund::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            Ok(End::Done(Some(record.id)))
        }
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => {
            tracing::error!(refund.id = %refund_id, error = %error, "the processor gives nothing back");
            if it.status == RefundStatus::Due {
                let mut tx = core.begin().await?;
                applying::refund::refuse(&mut tx, core, refund_id).await?;
                core.commit(tx).await?;
            }
            Ok(End::Refused(error.to_string()))
        }
    }
}

/// The practice's share of a lost chargeback, or of what somebody gave back at the processor, unless that came back from the bank. What
/// it has not got any more stays the platform's to claim: its balance shows it.
async fn take_share_back(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let intent_id = call.intent_id.context("a try")?;
    let cents = call.amount_cents.context("an amount")?;
    let mut tx = state.core.begin().await?;
    let given_back = match call.refund_id {
        Some(refund_id) => refund::lock(&mut tx, refund_id).await?,
        None => None,
    };
    let transfer = transfer::find_name(&mut tx, intent_id).await?;
    state.core.commit(tx).await?;
    if given_back.is_some_and(|it| it.status == RefundStatus::Failed) {
        return Ok(End::Refused("not_wanted".to_owned()));
    }
    let Some(transfer) = transfer else { return Ok(End::Refused("no_transfer".to_owned())) };
    match state.processor.reverse_transfer(&call.idempotency_key, &transfer, cents.0).await {
        Ok(()) => Ok(End::Done(Some(transfer))),
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => {
            tracing::error!(intent.id = %intent_id, error = %error, "a practice's share was not taken back");
            Ok(End::Refused(error.to_string()))
        }
    }
}

async fn forget_card(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let saved_card_id = SavedCardId(call.subject().context("a card")?);
    let mut conn = state.core.pool.acquire().await?;
    let card = saved_card::find_name(&mut conn, saved_card_id).await?.context("the card")?;
    drop(conn);
    match state.processor.forget_card(&call.idempotency_key, &card).await {
        Ok(()) => Ok(End::Done(Some(card))),
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => Ok(End::Refused(error.to_string())),
    }
}

async fn submit_evidence(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let core = &state.core;
    let chargeback_id = ChargebackId(call.subject().context("a chargeback")?);
    let mut tx = core.begin().await?;
    let it = chargeback::lock(&mut tx, chargeback_id).await?.context("the chargeback")?;
    core.commit(tx).await?;
    let evidence = Evidence {
        service_date: it.evidence.service_date.map(|day| day.to_string()),
        policy: it.evidence.policy,
        policy_disclosure: it.evidence.agreed_at.map(|at| format!("Shown and agreed to at {at}.")),
        history: it.evidence.history,
        note: it.evidence.note.map(shared_types::personal::Personal::into_inner),
    };
    let dispute = it.processor_dispute;
    match state.processor.submit_evidence(&call.idempotency_key, &dispute, &evidence).await {
        Ok(record) => {
            let mut tx = core.begin().await?;
            applying::chargeback::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            Ok(End::Done(Some(record.id)))
        }
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => {
            tracing::error!(chargeback.id = %chargeback_id, error = %error, "evidence was not taken");
            Ok(End::Refused(error.to_string()))
        }
    }
}

async fn hold_payouts(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let organization_id = call.organization_id.context("a practice")?;
    let mut conn = state.core.pool.acquire().await?;
    // Also of one that collects no more.
    let account =
        practice_account::find(&mut conn, organization_id).await?.and_then(|it| it.processor_account);
    // As it is now: of a hold and its release the later may be asked first.
    let held = payout_hold::open_of(&mut conn, organization_id).await?.is_some();
    drop(conn);
    let Some(account) = account else { return Ok(End::Refused("no_account".to_owned())) };
    match state.processor.hold_payouts(&call.idempotency_key, &account, held).await {
        Ok(record) => Ok(End::Done(Some(record.id))),
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => {
            tracing::error!(organization.id = %organization_id, error = %error, "payouts were not changed");
            Ok(End::Refused(error.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::pause_after;

    #[test]
    fn the_pause_doubles() {
        let seconds = [1, 2, 3, 10].map(|tries| pause_after(tries).as_secs());
        assert_eq!(seconds, [10, 20, 40, 5_120]);
    }
}
