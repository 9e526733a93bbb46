//! What a practice sees and does of its money. `{p}` stands for `/api/v1/payments/practices/{organization_id}`.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `{p}/account` | `find_practice_account` | [`MONEY_STAFF`] | → [`PracticeAccount`] |
//! | PUT `{p}/account` | `put_practice_account` | [`ACCOUNT_STAFF`] | [`PutPracticeAccount`] → [`PracticeAccount`] |
//! | POST `{p}/account/onboarding` | `start_onboarding` | [`ACCOUNT_STAFF`]; idempotent | → 201 [`Onboarding`] |
//! | GET `{p}/transactions` | `list_transactions` | [`MONEY_STAFF`] | `?from=&until=&cursor=` → `Page<Transaction>`, the latest first |
//! | GET `{p}/transactions/csv` | `export_transactions` | the same | `?from=&until=` → CSV |
//! | GET `{p}/unpaid` | `list_unpaid_payments` | the same | `?cursor=` → `Page<UnpaidPayment>` ([`super::unpaid`]), the latest visit first |
//! | GET `{p}/bookings/{booking_id}/fee` | `find_fee` | the same | → `FeeStanding` ([`super::unpaid`]) |
//! | POST `{p}/payments/{payment_id}/refunds` | `refund_payment` | [`MONEY_STAFF`]; idempotent | [`RefundPayment`] → 201 [`PracticeRefund`] |
//! | POST `{p}/payments/{payment_id}/charge` | `ask_for_charge` | [`MONEY_STAFF`]; idempotent | [`AskForCharge`] → 202 |
//! | POST `{p}/payments/{payment_id}/ask-again` | `ask_again_for_payment` | [`MONEY_STAFF`]; idempotent | → 202 `AskedAgain` ([`super::unpaid`]) |
//! | POST `{p}/payments/{payment_id}/bulk-bill` | `move_to_bulk_billing` | [`MONEY_STAFF`]; idempotent | → 202 |
//! | GET `{p}/bookings/{booking_id}/bulk-bill` | `find_bulk_billing_instead` | [`MONEY_STAFF`] | → [`VisitToBulkBill`] |
//! | GET `{p}/payouts` | `list_payouts` | [`MONEY_STAFF`] | `?cursor=` → `Page<Payout>`, the latest first |
//! | GET `{p}/payouts/{payout_id}` | `find_payout` | the same | → [`PayoutReport`] |
//! | GET `{p}/payouts/{payout_id}/csv` | `export_payout` | the same | → CSV |
//! | GET `{p}/statement` | `find_statement` | the same | `?month=` → [`Statement`] |
//! | GET `{p}/fees` | `find_fees` | the same | → [`Fees`] |
//! | GET `{p}/invoices` | `list_practice_invoices` | the same | `?cursor=` → `Page<Invoice>` |
//! | GET `{p}/invoices/{invoice_id}/pdf` | `print_practice_invoice` | the same | → PDF |
//! | GET `{p}/chargebacks` | `list_practice_chargebacks` | the same | → `Page<Chargeback>` |
//!
//! `move_to_bulk_billing` gives back what was paid and lets go what is held, planned or open; once that is done nothing is charged any
//! more, and bookings is told. A refund that fails leaves everything as it was. Where it stands, `find_bulk_billing_instead` says of
//! any booking, and each transaction that took money.
//!
//! `ask_again_for_payment` has what no card was charged for charged to the card that is kept, or its patient told how to pay with another
//! one. 409 `asked-already` until the day that they have for that is over, 409 `already-paid` while a card is being asked, 409
//! `bulk-billed`.
//!
//! Problems: 422 `invalid` (a price that is no higher, or no reason for it), 409 `practice-not-ready`, 409 `too-much` (more than is
//! left to refund), 409 `wrong-state`, 412 `stale-version`. Of both about bulk billing: 409 `bulk-billed`, 409 `already-claimed`, 409
//! `refund-under-way`, 409 `no-item` (none that Medicare pays for is named for the visit), 409 `no-provider-number`, 409 `wrong-state`.

