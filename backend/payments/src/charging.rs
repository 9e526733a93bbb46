//! Charges what was agreed to beyond what was taken, from the card that is kept and without anybody there.

use anyhow::Context as _;
use kernel::Core;
use shared_types::payments::{IntentKind, IntentPurpose, rules::CHARGED_AT_LEAST};
use sqlx::PgConnection;

use crate::{
    domain::payment::Payment,
    store::{
        intent::{self, Intent},
        processor_call::{self, NewCall, Operation},
        saved_card,
    },
};

/// Charges the rest of a higher price that was agreed to. False when nothing is left that a card can be charged, no card is kept, or
/// the appointment was called off. To be called with the payment locked; what is under way already is not begun again.
///
/// # Errors
/// When a table cannot be changed.
pub async fn charge_balance(conn: &mut PgConnection, core: &Core, payment: &Payment) -> anyhow::Result<bool> {
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
