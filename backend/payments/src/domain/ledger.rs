//! What the ledger is told: postings that balance, and the accounts they touch. Debits are above zero and credits below, so
//! assets and expenses grow upwards, and what is owed or earned grows downwards.

use jiff::Timestamp;
use shared_types::{
    AudCents, BookingId, ChargebackId, ClaimId, IntentId, OrganizationId, PaymentId, PayoutId, RefundId,
    payments::{
        practice::{AccountKind, PostingCause},
        rules::fee_reversed,
    },
};
use uuid::Uuid;

/// An account of the ledger: one of the platform's, or one of those that each practice has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    kind: AccountKind,
    organization_id: Option<OrganizationId>,
}

impl Account {
    /// Money at the processor.
    pub const PROCESSOR: Self = Self::of_platform(AccountKind::Processor);
    /// What the platform earned, without GST.
    pub const PLATFORM_FEES: Self = Self::of_platform(AccountKind::PlatformFees);
    /// The GST in it.
    pub const GST_PAYABLE: Self = Self::of_platform(AccountKind::GstPayable);
    /// What the processor kept for itself.
    pub const PROCESSOR_FEES: Self = Self::of_platform(AccountKind::ProcessorFees);
    /// What banks keep until a chargeback is decided.
    pub const CHARGEBACKS: Self = Self::of_platform(AccountKind::Chargebacks);

    const fn of_platform(kind: AccountKind) -> Self {
        Self { kind, organization_id: None }
    }

    const fn of_practice(kind: AccountKind, organization_id: OrganizationId) -> Self {
        Self { kind, organization_id: Some(organization_id) }
    }

    /// What a practice is owed, as a credit: below zero while it is owed something.
    pub const fn practice_balance(organization_id: OrganizationId) -> Self {
        Self::of_practice(AccountKind::PracticeBalance, organization_id)
    }

    /// What Medicare will pay a practice.
    pub const fn medicare_due(organization_id: OrganizationId) -> Self {
        Self::of_practice(AccountKind::MedicareDue, organization_id)
    }

    /// What Medicare has paid a practice.
    pub const fn medicare_paid(organization_id: OrganizationId) -> Self {
        Self::of_practice(AccountKind::MedicarePaid, organization_id)
    }

    /// The benefits that a practice earned.
    pub const fn medicare_benefits(organization_id: OrganizationId) -> Self {
        Self::of_practice(AccountKind::MedicareBenefits, organization_id)
    }

    /// As it is stored; `None` when each practice should have one and none is named, or the other way round.
    pub fn read(kind: AccountKind, organization_id: Option<OrganizationId>) -> Option<Self> {
        (kind.is_per_practice() == organization_id.is_some()).then_some(Self { kind, organization_id })
    }

    /// Which of the accounts.
    pub fn kind(self) -> AccountKind {
        self.kind
    }

    /// Whose, where each practice has one.
    pub fn organization_id(self) -> Option<OrganizationId> {
        self.organization_id
    }
}

/// The platform's fee in an amount, and the GST in the fee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlatformFee {
    /// All of it, GST included.
    pub whole_cents: AudCents,
    /// The GST in it.
    pub gst_cents: AudCents,
}

/// What the ledger says of a payment's fee: what was taken, and what has gone back of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeStanding {
    /// With what was captured.
    pub taken: PlatformFee,
    /// With refunds and lost chargebacks.
    pub back: PlatformFee,
}

impl FeeStanding {
    /// The fee that goes back once this much of it does, with its share of the GST: cents are rounded down, and what is over
    /// comes with the last cent. `None` when more would go back than was taken.
    pub fn going_back(&self, whole_cents: AudCents) -> Option<PlatformFee> {
        if whole_cents == AudCents::ZERO {
            return Some(PlatformFee::default());
        }
        let after = self.back.whole_cents.checked_add(whole_cents)?;
        let gst_after = fee_reversed(self.taken.gst_cents, self.taken.whole_cents, after)?;
        Some(PlatformFee { whole_cents, gst_cents: gst_after.checked_sub(self.back.gst_cents)? })
    }

    /// The fee that goes back when `back` of `captured` has gone back in all.
    pub fn in_proportion(&self, captured: AudCents, back: AudCents) -> Option<PlatformFee> {
        let target = fee_reversed(self.taken.whole_cents, captured, back)?;
        self.going_back(AudCents(target.checked_sub(self.back.whole_cents)?.0.max(0)))
    }
}

/// Whose money a posting is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// The payment.
    pub payment_id: PaymentId,
    /// Its booking.
    pub booking_id: BookingId,
    /// The practice that is paid.
    pub organization_id: OrganizationId,
}

/// Entries that add up to nothing, and why they are made. A cause is booked once for what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Why.
    pub cause: PostingCause,
    /// What it is a consequence of: an intent, a refund, a chargeback, a payout, a claim, a difference.
    pub cause_id: Uuid,
    /// Of which payment.
    pub payment_id: Option<PaymentId>,
    /// For which booking.
    pub booking_id: Option<BookingId>,
    /// Which practice it concerns.
    pub organization_id: Option<OrganizationId>,
    /// The processor's own record of it.
    pub processor_object: Option<String>,
    /// What the patient paid, or got back below zero.
    pub gross_cents: AudCents,
    /// The platform's fee in it, GST included; below zero when it goes back.
    pub fee_cents: AudCents,
    /// When it happened.
    pub occurred_at: Timestamp,
    lines: Vec<(Account, AudCents)>,
}

impl Posting {
    /// Without entries yet.
    pub fn new(cause: PostingCause, cause_id: Uuid, occurred_at: Timestamp) -> Self {
        Self {
            cause,
            cause_id,
            payment_id: None,
            booking_id: None,
            organization_id: None,
            processor_object: None,
            gross_cents: AudCents::ZERO,
            fee_cents: AudCents::ZERO,
            occurred_at,
            lines: Vec::new(),
        }
    }

