//! What a practice reads of a card that was not charged: the visit, a fee and a higher price, and that it is gone once it is paid.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    payments::quote::Collection,
};

use super::{
    asked_again,
    staff::Staff,
    till::{GOOD_CARD, Till},
};

const SAYS_NO: &str = "update payments.saved_card set processor_card = 'pm_card_visa_chargeDeclined'";

/// The items of the practice's list.
pub async fn unpaid(till: &Till, staff: &Staff) -> Vec<Value> {
    let (status, page) = staff.send(till, Method::GET, "/unpaid", Value::Null).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

/// A visit whose card was kept and says no by now, at its start, ends so.
pub async fn over(status: AppointmentStatus, late_fee_cents: AudCents) -> (Till, Staff) {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 30);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    sqlx::query(SAYS_NO).execute(&till.world.core.pool).await.unwrap();
    let staff = Staff::at(&till).await;
    assert_eq!(unpaid(&till, &staff).await, Vec::<Value>::new());
    till.world.core.clock.advance(fact.start.duration_since(till.world.core.now()));
    let told = BookingsEvent::AppointmentChanged(AppointmentFact { status, late_fee_cents, ..fact });
    till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
    till.work().await;
    assert_eq!(till.standing().await["status"], "failed");
    (till, staff)
}

#[tokio::test]
async fn a_visit_that_no_card_was_charged_for_is_listed_until_another_card_pays() {
    let (till, staff) = over(AppointmentStatus::Completed, AudCents::ZERO).await;
    let now = till.world.core.now();
    let until = now + SignedDuration::from_hours(24);
    let listed = unpaid(&till, &staff).await;
    let fields =
        ["purpose", "owed_cents", "paid_cents", "failure", "failed_at", "repair_until", "is_being_paid"];
    let expected =
        [json!("visit"), json!(11_000), json!(0), json!("declined"), json!(now), json!(until), json!(false)];
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(fields.map(|field| listed[0][field].clone()), expected);
    assert_eq!(till.entries("list_unpaid_payments").await, 1);
    assert_eq!(till.repair(9).await.0, 201);
    assert_eq!(unpaid(&till, &staff).await[0]["is_being_paid"], true);
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "captured");
    assert_eq!(unpaid(&till, &staff).await, Vec::<Value>::new());
}

#[tokio::test]
async fn once_the_time_for_another_card_is_over_it_stays_listed_and_says_so() {
    let (till, staff) = over(AppointmentStatus::Completed, AudCents::ZERO).await;
    till.world.core.clock.advance(SignedDuration::from_hours(25));
    till.work().await;
    let listed = unpaid(&till, &staff).await;
    let fields = ["owed_cents", "repair_until"].map(|field| listed[0][field].clone());
    assert_eq!(fields, [json!(11_000), Value::Null]);
}

#[tokio::test]
async fn a_fee_is_listed_as_the_fee_that_it_is() {
    let (till, staff) = over(AppointmentStatus::NoShowPatient, AudCents(5_000)).await;
    let listed = unpaid(&till, &staff).await;
    let fields = ["purpose", "owed_cents"].map(|field| listed[0][field].clone());
    assert_eq!(fields, [json!("no_show_fee"), json!(5_000)]);
}

#[tokio::test]
async fn a_higher_price_that_was_agreed_to_is_listed_by_what_is_left_of_it() {
    let (till, staff) = asked_again::declined().await;
    let listed = unpaid(&till, &staff).await;
    let fields = ["purpose", "owed_cents", "paid_cents"].map(|field| listed[0][field].clone());
    assert_eq!(fields, [json!("balance"), json!(1_000), json!(11_000)]);
    assert_eq!(listed[0]["higher"]["agreed_cents"], 12_000);
}
