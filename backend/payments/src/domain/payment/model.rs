//! What follows from what, and a model: whatever happens in whatever order, the amounts go together as the database wants them, and
//! the ledger balances and says the same as the payment.

use std::collections::BTreeMap;

use proptest::prelude::*;
use shared_types::{
    AudCents,
    payments::{
        IntentPurpose, PaymentFailure,
        PaymentStatus::{self, *},
        funding::FundingMode,
        practice::PostingCause,
        quote::Collection,
        rules::authorise_at,
    },
};
use uuid::Uuid;

use super::{
    Change, Due, Facts, Money, Payment,
    fixtures::{awaiting, days, not_required, now, number},
};
use crate::domain::ledger::{Account, FeeStanding, PlatformFee, Posting};

fn facts() -> Facts {
    Facts { now: now(), refund_is_booked: false, hold_expires_at: None }
}

/// The payment after all of these.
fn after(payment: Payment, changes: &[Change]) -> Payment {
    changes.iter().fold(payment, |payment, change| payment.take(change, &facts()).unwrap().0)
}

fn taken(intent: u128, cents: i64) -> Change {
    let processor_charge = format!("ch_{intent}");
    Change::Taken { intent_id: number(intent), cents: AudCents(cents), processor_charge }
}

fn held(cents: i64) -> Change {
    Change::Held { cents: AudCents(cents) }
}

fn late_fee(cents: i64) -> Change {
    Change::FeeOwed { purpose: IntentPurpose::LateFee, cents: AudCents(cents), due_at: days(14) }
}

fn declined() -> Change {
    Change::Failed { failure: PaymentFailure::Declined }
}

#[test]
fn a_saved_card_is_held_four_days_before_and_charged_once_the_visit_is_over() {
    let saved = after(awaiting(1), &[Change::PageOpened, Change::CardSaved]);
    assert_eq!(saved.due, Some((Due::Authorise, authorise_at(days(14)))));
    let held = after(saved.acted(now()), &[held(11_000)]);
    assert_eq!((held.status, held.due), (Authorised, None));
    let over = after(held, &[Change::Completed]);
    assert_eq!(over.due, Some((Due::Capture, now())));
    let paid = after(over.acted(now()), &[taken(1, 11_000)]);
    assert_eq!((paid.status, paid.held_cents, paid.due), (Captured, AudCents::ZERO, None));
}

#[test]
fn a_card_that_says_no_has_a_day_and_then_the_appointment_is_given_up() {
    let failed = after(awaiting(1), &[Change::CardSaved, declined()]);
    assert_eq!(failed.due, Some((Due::GiveUp, days(1))));
    // Another failure opens no new window, and the page that is opened does not close it.
    let again = Facts { now: days(1), ..facts() };
    let (again, _) = failed.take(&declined(), &again).unwrap();
    assert_eq!(again.repair_until, Some(days(1)));
    let trying = after(again, &[Change::PageOpened]);
    assert_eq!((trying.status, trying.due), (Awaiting, Some((Due::GiveUp, days(1)))));
    let mended = after(trying, &[Change::CardSaved]);
    assert_eq!((mended.failure, mended.repair_until), (None, None));
    assert_eq!(mended.due, Some((Due::Authorise, authorise_at(days(14)))));
}

#[test]
fn nothing_is_given_up_once_the_visit_is_over() {
    let over = after(awaiting(1), &[held(11_000), Change::Completed, Change::HoldExpired { now: now() }]);
    assert_eq!((over.status, over.due), (AuthExpired, None));
    assert_eq!(over.failure, Some(PaymentFailure::HoldExpired));
    let mended = after(over, &[Change::CardSaved]);
    assert_eq!(mended.due, Some((Due::Capture, now())));
}

#[test]
fn what_is_not_over_after_all_is_taken_once_it_is_and_not_before() {
    let back = after(awaiting(1), &[Change::CardSaved, Change::Completed, Change::NotOver]);
    assert_eq!((back.completed_at, back.due), (None, Some((Due::Authorise, authorise_at(days(14))))));
    let back = after(awaiting(1), &[held(11_000), Change::Completed, Change::NotOver]);
    assert_eq!((back.status, back.due), (Authorised, None));
    assert_eq!(after(back, &[Change::Completed]).due, Some((Due::Capture, now())));
    // What was taken before is taken.
    let paid = after(awaiting(1), &[held(11_000), Change::Completed, taken(1, 11_000)]);
    assert_eq!(after(paid.clone(), &[Change::NotOver]), paid);
}

