//! A model: whatever happens in whatever order, the amounts go together as the database wants them, and the ledger balances and says
//! the same as the payment.

use std::collections::BTreeMap;

use proptest::prelude::*;
use shared_types::{
    AudCents,
    payments::{
        PaymentStatus::{self, *},
        practice::PostingCause,
    },
};
use uuid::Uuid;

use super::{
    Change, Due, Money, Payment,
    fixtures::{awaiting, days, declined, facts, late_fee, now, number, taken},
};
use crate::domain::ledger::{Account, FeeStanding, PlatformFee, Posting};

/// A payment and the ledger beside it, as `settle` and the store keep them.
struct Books {
    payment: Payment,
    postings: Vec<Posting>,
    refunds: BTreeMap<Uuid, AudCents>,
}

impl Books {
    fn sum(&self, account: Account) -> i64 {
        self.postings.iter().map(|posting| posting.change_of(account).0).sum()
    }

    fn find(&self, cause: PostingCause, id: Uuid) -> Option<&Posting> {
        self.postings.iter().find(|posting| posting.cause == cause && posting.cause_id == id)
    }

    fn fees(&self) -> FeeStanding {
        let sum = |is_capture: bool, sign: i64| {
            let of =
                || self.postings.iter().filter(move |one| (one.cause == PostingCause::Capture) == is_capture);
            PlatformFee {
                whole_cents: AudCents(sign * of().map(|one| one.fee_cents.0).sum::<i64>()),
                gst_cents: AudCents(
                    -sign * of().map(|one| one.change_of(Account::GST_PAYABLE).0).sum::<i64>(),
                ),
            }
        };
        FeeStanding { taken: sum(true, 1), back: sum(false, -1) }
    }

    fn apply(&mut self, change: &Change) {
        let mut facts = facts();
        if let Change::RefundFailed { refund_id, .. } = change {
            facts.refund_is_booked = self.find(PostingCause::Refund, refund_id.0).is_some();
        }
        if self.is_booked(change) {
            return;
        }
        let Ok((next, money)) = self.payment.clone().take(change, &facts) else { return };
        if let Some(money) = money {
            let posting = self.posting(money);
            assert!(posting.is_balanced(), "{posting:?}");
            self.postings.push(posting);
        }
        self.payment = next;
    }

    fn is_booked(&self, change: &Change) -> bool {
        let (cause, id) = match change {
            Change::Taken { intent_id, .. } => (PostingCause::Capture, intent_id.0),
            Change::RefundDone { refund_id, .. } => (PostingCause::Refund, refund_id.0),
            Change::RefundFailed { refund_id, .. } => (PostingCause::RefundFailed, refund_id.0),
            Change::ChargebackOpened { chargeback_id, .. } => {
                (PostingCause::ChargebackOpened, chargeback_id.0)
            }
            // A bank decides once, and about what it had opened.
            Change::ChargebackWon { chargeback_id } | Change::ChargebackLost { chargeback_id } => {
                let id = chargeback_id.0;
                return self.find(PostingCause::ChargebackOpened, id).is_none()
                    || self.find(PostingCause::ChargebackWon, id).is_some()
                    || self.find(PostingCause::ChargebackLost, id).is_some();
            }
            Change::PageOpened
            | Change::CardSaved
            | Change::Held { .. }
            | Change::HoldExpired { .. }
            | Change::Failed { .. }
            | Change::LetGo
            | Change::RefundBegun { .. }
            | Change::FeeOwed { .. }
            | Change::FeeWaived
            | Change::FeeKept
            | Change::Asked { .. }
            | Change::Agreed { .. }
            | Change::AskedAgain { .. }
            | Change::Moved { .. }
            | Change::Completed
            | Change::NotOver
            | Change::BulkBilled => return false,
        };
        self.find(cause, id).is_some()
    }

    fn posting(&mut self, money: Money) -> Posting {
        let (payment, whose) = (&self.payment, self.payment.whose().unwrap());
        match money {
            Money::Captured { intent_id, cents, processor_charge } => {
                Posting::capture(whose, intent_id, cents, payment.fee_in(cents), processor_charge, now())
            }
            Money::Refunded { refund_id, cents } => {
                self.refunds.insert(refund_id.0, cents);
                let back = AudCents(payment.refunded_cents.0 + cents.0);
                let fee = self.fees().in_proportion(payment.captured_cents, back).unwrap();
                Posting::refund(whose, refund_id, cents, fee, None, now())
            }
            Money::RefundReturned { refund_id } => self
                .find(PostingCause::Refund, refund_id.0)
                .unwrap()
                .reversed(PostingCause::RefundFailed, now()),
            Money::ChargebackOpened { chargeback_id, cents } => {
                Posting::chargeback_opened(whose, chargeback_id, cents, now())
            }
            Money::ChargebackWon { chargeback_id } => self
                .find(PostingCause::ChargebackOpened, chargeback_id.0)
                .unwrap()
                .reversed(PostingCause::ChargebackWon, now()),
            Money::ChargebackLost { chargeback_id } => {
                let opened = self.find(PostingCause::ChargebackOpened, chargeback_id.0).unwrap();
                let cents = opened.change_of(Account::CHARGEBACKS);
                let back = AudCents(payment.refunded_cents.0 + cents.0).min(payment.captured_cents);
                let fee = self.fees().in_proportion(payment.captured_cents, back).unwrap();
                Posting::chargeback_lost(whose, chargeback_id, cents, fee, now())
            }
        }
    }

