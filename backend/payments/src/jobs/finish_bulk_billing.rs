//! Brings bookings to bulk billing that a practice wants there: what is held or planned is let go, a page to pay on is closed, what was
//! paid goes back, and once that is done nothing is charged any more (C-52), which bookings is told. Where a refund fails, it is charged
//! for as before. Every ten seconds, fifty at a time; what waits for the processor is looked at again.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use kernel::Core;
use shared_types::{
    AudCents, PaymentId,
    payments::{IntentStatus, PaymentStatus, RefundReason, RefundStatus},
};
use sqlx::PgConnection;

use crate::{
    domain::payment::{Change, Payment, TakenBy},
    refunding::{self, NewRefund, begin_refund},
    settle::settle,
    store::{
        bulk_bill, chargeback, intent, payment,
        refund::{self, RequestedAs},
    },
};

const BATCH: i64 = 50;

/// One batch. Says how many are there now.
///
/// # Errors
/// When a table cannot be changed.
pub async fn finish_bulk_billing(core: &Core) -> Result<u64> {
    let mut conn = core.pool.acquire().await?;
    let waiting = bulk_bill::waiting(&mut conn, BATCH).await?;
    drop(conn);
    let mut done = 0;
    for payment_id in waiting {
        let mut tx = core.begin().await?;
        let is_there = bring(&mut tx, core, payment_id).await;
        match is_there.with_context(|| format!("bringing payment {payment_id} to bulk billing")) {
            Ok(is_there) => {
                core.commit(tx).await?;
                done += u64::from(is_there);
            }
            Err(error) => {
                tx.rollback().await?;
                tracing::warn!(error = format!("{error:#}"), "a payment is not bulk billed yet");
            }
        }
    }
    Ok(done)
}

/// The next step of one. Says whether it is there.
async fn bring(conn: &mut PgConnection, core: &Core, payment_id: PaymentId) -> Result<bool> {
    let Some(payment) = payment::lock_by_id(conn, payment_id).await? else { return Ok(false) };
    // Whoever held the lock may have brought it there, or failed.
    let Some(asked_at) = bulk_bill::asked_at(conn, payment_id).await? else { return Ok(false) };
    match payment.status {
        PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won => {
            give_back(conn, core, &payment, asked_at).await?;
            Ok(false)
        }
        PaymentStatus::Authorised
        | PaymentStatus::CardSaved
        | PaymentStatus::Awaiting
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired => {
            settle(conn, core, payment, Change::LetGo, TakenBy::Practice).await?;
            Ok(false)
        }
        PaymentStatus::NotRequired | PaymentStatus::Refunded | PaymentStatus::Voided => {
            let is_open = has_open_try(conn, payment_id).await?;
            if !is_open && payment.refunding_cents == AudCents::ZERO {
                settle(conn, core, payment, Change::BulkBilled, TakenBy::Practice).await?;
            }
            Ok(!is_open)
        }
        // A bank has the money, or it is the cardholder's already.
        PaymentStatus::Disputed | PaymentStatus::Lost => Ok(false),
    }
}

/// Everything that is kept, and once more where money was taken since. Nothing is kept while it is on its way, so that nothing goes back
/// twice. What a bank did not take is not sent for ever, and what a bank keeps of one charge cannot be sent: then the practice decides
/// anew, and nothing of the others has gone back in vain.
async fn give_back(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    asked_at: Timestamp,
) -> Result<()> {
    let refunds = refund::of_payment(conn, payment.payment_id).await?;
    let mut of_this_wish =
        refunds.iter().filter(|it| it.reason == RefundReason::BulkBilled && it.created_at >= asked_at);
    if of_this_wish.any(|it| it.status == RefundStatus::Failed) {
        return Ok(bulk_bill::fail(conn, payment.payment_id, core.now()).await?);
    }
    let kept = payment.kept_cents();
    if kept <= AudCents::ZERO {
        return Ok(());
    }
    if refunding::left(conn, payment).await? < kept {
        // What a bank has not decided about may come back, and is waited for.
        if !chargeback::is_undecided(conn, payment.payment_id).await? {
            bulk_bill::fail(conn, payment.payment_id, core.now()).await?;
        }
        return Ok(());
    }
    let refund = NewRefund {
        cause_id: core.id(),
        amount: kept,
        reason: RefundReason::BulkBilled,
        note: None,
        requested_as: RequestedAs::Rule,
        requested_by: None,
    };
    begin_refund(conn, core, payment, refund).await?;
    Ok(())
}

/// Whether the processor still works on a try, or holds money by one.
async fn has_open_try(conn: &mut PgConnection, payment_id: PaymentId) -> Result<bool> {
    let tries = intent::of_payment(conn, payment_id).await?;
    Ok(tries.iter().any(|one| match one.status {
        IntentStatus::Created
        | IntentStatus::PageOpen
        | IntentStatus::NeedsAuthentication
        | IntentStatus::Processing
        | IntentStatus::Authorised => true,
        IntentStatus::Saved
        | IntentStatus::Captured
        | IntentStatus::Failed
        | IntentStatus::Expired
        | IntentStatus::Voided => false,
    }))
}