#[test]
fn a_card_that_failed_after_a_visit_that_is_moved_has_a_day_and_the_next_one_is_not_charged_before_it() {
    let over = after(awaiting(1), &[Change::CardSaved, Change::Completed, declined()]);
    let later = Facts { now: days(3), ..facts() };
    let (moved, _) = over.take(&Change::Moved { start: days(21) }, &later).unwrap();
    assert_eq!((moved.status, moved.due), (Failed, Some((Due::GiveUp, days(4)))));
    let mended = after(moved, &[Change::CardSaved]);
    assert_eq!(mended.due, Some((Due::Authorise, authorise_at(days(21)))));
}

#[test]
fn a_late_fee_is_taken_of_what_is_held_and_counts_as_the_fee() {
    let owed = after(awaiting(1), &[held(11_000), late_fee(5_000)]);
    assert_eq!(owed.due, Some((Due::ChargeFee, days(14))));
    let paid = after(owed, &[taken(1, 5_000)]);
    assert_eq!(
        (paid.status, paid.fee_cents, paid.fee_owed_cents),
        (Captured, AudCents(5_000), AudCents::ZERO)
    );
    assert_eq!(paid.due, None);
    // Told again, it is not owed again.
    assert_eq!(after(paid.clone(), &[late_fee(5_000)]), paid);
}

#[test]
fn a_late_fee_is_owed_while_another_card_is_being_given_and_not_before_the_first() {
    assert!(after(awaiting(1), &[Change::PageOpened]).take(&late_fee(5_000), &facts()).is_err());
    let repairing = after(awaiting(1), &[Change::CardSaved, declined(), Change::PageOpened]);
    let owed = after(repairing, &[late_fee(5_000)]);
    assert_eq!((owed.status, owed.due), (Awaiting, Some((Due::Void, now()))), "its page asks for the visit");
    let closed = owed.acted(now());
    assert_eq!(closed.due, None, "nobody is given up for");
    let saved = after(closed.clone(), &[Change::CardSaved]);
    assert_eq!(saved.due, Some((Due::ChargeFee, days(14))));
    let paid = after(closed, &[taken(1, 5_000)]);
    assert_eq!((paid.status, paid.fee_cents, paid.due), (Captured, AudCents(5_000), None));
}

#[test]
fn a_fee_that_was_paid_before_is_kept_of_it() {
    let owed = after(awaiting(1), &[taken(1, 3_000), late_fee(5_000)]);
    assert_eq!(owed.due, Some((Due::ChargeFee, days(14))));
    let kept = after(owed, &[Change::FeeKept]);
    assert_eq!((kept.fee_cents, kept.fee_owed_cents), (AudCents(3_000), AudCents(2_000)));
}

#[test]
fn the_rest_of_a_fee_that_a_card_says_no_to_can_be_paid_with_another_one_for_a_day() {
    let owed = Change::FeeOwed { purpose: IntentPurpose::LateFee, cents: AudCents(5_000), due_at: now() };
    let asked = after(awaiting(1), &[taken(1, 2_000), owed, Change::FeeKept]).acted(now());
    let failed = after(asked, &[declined()]);
    assert_eq!((failed.status, failed.repair_until, failed.due), (Captured, Some(days(1)), None));
    assert_eq!((failed.asks_for(), failed.fee_left_cents()), (IntentPurpose::LateFee, AudCents(3_000)));
    let paid = after(failed, &[taken(2, 3_000)]);
    assert_eq!((paid.fee_cents, paid.repair_until, paid.due), (AudCents(5_000), None, None));
    assert_eq!(paid.asks_for(), IntentPurpose::Visit);
}

#[test]
fn a_fee_that_is_waived_lets_the_card_go() {
    let waived = after(awaiting(1), &[held(11_000), late_fee(5_000), Change::FeeWaived]);
    assert_eq!((waived.status, waived.due), (Voided, Some((Due::Void, now()))));
    let kept = after(awaiting(1), &[Change::CardSaved, Change::FeeWaived]);
    assert_eq!(kept.status, CardSaved, "nothing was owed, so nothing was cancelled");
}

#[test]
fn a_hold_that_ends_before_the_new_time_is_let_go_and_made_again() {
    let moved = after(awaiting(1), &[held(11_000), Change::Moved { start: days(30) }]);
    assert_eq!((moved.status, moved.held_cents), (CardSaved, AudCents::ZERO));
    assert_eq!(moved.due, Some((Due::Void, now())));
    assert_eq!(moved.clone().acted(now()).due, Some((Due::Authorise, authorise_at(days(30)))));
    let over = after(moved, &[Change::Completed]);
    assert_eq!(over.due, Some((Due::Void, now())), "first what is held is let go");
    assert_eq!(over.acted(now()).due, Some((Due::Capture, now())));
    let near = after(awaiting(1), &[held(11_000), Change::Moved { start: days(2) }]);
    assert_eq!((near.status, near.due), (Authorised, None));
}

