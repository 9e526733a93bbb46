//! What payments tells the other services. No event carries a card number, a Medicare number or a word that is clinical.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    assignment::{AssignmentKind, AssignmentStatus},
    claim::ClaimStatus,
    funding::FundingFact,
    pay::InvoiceKind,
    practice::OnboardingStatus,
    state::{
        ChargebackStatus, FeeKind, PaymentFailure, PaymentStatus, PaymentStep, PayoutStatus, RefundReason,
    },
};
use crate::{
    AccountId, AssignmentId, AudCents, BookingId, ChargebackId, ClaimId, InvoiceId, OrganizationId,
    PatientId, PaymentId, PayoutId, QuoteId, RefundId, personal::Personal, users::ErasureAnswer,
};

/// An event of the payments service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "body", rename_all = "snake_case")]
pub enum PaymentsEvent {
    /// The step that a confirmation waits for is done.
    PaymentStepCompleted {
        /// For which booking.
        booking_id: BookingId,
        /// Which step that was.
        step: PaymentStep,
    },
    /// The card said no, or what it held ran out; another can be given until the repair window ends.
    PaymentStepFailed(FailedStep),
    /// The repair window has ended without money: the appointment is cancelled free of charge.
    PaymentLapsed {
        /// Which booking.
        booking_id: BookingId,
    },
    /// A booking that cost its patient something is bulk billed from now on: what was paid is back, and nothing is charged any more.
    BookingBulkBilled {
        /// Which booking.
        booking_id: BookingId,
    },
    /// Where a payment stands, whole.
    PaymentChanged(PaymentFact),
    /// Money is on its way back.
    RefundMade(RefundFact),
    /// A bank did not take money that was on its way back, or sent it back later: it is owed again.
    RefundFailed(RefundFact),
    /// A practice asks for a higher price, and the patient is to agree first.
    ChargeAsked(AskedFact),
    /// A document about money can be fetched.
    InvoiceIssued(InvoiceFact),
    /// A bank wants a payment back, or has decided.
    ChargebackChanged(ChargebackFact),
    /// Money has left for a practice's bank, has arrived or came back.
    PayoutChanged(PayoutFact),
    /// How far a practice is with the processor, whole.
    PracticeAccountChanged(PracticeAccountFact),
    /// Who pays for an appointment type, whole.
    FundingChanged(FundingFact),
    /// Where an assignment of benefit stands, whole.
    AssignmentChanged(AssignmentFact),
    /// Where a claim stands.
    ClaimChanged(ClaimFact),
    /// Somebody is erased here.
    ErasureAnswered(ErasureAnswer),
}

/// A step that did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedStep {
    /// For which booking.
    pub booking_id: BookingId,
    /// Why.
    pub failure: PaymentFailure,
    /// Until when another card can be given.
    pub repair_until: Timestamp,
    /// The fee that it was to pay, where the appointment does not stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<OwedFee>,
    /// What it was to pay of a higher price that was agreed to, beyond what was taken. Events from before it was said are of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<AudCents>,
}

/// A fee for cancelling late or not coming that is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedFee {
    /// Which of the two.
    pub kind: FeeKind,
    /// How much.
    pub cents: AudCents,
}

/// A payment as others keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentFact {
    /// Which.
    pub payment_id: PaymentId,
    /// For which booking.
    pub booking_id: BookingId,
    /// What was offered.
    pub quote_id: QuoteId,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The whole price.
    pub total_cents: AudCents,
    /// Taken.
    pub captured_cents: AudCents,
    /// Gone back.
    pub refunded_cents: AudCents,
    /// Part of what was taken that is a fee for cancelling late or not coming.
    pub fee_cents: AudCents,
    /// A fee that is owed and not taken yet. Events from before it was said are of none.
    #[serde(default)]
    pub fee_owed_cents: AudCents,
}

/// A refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundFact {
    /// Which.
    pub refund_id: RefundId,
    /// For which booking.
    pub booking_id: BookingId,
    /// How much.
    pub amount_cents: AudCents,
    /// Why.
    pub reason: RefundReason,
}

/// A higher price that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedFact {
    /// For which booking.
    pub booking_id: BookingId,
    /// What was agreed to.
    pub agreed_cents: AudCents,
    /// What is asked for.
    pub total_cents: AudCents,
    /// Whether it was agreed to before, and the card was not charged for it.
    #[serde(default)]
    pub again: bool,
}

/// A document that was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceFact {
    /// Which.
    pub invoice_id: InvoiceId,
    /// What it is. Events from before it was said are of invoices.
    #[serde(default = "tax_invoice")]
    pub kind: InvoiceKind,
    /// For which booking; none for the platform's own to a practice.
    pub booking_id: Option<BookingId>,
    /// The whole.
    pub total_cents: AudCents,
}

fn tax_invoice() -> InvoiceKind {
    InvoiceKind::TaxInvoice
}

/// A chargeback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargebackFact {
    /// Which.
    pub chargeback_id: ChargebackId,
    /// For which booking.
    pub booking_id: BookingId,
    /// Whose money it is.
    pub organization_id: Option<OrganizationId>,
    /// How much.
    pub amount_cents: AudCents,
    /// Where it stands.
    pub status: ChargebackStatus,
}

/// A payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutFact {
    /// Which.
    pub payout_id: PayoutId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// How much.
    pub amount_cents: AudCents,
    /// Where it stands.
    pub status: PayoutStatus,
}

/// How far a practice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeAccountFact {
    /// Which.
    pub organization_id: OrganizationId,
    /// How far with the processor: only `charges_only` and `ready` collect.
    pub status: OnboardingStatus,
    /// Bulk bills every eligible service; no private price can be set for one.
    pub bulk_bills_everything: bool,
    /// When somebody last said so; a badge is shown for a year from then.
    pub attested_at: Option<Timestamp>,
}

/// An assignment of benefit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentFact {
    /// Which.
    pub assignment_id: AssignmentId,
    /// For which booking; none for an enduring one.
    pub booking_id: Option<BookingId>,
    /// To whose practitioner.
    pub organization_id: OrganizationId,
    /// The account that is written to, where there is one.
    pub account_id: Option<AccountId>,
    /// The patient, where they are known.
    pub patient_id: Option<PatientId>,
    /// Where it stands.
    pub status: AssignmentStatus,
    /// When it is made, and for how much.
    pub kind: AssignmentKind,
    /// The day of the service, or the first.
    pub service_from: Date,
    /// The secret part of the letter's link, when it is offered; notifications forgets it once sent.
    pub token: Option<Personal<String>>,
}

/// A claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimFact {
    /// Which.
    pub claim_id: ClaimId,
    /// For which booking.
    pub booking_id: BookingId,
    /// Where it stands.
    pub status: ClaimStatus,
    /// It has been sent to Medicare, so the visit cannot be undone.
    pub is_lodged: bool,
}
