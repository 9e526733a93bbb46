//! Requests that are sent again.

use axum::http::StatusCode;
use processor_sandbox::Faults;
use serde_json::Value;

use crate::Processor;

const PAY: &str = "amount=11000&currency=aud&payment_method=pm_card_visa&confirm=true";

async fn send(processor: &Processor, form: &str) -> (StatusCode, Value) {
    processor.ask_with("POST", "/v1/payment_intents", form, &[("idempotency-key", "k1")]).await
}

#[tokio::test]
async fn the_same_request_with_its_key_charges_once() {
    let processor = Processor::open();
    let (first, again) = (send(&processor, PAY).await, send(&processor, PAY).await);
    assert_eq!(first, again);
    assert_eq!(processor.sandbox.charges().len(), 1);
    assert_eq!(processor.sandbox.figures().repeated, 1);
}

#[tokio::test]
async fn a_key_is_good_for_one_request_only() {
    let processor = Processor::open();
    send(&processor, PAY).await;
    let (status, body) = send(&processor, &format!("{PAY}&description=other")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["error"]["type"], "idempotency_error");
}

#[tokio::test]
async fn a_cards_refusal_is_repeated_too() {
    let processor = Processor::open();
    let form = "amount=5000&currency=aud&payment_method=pm_card_visa_chargeDeclined&confirm=true";
    let (first, again) = (send(&processor, form).await, send(&processor, form).await);
    assert_eq!((first.0, &first.1), (StatusCode::PAYMENT_REQUIRED, &again.1));
    assert_eq!(processor.happened("charge.failed").await, 1);
}

#[tokio::test]
async fn a_reply_that_is_lost_was_done_all_the_same() {
    let processor = Processor::open();
    processor.sandbox.set_faults(Faults { lost_reply_percent: 100, ..Faults::default() });
    assert_eq!(send(&processor, PAY).await.0, StatusCode::GATEWAY_TIMEOUT);
    processor.sandbox.set_faults(Faults::default());
    assert_eq!(send(&processor, PAY).await.0, StatusCode::OK);
    assert_eq!(processor.sandbox.charges().len(), 1);
}

#[tokio::test]
async fn an_ignored_key_charges_twice() {
    let processor = Processor::open();
    processor.sandbox.set_faults(Faults { keys_ignored: 1, ..Faults::default() });
    for _ in 0..3 {
        send(&processor, PAY).await;
    }
    assert_eq!(processor.sandbox.charges().len(), 2);
    assert_eq!(processor.sandbox.figures().keys_ignored, 1);
}

#[tokio::test]
async fn where_keys_are_ignored_the_first_reply_is_lost() {
    let processor = Processor::open();
    let keys_ignored_at = "payment_intents".to_owned();
    processor.sandbox.set_faults(Faults { keys_ignored: 1, keys_ignored_at, ..Faults::default() });
    let statuses =
        [send(&processor, PAY).await.0, send(&processor, PAY).await.0, send(&processor, PAY).await.0];
    assert_eq!(statuses, [StatusCode::GATEWAY_TIMEOUT, StatusCode::OK, StatusCode::OK]);
    assert_eq!(processor.sandbox.agreed().len(), 2);
    assert_eq!(processor.sandbox.figures().keys_ignored, 1);
}