use std::ops::RangeInclusive;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    codes::codes,
    state::{PayoutStatus, RefundReason, RefundStatus},
};
use crate::{
    AudCents, BookingId, OrganizationId, PaymentId, PayoutId, PostingId, RefundId, Zone,
    personal::{Personal, PersonalData},
    problem::FieldError,
    users::StaffRole,
};

/// Who sees and moves a practice's money.
pub const MONEY_STAFF: &[StaffRole] = &[StaffRole::Billing, StaffRole::Manager, StaffRole::Owner];
/// Who says where its money goes.
pub const ACCOUNT_STAFF: &[StaffRole] = &[StaffRole::Owner];
/// How many characters the reason for a higher price has.
pub const REASON_LENGTH: RangeInclusive<usize> = 3..=300;

codes! {
    /// How far a practice is with the processor.
    OnboardingStatus {
        /// It has no account there.
        None = "none",
        /// It has begun, or something is asked of it again.
        Started = "started",
        /// Patients can pay; its bank is not confirmed.
        ChargesOnly = "charges_only",
        /// Patients can pay and it is paid out.
        Ready = "ready",
        /// The processor has closed the account.
        Closed = "closed",
    }
}

/// A practice's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeAccount {
    /// Whose.
    pub organization_id: OrganizationId,
    /// How far it is.
    pub status: OnboardingStatus,
    /// The name on its invoices.
    pub legal_name: Option<String>,
    /// Its Australian Business Number.
    pub abn: Option<String>,
    /// Whether it is registered for GST.
    pub gst_registered: bool,
    /// What the processor still asks for, in its own names.
    pub asked: Vec<String>,
    /// Until when.
    pub asked_until: Option<Timestamp>,
    /// What it is owed; below zero it owes.
    pub balance_cents: AudCents,
    /// Why nothing is paid out, while that is so.
    pub payout_hold: Option<String>,
    /// For how many payments no card is charged yet that would be, because the processor lets the practice collect nothing.
    #[serde(default)]
    pub waiting_payments: i64,
    /// Goes up by one with every change.
    pub version: i32,
}

/// What stands on a practice's invoices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutPracticeAccount {
    /// The name.
    pub legal_name: String,
    /// The Australian Business Number.
    pub abn: String,
    /// Whether it is registered for GST.
    pub gst_registered: bool,
    /// The version that was on the screen.
    pub version: i32,
}

/// The processor's page on which a practice says who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Onboarding {
    /// Where to go, in the same window.
    pub address: String,
    /// Until when it is open.
    pub expires_at: Timestamp,
}

codes! {
    /// Why entries of the ledger were made. Each happens once for what it names.
    PostingCause {
        /// Money was taken from a card.
        Capture = "capture",
        /// The processor kept its own fee.
        ProcessorFee = "processor_fee",
        /// Money went back to a card, and with it the practice's share and the platform's fee.
        Refund = "refund",
        /// A refund came back from the bank.
        RefundFailed = "refund_failed",
        /// A bank kept money because of a chargeback.
        ChargebackOpened = "chargeback_opened",
        /// The chargeback was decided for the practice.
        ChargebackWon = "chargeback_won",
        /// The chargeback was decided for the cardholder.
        ChargebackLost = "chargeback_lost",
        /// Money was sent to a practice's bank.
        Payout = "payout",
        /// A payout came back.
        PayoutFailed = "payout_failed",
        /// Money was sent to the platform's bank.
        PlatformPayout = "platform_payout",
        /// Medicare has assessed a claim and will pay.
        ClaimAssessed = "claim_assessed",
        /// Medicare has paid a practice.
        ClaimPaid = "claim_paid",
        /// Medicare took something back, was paid back, or paid more.
        ClaimAdjusted = "claim_adjusted",
        /// A reconciliation put something right; its difference says what.
        Correction = "correction",
    }
}

