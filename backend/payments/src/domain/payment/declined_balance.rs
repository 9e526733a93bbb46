//! A higher price that was agreed to, for which the card that is kept says no.

use shared_types::{
    AudCents,
    payments::{IntentPurpose, PaymentFailure, PaymentStatus::Captured},
};

use super::{
    Change, Due, Facts, Payment,
    fixtures::{after, awaiting, days, declined, now, taken},
};

const AGREED: AudCents = AudCents(12_000);

/// The visit is paid, $10 more were agreed to, and the card said no to them.
fn refused() -> Payment {
    let asked = Change::Asked { cents: AGREED };
    after(awaiting(1), &[taken(1, 11_000), asked, Change::Agreed { cents: AGREED }, declined()])
}

#[test]
fn it_can_be_paid_with_another_card_for_a_day_and_nothing_is_given_up_for_it() {
    let failed = refused();
    assert_eq!((failed.status, failed.repair_until, failed.due), (Captured, Some(days(1)), None));
    assert_eq!((failed.asks_for(), failed.balance_left_cents()), (IntentPurpose::Balance, AudCents(1_000)));
    let paid = after(failed, &[taken(2, 1_000)]);
    assert_eq!((paid.captured_cents, paid.failure, paid.repair_until), (AGREED, None, None));
    assert_eq!((paid.asks_for(), paid.balance_left_cents()), (IntentPurpose::Visit, AudCents::ZERO));
}

#[test]
fn asked_for_anew_it_has_what_is_left_of_the_day_or_another_one() {
    for (later, until) in [(now(), days(1)), (days(2), days(3))] {
        let agreed = after(refused(), &[Change::Asked { cents: AGREED }, Change::Agreed { cents: AGREED }]);
        assert_eq!((agreed.failure, agreed.repair_until), (None, Some(days(1))));
        let facts = Facts { now: later, refund_is_booked: false, hold_expires_at: None };
        let (again, _) = agreed.take(&declined(), &facts).unwrap();
        assert_eq!((again.failure, again.repair_until), (Some(PaymentFailure::Declined), Some(until)));
    }
}

#[test]
fn what_does_not_take_place_owes_its_fee_and_no_rest_of_a_price() {
    let purpose = IntentPurpose::NoShowFee;
    let owed = Change::FeeOwed { purpose, cents: AudCents(5_000), due_at: days(14) };
    let absent = after(refused(), &[owed]);
    assert_eq!((absent.failure, absent.repair_until), (None, None));
    assert_eq!(absent.due, Some((Due::Void, now())), "the page for another card is closed");
    assert_eq!((absent.asks_for(), absent.balance_left_cents()), (purpose, AudCents::ZERO));
    let closed = absent.acted(now());
    assert_eq!(closed.due, Some((Due::ChargeFee, days(14))));
    // The try that was under way is told of late: it is nobody's any more.
    let late = after(closed, &[declined()]);
    assert_eq!((late.repair_until, late.due), (None, Some((Due::ChargeFee, days(14)))));
}
