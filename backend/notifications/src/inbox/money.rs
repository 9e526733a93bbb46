//! Something happened to a booking's money that its payer should read of.

use shared_types::{
    BookingId,
    payments::{InvoiceFact, PaymentsEvent, pay::InvoiceKind},
};
use sqlx::PgConnection;

use crate::{
    domain::{
        message::Draft,
        money::{self, Payer},
        sender::Sender,
    },
    store,
};

/// The letter, where there is somebody to write to.
pub async fn write(
    conn: &mut PgConnection,
    event: &PaymentsEvent,
    sender: &Sender,
) -> anyhow::Result<Option<Draft>> {
    let booking_id = match event {
        PaymentsEvent::PaymentStepFailed(failed) => Some(failed.booking_id),
        PaymentsEvent::RefundMade(refund) => Some(refund.booking_id),
        PaymentsEvent::ChargeAsked(asked) => Some(asked.booking_id),
        PaymentsEvent::InvoiceIssued(invoice) => receipt_of(invoice),
        PaymentsEvent::PaymentStepCompleted { .. }
        | PaymentsEvent::PaymentLapsed { .. }
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
    // Who has not finished booking sees it on the page.
    let Some(payer) = store::payer::find(conn, booking_id).await? else { return Ok(None) };
    Ok(letter(&payer, event, sender)?)
}

/// Which booking a document is a receipt for. Of an adjustment note the refund's own letter tells.
fn receipt_of(invoice: &InvoiceFact) -> Option<BookingId> {
    match invoice.kind {
        InvoiceKind::TaxInvoice => invoice.booking_id,
        InvoiceKind::AdjustmentNote | InvoiceKind::PlatformInvoice => None,
    }
}

fn letter(payer: &Payer, event: &PaymentsEvent, sender: &Sender) -> askama::Result<Option<Draft>> {
    Ok(match event {
        PaymentsEvent::PaymentStepFailed(failed) => Some(money::failed(payer, failed, sender)?),
        PaymentsEvent::RefundMade(refund) => Some(money::refunded(payer, refund, sender)?),
        PaymentsEvent::ChargeAsked(asked) => Some(money::asked(payer, asked, sender)?),
        PaymentsEvent::InvoiceIssued(invoice) => Some(money::invoiced(payer, invoice, sender)?),
        PaymentsEvent::PaymentStepCompleted { .. }
        | PaymentsEvent::PaymentLapsed { .. }
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
