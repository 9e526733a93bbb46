//! What both tell, and how they sign it.

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use processor_sandbox::signature;
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedSender, unbounded_channel},
    time::{Duration, timeout},
};

use crate::both::Both;

const SECRET: &str = "whsec_second_opinion";
/// localstripe waits a second before it tells.
const PATIENCE: Duration = Duration::from_secs(20);

/// Something told: the signature and the raw body.
type Told = (String, String);

async fn heard(State(told): State<UnboundedSender<Told>>, headers: HeaderMap, body: Bytes) {
    let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
    told.send((signature, String::from_utf8(body.to_vec()).unwrap())).unwrap();
}

#[tokio::test]
async fn a_payment_is_told_by_both_with_signatures_of_one_scheme() {
    let mut both = Both::start().await;
    let (theirs, mut their_words) = unbounded_channel();
    let (ours, mut our_words) = unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .merge(Router::new().route("/theirs", post(heard)).with_state(theirs))
        .merge(Router::new().route("/ours", post(heard)).with_state(ours));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    both.tell(&format!("http://{address}/theirs"), &format!("http://{address}/ours"), SECRET).await;
    both.kept_card("4242424242424242").await;
    let form = "amount=5000&currency=aud&customer={customer}&payment_method={card}&confirm=true";
    both.post("intent", "/v1/payment_intents", form).await;
    for words in [&mut their_words, &mut our_words] {
        loop {
            let (signed, body) = timeout(PATIENCE, words.recv()).await.unwrap().unwrap();
            let event: Value = serde_json::from_str(&body).unwrap();
            let at = signed.split(',').next().and_then(|part| part.strip_prefix("t=")).unwrap();
            assert_eq!(signature(SECRET, at.parse().unwrap(), &body), signed);
            assert_eq!(event["object"], "event");
            if event["type"] == "payment_intent.succeeded" {
                assert_eq!(event["data"]["object"]["status"], "succeeded");
                assert_eq!(event["data"]["object"]["amount"], 5_000);
                break;
            }
        }
    }
}
