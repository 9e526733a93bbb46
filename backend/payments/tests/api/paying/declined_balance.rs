//! A higher price that was agreed to, for which the card that is kept says no: its patient is told, and can pay it with another card.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    payments::quote::Collection,
};

use super::{
    asked_again::{agree, ask, card_agrees, charged, declined},
    not_paid::unpaid,
    staff::Staff,
    till::{BOOKING, GOOD_CARD, Till},
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const PAGES: &str = "select count(*)::text from payments.intent where status = 'page_open'";

/// What was told of a card that was not charged.
pub async fn failures(till: &Till) -> Vec<Value> {
    sqlx::query_scalar(
        "select body from payments.outbox where name = 'payment_step_failed' order by position",
    )
    .fetch_all(&till.world.core.pool)
    .await
    .unwrap()
}

/// All of it is paid, once, and nothing more is asked for.
async fn is_paid(till: &Till) {
    let standing = till.standing().await;
    let shown = ["paid_cents", "failure", "repair_until"].map(|field| &standing[field]);
    assert_eq!(shown, [&json!(12_000), &Value::Null, &Value::Null], "{standing}");
    assert_eq!(charged(till).await, [1_000, 11_000]);
    let steps = "select count(*)::text from payments.outbox where name = 'payment_step_completed'";
    assert_eq!(till.read(steps).await, "2", "for the visit, and that no other card is needed any more");
    let (status, problem) = till.repair(99).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/already-paid")), "{problem}");
}

#[tokio::test]
async fn its_patient_is_told_how_much_it_is_and_pays_it_once_with_another_card() {
    let (till, _) = declined().await;
    let until = till.world.core.now() + DAY;
    assert_eq!(till.standing().await["repair_until"], json!(until));
    let expected =
        json!({"booking_id": BOOKING, "failure": "declined", "repair_until": until, "balance": 1_000});
    assert_eq!(failures(&till).await, [expected]);
    // Nobody is there, so the card that is kept is not asked again and again.
    till.world.core.clock.advance(SignedDuration::from_mins(30));
    till.work().await;
    let asked = "select count(*)::text from payments.intent where purpose = 'balance'";
    assert_eq!((till.read(asked).await.as_str(), charged(&till).await), ("1", vec![11_000]));
    let (status, checkout) = till.repair(9).await;
    assert_eq!(status, 201, "{checkout}");
    assert!(checkout["address"].is_string(), "{checkout}");
    till.pay(GOOD_CARD).await;
    is_paid(&till).await;
}

/// The price was agreed to before the visit, and its holder took the card away before it was charged beyond what was held.
#[tokio::test]
async fn what_was_agreed_to_beyond_what_was_held_is_not_lost_where_no_card_is_kept_any_more() {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 3);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "authorised");
    till.world.publish_text("higher-charge").await;
    let staff = Staff::at(&till).await;
    assert_eq!(ask(&till, &staff, 12_000).await.0, 202);
    assert_eq!(agree(&till, 5).await.0, 200);
    let removed = "update payments.saved_card set removed_at = now()";
    sqlx::query(removed).execute(&till.world.core.pool).await.unwrap();
    let over =
        BookingsEvent::AppointmentChanged(AppointmentFact { status: AppointmentStatus::Completed, ..fact });
    till.world.receive(&till.world.envelope("bookings", &over)).await.unwrap();
    till.work().await;
    let standing = till.standing().await;
    let shown = ["paid_cents", "failure"].map(|field| &standing[field]);
    assert_eq!(shown, [&json!(11_000), &json!("declined")], "{standing}");
    let told = failures(&till).await;
    assert_eq!((told.len(), &told[0]["balance"]), (1, &json!(1_000)), "its patient is told how much is left");
    let listed = unpaid(&till, &staff).await;
    assert_eq!((listed.len(), &listed[0]["owed_cents"]), (1, &json!(1_000)), "{listed:?}");
    assert_eq!(till.repair(9).await.0, 201);
    till.pay(GOOD_CARD).await;
    is_paid(&till).await;
}

#[tokio::test]
async fn while_a_page_is_open_for_another_card_it_is_agreed_to_anew_and_charged_once() {
    let (till, staff) = declined().await;
    assert_eq!(till.repair(9).await.0, 201);
    assert_eq!(till.read(PAGES).await, "1");
    card_agrees(&till, true).await;
    assert_eq!(ask(&till, &staff, 12_000).await.0, 202);
    assert_eq!(agree(&till, 6).await.0, 200);
    assert_eq!(till.read(PAGES).await, "0", "the kept card is asked instead");
    till.work().await;
    is_paid(&till).await;
    assert_eq!(failures(&till).await.len(), 1);
}

#[tokio::test]
async fn once_the_day_is_over_it_is_settled_with_the_practice_which_may_ask_anew() {
    let (till, staff) = declined().await;
    till.world.core.clock.advance(DAY);
    let standing = till.standing().await;
    assert_eq!((&standing["failure"], &standing["repair_until"]), (&json!("declined"), &Value::Null));
    let (status, problem) = till.repair(9).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/nothing-due")), "{problem}");
    till.work().await;
    assert_eq!((failures(&till).await.len(), charged(&till).await), (1, vec![11_000]));
    // The card says no once more: there is another day, and another letter.
    assert_eq!(ask(&till, &staff, 12_000).await.0, 202);
    assert_eq!(agree(&till, 6).await.0, 200);
    till.work().await;
    let told = failures(&till).await;
    let until = json!(till.world.core.now() + DAY);
    assert_eq!((told.len(), &told[1]["repair_until"], &told[1]["balance"]), (2, &until, &json!(1_000)));
    assert_eq!(till.repair(10).await.0, 201);
    till.pay(GOOD_CARD).await;
    is_paid(&till).await;
}
