//! A payment or set-up of the processor, applied to the try that it is of.

mod following;
mod standing;

use anyhow::Context as _;
use jiff::civil::Date;
use kernel::Core;
use shared_types::{
    AudCents, IntentId, PaymentId,
    payments::{IntentKind, IntentStatus, PaymentFailure},
};
use sqlx::PgConnection;

pub use self::standing::failure_of;
use self::{
    following::{book_processor_fee, follow},
    standing::{move_to, status_of},
};
use super::{Applied, is_under_way};
use crate::{
    domain::payment::{Change, Payment, TakenBy},
    gateways::card_processor::{CardRecord, IntentRecord, IntentState, Page},
    refunding,
    settle::settle,
    store::{
        intent::{self, Intent},
        payment,
        processor_call::{self, NewCall, Operation},
        refund,
        saved_card::{self, SavedCardRow},
    },
};

/// Applies it.
///
/// # Errors
/// When it does not lead on from what we have, or a table cannot be changed.
pub async fn apply(conn: &mut PgConnection, core: &Core, record: &IntentRecord) -> anyhow::Result<Applied> {
    let Some((intent_id, payment_id)) = which(conn, record).await? else { return Ok(Applied::Unknown) };
    // Whoever changes a payment or its tries locks the payment first.
    let payment = match payment_id {
        Some(payment_id) => payment::lock_by_id(conn, payment_id).await?,
        None => None,
    };
    let Some(mut it) = intent::lock(conn, intent_id).await? else { return Ok(Applied::Unknown) };
    let (before, was) = (it.clone(), it.status);
    learn(conn, core, &mut it, record).await?;
    let to = status_of(record, &it);
    let moves = to != was && (was.next().contains(&to) || to == IntentStatus::Captured);
    if to == IntentStatus::Captured && moves && is_stray(conn, &it, payment.as_ref(), record).await? {
        let payment = payment.as_ref().context("money is taken for a payment")?;
        if was.next().contains(&IntentStatus::Expired) {
            (it.status, it.page_address) = (IntentStatus::Expired, None);
        }
        // By its name it is given back.
        intent::update(conn, &it, was, core.now()).await?;
        refunding::undo(conn, core, payment, &it, AudCents(record.taken_cents)).await?;
        // What was taken and goes back is not booked; the processor keeps its fee for it all the same.
        book_processor_fee(conn, core, intent_id, record).await?;
        return Ok(Applied::Changed);
    }
    // Held for a try that is over, or made for one that failed: nobody waits for it.
    let is_idle =
        if moves { to == IntentStatus::Failed } else { to == IntentStatus::Authorised && to != was };
    if let (true, Some(payment_id)) = (is_idle, payment_id) {
        let mut call = NewCall::of_intent(Operation::Cancel, payment_id, intent_id, None);
        if to == IntentStatus::Authorised {
            // It may have been called off before it was there, under the usual key.
            call.idempotency_key.push_str("_held");
        }
        processor_call::enqueue(conn, core, call).await?;
    }
    if moves {
        move_to(&mut it, to, record);
    }
    if it != before {
        intent::update(conn, &it, was, core.now()).await?;
    }
    if let Some(payment) = payment {
        if moves {
            follow(conn, core, payment, &it, was, record).await?;
        }
        if it.status == IntentStatus::Captured {
            book_processor_fee(conn, core, intent_id, record).await?;
        }
    }
    Ok(if moves { Applied::Changed } else { Applied::Same })
}

/// A page ran out or was closed: its try is over unless somebody paid there.
///
/// # Errors
/// When a table cannot be changed.
pub async fn page_ran_out(conn: &mut PgConnection, core: &Core, page: &Page) -> anyhow::Result<Applied> {
    let found = match intent::find_by_object(conn, &page.id).await? {
        Some(found) => Some(found),
        None => by_reference(conn, page.reference.as_deref()).await?,
    };
    let Some((intent_id, payment_id)) = found else { return Ok(Applied::Unknown) };
    if let Some(payment_id) = payment_id {
        payment::lock_by_id(conn, payment_id).await?;
    }
    expire(conn, core, intent_id).await
}

/// Ends a try that waits for somebody. To be called with its payment locked.
///
/// # Errors
/// When a table cannot be changed.
pub async fn expire(conn: &mut PgConnection, core: &Core, intent_id: IntentId) -> anyhow::Result<Applied> {
    let Some(it) = intent::lock(conn, intent_id).await? else { return Ok(Applied::Unknown) };
    if !is_under_way(it.status) {
        return Ok(Applied::Same);
    }
    let from = it.status;
    let over = Intent { status: IntentStatus::Expired, page_address: None, ..it };
    intent::update(conn, &over, from, core.now()).await?;
    Ok(Applied::Changed)
}

