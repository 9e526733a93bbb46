//! The pages where people pay, without a script.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use serde_json::Value;

use crate::{Processor, id};

const SALE: &str = "mode=payment&success_url=https://shop.test/done/{CHECKOUT_SESSION_ID}&cancel_url=https://shop.test/back\
    &line_items[0][price_data][currency]=aud&line_items[0][price_data][unit_amount]=11000\
    &line_items[0][price_data][product_data][name]=Visit&line_items[0][quantity]=1\
    &payment_intent_data[capture_method]=manual&payment_intent_data[metadata][reference]=r1";

async fn type_card(processor: &Processor, session: &Value, number: &str) -> Response {
    let path = format!("/pay/{}", id(session));
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    processor.send(request.body(Body::from(format!("number={number}"))).unwrap()).await
}

fn leads_to(response: &Response) -> &str {
    response.headers()[header::LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn who_pays_is_sent_back_and_the_money_is_held() {
    let processor = Processor::open();
    let session = processor.post("/v1/checkout/sessions", SALE).await;
    assert_eq!(session["url"], format!("http://sandbox.test/pay/{}", id(&session)));
    assert!(session.get("sandbox_asked").is_none());
    let paid = type_card(&processor, &session, "4242424242424242").await;
    assert_eq!(leads_to(&paid), format!("https://shop.test/done/{}", id(&session)));
    let session =
        processor.get(&format!("/v1/checkout/sessions/{}?expand[]=payment_intent", id(&session))).await;
    assert_eq!(session["status"], "complete");
    assert_eq!(session["payment_intent"]["status"], "requires_capture");
    assert_eq!(session["payment_intent"]["metadata"]["reference"], "r1");
    assert_eq!(processor.happened("checkout.session.completed").await, 1);
}

#[tokio::test]
async fn a_card_that_declines_leaves_the_page_open_for_another() {
    let processor = Processor::open();
    let session = processor.post("/v1/checkout/sessions", SALE).await;
    let declined = type_card(&processor, &session, "4000000000009995").await;
    assert_eq!(declined.status(), StatusCode::OK);
    let paid = type_card(&processor, &session, "4242424242424242").await;
    assert_eq!(paid.status(), StatusCode::SEE_OTHER);
    assert_eq!(processor.get("/v1/payment_intents").await["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_bank_that_asks_is_answered_on_a_page_of_its_own() {
    let processor = Processor::open();
    let session = processor.post("/v1/checkout/sessions", SALE).await;
    let asked = type_card(&processor, &session, "4000002760003184").await;
    assert!(leads_to(&asked).starts_with("/authenticate/pi_"));
    let request =
        Request::post(leads_to(&asked)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let proven = processor.send(request.body(Body::from("answer=yes")).unwrap()).await;
    assert!(leads_to(&proven).starts_with("https://shop.test/done/"));
}

#[tokio::test]
async fn a_page_closes_by_itself_and_takes_no_card_then() {
    let processor = Processor::open();
    let until = processor.clock.now().as_second() + 35 * 60;
    let session = processor.post("/v1/checkout/sessions", &format!("{SALE}&expires_at={until}")).await;
    processor.pass(35 * 60);
    let late = type_card(&processor, &session, "4242424242424242").await;
    assert_eq!(late.status(), StatusCode::GONE);
    assert_eq!(processor.happened("checkout.session.expired").await, 1);
    assert!(processor.sandbox.charges().is_empty());
}

#[tokio::test]
async fn a_card_is_kept_without_a_charge() {
    let processor = Processor::open();
    let customer = id(&processor.post("/v1/customers", "").await);
    let form = format!("mode=setup&currency=aud&customer={customer}&success_url=https://shop.test/done");
    let session = processor.post("/v1/checkout/sessions", &form).await;
    type_card(&processor, &session, "5555555555554444").await;
    let kept = processor.get(&format!("/v1/payment_methods?customer={customer}&type=card")).await;
    assert_eq!(kept["data"][0]["card"]["last4"], "4444");
    assert!(processor.sandbox.charges().is_empty());
}
