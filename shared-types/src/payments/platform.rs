//! What the platform's administrators do about money. `{a}` stands for `/api/v1/payments/platform`; all of it is for
//! administrators, every act is audited, and every POST but the search carries an idempotency key.
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | POST `{a}/payments/search` | `search_platform_payments` | [`FindPayments`] → `Page<FoundPayment>` |
//! | GET `{a}/payments/{payment_id}` | `find_platform_payment` | → [`PlatformPayment`] |
//! | POST `{a}/payments/{payment_id}/refunds` | `request_refund` | [`RequestRefund`] → 201 [`PlatformRefund`] |
//! | GET `{a}/refunds` | `list_platform_refunds` | `?status=&cursor=` → `Page<PlatformRefund>` |
//! | POST `{a}/refunds/{refund_id}/decide` | `decide_refund` | [`DecideRefund`] → [`PlatformRefund`] |
//! | GET `{a}/chargebacks` | `list_chargebacks` | `?cursor=` → `Page<Chargeback>`, those to answer, the earliest limit first |
//! | GET `{a}/chargebacks/{chargeback_id}` | `find_chargeback` | → [`ChargebackCase`] |
//! | PUT `{a}/chargebacks/{chargeback_id}/evidence` | `put_evidence` | [`PutEvidence`] → [`ChargebackCase`] |
//! | POST `{a}/chargebacks/{chargeback_id}/submit` | `submit_evidence` | → [`ChargebackCase`] |
//! | GET `{a}/payout-holds` | `list_payout_holds` | `?cursor=` → `Page<PayoutHold>`, the open ones first, then the latest |
//! | POST `{a}/payout-holds` | `hold_payouts` | [`HoldPayouts`] → 201 [`PayoutHold`] |
//! | POST `{a}/payout-holds/{payout_hold_id}/release` | `release_payouts` | [`ReleasePayouts`] → [`PayoutHold`] |
//! | GET `{a}/balances` | `list_negative_balances` | → `Page<NegativeBalance>` |
//! | GET `{a}/shares` | `list_refused_shares` | `?cursor=` → `Page<RefusedShare>`, the earliest first |
//! | POST `{a}/shares/{processor_call_id}/ask-again` | `ask_again_for_share` | → [`RefusedShare`] |
//! | GET `{a}/reconciliations` | `list_reconciliations` | `?cursor=` → `Page<Reconciliation>`, the latest first |
//! | POST `{a}/reconciliations` | `start_reconciliation` | [`StartReconciliation`] → 202 [`Reconciliation`] |
//! | GET `{a}/reconciliations/{reconciliation_id}` | `find_reconciliation` | → [`ReconciliationReport`] |
//! | POST `{a}/reconciliations/{reconciliation_id}/differences/{difference_id}/close` | `close_difference` | [`CloseDifference`] → [`Difference`] |
//! | GET `{a}/statement` | `find_platform_statement` | `?month=` → [`PlatformStatement`] |
//!
//! The processor itself calls POST `/api/v1/payments/processor/webhook` (`receive_processor_webhook`, Public by its signature on
//! the raw bytes; 204, 400 `signature`).
//!
//! Problems: 409 `same-person` (who asked cannot agree), 409 `wrong-state`, 409 `too-much`, 409 `too-late`, 412 `stale-version`.

mod comparing;
mod finding;
mod shares;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    practice::{AccountKind, PostingCause},
    state::{
        ChargebackStatus, IntentKind, IntentPurpose, IntentStatus, PaymentStatus, RefundReason, RefundStatus,
    },
};
use crate::{
    AccountId, AudCents, BookingId, ChargebackId, IntentId, OrganizationId, PaymentId, PayoutHoldId,
    RefundId,
    personal::{Personal, PersonalData},
};

pub use self::{
    comparing::{
        CloseDifference, Difference, DifferenceAction, DifferenceClosed, DifferenceKind, Reconciliation,
        ReconciliationReport, ReconciliationStatus, StartReconciliation,
    },
    finding::{FindPayments, FoundPayment, OBJECT_NAME},
    shares::{RefusedShare, ShareMove},
};

/// A payment with its tries, for who has to find out what happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlatformPayment {
    /// Which.
    pub payment_id: PaymentId,
    /// For which booking.
    pub booking_id: BookingId,
    /// Who is paid.
    pub organization_id: Option<OrganizationId>,
    /// What they are called on documents.
    pub legal_name: Option<String>,
    /// When the visit begins, where that is known.
    pub starts_at: Option<Timestamp>,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The whole price.
    pub total_cents: AudCents,
    /// Taken.
    pub captured_cents: AudCents,
    /// Gone back.
    pub refunded_cents: AudCents,
    /// On its way back.
    pub refunding_cents: AudCents,
    /// The earliest first.
    pub intents: Vec<PlatformIntent>,
    /// What went back or is to, the earliest first.
    pub refunds: Vec<PlatformRefund>,
    /// What banks wanted back, the earliest first.
    pub chargebacks: Vec<Chargeback>,
}

