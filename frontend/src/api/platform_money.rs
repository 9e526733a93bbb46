//! Money, for administrators: one function per endpoint.

use shared_types::{
    ChargebackId, DifferenceId, PaymentId, PayoutHoldId, Problem, ProcessorCallId, ReconciliationId,
    RefundId,
    page::Page,
    payments::platform::{
        ChargebackCase, CloseDifference, DecideRefund, Difference, FindPayments, FoundPayment, HoldPayouts,
        PayoutHold, PlatformRefund, PutEvidence, Reconciliation, RefusedShare, ReleasePayouts, RequestRefund,
        StartReconciliation,
    },
};

use super::{ApiClient, Method, money::with_cursor};

const PLATFORM: &str = "/api/v1/payments/platform";

/// `PlatformStatement`: a month of the platform's accounts; `2026-11`.
pub fn find_platform_statement(month: &str) -> String {
    format!("{PLATFORM}/statement?month={month}")
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

/// `Page<RefusedShare>`: practices' shares that the card processor has not moved.
pub fn list_refused_shares(cursor: Option<&str>) -> String {
    with_cursor(&format!("{PLATFORM}/shares"), cursor)
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
    let path = format!("{PLATFORM}/shares/{processor_call_id}/ask-again");
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
