//! What follows from what.

use shared_types::{
    AudCents,
    payments::{
        IntentPurpose, PaymentFailure,
        PaymentStatus::{AuthExpired, Authorised, Awaiting, Captured, CardSaved, Failed, Refunded, Voided},
        funding::FundingMode,
        quote::Collection,
        rules::authorise_at,
    },
};

use super::{
    Change, Due, Facts, Payment,
    fixtures::{after, awaiting, days, declined, facts, held, late_fee, not_required, now, number, taken},
};

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
