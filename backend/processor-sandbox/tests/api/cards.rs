//! Payments, set-ups and refunds by card.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use crate::{Processor, id};

#[tokio::test]
async fn money_is_held_then_taken_in_part_and_the_rest_is_let_go() {
    let processor = Processor::open();
    let held = processor.pay("pm_card_visa", "capture_method=manual").await;
    assert_eq!(held["status"], "requires_capture");
    assert_eq!(held["amount_capturable"], 11_000);
    let path = format!("/v1/payment_intents/{}/capture", id(&held));
    let taken =
        processor.post(&path, "amount_to_capture=4000&expand[]=latest_charge.balance_transaction").await;
    assert_eq!(taken["status"], "succeeded");
    assert_eq!(taken["amount_received"], 4_000);
    assert_eq!(taken["latest_charge"]["amount_refunded"], 7_000);
    // 1.7% of $40.00 and 30 cents.
    assert_eq!(taken["latest_charge"]["balance_transaction"]["fee"], 98);
    assert_eq!(processor.refused(&path, "").await, (400, "payment_intent_unexpected_state".to_owned()));
}

#[tokio::test]
async fn each_card_that_declines_says_why() {
    let processor = Processor::open();
    for (card, code) in [
        ("pm_card_visa_chargeDeclined", "card_declined"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error"),
        ("pm_card_chargeCustomerFail", "card_declined"),
    ] {
        let form = format!("amount=5000&currency=aud&payment_method={card}&confirm=true");
        assert_eq!(processor.refused("/v1/payment_intents", &form).await, (402, code.to_owned()), "{card}");
    }
    assert_eq!(processor.happened("payment_intent.payment_failed").await, 6);
    assert_eq!(processor.balance(None).await, 0);
}

#[tokio::test]
async fn a_card_that_wants_its_holder_is_declined_without_them() {
    let processor = Processor::open();
    let form = "amount=5000&currency=aud&payment_method=pm_card_authenticationRequired&confirm=true&off_session=true";
    let refused = processor.refused("/v1/payment_intents", form).await;
    assert_eq!(refused, (402, "authentication_required".to_owned()));
    let asked = processor.pay("pm_card_authenticationRequired", "").await;
    assert_eq!(asked["status"], "requires_action");
    processor.post(&format!("/_sandbox/payment_intents/{}/authenticate", id(&asked)), "").await;
    let paid = processor.get(&format!("/v1/payment_intents/{}", id(&asked))).await;
    assert_eq!(paid["status"], "succeeded");
}

#[tokio::test]
async fn a_card_that_was_kept_with_proof_is_charged_without_its_holder() {
    let processor = Processor::open();
    let customer = id(&processor.post("/v1/customers", "metadata[reference]=r").await);
    let form =
        format!("customer={customer}&payment_method=pm_card_authenticationRequiredOnSetup&confirm=true");
    let setup = processor.post("/v1/setup_intents", &form).await;
    assert_eq!(setup["status"], "requires_action");
    processor.post(&format!("/_sandbox/setup_intents/{}/authenticate", id(&setup)), "").await;
    let kept = processor.get(&format!("/v1/customers/{customer}/payment_methods")).await;
    let method = id(&kept["data"][0]);
    let paid = processor.pay(&method, &format!("customer={customer}&off_session=true")).await;
    assert_eq!(paid["status"], "succeeded");
}

#[tokio::test]
async fn no_more_goes_back_than_was_taken() {
    let processor = Processor::open();
    let paid = id(&processor.pay("pm_card_visa", "").await);
    let refund = processor.post("/v1/refunds", &format!("payment_intent={paid}&amount=1000")).await;
    assert_eq!(refund["status"], "succeeded");
    let (status, _) = processor.refused("/v1/refunds", &format!("payment_intent={paid}&amount=10001")).await;
    assert_eq!(status, 400);
    processor.post("/v1/refunds", &format!("payment_intent={paid}")).await;
    let again = processor.refused("/v1/refunds", &format!("payment_intent={paid}")).await;
    assert_eq!(again, (400, "charge_already_refunded".to_owned()));
    // The processor keeps its fee.
    assert_eq!(processor.balance(None).await, -217);
}

#[tokio::test]
async fn what_is_let_go_is_never_taken() {
    let processor = Processor::open();
    let held = id(&processor.pay("pm_card_visa", "capture_method=manual").await);
    let gone = processor.post(&format!("/v1/payment_intents/{held}/cancel"), "").await;
    assert_eq!(gone["status"], "canceled");
    let path = format!("/v1/payment_intents/{held}/capture");
    assert_eq!(processor.refused(&path, "").await.0, 400);
    assert_eq!(processor.balance(None).await, 0);
}

#[tokio::test]
async fn a_client_without_a_test_key_is_not_answered() {
    let processor = Processor::open();
    let request = Request::get("/v1/customers").header("authorization", "Bearer sk_live_1");
    let response = processor.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn lists_go_on_where_they_ended() {
    let processor = Processor::open();
    for _ in 0..5 {
        processor.post("/v1/customers", "").await;
    }
    let first = processor.get("/v1/customers?limit=3").await;
    assert_eq!((first["data"].as_array().unwrap().len(), &first["has_more"]), (3, &true.into()));
    let after = id(&first["data"][2]);
    let rest = processor.get(&format!("/v1/customers?limit=3&starting_after={after}")).await;
    assert_eq!((rest["data"].as_array().unwrap().len(), &rest["has_more"]), (2, &false.into()));
}

#[tokio::test]
async fn held_money_that_the_bank_does_not_let_go_yet_stays_held() {
    let processor = Processor::open();
    let held = id(&processor.pay("pm_card_visa", "capture_method=manual").await);
    processor.post(&format!("/_sandbox/payment_intents/{held}/refuse-captures"), "times=2").await;
    let path = format!("/v1/payment_intents/{held}");
    for _ in 0..2 {
        let refused = processor.refused(&format!("{path}/capture"), "").await;
        assert_eq!(refused, (400, "payment_intent_unexpected_state".to_owned()));
        assert_eq!(processor.get(&path).await["status"], "requires_capture");
    }
    assert_eq!(processor.post(&format!("{path}/capture"), "").await["status"], "succeeded");
}
