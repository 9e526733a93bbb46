//! Money that was on its way back and that a bank did not take, or sent back days later.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::payments::quote::Collection;

use super::{
    staff::Staff,
    till::{GOOD_CARD, Till, balances},
};

/// What is given back with it arrives days later.
const REFUNDED_SLOWLY: &str = "4000000000007726";

/// A visit of $110 that is paid.
async fn paid(card: &str) -> (Till, Staff) {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(card).await;
    assert_eq!(till.standing().await["paid_cents"], 11_000);
    let staff = Staff::at(&till).await;
    (till, staff)
}

async fn run_all(till: &Till, job: &str) {
    while till.run(job).await > 0 {}
}

/// The practice gives half of it back, and the processor is asked.
async fn half_back(till: &Till, staff: &Staff) {
    assert_eq!(staff.refund(till, 5_500).await.0, 201);
    run_all(till, "payments.run_processor_calls").await;
}

/// The bank sends it back, and the processor tells so twice.
async fn sent_back(till: &Till) {
    let latest = "select processor_refund from payments.refund order by created_at desc limit 1";
    let refund = till.read(latest).await;
    till.control(&format!("refunds/{refund}/fail"), "").await;
    for event in ["evt_1", "evt_2"] {
        assert_eq!(till.tell(&format!("{event}_{refund}"), &refund, "whsec_sandbox").await, 204);
        run_all(till, "payments.apply_webhooks").await;
    }
}

async fn told(till: &Till) -> Vec<Value> {
    sqlx::query_scalar("select body from payments.outbox where name = 'refund_failed' order by position")
        .fetch_all(&till.world.core.pool)
        .await
        .unwrap()
}

/// What the practice's transactions are for, and what is owed to the patient beside the payment.
async fn transactions(till: &Till, staff: &Staff) -> (Vec<String>, Value) {
    let (status, page) = staff.send(till, Method::GET, "/transactions", Value::Null).await;
    assert_eq!(status, 200, "{page}");
    let items = page["items"].as_array().unwrap();
    let mut causes: Vec<_> = items.iter().map(|item| item["cause"].as_str().unwrap().to_owned()).collect();
    causes.sort_unstable();
    let taken = items.iter().find(|item| item["cause"] == "capture").unwrap();
    (causes, taken["not_returned_cents"].clone())
}

#[tokio::test]
async fn it_is_owed_again_whoever_paid_is_told_once_and_the_practice_sees_it() {
    for (card, before, causes) in [
        (REFUNDED_SLOWLY, "sent", ["capture"].as_slice()),
        (GOOD_CARD, "succeeded", ["capture", "refund", "refund_failed"].as_slice()),
    ] {
        let (till, staff) = paid(card).await;
        let as_paid = balances(&till).await;
        half_back(&till, &staff).await;
        assert_eq!(till.read("select status from payments.refund").await, before);
        assert_eq!(transactions(&till, &staff).await.1, 0, "{before}: it is on its way, or there");
        assert_eq!(told(&till).await, Vec::<Value>::new(), "{before}");
        sent_back(&till).await;
        let refund = till.read("select refund_id::text from payments.refund").await;
        let booking = till.read("select booking_id::text from payments.payment").await;
        let expected = json!({
            "refund_id": refund, "booking_id": booking, "amount_cents": 5_500, "reason": "goodwill",
        });
        assert_eq!(told(&till).await, [expected], "{before}");
        let standing = till.standing().await;
        let amounts = ["status", "paid_cents", "refunded_cents"].map(|field| &standing[field]);
        assert_eq!(amounts, [&json!("captured"), &json!(11_000), &json!(0)], "{before}");
        assert_eq!(balances(&till).await, as_paid, "{before}: the practice owes what it had before");
        let (seen, owed) = transactions(&till, &staff).await;
        assert_eq!(
            (seen.iter().map(String::as_str).collect::<Vec<_>>(), owed),
            (causes.to_vec(), json!(5_500))
        );
    }
}

#[tokio::test]
async fn what_is_sent_again_is_not_owed_besides_however_often_it_fails() {
    let (till, staff) = paid(GOOD_CARD).await;
    for failed in 1..=2 {
        half_back(&till, &staff).await;
        sent_back(&till).await;
        assert_eq!(transactions(&till, &staff).await.1, 5_500, "{failed}");
        assert_eq!(told(&till).await.len(), failed);
        till.world.core.clock.advance(SignedDuration::from_mins(1));
    }
    half_back(&till, &staff).await;
    assert_eq!(transactions(&till, &staff).await.1, 0);
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["refunded_cents"]), (&json!("part_refunded"), &json!(5_500)));
    assert_eq!(told(&till).await.len(), 2);
}

#[tokio::test]
async fn one_that_the_bank_sends_back_days_later_without_a_word_is_found_at_night_and_told_once() {
    for (card, before) in [(REFUNDED_SLOWLY, "sent"), (GOOD_CARD, "succeeded")] {
        let (till, staff) = paid(card).await;
        let as_paid = balances(&till).await;
        half_back(&till, &staff).await;
        assert_eq!(till.read("select status from payments.refund").await, before);
        // Longer ago than a night's comparison covers.
        till.world.core.clock.advance(SignedDuration::from_hours(5 * 24));
        let refund = till.read("select processor_refund from payments.refund").await;
        till.control(&format!("refunds/{refund}/fail"), "").await;
        for night in 1..=2 {
            run_all(&till, "payments.reconcile").await;
            assert_eq!(till.read("select status from payments.refund").await, "failed", "{before}");
            assert_eq!(told(&till).await.len(), 1, "{before}, night {night}");
            let standing = till.standing().await;
            let amounts = ["status", "paid_cents", "refunded_cents"].map(|field| &standing[field]);
            assert_eq!(amounts, [&json!("captured"), &json!(11_000), &json!(0)], "{before}");
            assert_eq!(balances(&till).await, as_paid, "{before}: the practice owes what it had before");
            till.world.core.clock.advance(SignedDuration::from_hours(25));
        }
        let found: Vec<(String, String)> =
            sqlx::query_as("select kind, action from payments.difference where subject = $1")
                .bind(&refund)
                .fetch_all(&till.world.core.pool)
                .await
                .unwrap();
        assert_eq!(found, [("webhook".to_owned(), "applied".to_owned())], "{before}");
        assert_eq!(transactions(&till, &staff).await.1, 5_500, "{before}: it is owed again");
    }
}
