//! A practice's share in a refund that did not come. The processor took it of what was passed on at first and leaves it with the platform, so
//! it is sent to the practice; and the next refund, or a bank that takes the money, takes it again, as far as what was passed on at first does
//! not reach for that.

use anyhow::Context as _;
use kernel::Core;
use shared_types::{
    AudCents, IntentId, OrganizationId, PaymentId, RefundId, payments::practice::PostingCause,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    domain::ledger::Account,
    store::{
        ledger,
        processor_call::{self, NewCall, Operation},
        refund::{self, Refund},
        sent_share, transfer,
    },
};

/// Sends what a refund that did not come took of a practice, the platform's fee in it as the ledger had it. Once for each refund.
///
/// # Errors
/// When a table cannot be changed.
pub async fn send(
    conn: &mut PgConnection,
    core: &Core,
    organization_id: OrganizationId,
    failed: &Refund,
) -> anyhow::Result<()> {
    let share = match ledger::find(conn, PostingCause::Refund, failed.refund_id.0).await? {
        Some(booked) => booked.change_of(Account::practice_balance(organization_id)),
        // It never arrived; the share went all the same.
        None => AudCents(failed.transfer_reversed_cents.0 - failed.fee_reversed_cents.0),
    };
    if share > AudCents::ZERO {
        let cause = (failed.payment_id, failed.intent_id, failed.refund_id.0);
        let call = NewCall {
            organization_id: Some(organization_id),
            ..call_of(Operation::SendShare, cause, failed.refund_id, share)
        };
        processor_call::enqueue(conn, core, call).await?;
    }
    Ok(())
}

/// Takes again what was sent, as far as the processor could not take a refund's share of what was passed on at first. To be called once the
/// refund is made.
///
/// # Errors
/// When a table cannot be changed.
pub async fn take_again(conn: &mut PgConnection, core: &Core, made: &Refund) -> anyhow::Result<()> {
    let sent = sent_share::of_intent(conn, made.payment_id, made.intent_id).await?;
    if sent.is_empty() {
        return Ok(());
    }
    let whole =
        transfer::find_whole(conn, made.intent_id).await?.context("a share that was sent is of one")?;
    let others = refund::of_payment(conn, made.payment_id).await?;
    let before = others.iter().filter(|other| {
        let is_other = other.intent_id == made.intent_id && other.refund_id != made.refund_id;
        is_other && other.processor_refund.is_some()
    });
    let before = before.map(|other| (other.transfer_reversed_cents, other.fee_reversed_cents));
    let left =
        beyond(whole, &before.collect::<Vec<_>>(), (made.transfer_reversed_cents, made.fee_reversed_cents));
    take_of(conn, core, sent, left, (made.payment_id, made.intent_id, made.refund_id.0)).await
}

/// How much of the share that a bank took can be taken of what was passed on at first. What refunds that did not come took of that was sent
/// since: the rest is taken of it.
///
/// # Errors
/// When a table cannot be changed.
pub async fn take_beyond(
    conn: &mut PgConnection,
    core: &Core,
    (payment_id, intent_id, cause): Cause,
    share: AudCents,
) -> anyhow::Result<AudCents> {
    let sent = sent_share::of_intent(conn, payment_id, intent_id).await?;
    if sent.is_empty() {
        return Ok(share);
    }
    let (whole, _) =
        transfer::find_whole(conn, intent_id).await?.context("a share that was sent is of one")?;
    let made = refund::of_payment(conn, payment_id).await?;
    let made = made.iter().filter(|it| it.intent_id == intent_id && it.processor_refund.is_some());
    let gone: i64 = made.map(|it| it.transfer_reversed_cents.0).sum();
    let first = share.min(AudCents((whole.0 - gone).max(0)));
    take_of(conn, core, sent, AudCents(share.0 - first.0), (payment_id, intent_id, cause)).await?;
    Ok(first)
}

/// Of which payment and try a share is taken, and because of what.
type Cause = (PaymentId, IntentId, Uuid);

/// Takes so much of shares that were sent, as far as they reach.
async fn take_of(
    conn: &mut PgConnection,
    core: &Core,
    sent: Vec<(RefundId, AudCents)>,
    mut left: AudCents,
    cause: Cause,
) -> anyhow::Result<()> {
    for (refund_id, of_it) in sent {
        let cents = of_it.min(left);
        if cents > AudCents::ZERO {
            left = AudCents(left.0 - cents.0);
            let call = call_of(Operation::TakeSentShare, cause, refund_id, cents);
            // One refund may take of several.
            let key = format!("{}_{refund_id}", call.idempotency_key);
            processor_call::enqueue(conn, core, NewCall { idempotency_key: key, ..call }).await?;
        }
    }
    Ok(())
}

/// What of a refund's share, without the fee in it, is beyond what the processor had left of the whole. Each of those before took its part,
/// or what was left, whether it came or not.
fn beyond(
    whole: (AudCents, AudCents),
    before: &[(AudCents, AudCents)],
    now: (AudCents, AudCents),
) -> AudCents {
    let of = |whole: AudCents, before: i64, now: AudCents| (before.min(whole.0) + now.0 - whole.0).max(0);
    let gross = of(whole.0, before.iter().map(|(gross, _)| gross.0).sum(), now.0);
    let fee = of(whole.1, before.iter().map(|(_, fee)| fee.0).sum(), now.1);
    AudCents((gross - fee).max(0))
}

/// A call about the share that went with `of`.
fn call_of(
    operation: Operation,
    (payment_id, intent_id, cause): Cause,
    of: RefundId,
    cents: AudCents,
) -> NewCall {
    NewCall {
        payment_id: Some(payment_id),
        intent_id: Some(intent_id),
        refund_id: Some(of),
        amount_cents: Some(cents),
        ..NewCall::about(operation, cause)
    }
}

#[cfg(test)]
mod tests {
    use shared_types::AudCents;

    use super::beyond;

    /// Of $110 with a fee of $5.50, after these refunds, whether they came or not.
    fn left_out(before: &[(i64, i64)], now: (i64, i64)) -> i64 {
        let cents = |(gross, fee): (i64, i64)| (AudCents(gross), AudCents(fee));
        let before: Vec<_> = before.iter().copied().map(cents).collect();
        beyond(cents((11_000, 550)), &before, cents(now)).0
    }

    #[test]
    fn a_refund_is_beyond_the_share_by_what_went_in_vain() {
        assert_eq!(left_out(&[], (11_000, 550)), 0);
        assert_eq!(left_out(&[(333, 16)], (333, 16)), 0);
        assert_eq!(left_out(&[(333, 16), (333, 16)], (10_667, 534)), 317);
        assert_eq!(left_out(&[(11_000, 550)], (11_000, 550)), 10_450);
        assert_eq!(left_out(&[(11_000, 550), (11_000, 550)], (5_500, 275)), 5_225);
    }
}