codes! {
    /// The accounts of the ledger. Debits are above zero, credits below; assets and expenses are debits.
    AccountKind {
        /// Money at the processor, on the platform's and the practices' balances there.
        Processor = "processor",
        /// What a practice is owed; one for each.
        PracticeBalance = "practice_balance",
        /// What the platform earned, without GST.
        PlatformFees = "platform_fees",
        /// The GST in it, owed to the tax office.
        GstPayable = "gst_payable",
        /// What the processor kept for itself.
        ProcessorFees = "processor_fees",
        /// What banks keep until a chargeback is decided.
        Chargebacks = "chargebacks",
        /// What the platform bore because a practice's balance did not reach.
        Losses = "losses",
        /// The platform's own bank.
        PlatformBank = "platform_bank",
        /// What Medicare will pay a practice; one for each, outside the processor.
        MedicareDue = "medicare_due",
        /// What Medicare has paid a practice; one for each.
        MedicarePaid = "medicare_paid",
        /// The benefits that a practice earned; one for each.
        MedicareBenefits = "medicare_benefits",
        /// Differences that nobody has explained yet.
        Suspense = "suspense",
    }
}

impl AccountKind {
    /// Whether each practice has one of its own.
    pub fn is_per_practice(self) -> bool {
        match self {
            Self::PracticeBalance | Self::MedicareDue | Self::MedicarePaid | Self::MedicareBenefits => true,
            Self::Processor
            | Self::PlatformFees
            | Self::GstPayable
            | Self::ProcessorFees
            | Self::Chargebacks
            | Self::Losses
            | Self::PlatformBank
            | Self::Suspense => false,
        }
    }
}

/// One change of a practice's balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Transaction {
    /// Which.
    pub posting_id: PostingId,
    /// Why.
    pub cause: PostingCause,
    /// For which booking.
    pub booking_id: Option<BookingId>,
    /// Of which payment.
    pub payment_id: Option<PaymentId>,
    /// What the patient paid or got back; zero for what concerns none.
    pub gross_cents: AudCents,
    /// The platform's fee in it, GST included.
    pub fee_cents: AudCents,
    /// What it changed for the practice.
    pub net_cents: AudCents,
    /// The balance after it.
    pub balance_cents: AudCents,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// A higher price that the practice asked for, beside money that was taken; none where it asked for none.
    pub higher: Option<HigherPrice>,
    /// Whether its visit can be bulk billed instead, or how far that is, beside money that was taken; none where it cannot be.
    pub bulk_billing: Option<ToBulkBilling>,
    /// A fee for cancelling late or not coming that is owed for its visit and not taken yet, beside money that was taken.
    pub fee_owed_cents: AudCents,
    /// What was to go back of it, was not taken by the bank and was not sent again, so that it is owed to the patient.
    pub not_returned_cents: AudCents,
    /// When its visit is; none where it is for none, and where the visit was never confirmed.
    pub visit: Option<VisitTime>,
}

impl PersonalData for Transaction {}

/// When a visit is, and by which clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VisitTime {
    /// When it starts.
    pub starts_at: Timestamp,
    /// The zone of the place.
    pub time_zone: Zone,
}

/// What became of a higher price that a practice asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HigherPrice {
    /// The whole price that waits for the patient's answer.
    pub asked_cents: Option<AudCents>,
    /// The one that the patient agreed to.
    pub agreed_cents: Option<AudCents>,
    /// Why, in the practice's own words; none once who paid has been erased.
    pub reason: Option<Personal<String>>,
    /// What of it no card is charged for, so that the practice settles it with the patient.
    pub uncollected_cents: AudCents,
}

codes! {
    /// How far a payment is on its way to bulk billing.
    BulkBillStatus {
        /// Its visit can be bulk billed instead.
        Possible = "possible",
        /// The money goes back first.
        UnderWay = "under_way",
        /// The money could not be given back, so the visit is charged for as before. It can be tried again.
        NotRefunded = "not_refunded",
        /// It is bulk billed: the money is back and nothing is charged any more.
        Done = "done",
    }
}

