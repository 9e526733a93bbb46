//! A practice's share: taken back after a lost chargeback or a refund at the processor, sent again after a refund that did not come, and taken
//! again with the next. What the processor refuses it may do later, when there is money for it: it is asked for once more after a while, each
//! time under a key of its own and after a longer pause, at last once a day.

use anyhow::Context as _;
use jiff::SignedDuration;
use kernel::Core;
use shared_types::{IntentId, RefundId, payments::RefundStatus};
use sqlx::PgConnection;

use crate::{
    applying,
    gateways::card_processor::ProcessorError,
    state::State,
    store::{
        intent, payment, practice_account,
        processor_call::{End, NewCall},
        refund, sent_share, transfer,
    },
};

/// How long a share that was refused for the nth time is not asked for: an hour, twice as long each time, at most a day.
fn pause_of_share(number: i16) -> SignedDuration {
    SignedDuration::from_hours((1_i64 << number.clamp(1, 6)).min(48) / 2)
}

/// The practice's share of a lost chargeback, or of what somebody gave back at the processor, unless that came back from the bank before
/// it was first asked for. After a try without an answer the share may have been taken: it is asked for under the same key, and sent.
pub(super) async fn take_share_back(state: &State, call: &NewCall, is_first: bool) -> anyhow::Result<End> {
    let intent_id = call.intent_id.context("a try")?;
    let mut tx = state.core.begin().await?;
    let given_back = match call.refund_id {
        Some(refund_id) => refund::lock(&mut tx, refund_id).await?,
        None => None,
    };
    let transfer = transfer::find_name(&mut tx, intent_id).await?;
    state.core.commit(tx).await?;
    if is_first && given_back.is_some_and(|it| it.status == RefundStatus::Failed) {
        return Ok(End::Refused("not_wanted".to_owned()));
    }
    let transfer = match transfer {
        Some(known) => Some(known),
        None => learn_name(state, intent_id).await?,
    };
    match transfer {
        Some(transfer) => take(state, call, &transfer).await,
        None => Ok(later(state, call, "no_transfer".to_owned())),
    }
}

/// The processor's name for the share in what a try took, where it was not told with the money.
async fn learn_name(state: &State, intent_id: IntentId) -> anyhow::Result<Option<String>> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let it = intent::lock(&mut tx, intent_id).await?.context("the try")?;
    core.commit(tx).await?;
    let Some(made) = it.processor_intent else { return Ok(None) };
    let Some(name) = state.processor.find_intent(&made).await?.transfer else { return Ok(None) };
    let mut tx = core.begin().await?;
    transfer::keep_name(&mut tx, intent_id, &name, core.now()).await?;
    core.commit(tx).await?;
    Ok(Some(name))
}

/// The bank may have sent the refund back while its share was being taken. To be called where that it was taken is written down: whoever
/// learns of the refund before leaves it to this, and whoever learns of it later sees that.
pub(super) async fn send_if_failed(
    conn: &mut PgConnection,
    core: &Core,
    refund_id: RefundId,
) -> anyhow::Result<()> {
    let payment_id = refund::find_payment_of(conn, refund_id).await?.context("a refund's payment")?;
    let payment = payment::lock_by_id(conn, payment_id).await?.context("a refund's payment")?;
    let it = refund::lock(conn, refund_id).await?.context("a refund that was there")?;
    if let (RefundStatus::Failed, Some(organization_id), false) =
        (it.status, payment.organization_id, payment.is_bulk_billed())
    {
        applying::share::send(conn, core, organization_id, &it).await?;
    }
    Ok(())
}

/// The share that was sent after a refund did not come is taken again.
pub(super) async fn take_sent_share(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let (payment_id, refund_id) =
        (call.payment_id.context("a payment")?, call.refund_id.context("a refund")?);
    let mut conn = state.core.pool.acquire().await?;
    let transfer = sent_share::find_name(&mut conn, payment_id, refund_id).await?;
    drop(conn);
    match transfer {
        Some(transfer) => take(state, call, &transfer).await,
        None => Ok(later(state, call, "not_sent_yet".to_owned())),
    }
}

async fn take(state: &State, call: &NewCall, transfer: &str) -> anyhow::Result<End> {
    let cents = call.amount_cents.context("an amount")?;
    match state.processor.reverse_transfer(&call.idempotency_key, transfer, cents.0).await {
        Ok(()) => Ok(End::Done(Some(transfer.to_owned()))),
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => {
            tracing::error!(transfer, error = %error, "a practice's share was not taken back");
            Ok(later(state, call, error.to_string()))
        }
    }
}

/// What a refund that did not come took of a practice is sent to it.
pub(super) async fn send_share(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let organization_id = call.organization_id.context("a practice")?;
    let (refund_id, cents) = (call.refund_id.context("a refund")?, call.amount_cents.context("an amount")?);
    let mut conn = state.core.pool.acquire().await?;
    let known = practice_account::find(&mut conn, organization_id).await?;
    drop(conn);
    let Some(account) = known.and_then(|known| known.processor_account) else {
        return Ok(End::Refused("no_account".to_owned()));
    };
    let reference = refund_id.to_string();
    match state.processor.send_share(&call.idempotency_key, &reference, &account, cents.0).await {
        Ok(transfer) => Ok(End::Done(Some(transfer))),
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => {
            tracing::error!(refund.id = %refund_id, error = %error, "a practice's share was not sent");
            Ok(later(state, call, error.to_string()))
        }
    }
}

/// It is asked for once more, after a while.
fn later(state: &State, call: &NewCall, why: String) -> End {
    End::PutOff(why, state.core.now() + pause_of_share(call.number()))
}

#[cfg(test)]
mod tests {
    use super::pause_of_share;

    #[test]
    fn a_share_is_asked_for_after_an_hour_and_at_last_once_a_day() {
        let hours = [1, 2, 3, 4, 5, 6, 40].map(|number| pause_of_share(number).as_hours());
        assert_eq!(hours, [1, 2, 4, 8, 16, 24, 24]);
    }
}
