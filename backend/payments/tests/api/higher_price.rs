//! A higher price that a practice asks for: why, who reads it, and what becomes of it.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use crate::{
    desk::Desk,
    money::{BOOKING, PAYMENT, paid, practice},
};

const REASON: &str = "It took an hour longer than booked.";

async fn ask(desk: &Desk, total_cents: i64, reason: &str) -> (u16, Value) {
    let path = practice(&format!("/payments/{PAYMENT}/charge"));
    let body = json!({"total_cents": total_cents, "reason": reason});
    desk.send(Method::POST, &path, Some(&desk.staff(StaffRole::Billing)), body).await
}

/// As Ada reads it.
async fn standing(desk: &Desk) -> Value {
    let path = format!("/bookings/{BOOKING}/payment");
    let (status, body) = desk.send(Method::GET, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// As the practice reads it beside the payment.
async fn beside(desk: &Desk) -> Value {
    let billing = desk.staff(StaffRole::Billing);
    let (status, body) =
        desk.send(Method::GET, &practice("/transactions"), Some(&billing), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    body["items"][0]["higher"].clone()
}

async fn agree(desk: &Desk, total_cents: i64) {
    desk.world.publish_text("higher-charge").await;
    let path = format!("/bookings/{BOOKING}/payment/consent");
    let body = json!({"total_cents": total_cents, "consent": {"text": "higher-charge", "version": 1}});
    let (status, body) = desk.send(Method::POST, &path, Some(&desk.ada()), body).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn whoever_asks_for_more_says_why_and_the_patient_and_the_practice_read_it() {
    let desk = paid().await;
    assert_eq!(beside(&desk).await, Value::Null);
    let (status, body) = ask(&desk, 12_000, &format!("  {REASON}\n")).await;
    assert_eq!(status, 202, "{body}");
    let shown = standing(&desk).await;
    assert_eq!((&shown["asked_cents"], &shown["asked_reason"]), (&json!(12_000), &json!(REASON)));
    assert_eq!(
        beside(&desk).await,
        json!({"asked_cents": 12_000, "agreed_cents": null, "reason": REASON, "uncollected_cents": 0})
    );
    // Whom it concerns reads it on a page: it is in no event, so in no letter, and in no file.
    let told = Value::from(desk.world.told().await).to_string();
    assert!(told.contains("12000") && !told.contains("longer"), "{told}");
    let billing = desk.staff(StaffRole::Billing);
    let path = practice("/transactions/csv?from=2026-11-01&until=2026-12-01");
    let (status, file) = desk.send_with(Method::GET, &path, Some(&billing), Value::Null, Uuid::nil()).await;
    assert!(status == 200 && !file.contains("longer"), "{file}");
}

#[tokio::test]
async fn the_same_price_asked_for_again_is_told_once() {
    let desk = paid().await;
    for reason in [REASON, "It took two hours longer."] {
        assert_eq!(ask(&desk, 12_000, reason).await.0, 202);
    }
    assert_eq!(standing(&desk).await["asked_reason"], "It took two hours longer.");
    let told = desk.world.told().await;
    assert_eq!(told.iter().filter(|body| body["agreed_cents"] == 11_000).count(), 1, "{told:?}");
}

#[tokio::test]
async fn without_a_reason_nothing_is_asked() {
    let desk = paid().await;
    for reason in ["", "  so \n", &"a".repeat(301)] {
        let (status, body) = ask(&desk, 12_000, reason).await;
        assert_eq!((status, body["errors"][0]["pointer"].as_str()), (422, Some("/reason")), "{body}");
    }
    let shown = standing(&desk).await;
    assert_eq!((&shown["asked_cents"], &shown["asked_reason"]), (&Value::Null, &Value::Null));
    for reason in ["abc", &"ü".repeat(300)] {
        assert_eq!(ask(&desk, 12_000, reason).await.0, 202, "{reason}");
        assert_eq!(standing(&desk).await["asked_reason"], json!(reason));
    }
}

#[tokio::test]
async fn a_practice_reads_what_was_agreed_to_and_is_charged_to_no_card() {
    let desk = paid().await;
    assert_eq!(ask(&desk, 12_000, REASON).await.0, 202);
    // No card is kept that may be charged again.
    agree(&desk, 12_000).await;
    assert_eq!(standing(&desk).await["asked_reason"], Value::Null);
    let agreed = |uncollected_cents: i64| -> Value {
        json!({
            "asked_cents": null,
            "agreed_cents": 12_000,
            "reason": REASON,
            "uncollected_cents": uncollected_cents,
        })
    };
    assert_eq!(beside(&desk).await, agreed(1_000));
    for (status, uncollected) in [("processing", 0), ("failed", 1_000)] {
        sqlx::query(
            "insert into payments.intent (intent_id, payment_id, purpose, kind, status, number, amount_cents, created_at, \
             updated_at) values ($1, $2, 'balance', 'charge', $3, 1, 1000, now(), now()) \
             on conflict (intent_id) do update set status = excluded.status",
        )
        .bind(Uuid::from_u128(0xE1))
        .bind(PAYMENT)
        .bind(status)
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
        assert_eq!(beside(&desk).await, agreed(uncollected), "{status}");
    }
    // After a deposit the rest of the quoted price is paid at the practice, and is not meant.
    let deposit = "update payments.payment set collection = 'deposit', captured_cents = 2000";
    sqlx::query(deposit).execute(&desk.world.core.pool).await.unwrap();
    assert_eq!(beside(&desk).await, agreed(1_000));
    // Where it went back whole, nothing is left to settle.
    let back = "update payments.payment set status = 'refunded', refunded_cents = captured_cents";
    sqlx::query(back).execute(&desk.world.core.pool).await.unwrap();
    assert_eq!(beside(&desk).await, agreed(0));
}