/// A visit that is charged for, on its way to bulk billing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToBulkBilling {
    /// How far it is.
    pub status: BulkBillStatus,
    /// What goes back to the patient first; zero once all of it is on its way or back.
    pub gives_back_cents: AudCents,
}

/// A booking's payment, on its way to bulk billing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VisitToBulkBill {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Whether its visit can be bulk billed instead, or how far that is.
    pub bulk_billing: ToBulkBilling,
}

impl PersonalData for VisitToBulkBill {}

/// Gives money back to a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefundPayment {
    /// How much; at most what is left.
    pub amount_cents: AudCents,
    /// Why.
    pub reason: RefundReason,
}

/// A refund, as a practice sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeRefund {
    /// Which.
    pub refund_id: RefundId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// How much.
    pub amount_cents: AudCents,
    /// Why.
    pub reason: RefundReason,
    /// Where it stands.
    pub status: RefundStatus,
    /// What goes back from the practice's balance.
    pub transfer_reversed_cents: AudCents,
    /// What goes back of the platform's fee.
    pub fee_reversed_cents: AudCents,
}

impl PersonalData for PracticeRefund {}

/// Asks a patient to agree to a higher price than the quote said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskForCharge {
    /// The new whole price.
    pub total_cents: AudCents,
    /// Why; the patient and the practice read it. 3 to 300 characters, nothing clinical.
    pub reason: Personal<String>,
}

impl AskForCharge {
    /// The reason on one line, without spaces around it.
    ///
    /// # Errors
    /// When it is too short to be one, or too long.
    pub fn check_reason(&self) -> Result<Personal<String>, FieldError> {
        let wrong = || FieldError::new("/reason", "Say why in 3 to 300 characters: the patient reads it");
        one_line(&self.reason).ok_or_else(wrong)
    }
}

/// A reason on one line, without spaces around it; none where it is too short to be one, or too long.
pub(super) fn one_line(reason: &Personal<String>) -> Option<Personal<String>> {
    let line: String = reason.expose().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.trim();
    REASON_LENGTH.contains(&line.chars().count()).then(|| line.to_owned().into())
}

/// Money on its way to a practice's bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Payout {
    /// Which.
    pub payout_id: PayoutId,
    /// How much.
    pub amount_cents: AudCents,
    /// Where it stands.
    pub status: PayoutStatus,
    /// When it arrives.
    pub arrives_on: Option<Date>,
    /// Why it failed, in the processor's words.
    pub failure: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A payout and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PayoutReport {
    /// The payout.
    pub payout: Payout,
    /// Its lines; their sum is its amount.
    pub lines: Vec<PayoutLine>,
}

impl PersonalData for PayoutReport {}

/// One thing that is in a payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PayoutLine {
    /// Why.
    pub cause: PostingCause,
    /// Of which payment; none for what concerns none.
    pub payment_id: Option<PaymentId>,
    /// What came in or went out.
    pub gross_cents: AudCents,
    /// The platform's fee.
    pub fee_cents: AudCents,
    /// What is in the payout.
    pub net_cents: AudCents,
}

/// A month of an account, from the ledger alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
    /// Its first day.
    pub from: Date,
    /// The day after its last.
    pub until: Date,
    /// The balance before it.
    pub opening_cents: AudCents,
    /// The sum for each cause.
    pub sums: Vec<(PostingCause, AudCents)>,
    /// The balance after it.
    pub closing_cents: AudCents,
}

/// What the platform takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fees {
    /// For each payment that is taken, GST included; nothing for what is bulk billed.
    pub fee_cents: AudCents,
    /// The GST in it.
    pub gst_cents: AudCents,
    /// Since when.
    pub effective_from: Date,
    /// What comes next, and from when.
    pub next: Option<(AudCents, Date)>,
}