/// The card said no, or the processor does not do it: the try is over, and the patient can give another card. Nothing can come of
/// it any more, so what the processor made of it is let go.
///
/// # Errors
/// When a table cannot be changed.
pub async fn fail(
    conn: &mut PgConnection,
    core: &Core,
    payment_id: PaymentId,
    intent_id: IntentId,
    failure: PaymentFailure,
    record: Option<&IntentRecord>,
) -> anyhow::Result<Applied> {
    let payment = payment::lock_by_id(conn, payment_id).await?.context("a try's payment")?;
    let Some(it) = intent::lock(conn, intent_id).await? else { return Ok(Applied::Unknown) };
    if !is_under_way(it.status) {
        return Ok(Applied::Same);
    }
    let from = it.status;
    let made = record.map(|record| record.id.clone()).or_else(|| it.processor_intent.clone());
    let over = Intent {
        status: IntentStatus::Failed,
        failure: Some(failure),
        processor_intent: made,
        page_address: None,
        ..it
    };
    intent::update(conn, &over, from, core.now()).await?;
    if over.processor_intent.is_some() {
        let call = NewCall::of_intent(Operation::Cancel, payment_id, intent_id, None);
        processor_call::enqueue(conn, core, call).await?;
    }
    settle(conn, core, payment, Change::Failed { failure }, TakenBy::Processor).await?;
    Ok(Applied::Changed)
}

/// The try that it is of, as it stands here.
///
/// # Errors
/// When a table cannot be read.
pub async fn ours(conn: &mut PgConnection, record: &IntentRecord) -> anyhow::Result<Option<Intent>> {
    match which(conn, record).await? {
        Some((intent_id, _)) => intent::lock(conn, intent_id).await,
        None => Ok(None),
    }
}

/// Which try it is of: by the processor's name, or by ours where we did not hear of it yet.
async fn which(
    conn: &mut PgConnection,
    record: &IntentRecord,
) -> anyhow::Result<Option<(IntentId, Option<PaymentId>)>> {
    match intent::find_by_object(conn, &record.id).await? {
        Some(found) => Ok(Some(found)),
        None => by_reference(conn, record.reference.as_deref()).await,
    }
}

async fn by_reference(
    conn: &mut PgConnection,
    reference: Option<&str>,
) -> anyhow::Result<Option<(IntentId, Option<PaymentId>)>> {
    let Some(intent_id) = reference.and_then(|it| it.parse::<IntentId>().ok()) else { return Ok(None) };
    let payment_id = intent::find_payment_of(conn, intent_id).await?;
    Ok(payment_id.map(|payment_id| (intent_id, payment_id)))
}

/// Money that is not the payment's to take: another try has it, nothing is collected for the booking, or it is more than was agreed
/// to.
async fn is_stray(
    conn: &mut PgConnection,
    it: &Intent,
    payment: Option<&Payment>,
    record: &IntentRecord,
) -> anyhow::Result<bool> {
    let refused = payment.is_some_and(|payment| !payment.may_take(AudCents(record.taken_cents)));
    Ok((refused && record.taken_cents > 0) || is_second(conn, it).await?)
}

/// Another try for the same purpose has the money or may still get it; or it had when this one was found, and what it took was given
/// back.
async fn is_second(conn: &mut PgConnection, it: &Intent) -> anyhow::Result<bool> {
    let Some(payment_id) = it.payment_id else { return Ok(false) };
    let refunds = refund::of_payment(conn, payment_id).await?;
    if refunds.iter().any(|back| back.cause_id == it.intent_id.0) {
        return Ok(true);
    }
    let others = intent::of_payment(conn, payment_id).await?;
    Ok(it.kind != IntentKind::Setup
        && others.iter().any(|other| {
            let same = other.purpose == it.purpose && other.kind != IntentKind::Setup;
            same && other.intent_id != it.intent_id && other.status.is_live()
        }))
}

/// The processor's names, and the card.
async fn learn(
    conn: &mut PgConnection,
    core: &Core,
    it: &mut Intent,
    record: &IntentRecord,
) -> anyhow::Result<()> {
    it.processor_intent = Some(record.id.clone());
    if record.charge.is_some() {
        it.processor_charge.clone_from(&record.charge);
    }
    if record.held_until.is_some() {
        it.hold_expires_at = record.held_until;
    }
    let is_good = match record.state {
        IntentState::Saved | IntentState::Held | IntentState::Taken => true,
        IntentState::NeedsCard
        | IntentState::NeedsAuthentication
        | IntentState::Processing
        | IntentState::Canceled
        | IntentState::RanOut => false,
    };
    if let (true, None, Some(card), Some(customer_id)) =
        (is_good, it.saved_card_id, &record.card, it.customer_id)
    {
        let row = SavedCardRow {
            saved_card_id: core.id(),
            customer_id,
            processor_card: card.id.clone(),
            brand: card.brand.clone(),
            last_four: card.last_four.clone(),
            good_until: good_until(card)?,
            kept: it.keeps_card,
            created_at: core.now(),
        };
        it.saved_card_id = Some(saved_card::keep(conn, &row).await?);
    }
    Ok(())
}

fn good_until(card: &CardRecord) -> anyhow::Result<Date> {
    let (year, month) = card.good_until;
    Date::new(year, month, 1).context("a card's last month")
}
