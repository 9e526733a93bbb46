//! Something happened to a booking's money that its payer should read of.

use shared_types::{
    AudCents, BookingId,
    payments::{
        AskedFact, InvoiceFact, PaymentFact, PaymentStatus, PaymentsEvent, RefundReason, pay::InvoiceKind,
    },
};
use sqlx::PgConnection;

use crate::{
    domain::{
        balance_failed, fee_failed,
        locale::Locale,
        message::{Draft, Template},
        money::{self, Payer},
        sender::Sender,
        too_late,
    },
    store,
};

/// The letter, where there is somebody to write to. The version is that of what it is told of.
pub async fn write(
    conn: &mut PgConnection,
    (event, version): (&PaymentsEvent, i64),
    sender: &Sender,
) -> anyhow::Result<Option<Draft>> {
    let booking_id = match event {
        PaymentsEvent::PaymentStepFailed(failed) => Some(failed.booking_id),
        PaymentsEvent::RefundMade(refund) | PaymentsEvent::RefundFailed(refund) => Some(refund.booking_id),
        PaymentsEvent::ChargeAsked(asked) => Some(asked.booking_id),
        PaymentsEvent::InvoiceIssued(invoice) => receipt_of(invoice),
        PaymentsEvent::PaymentStepCompleted { .. }
        | PaymentsEvent::PaymentLapsed { .. }
        | PaymentsEvent::BookingBulkBilled { .. }
        | PaymentsEvent::PaymentChanged(_)
        | PaymentsEvent::ChargebackChanged(_)
        | PaymentsEvent::PayoutChanged(_)
        | PaymentsEvent::PracticeAccountChanged(_)
        | PaymentsEvent::FundingChanged(_)
        | PaymentsEvent::AssignmentChanged(_)
        | PaymentsEvent::ClaimChanged(_)
        | PaymentsEvent::ErasureAnswered(_) => None,
    };
    let Some(booking_id) = booking_id else { return Ok(None) };
    let Some(payer) = store::payer::find(conn, booking_id).await? else { return Ok(None) };
    let locale = store::contact::locale(conn, booking_id).await?;
    Ok(letter(&payer, (event, version), sender, locale)?)
}

/// Another card is there, or has paid: that a price, or the rest of one, could not be charged is not told any more. What is heard of an
/// earlier version than the last one that was settled is old news, and says nothing of it.
pub async fn repaired(conn: &mut PgConnection, booking_id: BookingId, version: i64) -> sqlx::Result<()> {
    let payer = store::payer::find(conn, booking_id).await?;
    if payer.is_some_and(|payer| payer.settled_version < version) {
        let repaired = [Template::PaymentFailed, Template::BalanceFailed];
        store::message::drop_unsent(conn, booking_id, &repaired).await?;
    }
    Ok(())
}

/// A higher price takes the place of one that was asked for before.
pub async fn asked(conn: &mut PgConnection, asked: &AskedFact) -> sqlx::Result<()> {
    store::payer::ask(conn, asked.booking_id, asked.total_cents).await?;
    store::message::drop_unsent(conn, asked.booking_id, &[Template::ChargeAsked]).await
}

/// Nothing is left to collect of a payment that stands there and owes no fee: that one could not be charged is not told any more. Nor is
/// the rest of a price, once a fee is owed instead or no money is kept; nor that a higher price is asked for, once its patient has agreed
/// to it, a fee is owed instead or nothing is charged any more.
pub async fn settled(conn: &mut PgConnection, payment: &PaymentFact, version: i64) -> sqlx::Result<()> {
    let is_settled = match payment.status {
        PaymentStatus::Captured
        | PaymentStatus::PartRefunded
        | PaymentStatus::Refunded
        | PaymentStatus::Voided
        | PaymentStatus::Disputed
        | PaymentStatus::Won
        | PaymentStatus::Lost => true,
        PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired => false,
    };
    if is_settled && payment.fee_owed_cents == AudCents::ZERO {
        store::payer::settle(conn, payment.booking_id, version).await?;
        store::message::drop_unsent(conn, payment.booking_id, &[Template::FeeFailed]).await?;
    }
    let owes_fee = payment.fee_owed_cents > AudCents::ZERO;
    if owes_fee || !payment.status.keeps_money() {
        store::message::drop_unsent(conn, payment.booking_id, &[Template::BalanceFailed]).await?;
    }
    let is_charged = match payment.status {
        PaymentStatus::NotRequired | PaymentStatus::Voided | PaymentStatus::Refunded => false,
        PaymentStatus::Awaiting
        | PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Captured
        | PaymentStatus::PartRefunded
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Disputed
        | PaymentStatus::Won
        | PaymentStatus::Lost => true,
    };
    let is_over = owes_fee || !is_charged;
    if is_over || store::payer::is_agreed(conn, payment.booking_id, payment.total_cents).await? {
        store::message::drop_unsent(conn, payment.booking_id, &[Template::ChargeAsked]).await?;
    }
    Ok(())
}

/// Which booking a document is a receipt for. Of an adjustment note the refund's own letter tells.
fn receipt_of(invoice: &InvoiceFact) -> Option<BookingId> {
    match invoice.kind {
        InvoiceKind::TaxInvoice => invoice.booking_id,
        InvoiceKind::AdjustmentNote | InvoiceKind::ReversalNote | InvoiceKind::PlatformInvoice => None,
    }
}

fn letter(
    payer: &Payer,
    (event, version): (&PaymentsEvent, i64),
    sender: &Sender,
    locale: Locale,
) -> askama::Result<Option<Draft>> {
    Ok(match event {
        // Who has not finished booking sees it on the page.
        PaymentsEvent::PaymentStepFailed(_)
        | PaymentsEvent::ChargeAsked(_)
        | PaymentsEvent::InvoiceIssued(_)
            if !payer.is_booked =>
        {
            None
        }
        PaymentsEvent::PaymentStepFailed(failed) => match (failed.fee, failed.balance) {
            (Some(_), _) | (None, Some(_)) if version <= payer.settled_version => None,
            (Some(fee), _) => Some(fee_failed::write(payer, (failed, fee), sender, locale)?),
            (None, Some(balance)) => Some(balance_failed::write(payer, (failed, balance), sender, locale)?),
            (None, None) => Some(money::failed(payer, failed, sender, locale)?),
        },
        PaymentsEvent::RefundMade(refund) if refund.reason == RefundReason::TooLate && !payer.is_booked => {
            Some(too_late::write(payer, refund, sender, locale)?)
        }
        PaymentsEvent::RefundMade(refund) => Some(money::refunded(payer, refund, sender, locale)?),
        PaymentsEvent::RefundFailed(refund) => Some(money::not_refunded(payer, refund, sender, locale)?),
        PaymentsEvent::ChargeAsked(asked) => Some(money::asked(payer, asked, sender, locale)?),
        PaymentsEvent::InvoiceIssued(invoice) => Some(money::invoiced(payer, invoice, sender, locale)?),
        PaymentsEvent::PaymentStepCompleted { .. }
        | PaymentsEvent::PaymentLapsed { .. }
        | PaymentsEvent::BookingBulkBilled { .. }
        | PaymentsEvent::PaymentChanged(_)
        | PaymentsEvent::ChargebackChanged(_)
        | PaymentsEvent::PayoutChanged(_)
        | PaymentsEvent::PracticeAccountChanged(_)
        | PaymentsEvent::FundingChanged(_)
        | PaymentsEvent::AssignmentChanged(_)
        | PaymentsEvent::ClaimChanged(_)
        | PaymentsEvent::ErasureAnswered(_) => None,
    })
}