    /// What the database's constraints say, and that the ledger tells the same story.
    fn check(&self) {
        let it = &self.payment;
        let [captured, refunded, refunding, kept_back, fee] =
            [it.captured_cents, it.refunded_cents, it.refunding_cents, it.held_cents, it.fee_cents]
                .map(|cents| cents.0);
        assert!([captured, refunded, refunding, kept_back, fee, it.fee_owed_cents.0].iter().all(|c| *c >= 0));
        assert!(refunded + refunding <= captured && fee <= captured, "{it:?}");
        if it.is_bulk_billed() {
            assert_eq!((it.patient_charge_cents, kept_back, captured), (AudCents::ZERO, 0, refunded));
            assert!(matches!(it.status, NotRequired | Refunded | Voided), "{it:?}");
        } else {
            assert!(kept_back.max(captured) <= it.chargeable_cents().0, "{it:?}");
        }
        assert!(amounts_fit(it.status, captured, refunded), "{it:?}");
        assert!(!matches!(it.status, Failed | AuthExpired) || it.repair_until.is_some(), "{it:?}");
        let takes_visit = matches!(it.due, Some((Due::Capture, _)));
        assert!(
            !takes_visit || it.completed_at.is_some(),
            "nothing is taken for a visit that is to come: {it:?}"
        );
        let all = [
            Account::PROCESSOR,
            Account::practice_balance(number(9)),
            Account::PLATFORM_FEES,
            Account::GST_PAYABLE,
            Account::CHARGEBACKS,
        ];
        let sums = all.map(|account| self.sum(account));
        assert_eq!(sums.iter().sum::<i64>(), 0, "{sums:?}");
        let of = |cause: PostingCause| {
            let those = self.postings.iter().filter(move |one: &&Posting| one.cause == cause);
            those.map(|one| one.change_of(Account::PROCESSOR).0).sum::<i64>()
        };
        let with_banks = of(PostingCause::ChargebackOpened) + of(PostingCause::ChargebackWon);
        assert_eq!(sums[0], captured - refunded + with_banks);
        assert!(self.fees().back.whole_cents <= self.fees().taken.whole_cents);
        if it.status == Refunded && with_banks == 0 && self.sum(Account::CHARGEBACKS) == 0 {
            assert_eq!(sums, [0; 5], "all is back, so nobody has anything of it");
        }
    }
}

fn amounts_fit(status: PaymentStatus, captured: i64, refunded: i64) -> bool {
    match status {
        NotRequired | Voided | Awaiting | CardSaved | Authorised => captured == 0,
        Captured | Disputed | Won | Lost => captured > 0,
        PartRefunded => refunded > 0 && refunded < captured,
        Refunded => refunded == captured && captured > 0,
        Failed | AuthExpired => true,
    }
}

fn change(which: u8, cents: i64, id: u128, refunds: &BTreeMap<Uuid, AudCents>) -> Change {
    let cents = AudCents(cents);
    match which {
        0 => Change::PageOpened,
        1 => Change::CardSaved,
        2 => Change::Held { cents },
        3..=5 => taken(id, cents.0),
        6 => Change::HoldExpired { now: now() },
        7 => declined(),
        8 => Change::LetGo,
        9 | 10 => Change::RefundBegun { cents },
        11..=13 => Change::RefundDone { refund_id: number(id), cents },
        14 => {
            let cents = refunds.get(&Uuid::from_u128(id)).copied().unwrap_or(cents);
            Change::RefundFailed { refund_id: number(id), cents }
        }
        15 => Change::ChargebackOpened { chargeback_id: number(id), cents },
        16 => Change::ChargebackWon { chargeback_id: number(id) },
        17 => Change::ChargebackLost { chargeback_id: number(id) },
        18 => late_fee(cents.0),
        19 => Change::FeeWaived,
        20 => Change::FeeKept,
        21 => Change::Asked { cents: AudCents(cents.0 + 8_000) },
        22 => Change::Agreed { cents: AudCents(cents.0 + 8_000) },
        23 => Change::Moved { start: days(i64::try_from(id).unwrap() * 7) },
        24 => Change::Completed,
        25 => Change::AskedAgain { by_card: id < 3 },
        26 => Change::NotOver,
        _ => Change::BulkBilled,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_happens_the_amounts_go_together_and_the_ledger_balances(
        steps in prop::collection::vec((0_u8..28, prop_oneof![Just(11_000_i64), 1_i64..12_000], 1_u128..5), 1..40),
        fee in 0_i64..1_200,
    ) {
        let platform_fee = PlatformFee { whole_cents: AudCents(fee), gst_cents: AudCents(fee / 11) };
        let payment = Payment { platform_fee, ..awaiting(1) };
        let mut books = Books { payment, postings: Vec::new(), refunds: BTreeMap::new() };
        for (which, cents, id) in steps {
            let change = change(which, cents, id, &books.refunds);
            books.apply(&change);
            books.check();
        }
    }
}
