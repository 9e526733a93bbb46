//! Money, for practices: one function per endpoint. Paths are for fetching and, where they end in `pdf` or `csv`, for links.

use jiff::civil::Date;
use shared_types::{
    BookingId, InvoiceId, OrganizationId, PaymentId, PayoutId, Problem,
    payments::{
        practice::{
            AskForCharge, Onboarding, PracticeAccount, PracticeRefund, PutPracticeAccount, RefundPayment,
        },
        unpaid::AskedAgain,
    },
};

use super::{ApiClient, Method, money::with_cursor};

fn practice(organization_id: OrganizationId, rest: &str) -> String {
    format!("/api/v1/payments/practices/{organization_id}{rest}")
}

/// `PracticeAccount`.
pub fn find_practice_account(organization_id: OrganizationId) -> String {
    practice(organization_id, "/account")
}

/// `Fees`.
pub fn find_fees(organization_id: OrganizationId) -> String {
    practice(organization_id, "/fees")
}

/// `Page<Transaction>`: those from a day on and before another, the latest first.
pub fn list_transactions(
    organization_id: OrganizationId,
    (from, until): (Date, Date),
    cursor: Option<&str>,
) -> String {
    let path = practice(organization_id, &format!("/transactions?from={from}&until={until}"));
    match cursor {
        Some(cursor) => format!("{path}&cursor={}", super::segment(cursor)),
        None => path,
    }
}

/// The same as a file.
pub fn export_transactions(organization_id: OrganizationId, (from, until): (Date, Date)) -> String {
    practice(organization_id, &format!("/transactions/csv?from={from}&until={until}"))
}

/// `Page<UnpaidPayment>`: what no card was charged for, the latest visit first.
pub fn list_unpaid_payments(organization_id: OrganizationId, cursor: Option<&str>) -> String {
    with_cursor(&practice(organization_id, "/unpaid"), cursor)
}

/// `FeeStanding`: what became of the fee for cancelling a booking late or not coming to it.
pub fn find_fee(organization_id: OrganizationId, booking_id: BookingId) -> String {
    practice(organization_id, &format!("/bookings/{booking_id}/fee"))
}

/// `Statement`: a month of what a practice is owed; `2026-11`.
pub fn find_statement(organization_id: OrganizationId, month: &str) -> String {
    practice(organization_id, &format!("/statement?month={month}"))
}

/// `Page<Payout>`.
pub fn list_payouts(organization_id: OrganizationId, cursor: Option<&str>) -> String {
    with_cursor(&practice(organization_id, "/payouts"), cursor)
}

/// A payout's lines as a file.
pub fn export_payout(organization_id: OrganizationId, payout_id: PayoutId) -> String {
    practice(organization_id, &format!("/payouts/{payout_id}/csv"))
}

/// `Page<Invoice>`: what a practice issued, and what the platform issued to it.
pub fn list_practice_invoices(organization_id: OrganizationId, cursor: Option<&str>) -> String {
    with_cursor(&practice(organization_id, "/invoices"), cursor)
}

/// One of them as a file.
pub fn print_practice_invoice(organization_id: OrganizationId, invoice_id: InvoiceId) -> String {
    practice(organization_id, &format!("/invoices/{invoice_id}/pdf"))
}

/// `Page<Chargeback>`: the practice's own.
pub fn list_practice_chargebacks(organization_id: OrganizationId, cursor: Option<&str>) -> String {
    with_cursor(&practice(organization_id, "/chargebacks"), cursor)
}

/// Writes what stands on a practice's invoices, as last seen.
///
/// # Errors
/// `/problems/invalid`, `/problems/stale-version`.
pub async fn put_practice_account(
    client: &ApiClient,
    organization_id: OrganizationId,
    account: &PutPracticeAccount,
) -> Result<PracticeAccount, Problem> {
    client.send(Method::Put, &find_practice_account(organization_id), Some(account), None).await
}

/// Opens the processor's page for a practice. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/practice-not-ready`, `/problems/processor-unavailable`.
pub async fn start_onboarding(
    client: &ApiClient,
    organization_id: OrganizationId,
    key: String,
) -> Result<Onboarding, Problem> {
    client.send(Method::Post, &practice(organization_id, "/account/onboarding"), None::<&()>, Some(key)).await
}

/// Gives a patient money back. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/too-much`, `/problems/invalid`.
pub async fn refund_payment(
    client: &ApiClient,
    organization_id: OrganizationId,
    payment_id: PaymentId,
    refund: &RefundPayment,
    key: String,
) -> Result<PracticeRefund, Problem> {
    let path = practice(organization_id, &format!("/payments/{payment_id}/refunds"));
    client.send(Method::Post, &path, Some(refund), Some(key)).await
}

/// Asks a patient to agree to a higher price. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid` where it is not more than was agreed to or has no reason, `/problems/wrong-state`.
pub async fn ask_for_charge(
    client: &ApiClient,
    organization_id: OrganizationId,
    payment_id: PaymentId,
    asked: &AskForCharge,
    key: String,
) -> Result<(), Problem> {
    let path = practice(organization_id, &format!("/payments/{payment_id}/charge"));
    client.send(Method::Post, &path, Some(asked), Some(key)).await
}

/// Asks once more for what no card was charged for. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/asked-already` until a day is over, `/problems/already-paid` while a card is asked, `/problems/bulk-billed`,
/// `/problems/wrong-state`.
pub async fn ask_again_for_payment(
    client: &ApiClient,
    organization_id: OrganizationId,
    payment_id: PaymentId,
    key: String,
) -> Result<AskedAgain, Problem> {
    let path = practice(organization_id, &format!("/payments/{payment_id}/ask-again"));
    client.send(Method::Post, &path, None::<&()>, Some(key)).await
}

/// `VisitToBulkBill`: whether a visit can be bulk billed instead, or how far that is.
pub fn find_bulk_billing_instead(organization_id: OrganizationId, booking_id: BookingId) -> String {
    practice(organization_id, &format!("/bookings/{booking_id}/bulk-bill"))
}

/// Bulk bills a visit that was to be paid for. What was paid goes back first. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/bulk-billed`, `/problems/already-claimed`, `/problems/refund-under-way`, `/problems/no-item`,
/// `/problems/no-provider-number`, `/problems/wrong-state`.
pub async fn move_to_bulk_billing(
    client: &ApiClient,
    organization_id: OrganizationId,
    payment_id: PaymentId,
    key: String,
) -> Result<(), Problem> {
    let path = practice(organization_id, &format!("/payments/{payment_id}/bulk-bill"));
    client.send(Method::Post, &path, None::<&()>, Some(key)).await
}
