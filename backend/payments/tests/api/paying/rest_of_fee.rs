//! A fee that is more than the deposit: its rest is charged to the card that was given for the deposit, or to another one where that
//! says no.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, FeeWaiver},
    payments::quote::Collection,
};

use super::{
    staff::Staff,
    till::{GOOD_CARD, Till},
};

/// By now the bank of the card that was given for the deposit says no.
const SAYS_NO: &str = "update payments.saved_card set processor_card = 'pm_card_visa_chargeDeclined'";
/// Its holder took the card away at the bank or here.
const REMOVED: &str = "update payments.saved_card set removed_at = now()";

/// A visit with a deposit of $20 is cancelled late for $50, and the card says no to the rest of it at the start.
async fn declined() -> (Till, AppointmentFact) {
    cancelled_late(Some(SAYS_NO)).await
}

/// A visit with a deposit of $20 is cancelled late for $50 after something happened to its card, and starts.
async fn cancelled_late(meanwhile: Option<&'static str>) -> (Till, AppointmentFact) {
    let till = Till::open().await;
    let quote = till.quote(Collection::Deposit, 30);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "captured");
    if let Some(statement) = meanwhile {
        sqlx::query(statement).execute(&till.world.core.pool).await.unwrap();
    }
    let late =
        AppointmentFact { status: AppointmentStatus::CancelledLate, late_fee_cents: AudCents(5_000), ..fact };
    till.world.receive(&till.world.cancelled(&late)).await.unwrap();
    till.world.core.clock.advance(late.start.duration_since(till.world.core.now()));
    till.work().await;
    (till, late)
}

/// What was told of a card that was not charged.
async fn failures(till: &Till) -> Vec<Value> {
    sqlx::query_scalar(
        "select body from payments.outbox where name = 'payment_step_failed' order by position",
    )
    .fetch_all(&till.world.core.pool)
    .await
    .unwrap()
}

async fn charged(till: &Till) -> i64 {
    till.sandbox.charges().into_iter().map(|(_, cents, _)| cents).sum()
}

/// What the practice reads beside the deposit.
async fn owed_beside(till: &Till) -> Value {
    let (status, page) = Staff::at(till).await.send(till, Method::GET, "/transactions", Value::Null).await;
    assert_eq!(status, 200, "{page}");
    let taken = page["items"].as_array().unwrap().iter().find(|item| item["cause"] == "capture");
    taken.unwrap()["fee_owed_cents"].clone()
}

#[tokio::test]
async fn the_card_of_the_deposit_is_charged_the_rest_and_kept_for_nothing_else() {
    let (till, _) = cancelled_late(None).await;
    let standing = till.standing().await;
    let amounts = ["paid_cents", "fee_cents", "fee_owed_cents"].map(|field| &standing[field]);
    assert_eq!(amounts, [&json!(5_000), &json!(5_000), &json!(0)], "{standing}");
    assert_eq!((charged(&till).await, failures(&till).await), (5_000, Vec::<Value>::new()));
    assert_eq!(till.read("select kept::text from payments.saved_card").await, "false", "not offered again");
    let leave =
        "select concat_ws(' ', text, version) from payments.consent_receipt where subject_kind = 'booking'";
    assert_eq!(till.read(leave).await, "card-storage 1");
}

#[tokio::test]
async fn without_a_card_to_charge_its_patient_is_told_and_can_give_one() {
    let (till, late) = cancelled_late(Some(REMOVED)).await;
    let until = late.start + SignedDuration::from_hours(24);
    let expected = json!({
        "booking_id": late.booking_id, "failure": "not_finished", "repair_until": until,
        "fee": {"kind": "late_fee", "cents": 3_000},
    });
    assert_eq!(failures(&till).await, [expected]);
    assert_eq!((owed_beside(&till).await, charged(&till).await), (json!(3_000), 2_000));
    assert_eq!(till.repair(9).await.0, 201);
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["fee_owed_cents"], 0);
    assert_eq!(charged(&till).await, 5_000);
}

#[tokio::test]
async fn its_patient_has_a_day_for_another_card_and_is_told_and_the_practice_sees_what_is_owed() {
    let (till, late) = declined().await;
    let until = late.start + SignedDuration::from_hours(24);
    let standing = till.standing().await;
    let amounts = ["paid_cents", "fee_cents", "fee_owed_cents"].map(|field| &standing[field]);
    assert_eq!(amounts, [&json!(2_000), &json!(2_000), &json!(3_000)], "{standing}");
    assert_eq!(
        ["status", "failure", "repair_until"].map(|field| &standing[field]),
        [&json!("captured"), &json!("declined"), &json!(until)]
    );
    let expected = json!({
        "booking_id": late.booking_id, "failure": "declined", "repair_until": until,
        "fee": {"kind": "late_fee", "cents": 3_000},
    });
    assert_eq!(failures(&till).await, [expected]);
    assert_eq!(owed_beside(&till).await, 3_000);
    // Nobody is there, so the card is not asked again and again.
    till.world.core.clock.advance(SignedDuration::from_mins(30));
    till.work().await;
    let asked = "select count(*)::text from payments.intent where purpose = 'late_fee'";
    assert_eq!((till.read(asked).await.as_str(), charged(&till).await), ("1", 2_000));
}

