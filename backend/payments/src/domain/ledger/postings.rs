//! What is booked for each thing that happens to money.

use jiff::Timestamp;
use shared_types::{
    AudCents, BookingId, ChargebackId, ClaimId, IntentId, OrganizationId, PayoutId, RefundId,
    payments::practice::PostingCause,
};
use uuid::Uuid;

use super::{Account, PlatformFee, Posting, Whose};

impl Posting {
    /// Money was taken from a card.
    pub fn capture(
        whose: Whose,
        intent_id: IntentId,
        cents: AudCents,
        fee: PlatformFee,
        charge: String,
        at: Timestamp,
    ) -> Self {
        Self::with_fee(PostingCause::Capture, intent_id.0, whose, cents, fee, at).at_processor(Some(charge))
    }

    /// Money went back to a card: the lines of the capture in proportion, the other way round.
    pub fn refund(
        whose: Whose,
        refund_id: RefundId,
        cents: AudCents,
        fee: PlatformFee,
        processor_refund: Option<String>,
        at: Timestamp,
    ) -> Self {
        let back = PlatformFee { whole_cents: minus(fee.whole_cents), gst_cents: minus(fee.gst_cents) };
        Self::with_fee(PostingCause::Refund, refund_id.0, whose, minus(cents), back, at)
            .at_processor(processor_refund)
    }

    fn with_fee(
        cause: PostingCause,
        cause_id: Uuid,
        whose: Whose,
        cents: AudCents,
        fee: PlatformFee,
        at: Timestamp,
    ) -> Self {
        let mut posting = Self::new(cause, cause_id, at)
            .of(whose)
            .line(Account::PROCESSOR, cents)
            .line(Account::practice_balance(whose.organization_id), AudCents(fee.whole_cents.0 - cents.0))
            .line(Account::PLATFORM_FEES, AudCents(fee.gst_cents.0 - fee.whole_cents.0))
            .line(Account::GST_PAYABLE, minus(fee.gst_cents));
        (posting.gross_cents, posting.fee_cents) = (cents, fee.whole_cents);
        posting
    }

    /// A bank keeps money until a chargeback is decided. Nobody has lost it yet.
    pub fn chargeback_opened(
        whose: Whose,
        chargeback_id: ChargebackId,
        cents: AudCents,
        at: Timestamp,
    ) -> Self {
        Self::new(PostingCause::ChargebackOpened, chargeback_id.0, at)
            .of(whose)
            .line(Account::CHARGEBACKS, cents)
            .line(Account::PROCESSOR, minus(cents))
    }

    /// The cardholder keeps the money: the practice gives its share back, and the platform its fee.
    pub fn chargeback_lost(
        whose: Whose,
        chargeback_id: ChargebackId,
        cents: AudCents,
        fee: PlatformFee,
        at: Timestamp,
    ) -> Self {
        let mut posting = Self::new(PostingCause::ChargebackLost, chargeback_id.0, at)
            .of(whose)
            .line(Account::practice_balance(whose.organization_id), AudCents(cents.0 - fee.whole_cents.0))
            .line(Account::PLATFORM_FEES, AudCents(fee.whole_cents.0 - fee.gst_cents.0))
            .line(Account::GST_PAYABLE, fee.gst_cents)
            .line(Account::CHARGEBACKS, minus(cents));
        (posting.gross_cents, posting.fee_cents) = (minus(cents), minus(fee.whole_cents));
        posting
    }

    /// The same the other way round, because of `cause`: a refund that came back, a chargeback that was won, a payout that failed.
    pub fn reversed(&self, cause: PostingCause, at: Timestamp) -> Self {
        Self {
            cause,
            processor_object: None,
            gross_cents: minus(self.gross_cents),
            fee_cents: minus(self.fee_cents),
            occurred_at: at,
            lines: self.lines.iter().map(|(account, cents)| (*account, minus(*cents))).collect(),
            ..self.clone()
        }
    }

    /// Money was sent to a practice's bank; below zero, it was fetched from there.
    pub fn payout(
        organization_id: OrganizationId,
        payout_id: PayoutId,
        cents: AudCents,
        processor_payout: String,
        at: Timestamp,
    ) -> Self {
        let mut posting = Self::new(PostingCause::Payout, payout_id.0, at)
            .line(Account::practice_balance(organization_id), cents)
            .line(Account::PROCESSOR, minus(cents))
            .at_processor(Some(processor_payout));
        posting.organization_id = Some(organization_id);
        posting
    }

    /// Money was sent to the platform's own bank; below zero, it was fetched from there. Only the ledger knows `cause_id`.
    pub fn platform_payout(cause_id: Uuid, cents: AudCents, processor_payout: String, at: Timestamp) -> Self {
        Self::new(PostingCause::PlatformPayout, cause_id, at)
            .line(Account::PLATFORM_BANK, cents)
            .line(Account::PROCESSOR, minus(cents))
            .at_processor(Some(processor_payout))
    }

    /// The processor kept its own fee. `cause_id` is what it was kept for.
    pub fn processor_fee(cause_id: Uuid, cents: AudCents, object: String, at: Timestamp) -> Self {
        Self::new(PostingCause::ProcessorFee, cause_id, at)
            .line(Account::PROCESSOR_FEES, cents)
            .line(Account::PROCESSOR, minus(cents))
            .at_processor(Some(object))
    }

    /// The processor kept a fee for a dispute, or gave it back: below zero then.
    pub fn dispute_fee(chargeback_id: ChargebackId, cents: AudCents, object: String, at: Timestamp) -> Self {
        let given_back = cents < AudCents::ZERO;
        let cause = if given_back { PostingCause::Correction } else { PostingCause::ProcessorFee };
        Self { cause, ..Self::processor_fee(chargeback_id.0, cents, object, at) }
    }

    /// Medicare will pay a claim.
    pub fn claim_assessed(
        organization_id: OrganizationId,
        booking_id: BookingId,
        claim_id: ClaimId,
        cents: AudCents,
        at: Timestamp,
    ) -> Self {
        Self::of_claim(PostingCause::ClaimAssessed, organization_id, booking_id, claim_id, at)
            .line(Account::medicare_due(organization_id), cents)
            .line(Account::medicare_benefits(organization_id), minus(cents))
    }

    /// Medicare has paid a claim.
    pub fn claim_paid(
        organization_id: OrganizationId,
        booking_id: BookingId,
        claim_id: ClaimId,
        cents: AudCents,
        at: Timestamp,
    ) -> Self {
        Self::of_claim(PostingCause::ClaimPaid, organization_id, booking_id, claim_id, at)
            .line(Account::medicare_paid(organization_id), cents)
            .line(Account::medicare_due(organization_id), minus(cents))
    }

    fn of_claim(
        cause: PostingCause,
        organization_id: OrganizationId,
        booking_id: BookingId,
        claim_id: ClaimId,
        at: Timestamp,
    ) -> Self {
        let mut posting = Self::new(cause, claim_id.0, at);
        (posting.organization_id, posting.booking_id) = (Some(organization_id), Some(booking_id));
        posting
    }
}

fn minus(cents: AudCents) -> AudCents {
    AudCents(-cents.0)
}
