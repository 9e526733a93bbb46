//! Charges what was agreed to beyond what was taken, from the card that is kept and without anybody there. What that card says no to its
//! patient may pay with another one, on a page.

use anyhow::Context as _;
use jiff::{Timestamp, tz::TimeZone};
use kernel::Core;
use shared_types::{
    AudCents, BookingId, IntentId,
    payments::{
        IntentKind, IntentPurpose, IntentStatus, PaymentFailure, pay::CARD_TEXT, quote::Collection,
        rules::CHARGED_AT_LEAST,
    },
};
use sqlx::PgConnection;

use crate::{
    applying,
    domain::payment::{Change, Payment, TakenBy},
    settle::settle,
    store::{
        consent,
        intent::{self, Intent},
        processor_call::{self, NewCall, Operation},
        saved_card::{self, SavedCardRow},
    },
};

/// Whether whoever made a booking agreed that its card is kept for it, and charged what its terms say without them.
///
/// # Errors
/// When a table cannot be read.
pub async fn has_leave(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<bool> {
    consent::is_given(conn, CARD_TEXT, None, booking_id).await
}

/// Whether a card that is given for a payment on a page is kept by the processor, so that it can be charged without its holder: after the
/// visit, or for a fee that is above what is taken now.
///
/// # Errors
/// When a table cannot be read.
pub async fn keeps_card(conn: &mut PgConnection, payment: &Payment) -> sqlx::Result<bool> {
    if payment.collection == Collection::AfterVisit {
        return Ok(true);
    }
    let is_for_fee = payment.asks_for() == IntentPurpose::Visit && payment.may_owe_beyond();
    Ok(is_for_fee && has_leave(conn, payment.booking_id).await?)
}

/// Whether a card may be charged a fee for cancelling late or not coming without its holder. One that is kept for this booking alone may be
/// charged that and nothing else.
///
/// # Errors
/// When a table cannot be read.
pub async fn lets_charge_fee(
    conn: &mut PgConnection,
    payment: &Payment,
    card: &SavedCardRow,
) -> sqlx::Result<bool> {
    Ok(payment.lets_charge_again(card.kept) || has_leave(conn, payment.booking_id).await?)
}

/// Charges the rest of a higher price that was agreed to. False when nothing is left that a card can be charged, no card is kept, or
/// the appointment was called off. To be called with the payment locked; what is under way already is not begun again.
async fn charge_balance(conn: &mut PgConnection, core: &Core, payment: &Payment) -> anyhow::Result<bool> {
    let left = payment.balance_cents();
    let of = (IntentPurpose::Balance, IntentKind::Charge);
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    let is_begun = tries.iter().any(|it| it.purpose == of.0 && it.status.is_live());
    if left < CHARGED_AT_LEAST || is_begun || payment.is_called_off() {
        return Ok(false);
    }
    let card = saved_card::hold_of_payment(conn, payment.payment_id).await?;
    let Some(card) = card.filter(|card| payment.lets_charge_again(card.kept)) else { return Ok(false) };
    let number = tries.iter().filter(|it| (it.purpose, it.kind) == of).count() + 1;
    let number = i16::try_from(number).context("fewer tries than a small number holds")?;
    let payment_id = payment.payment_id;
    let mut it = Intent::new(core.id(), Some(payment_id), card.customer_id, of, number, left, core.now());
    it.saved_card_id = Some(card.saved_card_id);
    intent::insert(conn, &it).await?;
    let call = NewCall::of_intent(Operation::Charge, payment_id, it.intent_id, Some(left));
    processor_call::enqueue(conn, core, call).await?;
    Ok(true)
}

/// Charges the rest of a higher price that was agreed to, or, where no card is kept that may be charged, has its patient asked for one: it
/// is as if the card had said no, so that they can give another one, and the practice sees what is open and may ask anew. To be called
/// with the payment locked.
///
/// # Errors
/// When a table cannot be changed.
pub async fn collect_balance(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    by: TakenBy,
) -> anyhow::Result<()> {
    let is_begun = charge_balance(conn, core, &payment).await?;
    if !is_begun && waits_for_card(conn, &payment).await? {
        let failed = Change::Failed { failure: PaymentFailure::Declined };
        settle(conn, core, payment, failed, by).await?;
    }
    Ok(())
}

/// Whether a card is kept that may be charged once more for what it said no to. Until the transaction ends nobody removes it. To be called
/// with the payment locked.
///
/// # Errors
/// When a table cannot be read.
pub async fn can_try_again(
    conn: &mut PgConnection,
    payment: &Payment,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let Some(card) = saved_card::hold_of_payment(conn, payment.payment_id).await? else { return Ok(false) };
    let for_fee = payment.fee_owed_cents > AudCents::ZERO && lets_charge_fee(conn, payment, &card).await?;
    let is_good = now.to_zoned(TimeZone::UTC).date() <= card.good_until.last_of_month();
    Ok(is_good && payment.lets_try_again(card.kept || for_fee))
}

/// Whether a card is being asked for a payment, or its patient has a page open: what it is for may still be paid. To be called with the
/// payment locked.
///
/// # Errors
/// When a table cannot be read.
pub async fn is_under_way(conn: &mut PgConnection, payment: &Payment) -> anyhow::Result<bool> {
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    Ok(tries.iter().any(|it| it.status.is_live() && it.status != IntentStatus::Captured))
}

/// Whether a higher price that was agreed to waits for a card, since none is kept that may be charged: nothing is under way for it. To be
/// called with the payment locked.
async fn waits_for_card(conn: &mut PgConnection, payment: &Payment) -> anyhow::Result<bool> {
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    let is_begun = tries.iter().any(|it| it.purpose == IntentPurpose::Balance && it.status.is_live());
    Ok(!is_begun && payment.owes_balance() && payment.balance_cents() >= CHARGED_AT_LEAST)
}

/// Closes a page on which another card is being given for what the kept one is asked for once more: it may be for another sum, and it
/// stands in the way. What is paid there all the same goes back. To be called with the payment locked.
///
/// # Errors
/// When a table cannot be changed.
pub async fn close_pages(conn: &mut PgConnection, core: &Core, payment: &Payment) -> anyhow::Result<()> {
    for it in intent::of_payment(conn, payment.payment_id).await? {
        let waits = matches!(it.status, IntentStatus::Created | IntentStatus::PageOpen);
        if it.purpose == IntentPurpose::Balance && it.saved_card_id.is_none() && waits {
            close_page(conn, core, payment, it.intent_id).await?;
        }
    }
    Ok(())
}

/// Closes the page of one try, as [`close_pages`] does. To be called with the payment locked.
///
/// # Errors
/// When a table cannot be changed.
pub async fn close_page(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    intent_id: IntentId,
) -> anyhow::Result<()> {
    let call = NewCall::of_intent(Operation::ExpireCheckout, payment.payment_id, intent_id, None);
    processor_call::enqueue(conn, core, call).await?;
    applying::intent::expire(conn, core, intent_id).await?;
    Ok(())
}
