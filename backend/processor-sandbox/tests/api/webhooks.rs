//! What is told, how it is signed, and what goes wrong on demand.

use std::time::Duration;

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use processor_sandbox::{Faults, Receiver, serve, signature};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use crate::Processor;

const SECRET: &str = "whsec_test";
const PATIENCE: Duration = Duration::from_secs(20);

/// Something told: the signature and the raw body.
type Told = (String, String);

async fn hear(State(told): State<UnboundedSender<Told>>, headers: HeaderMap, body: Bytes) {
    let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
    told.send((signature, String::from_utf8(body.to_vec()).unwrap())).unwrap();
}

/// A sandbox that serves, and what it tells.
async fn listening() -> (Processor, UnboundedReceiver<Told>) {
    let processor = Processor::open();
    let (told, heard) = unbounded_channel();
    let ears = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/heard", ears.local_addr().unwrap());
    let router = Router::new().route("/heard", post(hear)).with_state(told);
    tokio::spawn(async move { axum::serve(ears, router).await.unwrap() });
    processor.sandbox.tell(Receiver { url, secret: SECRET.to_owned() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    tokio::spawn(serve(processor.sandbox.clone(), listener, std::future::pending()));
    (processor, heard)
}

async fn next(heard: &mut UnboundedReceiver<Told>) -> (String, String, Value) {
    let (signed, body) = timeout(PATIENCE, heard.recv()).await.unwrap().unwrap();
    let event = serde_json::from_str(&body).unwrap();
    (signed, body, event)
}

#[tokio::test]
async fn what_happens_is_told_in_order_and_signed() {
    let (processor, mut heard) = listening().await;
    processor.pay("pm_card_visa", "").await;
    for name in ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"] {
        let (signed, body, event) = next(&mut heard).await;
        assert_eq!(event["type"], name);
        assert_eq!(signed, signature(SECRET, processor.clock.now().as_second(), &body));
    }
}

#[tokio::test]
async fn what_is_to_come_twice_does() {
    let (processor, mut heard) = listening().await;
    processor.sandbox.set_faults(Faults { twice_percent: 100, ..Faults::default() });
    processor.post("/v1/customers", "").await;
    let (first, again) = (next(&mut heard).await.2, next(&mut heard).await.2);
    assert_eq!(first["id"], again["id"]);
}

#[tokio::test]
async fn what_is_dropped_never_comes_and_can_be_asked_for() {
    let (processor, mut heard) = listening().await;
    processor.sandbox.set_faults(Faults { dropped_percent: 100, ..Faults::default() });
    processor.post("/v1/customers", "email=dropped@example.org").await;
    let lost = processor.get("/v1/events?type=customer.created").await["data"][0].clone();
    while processor.sandbox.figures().webhooks_dropped == 0 {
        tokio::task::yield_now().await;
    }
    processor.sandbox.set_faults(Faults::default());
    processor.post("/v1/customers", "email=told@example.org").await;
    assert_eq!(next(&mut heard).await.2["data"]["object"]["email"], "told@example.org");
    processor.post(&format!("/_sandbox/events/{}/resend", lost["id"].as_str().unwrap()), "").await;
    assert_eq!(next(&mut heard).await.2["id"], lost["id"]);
}
