//! Who may give how much back.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use super::{BOOKING, PAYMENT, administrator, paid, practice};

#[tokio::test]
async fn another_practices_payment_is_not_refunded_and_more_than_is_left_is_refused() {
    let desk = paid().await;
    let billing = desk.staff(StaffRole::Billing);
    let wish = json!({"amount_cents": 11_001, "reason": "goodwill"});
    let path = practice(&format!("/payments/{PAYMENT}/refunds"));
    let (status, body) = desk.send(Method::POST, &path, Some(&billing), wish.clone()).await;
    assert_eq!((status, body["type"].as_str()), (409, Some("/problems/too-much")));
    let other = practice(&format!("/payments/{BOOKING}/refunds"));
    let (status, _) = desk.send(Method::POST, &other, Some(&billing), wish).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn small_refunds_that_add_up_to_a_large_one_wait_for_somebody_else() {
    let desk = paid().await;
    for statement in [
        "update payments.payment set price_cents = 30000, patient_charge_cents = 30000, captured_cents = 30000 \
         where payment_id = $1",
        "update payments.intent set amount_cents = 30000, captured_cents = 30000 where payment_id = $1",
    ] {
        sqlx::query(statement).bind(PAYMENT).execute(&desk.world.core.pool).await.unwrap();
    }
    let (one, other) = (administrator(&desk, 0xEE), administrator(&desk, 0xEF));
    let path = format!("/platform/payments/{PAYMENT}/refunds");
    let wish = json!({"amount_cents": 15_000, "reason": "goodwill", "note": "A late start"});
    let mut waits = Value::Null;
    for expected in ["due", "awaiting_approval"] {
        let (status, body) = desk.send(Method::POST, &path, Some(&one), wish.clone()).await;
        assert_eq!((status, &body["status"]), (201, &json!(expected)), "{body}");
        waits = body;
    }
    let decide = format!("/platform/refunds/{}/decide", waits["refund_id"].as_str().unwrap());
    let decision = json!({"approve": true, "amount_cents": 15_000});
    let (status, body) = desk.send(Method::POST, &decide, Some(&one), decision.clone()).await;
    assert_eq!((status, body["type"].as_str()), (409, Some("/problems/same-person")));
    let (status, body) = desk.send(Method::POST, &decide, Some(&other), decision).await;
    assert_eq!((status, &body["status"]), (200, &json!("due")), "{body}");
}

/// Replies are kept for a day. What was asked for is known longer.
#[tokio::test]
async fn under_a_key_of_another_refund_nothing_is_given_back_and_that_is_said() {
    let desk = paid().await;
    let (billing, administrator) = (desk.staff(StaffRole::Billing), administrator(&desk, 0xEE));
    let key: Uuid = desk.world.core.id();
    let ours = practice(&format!("/payments/{PAYMENT}/refunds"));
    let wish = |cents: i64| json!({"amount_cents": cents, "reason": "goodwill"});
    let first = desk.send_with(Method::POST, &ours, Some(&billing), wish(500), key).await;
    assert_eq!(first.0, 201, "{}", first.1);
    sqlx::query("delete from payments.idempotency").execute(&desk.world.core.pool).await.unwrap();
    let theirs = format!("/platform/payments/{PAYMENT}/refunds");
    let noted = json!({"amount_cents": 500, "reason": "goodwill", "note": "A late start"});
    for (path, cookie, body) in [(&ours, &billing, wish(600)), (&theirs, &administrator, noted)] {
        let (status, text) = desk.send_with(Method::POST, path, Some(cookie), body, key).await;
        assert_eq!(status, 422, "{text}");
        assert!(text.contains("/problems/idempotency-key-reused"), "{text}");
    }
    assert_eq!(desk.send_with(Method::POST, &ours, Some(&billing), wish(500), key).await, first);
    let refunds: Vec<i64> = sqlx::query_scalar("select amount_cents from payments.refund")
        .fetch_all(&desk.world.core.pool)
        .await
        .unwrap();
    assert_eq!(refunds, [500]);
}