#[tokio::test]
async fn another_card_pays_the_rest_once() {
    let (till, late) = declined().await;
    let (status, checkout) = till.repair(9).await;
    assert_eq!(status, 201, "{checkout}");
    assert!(checkout["address"].is_string(), "{checkout}");
    till.pay(GOOD_CARD).await;
    for _ in 0..2 {
        let standing = till.standing().await;
        let amounts = ["paid_cents", "fee_cents", "fee_owed_cents"].map(|field| &standing[field]);
        assert_eq!(amounts, [&json!(5_000), &json!(5_000), &json!(0)], "{standing}");
        assert_eq!((&standing["failure"], &standing["repair_until"]), (&Value::Null, &Value::Null));
        assert_eq!(charged(&till).await, 5_000);
        // That money came is told once more of what does not stand; it changes nothing.
        till.world.receive(&till.world.cancelled(&late)).await.unwrap();
        till.work().await;
    }
    let steps = "select count(*)::text from payments.outbox where name = 'payment_step_completed'";
    assert_eq!(till.read(steps).await, "2", "for the deposit, and that no other card is needed any more");
    assert_eq!(owed_beside(&till).await, 0);
    let (status, problem) = till.repair(10).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/already-paid")), "{problem}");
}

#[tokio::test]
async fn once_the_day_is_over_it_is_between_the_patient_and_the_practice() {
    let (till, _) = declined().await;
    till.world.core.clock.advance(SignedDuration::from_hours(24));
    let standing = till.standing().await;
    let shown = ["failure", "repair_until", "fee_owed_cents"].map(|field| &standing[field]);
    assert_eq!(shown, [&json!("declined"), &Value::Null, &json!(3_000)], "{standing}");
    let (status, problem) = till.repair(9).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/nothing-due")), "{problem}");
    till.work().await;
    assert_eq!((charged(&till).await, failures(&till).await.len()), (2_000, 1));
    assert_eq!(owed_beside(&till).await, 3_000);
}

#[tokio::test]
async fn a_fee_that_is_let_go_asks_for_no_card_and_gives_the_deposit_back() {
    let (till, late) = declined().await;
    let waived = BookingsEvent::LateFeeWaived { booking_id: late.booking_id, waived_by: FeeWaiver::Practice };
    till.world.receive(&till.world.envelope("bookings", &waived)).await.unwrap();
    let standing = till.standing().await;
    let shown = ["failure", "repair_until", "fee_owed_cents"].map(|field| &standing[field]);
    assert_eq!(shown, [&Value::Null, &Value::Null, &json!(0)], "{standing}");
    let (status, problem) = till.repair(9).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/already-paid")), "{problem}");
    till.work().await;
    assert_eq!((till.standing().await["status"].as_str(), charged(&till).await), (Some("refunded"), 0));
}

/// The fee is let go while the page for another card is open, the bank of the deposit wants it back, and the card is given all the same.
#[tokio::test]
async fn what_comes_for_a_fee_that_was_let_go_goes_back_however_a_bank_decides_about_the_deposit() {
    for (decision, is_before, after, left) in
        [("win", false, "refunded", 0), ("lose", false, "lost", 2_000), ("lose", true, "lost", 2_000)]
    {
        let (till, late) = declined().await;
        let (status, checkout) = till.repair(9).await;
        assert_eq!(status, 201, "{checkout}");
        let waived =
            BookingsEvent::LateFeeWaived { booking_id: late.booking_id, waived_by: FeeWaiver::Practice };
        till.world.receive(&till.world.envelope("bookings", &waived)).await.unwrap();
        let deposit = till.sandbox.charges().remove(0).0;
        till.control(&format!("charges/{deposit}/dispute"), "").await;
        till.world.core.clock.advance(SignedDuration::from_mins(15));
        while till.run("payments.reconcile").await > 0 {}
        assert_eq!(till.standing().await["status"], "disputed");
        let dispute = till.read("select processor_dispute from payments.chargeback").await;
        let decided = async || {
            till.control(&format!("disputes/{dispute}/{decision}"), "").await;
            assert_eq!(till.tell("evt_1", &dispute, "whsec_sandbox").await, 204);
            while till.run("payments.apply_webhooks").await > 0 {}
            till.work().await;
        };
        if is_before {
            decided().await;
        }
        till.pay(GOOD_CARD).await;
        assert_eq!(till.standing().await["paid_cents"], 5_000, "{decision}");
        if !is_before {
            decided().await;
        }
        till.work().await;
        let standing = till.standing().await;
        assert_eq!((&standing["status"], charged(&till).await), (&json!(after), left), "{standing}");
        assert_eq!(standing["refunded_cents"], json!(5_000 - left), "{decision}");
    }
}
