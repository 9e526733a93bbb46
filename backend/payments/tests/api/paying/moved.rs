//! An appointment is moved beyond the day on which the bank lets the held money go, with less than four days to the new start; or its
//! card failed, and it is moved to an earlier time; or it was over, and is not over after all.

use jiff::SignedDuration;
use serde_json::json;
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    payments::quote::Collection,
};

use super::till::{GOOD_CARD, Till};

/// The money was held six days before the visit, and a day before it the visit is moved by another.
async fn moved() -> (Till, AppointmentFact) {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 6);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "authorised");
    till.world.core.clock.advance(SignedDuration::from_hours(24 * 5));
    let fact = AppointmentFact { start: fact.start + SignedDuration::from_hours(24), ..fact };
    till.world.receive(&till.world.moved(&fact)).await.unwrap();
    assert_eq!(till.standing().await["status"], "card_saved");
    (till, fact)
}

/// What is due is done, and once more when what was held before is let go.
async fn work_twice(till: &Till) {
    till.work().await;
    till.world.core.clock.advance(SignedDuration::from_mins(2));
    till.work().await;
}

#[tokio::test]
async fn what_is_let_go_is_held_again_from_the_card() {
    let (till, _) = moved().await;
    work_twice(&till).await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["held_cents"]), (&json!("authorised"), &json!(11_000)));
    let tries =
        "select string_agg(status, ', ' order by number) from payments.intent where kind = 'authorise'";
    assert_eq!(till.read(tries).await, "voided, authorised");
}

#[tokio::test]
async fn a_visit_that_is_over_before_it_was_let_go_is_charged_all_the_same() {
    let (till, fact) = moved().await;
    let over =
        BookingsEvent::AppointmentChanged(AppointmentFact { status: AppointmentStatus::Completed, ..fact });
    till.world.receive(&till.world.envelope("bookings", &over)).await.unwrap();
    work_twice(&till).await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(11_000)));
    let charged: Vec<_> = till.sandbox.charges().into_iter().map(|(_, cents, _)| cents).collect();
    assert_eq!(charged, [11_000]);
}

#[tokio::test]
async fn another_card_can_be_given_until_an_earlier_start_and_then_the_visit_is_given_up() {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 30);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    till.card_fails().await;
    let sooner = SignedDuration::from_hours(12);
    let start = till.world.core.now() + sooner;
    till.world.receive(&till.world.moved(&AppointmentFact { start, ..fact })).await.unwrap();
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["repair_until"]), (&json!("failed"), &json!(start)));
    till.world.core.clock.advance(sooner);
    till.work().await;
    assert_eq!(till.standing().await["status"], "voided");
    let told = "select count(*)::text from payments.outbox where name = 'payment_lapsed'";
    assert_eq!(till.read(told).await, "1");
}

#[tokio::test]
async fn a_visit_that_was_not_over_after_all_is_charged_to_another_card_once_it_is() {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 30);
    let mut fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    till.world.core.clock.advance(fact.start.duration_since(till.world.core.now()));
    let stands = |fact: &AppointmentFact, status| {
        let fact = AppointmentFact { status, ..fact.clone() };
        till.world.envelope("bookings", &BookingsEvent::AppointmentChanged(fact))
    };
    till.world.receive(&stands(&fact, AppointmentStatus::Completed)).await.unwrap();
    till.card_fails().await;
    till.world.receive(&stands(&fact, AppointmentStatus::CheckedIn)).await.unwrap();
    // The time to give another card is over by then.
    till.world.core.clock.advance(SignedDuration::from_hours(25));
    let fortnight = SignedDuration::from_hours(14 * 24);
    (fact.start, fact.end) = (till.world.core.now() + fortnight, till.world.core.now() + fortnight);
    till.world.receive(&till.world.moved(&fact)).await.unwrap();
    till.work().await;
    assert_eq!(till.repair(9).await.0, 201, "nobody has given it up");
    till.pay(GOOD_CARD).await;
    till.work().await;
    assert_eq!(till.standing().await["status"], "card_saved", "it is to come");
    till.world.core.clock.advance(fortnight);
    till.work().await;
    assert_eq!(till.standing().await["status"], "authorised", "it is not over");
    assert_eq!(till.sandbox.charges().len(), 0);
    till.world.receive(&stands(&fact, AppointmentStatus::Completed)).await.unwrap();
    till.work().await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(11_000)));
}
