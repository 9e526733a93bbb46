//! What is written down of paying: every look and every act, once.

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::json;
use shared_types::{
    PatientId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    payments::quote::Collection,
    users::{Claims, Strength},
};
use uuid::Uuid;

use super::till::{GOOD_CARD, Till};
use crate::appointment;

#[tokio::test]
async fn every_look_leaves_one_entry() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    till.start(&quote, 1).await;
    till.standing().await;
    assert_eq!((till.entries("start_payment").await, till.entries("find_payment").await), (1, 1));
    till.start(&quote, 1).await;
    till.standing().await;
    assert_eq!((till.entries("start_payment").await, till.entries("find_payment").await), (2, 2));
}

/// What was done about a patient's money, by name.
async fn acts_about(till: &Till, patient_id: PatientId) -> Vec<String> {
    sqlx::query_scalar("select distinct action from payments.audit_entry where whose = $1 order by action")
        .bind(patient_id.0)
        .fetch_all(&mut till.world.database.administrator().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_was_taken_and_what_went_back_is_in_the_patients_log() {
    const ADA: PatientId = PatientId(Uuid::from_u128(0xA1));
    for (collection, days, status, expected) in [
        (
            Collection::Prepaid,
            30,
            AppointmentStatus::CancelledByProvider,
            ["take_payment", "begin_refund", "finish_refund"],
        ),
        (
            Collection::AfterVisit,
            3,
            AppointmentStatus::Completed,
            ["hold_payment", "ask_to_take_payment", "take_payment"],
        ),
    ] {
        let till = Till::open().await;
        let quote = till.quote(collection, days);
        let fact = AppointmentFact { quote: Some(quote.clone()), patient_id: Some(ADA), ..appointment(1) };
        let awaited = BookingsEvent::PaymentAwaited(fact.clone());
        till.world.receive(&till.world.envelope("bookings", &awaited)).await.unwrap();
        till.start(&quote, 1).await;
        till.pay(GOOD_CARD).await;
        till.standing().await;
        let after = AppointmentFact { status, ..fact };
        let told = if status == AppointmentStatus::Completed {
            BookingsEvent::AppointmentChanged(after)
        } else {
            BookingsEvent::AppointmentCancelled(after)
        };
        till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
        till.work().await;
        till.standing().await;
        let acts = acts_about(&till, ADA).await;
        for act in expected {
            assert!(acts.iter().any(|noted| noted == act), "{act} not in {acts:?}");
        }
    }
}

#[tokio::test]
async fn who_agrees_to_more_is_in_the_log_once() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::AfterVisit, 30), 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    till.world.publish_text("higher-charge").await;
    sqlx::query("update payments.payment set asked_cents = 12000")
        .execute(&till.world.core.pool)
        .await
        .unwrap();
    let agreed = json!({"total_cents": 12_000, "consent": {"text": "higher-charge", "version": 1}});
    let (status, standing) = till.send("/consent", 9, &agreed).await;
    assert_eq!((status, &standing["status"]), (200, &json!("card_saved")), "{standing}");
    assert_eq!(till.entries("agree_to_charge").await, 1);
}

#[tokio::test]
async fn to_keep_a_card_without_paying_is_in_the_log_once() {
    let till = Till::open().await;
    let now = till.world.core.now();
    let claims = Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: Uuid::from_u128(8).into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: now,
        expires_at: now + SignedDuration::from_mins(10),
    };
    let consent = json!({"consent": {"text": "card-storage", "version": 1}});
    let request = Request::post("/api/v1/payments/me/cards")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, TokenIssuer::known_to(&till.world.core).await.cookie(&claims))
        .header("idempotency-key", Uuid::from_u128(9).to_string())
        .body(Body::from(consent.to_string()))
        .unwrap();
    let (status, page) = till.answer(request).await;
    assert_eq!(status, 201, "{page}");
    assert!(page["address"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{page}");
    assert_eq!(till.entries("add_card").await, 1);
}