impl PersonalData for PlatformPayment {}

/// One try at the processor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlatformIntent {
    /// Which.
    pub intent_id: IntentId,
    /// What for.
    pub purpose: IntentPurpose,
    /// How.
    pub kind: IntentKind,
    /// Where it stands.
    pub status: IntentStatus,
    /// How much.
    pub amount_cents: AudCents,
    /// The processor's name for it.
    pub processor_object: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Asks for a refund. Above [`FOUR_EYES_ABOVE`](super::rules::FOUR_EYES_ABOVE) it waits for a second administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestRefund {
    /// How much.
    pub amount_cents: AudCents,
    /// Why.
    pub reason: RefundReason,
    /// In words, for the second pair of eyes: 1 to 1000 characters.
    pub note: Personal<String>,
}

/// Decides on a refund that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecideRefund {
    /// Agrees.
    pub approve: bool,
    /// The amount that was on the screen.
    pub amount_cents: AudCents,
}

/// A refund, as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlatformRefund {
    /// Which.
    pub refund_id: RefundId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// Whose money it is.
    pub organization_id: Option<OrganizationId>,
    /// How much.
    pub amount_cents: AudCents,
    /// Why.
    pub reason: RefundReason,
    /// In words.
    pub note: Option<Personal<String>>,
    /// Where it stands.
    pub status: RefundStatus,
    /// Who asked; none when a rule did.
    pub requested_by: Option<AccountId>,
    /// Who agreed or refused.
    pub decided_by: Option<AccountId>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

impl PersonalData for PlatformRefund {}

/// A chargeback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Chargeback {
    /// Which.
    pub chargeback_id: ChargebackId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// Whose money it is.
    pub organization_id: Option<OrganizationId>,
    /// How much.
    pub amount_cents: AudCents,
    /// Why, in the processor's word: `fraudulent`.
    pub reason: String,
    /// Where it stands.
    pub status: ChargebackStatus,
    /// Until when evidence can be sent.
    pub evidence_due_at: Option<Timestamp>,
    /// When it was opened.
    pub opened_at: Timestamp,
}

impl PersonalData for Chargeback {}

/// A chargeback with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChargebackCase {
    /// The chargeback.
    pub chargeback: Chargeback,
    /// What is to be sent or was.
    pub evidence: Evidence,
    /// What we know ourselves that speaks for the charge. None of it is sent before somebody put it into the evidence.
    pub known: Evidence,
    /// Goes up by one with every change.
    pub version: i32,
    /// When it was sent; nothing can be added after.
    pub submitted_at: Option<Timestamp>,
}

impl PersonalData for ChargebackCase {}

/// What speaks for a charge. Nothing clinical: a bank is told that a visit took place and not why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// The day of the visit.
    #[serde(default)]
    pub service_date: Option<Date>,
    /// When the quote was agreed to.
    #[serde(default)]
    pub agreed_at: Option<Timestamp>,
    /// The cancellation policy that was shown.
    #[serde(default)]
    pub policy: Option<String>,
    /// When the appointment was confirmed, changed, attended: from what was noted.
    #[serde(default)]
    pub history: Option<String>,
    /// In words.
    #[serde(default)]
    pub note: Option<Personal<String>>,
}

/// Replaces the evidence of a chargeback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutEvidence {
    /// The evidence.
    pub evidence: Evidence,
    /// The version that was on the screen.
    pub version: i32,
}

/// Holds a practice's payouts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HoldPayouts {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Why; the practice reads it. 1 to 500 characters.
    pub reason: String,
}

/// Lets payouts go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReleasePayouts {
    /// Why; 1 to 500 characters.
    pub reason: String,
}

/// A practice that is not paid out for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PayoutHold {
    /// Which.
    pub payout_hold_id: PayoutHoldId,
    /// Whose payouts.
    pub organization_id: OrganizationId,
    /// What they are called on documents.
    #[serde(default)]
    pub legal_name: Option<String>,
    /// Why.
    pub reason: String,
    /// Who holds them.
    pub held_by: AccountId,
    /// Since when.
    pub held_at: Timestamp,
    /// Until when, and why no longer.
    pub released: Option<(Timestamp, String)>,
}

/// A practice that owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NegativeBalance {
    /// Which.
    pub organization_id: OrganizationId,
    /// Its name.
    pub legal_name: Option<String>,
    /// Below zero.
    pub balance_cents: AudCents,
    /// Since when.
    pub since: Timestamp,
}

/// A month of the platform's accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlatformStatement {
    /// Its first day.
    pub from: Date,
    /// The day after its last.
    pub until: Date,
    /// Each kind of account: before, and after. Practices' accounts are summed.
    pub balances: Vec<(AccountKind, AudCents, AudCents)>,
    /// The sum of debits for each cause.
    pub sums: Vec<(PostingCause, AudCents)>,
}