#[test]
fn a_hold_that_would_not_outlive_the_visit_is_let_go_until_its_time() {
    let hours = |count| now() + jiff::SignedDuration::from_hours(count);
    for (until, expected) in [(days(14), CardSaved), (days(15), Authorised)] {
        let facts = Facts { hold_expires_at: Some(until), ..facts() };
        let (held, _) = awaiting(1).take(&held(11_000), &facts).unwrap();
        assert_eq!(held.status, expected);
    }
    // Made when its time has come, it is as long as it can be.
    let soon = Payment { starts_at: Some(days(4)), ..awaiting(1) };
    let facts = Facts { hold_expires_at: Some(hours(4 * 24)), ..facts() };
    assert_eq!(soon.take(&held(11_000), &facts).unwrap().0.status, Authorised);
}

#[test]
fn money_that_comes_after_the_end_is_taken_and_goes_back() {
    let late = after(awaiting(1), &[Change::LetGo, taken(1, 11_000)]);
    assert_eq!(late.status, Captured);
    let back = Change::RefundDone { refund_id: number(1), cents: AudCents(11_000) };
    assert_eq!(after(late, &[Change::RefundBegun { cents: AudCents(11_000) }, back]).status, Refunded);
}

#[test]
fn a_higher_price_is_agreed_to_as_it_was_asked() {
    let asked = after(awaiting(1), &[taken(1, 11_000), Change::Asked { cents: AudCents(12_000) }]);
    let wrong = asked.clone().take(&Change::Agreed { cents: AudCents(13_000) }, &facts());
    assert_eq!(wrong.unwrap_err().action, "agree_to_charge");
    assert!(asked.clone().take(&taken(2, 1_000), &facts()).is_err(), "not before it is agreed to");
    let agreed = after(asked, &[Change::Agreed { cents: AudCents(12_000) }, taken(2, 1_000)]);
    assert_eq!(agreed.captured_cents, AudCents(12_000));
}

#[test]
fn after_a_deposit_only_what_comes_on_top_of_the_price_is_charged() {
    let cents = AudCents(12_000);
    for (collection, first) in [(Collection::Deposit, 2_000), (Collection::Prepaid, 11_000)] {
        let payment = Payment { collection, ..awaiting(1) };
        let asked = after(payment, &[taken(1, first), Change::Asked { cents }]);
        assert_eq!(asked.balance_cents(), AudCents::ZERO, "nobody has agreed yet");
        assert_eq!(after(asked, &[Change::Agreed { cents }]).balance_cents(), AudCents(1_000));
    }
}

/// Health Insurance Act 1973 s 20A (C-52).
#[test]
fn bulk_billing_waits_until_the_money_is_back() {
    let paid = after(awaiting(1), &[taken(1, 11_000)]);
    assert!(paid.clone().take(&Change::BulkBilled, &facts()).is_err());
    let back = Change::RefundDone { refund_id: number(1), cents: AudCents(11_000) };
    let billed = after(paid, &[back, Change::BulkBilled]);
    assert_eq!((billed.status, billed.funding), (Refunded, FundingMode::BulkBilled));
    assert!(billed.take(&late_fee(5_000), &facts()).is_err());
    let billed = after(not_required(1), &[Change::BulkBilled]);
    assert!(billed.clone().take(&held(1), &facts()).is_err());
    assert!(billed.take(&Change::Asked { cents: AudCents(1) }, &facts()).is_err());
}

#[test]
fn what_comes_twice_has_no_effect_the_second_time() {
    for (before, change) in [
        (vec![], Change::CardSaved),
        (vec![], held(11_000)),
        (vec![held(11_000)], Change::HoldExpired { now: now() }),
        (vec![Change::CardSaved], declined()),
        (vec![held(11_000)], Change::LetGo),
        (vec![held(11_000)], late_fee(5_000)),
        (vec![held(11_000), late_fee(5_000)], Change::FeeWaived),
        (vec![Change::CardSaved], Change::Moved { start: days(20) }),
        (vec![held(11_000)], Change::Completed),
        (vec![held(11_000), Change::Completed], Change::NotOver),
        (vec![], Change::BulkBilled),
    ] {
        let once = after(after(awaiting(1), &before), std::slice::from_ref(&change));
        assert_eq!(after(once.clone(), std::slice::from_ref(&change)), once, "{change:?}");
    }
}

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
