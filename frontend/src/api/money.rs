//! Money, for patients with an account, for practices and for administrators: one function per endpoint. Paths are for fetching and,
//! where they end in `pdf` or `csv`, for links.

use jiff::civil::Date;
use shared_types::{
    BookingId, ChargebackId, DifferenceId, InvoiceId, OrganizationId, PaymentId, PayoutHoldId, PayoutId,
    Problem, ProcessorCallId, ReconciliationId, RefundId, SavedCardId,
    page::Page,
    payments::{
        pay::{AddCard, Checkout},
        platform::{
            ChargebackCase, CloseDifference, DecideRefund, Difference, FindPayments, FoundPayment,
            HoldPayouts, PayoutHold, PlatformRefund, PutEvidence, Reconciliation, RefusedShare,
            ReleasePayouts, RequestRefund, StartReconciliation,
        },
        practice::{
            AskForCharge, Onboarding, PracticeAccount, PracticeRefund, PutPracticeAccount, RefundPayment,
        },
        unpaid::AskedAgain,
    },
};

use super::{ApiClient, Method};

const PLATFORM: &str = "/api/v1/payments/platform";

/// `SavedCards`.
pub const CARDS: &str = "/api/v1/payments/me/cards";

/// `Page<PaymentStanding>`: what somebody paid.
pub fn list_my_payments(cursor: Option<&str>) -> String {
    with_cursor("/api/v1/payments/me/payments", cursor)
}

/// `Page<PatientRefund>`: what of a booking's money went back, or is on its way; the earliest first.
pub fn list_refunds(booking_id: BookingId) -> String {
    format!("/api/v1/payments/bookings/{booking_id}/refunds")
}

/// `Page<Invoice>`: a booking's documents.
pub fn list_invoices(booking_id: BookingId) -> String {
    format!("/api/v1/payments/bookings/{booking_id}/invoices")
}

/// One of them as a file.
pub fn print_invoice(booking_id: BookingId, invoice_id: InvoiceId) -> String {
    format!("{}/{invoice_id}/pdf", list_invoices(booking_id))
}

/// Opens the page on which a card is given. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid` when the text has changed, `/problems/processor-unavailable`.
pub async fn add_card(client: &ApiClient, card: &AddCard, key: String) -> Result<Checkout, Problem> {
    client.send(Method::Post, CARDS, Some(card), Some(key)).await
}

/// Has a card forgotten.
///
/// # Errors
/// `/problems/card-in-use`, 404.
pub async fn delete_card(client: &ApiClient, saved_card_id: SavedCardId) -> Result<(), Problem> {
    client.send(Method::Delete, &format!("{CARDS}/{saved_card_id}"), None::<&()>, None).await
}

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