    /// With an entry more; one of nothing is left out. Each account once.
    pub fn line(mut self, account: Account, cents: AudCents) -> Self {
        if cents != AudCents::ZERO {
            self.lines.push((account, cents));
        }
        self
    }

    /// About a payment.
    pub fn of(mut self, whose: Whose) -> Self {
        self.payment_id = Some(whose.payment_id);
        self.booking_id = Some(whose.booking_id);
        self.organization_id = Some(whose.organization_id);
        self
    }

    /// With the processor's own record of it.
    pub fn at_processor(mut self, object: Option<String>) -> Self {
        self.processor_object = object;
        self
    }

    /// The entries.
    pub fn lines(&self) -> &[(Account, AudCents)] {
        &self.lines
    }

    /// What it changes for an account.
    pub fn change_of(&self, account: Account) -> AudCents {
        AudCents(self.lines.iter().filter(|(at, _)| *at == account).map(|(_, cents)| cents.0).sum())
    }

    /// Whether it is one: at least two entries, on as many accounts, that add up to nothing.
    pub fn is_balanced(&self) -> bool {
        let total: i128 = self.lines.iter().map(|(_, cents)| i128::from(cents.0)).sum();
        let once = self
            .lines
            .iter()
            .enumerate()
            .all(|(at, (account, _))| self.lines[..at].iter().all(|(before, _)| before != account));
        total == 0 && self.lines.len() >= 2 && once
    }

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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use shared_types::{AudCents, payments::practice::PostingCause};
    use uuid::Uuid;

    use super::{Account, FeeStanding, PlatformFee, Posting, Whose};

    const PRACTICE: Account = Account::practice_balance(shared_types::OrganizationId(Uuid::from_u128(9)));
    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    fn whose() -> Whose {
        Whose { payment_id: id(1), booking_id: id(2), organization_id: id(9) }
    }

    fn fee(whole: i64, gst: i64) -> PlatformFee {
        PlatformFee { whole_cents: AudCents(whole), gst_cents: AudCents(gst) }
    }

    fn capture(cents: i64, fee: PlatformFee) -> Posting {
        Posting::capture(whose(), id(3), AudCents(cents), fee, "ch_1".to_owned(), AT)
    }

    #[test]
    fn a_capture_is_the_practices_but_for_the_fee() {
        let posting = capture(11_000, fee(550, 50));
        let lines: Vec<_> = posting.lines().iter().map(|(account, cents)| (*account, cents.0)).collect();
        assert_eq!(
            lines,
            [
                (Account::PROCESSOR, 11_000),
                (PRACTICE, -10_450),
                (Account::PLATFORM_FEES, -500),
                (Account::GST_PAYABLE, -50)
            ]
        );
        assert!(posting.is_balanced());
    }

    #[test]
    fn an_entry_of_nothing_is_left_out_and_a_posting_needs_two() {
        assert_eq!(capture(550, fee(550, 50)).lines().len(), 3);
        assert!(capture(550, fee(550, 50)).is_balanced());
        assert!(!capture(0, fee(0, 0)).is_balanced());
        let twice = Posting::new(PostingCause::Correction, Uuid::nil(), AT)
            .line(Account::PROCESSOR, AudCents(1))
            .line(Account::PROCESSOR, AudCents(-1));
        assert!(!twice.is_balanced());
    }

    #[test]
    fn a_won_chargeback_leaves_nothing_and_a_lost_one_costs_the_practice() {
        let opened = Posting::chargeback_opened(whose(), id(4), AudCents(11_000), AT);
        let won = opened.reversed(PostingCause::ChargebackWon, AT);
        let lost = Posting::chargeback_lost(whose(), id(4), AudCents(11_000), fee(550, 50), AT);
        for account in [Account::PROCESSOR, Account::CHARGEBACKS] {
            assert_eq!(opened.change_of(account).0 + won.change_of(account).0, 0);
        }
        assert_eq!(opened.change_of(Account::CHARGEBACKS).0 + lost.change_of(Account::CHARGEBACKS).0, 0);
        assert_eq!(lost.change_of(PRACTICE), AudCents(10_450));
        assert!(opened.is_balanced() && won.is_balanced() && lost.is_balanced());
    }

    proptest! {
        /// Whatever goes back in however many parts: with the last cent every account is where it was.
        #[test]
        fn refunds_undo_the_capture_to_the_cent(
            captured in 1_i64..1_000_000,
            whole in 0_i64..2_000,
            parts in prop::collection::vec(1_i64..400_000, 0..8),
        ) {
            let whole = whole.min(captured);
            let taken = fee(whole, whole / 11);
            let mut sums = capture(captured, taken).lines().to_vec();
            let mut standing = FeeStanding { taken, ..FeeStanding::default() };
            let mut back = 0;
            for part in parts.into_iter().chain([captured]) {
                let part = part.min(captured - back);
                if part == 0 {
                    continue;
                }
                back += part;
                let going = standing.in_proportion(AudCents(captured), AudCents(back)).unwrap();
                let refund = Posting::refund(whose(), id(5), AudCents(part), going, None, AT);
                prop_assert!(refund.is_balanced());
                standing.back.whole_cents.0 += going.whole_cents.0;
                standing.back.gst_cents.0 += going.gst_cents.0;
                for (account, cents) in &mut sums {
                    cents.0 += refund.change_of(*account).0;
                }
            }
            prop_assert!(sums.iter().all(|(_, cents)| *cents == AudCents::ZERO), "{sums:?}");
        }
    }
}
