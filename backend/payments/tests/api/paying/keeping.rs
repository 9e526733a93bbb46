//! Whether the card that is given on a page is kept, where that is wished for otherwise, or the text about it changed, since the page was
//! opened.

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::{Value, json};
use shared_types::{
    bookings::Quote,
    payments::quote::Collection,
    users::{Claims, ConsentText, Strength, UsersEvent},
};
use stripe_client::PageState;
use uuid::Uuid;

use super::till::{BOOKING, GOOD_CARD, Till};

/// Somebody who is signed in pays, and wishes so.
struct Payer<'a> {
    till: &'a Till,
    cookie: String,
}

impl<'a> Payer<'a> {
    async fn at(till: &'a Till) -> Self {
        let now = till.world.core.now();
        let cookie = TokenIssuer::known_to(&till.world.core).await.cookie(&Claims {
            session_id: Uuid::from_u128(7).into(),
            account_id: Uuid::from_u128(0xAA).into(),
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: Vec::new(),
            platform: Vec::new(),
            issued_at: now,
            expires_at: now + SignedDuration::from_mins(10),
        });
        Self { till, cookie }
    }

    async fn start(&self, quote: &Quote, keep_card: bool, agreed: &Value) -> (u16, Value) {
        let body = json!({"quote": quote, "keep_card": keep_card, "consent": agreed});
        let request = Request::post(format!("/api/v1/payments/bookings/{BOOKING}/payment"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", self.till.world.core.id::<Uuid>().to_string())
            .header(header::COOKIE, &self.cookie)
            .body(Body::from(body.to_string()))
            .unwrap();
        self.till.answer(request).await
    }
}

fn agreed(version: i32) -> Value {
    json!({"text": "card-storage", "version": version})
}

/// Users publish the text about cards anew.
async fn text_changes(till: &Till) {
    let text = ConsentText {
        text: "card-storage".to_owned(),
        version: 2,
        title: "What you agree to".to_owned(),
        paragraphs: vec!["What it means now.".to_owned()],
        statement: "I agree.".to_owned(),
        effective_on: "2026-11-22".parse().unwrap(),
    };
    let published = till.world.envelope("users", &UsersEvent::ConsentTextPublished(text));
    till.world.receive(&published).await.unwrap();
}

#[tokio::test]
async fn another_wish_closes_the_page_and_the_next_one_does_as_wished() {
    for keeps in [true, false] {
        let till = Till::open().await;
        let payer = Payer::at(&till).await;
        let quote = till.quote(Collection::Prepaid, 30);
        let (status, before) = payer.start(&quote, !keeps, &agreed(1)).await;
        assert_eq!(status, 201, "{before}");
        let session = till.read("select checkout_session from payments.intent").await;
        let (status, after) = payer.start(&quote, keeps, &agreed(1)).await;
        assert_eq!(status, 201, "{after}");
        assert_ne!(before["address"], after["address"]);
        assert_eq!(
            payer.start(&quote, keeps, &agreed(1)).await.1,
            after,
            "the same wish leads to the same page"
        );
        till.work().await;
        assert_eq!(till.client.find_page(&session).await.unwrap().state, PageState::Expired);
        till.pay(GOOD_CARD).await;
        assert_eq!(till.standing().await["paid_cents"], 11_000);
        let kept = "select coalesce(bool_or(kept), false)::text from payments.saved_card";
        assert_eq!(till.read(kept).await, keeps.to_string());
        assert_eq!(till.sandbox.charges().len(), 1);
    }
}

/// Nobody has told us of it yet: the browser came back another way.
#[tokio::test]
async fn who_has_paid_on_the_page_is_led_to_no_other() {
    let till = Till::open().await;
    let payer = Payer::at(&till).await;
    let quote = till.quote(Collection::Prepaid, 30);
    assert_eq!(payer.start(&quote, false, &agreed(1)).await.0, 201);
    till.pay(GOOD_CARD).await;
    let (status, problem) = payer.start(&quote, true, &agreed(1)).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/already-paid")), "{problem}");
    till.work().await;
    assert_eq!(till.standing().await["status"], "captured");
    assert_eq!(till.sandbox.charges().len(), 1);
}

#[tokio::test]
async fn what_was_agreed_to_while_it_applied_is_agreed_to_when_it_is_asked_again() {
    let till = Till::open().await;
    let payer = Payer::at(&till).await;
    let quote = till.quote(Collection::Prepaid, 30);
    let first = payer.start(&quote, true, &agreed(1)).await;
    assert_eq!(first.0, 201, "{}", first.1);
    text_changes(&till).await;
    assert_eq!(payer.start(&quote, true, &agreed(1)).await, first);
    let receipts = "select string_agg(version::text, ', ') from payments.consent_receipt";
    assert_eq!(till.read(receipts).await, "1");
    // Whoever has loaded the page anew agrees to what applies.
    assert_eq!(payer.start(&quote, true, &agreed(2)).await, first);
    assert_eq!(till.read("select count(*)::text from payments.consent_receipt").await, "2");
}

#[tokio::test]
async fn a_page_that_shows_an_older_text_or_none_says_that_it_has_to_be_loaded_anew() {
    let till = Till::open().await;
    let payer = Payer::at(&till).await;
    text_changes(&till).await;
    for of_before in [agreed(1), Value::Null] {
        let (status, problem) = payer.start(&till.quote(Collection::AfterVisit, 30), false, &of_before).await;
        let error = &problem["errors"][0];
        assert_eq!((status, &error["pointer"]), (422, &json!("/consent")), "{problem}");
        let detail = error["detail"].as_str().unwrap().to_lowercase();
        assert!(detail.contains("load this page anew"), "{detail}");
    }
    assert!(till.world.payments().await.is_empty());
}