/// `PlatformStatement`: a month of the platform's accounts; `2026-11`.
pub fn find_platform_statement(month: &str) -> String {
    format!("{PLATFORM}/statement?month={month}")
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

/// Looks for payments by one thing that is known of them. It is sent in a body, so that no address has it.
///
/// # Errors
/// `/problems/invalid`.
pub async fn search_platform_payments(
    client: &ApiClient,
    wanted: &FindPayments,
) -> Result<Page<FoundPayment>, Problem> {
    client.send(Method::Post, &format!("{PLATFORM}/payments/search"), Some(wanted), None).await
}

/// `PlatformPayment`: a payment with all that became of it.
pub fn find_platform_payment(payment_id: PaymentId) -> String {
    format!("{PLATFORM}/payments/{payment_id}")
}

/// `Page<PlatformRefund>`: those that wait for a second administrator.
pub fn list_waiting_refunds(cursor: Option<&str>) -> String {
    let path = format!("{PLATFORM}/refunds?status=awaiting_approval");
    match cursor {
        Some(cursor) => format!("{path}&cursor={}", super::segment(cursor)),
        None => path,
    }
}

/// Asks for a refund. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/too-much`, `/problems/invalid`, 404.
pub async fn request_refund(
    client: &ApiClient,
    payment_id: PaymentId,
    refund: &RequestRefund,
    key: String,
) -> Result<PlatformRefund, Problem> {
    let path = format!("{}/refunds", find_platform_payment(payment_id));
    client.send(Method::Post, &path, Some(refund), Some(key)).await
}

/// Agrees to a refund that waits, or does not. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/same-person`, `/problems/wrong-state`, `/problems/too-much`.
pub async fn decide_refund(
    client: &ApiClient,
    refund_id: RefundId,
    decision: DecideRefund,
    key: String,
) -> Result<PlatformRefund, Problem> {
    let path = format!("{PLATFORM}/refunds/{refund_id}/decide");
    client.send(Method::Post, &path, Some(&decision), Some(key)).await
}

/// `Page<Chargeback>`.
pub fn list_chargebacks(cursor: Option<&str>) -> String {
    with_cursor(&format!("{PLATFORM}/chargebacks"), cursor)
}

/// `ChargebackCase`.
pub fn find_chargeback(chargeback_id: ChargebackId) -> String {
    format!("{PLATFORM}/chargebacks/{chargeback_id}")
}

/// Replaces what is to be sent to a bank, as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/too-late`, `/problems/wrong-state`.
pub async fn put_evidence(
    client: &ApiClient,
    chargeback_id: ChargebackId,
    evidence: &PutEvidence,
) -> Result<ChargebackCase, Problem> {
    let path = format!("{}/evidence", find_chargeback(chargeback_id));
    client.send(Method::Put, &path, Some(evidence), None).await
}

/// Has it sent. The key makes a repeat harmless.
///
/// # Errors
/// As [`put_evidence`].
pub async fn submit_evidence(
    client: &ApiClient,
    chargeback_id: ChargebackId,
    key: String,
) -> Result<ChargebackCase, Problem> {
    let path = format!("{}/submit", find_chargeback(chargeback_id));
    client.send(Method::Post, &path, None::<&()>, Some(key)).await
}

/// `Page<PayoutHold>`.
pub fn list_payout_holds(cursor: Option<&str>) -> String {
    with_cursor(&format!("{PLATFORM}/payout-holds"), cursor)
}

/// `Page<NegativeBalance>`: practices that owe.
pub fn list_negative_balances() -> String {
    format!("{PLATFORM}/balances")
}

/// `Page<RefusedShare>`: practices' shares that the card processor refused to move.
pub fn list_refused_shares() -> String {
    format!("{PLATFORM}/shares")
}

/// Has the card processor asked for one at once. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state` once it is moved, 404.
pub async fn ask_again_for_share(
    client: &ApiClient,
    processor_call_id: ProcessorCallId,
    key: String,
) -> Result<RefusedShare, Problem> {
    let path = format!("{}/{processor_call_id}/ask-again", list_refused_shares());
    client.send(Method::Post, &path, None::<&()>, Some(key)).await
}

/// Holds a practice's payouts. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state` while they are held, `/problems/practice-not-ready`, `/problems/invalid`.
pub async fn hold_payouts(
    client: &ApiClient,
    hold: &HoldPayouts,
    key: String,
) -> Result<PayoutHold, Problem> {
    client.send(Method::Post, &list_payout_holds(None), Some(hold), Some(key)).await
}

/// Lets payouts go on. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state`, `/problems/invalid`.
pub async fn release_payouts(
    client: &ApiClient,
    payout_hold_id: PayoutHoldId,
    release: &ReleasePayouts,
    key: String,
) -> Result<PayoutHold, Problem> {
    let path = format!("{}/{payout_hold_id}/release", list_payout_holds(None));
    client.send(Method::Post, &path, Some(release), Some(key)).await
}

/// `Page<Reconciliation>`.
pub fn list_reconciliations(cursor: Option<&str>) -> String {
    with_cursor(&format!("{PLATFORM}/reconciliations"), cursor)
}

/// `ReconciliationReport`: one of them with its differences.
pub fn find_reconciliation(reconciliation_id: ReconciliationId) -> String {
    format!("{PLATFORM}/reconciliations/{reconciliation_id}")
}

/// Closes a difference that waits for somebody. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state` once it is closed, `/problems/invalid`, 404.
pub async fn close_difference(
    client: &ApiClient,
    (reconciliation_id, difference_id): (ReconciliationId, DifferenceId),
    close: &CloseDifference,
    key: String,
) -> Result<Difference, Problem> {
    let path = format!("{}/differences/{difference_id}/close", find_reconciliation(reconciliation_id));
    client.send(Method::Post, &path, Some(close), Some(key)).await
}

/// Starts a comparison with the processor. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state` while one runs.
pub async fn start_reconciliation(
    client: &ApiClient,
    wanted: StartReconciliation,
    key: String,
) -> Result<Reconciliation, Problem> {
    client.send(Method::Post, &list_reconciliations(None), Some(&wanted), Some(key)).await
}

/// A list from where its last page ended.
pub(super) fn with_cursor(path: &str, cursor: Option<&str>) -> String {
    match cursor {
        Some(cursor) => format!("{path}?cursor={}", super::segment(cursor)),
        None => path.to_owned(),
    }
}
