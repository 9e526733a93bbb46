//! A practice asks once more for what no card was charged for.

use shared_types::{
    AudCents,
    payments::{
        IntentPurpose, PaymentFailure,
        PaymentStatus::{
            AuthExpired, Authorised, Awaiting, Captured, CardSaved, Disputed, Failed, Lost, NotRequired,
            PartRefunded, Refunded, Voided, Won,
        },
        quote::Collection,
    },
};

use super::{
    Change, Due, Facts, Payment,
    fixtures::{awaiting, days, now},
};

/// A visit of $110 that is over, whose card said no, and whose day for another one ended just now.
fn over() -> Payment {
    let failure = Some(PaymentFailure::Declined);
    let (starts_at, completed_at) = (Some(days(-1)), Some(days(-1)));
    Payment { status: Failed, failure, repair_until: Some(now()), starts_at, completed_at, ..awaiting(1) }
}

/// The rest of a fee for the same, of which $20 were taken before.
fn rest_of_fee() -> Payment {
    Payment {
        status: Captured,
        captured_cents: AudCents(2_000),
        fee_cents: AudCents(2_000),
        fee_kind: Some(IntentPurpose::LateFee),
        fee_owed_cents: AudCents(3_000),
        fee_due_at: Some(days(-1)),
        ..over()
    }
}

fn asked(payment: Payment, by_card: bool) -> Option<Payment> {
    let facts = Facts { now: now(), refund_is_booked: false, hold_expires_at: None };
    payment.take(&Change::AskedAgain { by_card }, &facts).ok().map(|(after, _)| after)
}

#[test]
fn by_the_card_that_is_kept_what_is_owed_is_charged_at_once() {
    for status in [Failed, AuthExpired, Awaiting] {
        let after = asked(Payment { status, ..over() }, true).unwrap();
        assert_eq!((after.status, after.due), (CardSaved, Some((Due::Capture, now()))), "{status:?}");
        assert_eq!((after.failure, after.repair_until), (None, None), "{status:?}");
        assert!(asked(after, true).is_none(), "{status:?}: not twice");
    }
    let fee = asked(rest_of_fee(), true).unwrap();
    assert_eq!((fee.status, fee.due), (Captured, Some((Due::ChargeFee, now()))));
}

#[test]
fn without_a_card_its_patient_has_another_day_and_nothing_is_given_up() {
    for (before, status) in [
        (over(), Failed),
        (Payment { status: AuthExpired, ..over() }, AuthExpired),
        (rest_of_fee(), Captured),
    ] {
        let after = asked(before, false).unwrap();
        assert_eq!((after.status, after.repair_until, after.due), (status, Some(days(1)), None));
        assert!(asked(after, false).is_none(), "{status:?}: not twice in a day");
    }
    // A page that was left open asks no more by itself.
    assert_eq!(asked(Payment { status: Awaiting, ..over() }, false).unwrap().status, Failed);
    let never_tried = Payment { failure: None, repair_until: None, ..rest_of_fee() };
    assert_eq!(asked(never_tried, false).unwrap().failure, Some(PaymentFailure::Declined));
}

#[test]
fn it_is_not_asked_for_while_something_may_still_come_of_it_or_nothing_is_owed() {
    let (repair_until, due) = (Some(days(1)), Some((Due::Void, now())));
    let refused = [
        Payment { repair_until, ..over() },
        Payment { due, ..over() },
        Payment { completed_at: None, ..over() },
        Payment { bulk_billed: true, ..over() },
        Payment {
            agreed_cents: Some(AudCents(12_000)),
            captured_cents: AudCents(11_000),
            status: Captured,
            ..over()
        },
        Payment { fee_due_at: Some(days(1)), ..rest_of_fee() },
        // Nothing is left of what was agreed to, or too little for a card.
        Payment { captured_cents: AudCents(11_000), ..rest_of_fee() },
        Payment { fee_owed_cents: AudCents(49), ..rest_of_fee() },
        Payment { status: Awaiting, failure: None, ..over() },
    ];
    let elsewhere = [NotRequired, CardSaved, Authorised, Refunded, Voided, Disputed, Lost];
    let elsewhere = elsewhere.into_iter().map(|status| Payment { status, ..rest_of_fee() });
    for payment in refused.into_iter().chain(elsewhere) {
        assert!(!payment.may_ask_again(now()), "{payment:?}");
        for by_card in [true, false] {
            assert!(asked(payment.clone(), by_card).is_none(), "{payment:?}");
        }
    }
    for status in [PartRefunded, Won] {
        assert!(Payment { status, ..rest_of_fee() }.may_ask_again(now()), "{status:?}");
    }
}

#[test]
fn only_a_card_that_can_say_yes_to_what_was_agreed_to_is_tried_again() {
    assert!(over().lets_try_again(false), "it was given for what comes after the visit");
    for failure in [PaymentFailure::ExpiredCard, PaymentFailure::AuthenticationRequired] {
        assert!(!Payment { failure: Some(failure), ..over() }.lets_try_again(true), "{failure:?}");
    }
    for collection in [Collection::Deposit, Collection::Prepaid] {
        assert!(!Payment { collection, ..over() }.lets_try_again(true), "{collection:?}");
        let fee = Payment { collection, ..rest_of_fee() };
        assert!(fee.lets_try_again(true) && !fee.lets_try_again(false), "{collection:?}");
    }
}
