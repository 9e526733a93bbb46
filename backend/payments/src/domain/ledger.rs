//! What the ledger is told: postings that balance, and the accounts they touch. Debits are above zero and credits below, so
//! assets and expenses grow upwards, and what is owed or earned grows downwards.

mod account;
mod fee;
mod postings;

use jiff::Timestamp;
use shared_types::{AudCents, BookingId, OrganizationId, PaymentId, payments::practice::PostingCause};
use uuid::Uuid;

pub use self::{
    account::Account,
    fee::{FeeStanding, PlatformFee},
};

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
