//! What patients see of what they paid, and the cards that they keep.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use super::{PAYMENT, noted, paid};

#[tokio::test]
async fn a_card_by_which_something_is_still_due_is_not_removed() {
    const CARD: Uuid = Uuid::from_u128(0xD8);
    let desk = paid().await;
    for statement in [
        "insert into payments.customer (customer_id, account_id, created_at) \
         values ($1, '00000000-0000-0000-0000-0000000000aa', now())",
        "insert into payments.saved_card (saved_card_id, customer_id, processor_card, brand, last_four, good_until, \
         kept, created_at) values ($1, $1, 'pm_1', 'visa', '4242', '2030-01-01', true, now())",
        "update payments.intent set customer_id = $1, saved_card_id = $1",
        "update payments.payment set due = 'charge_fee', due_at = now() where $1::uuid is not null",
    ] {
        sqlx::query(statement).bind(CARD).execute(&desk.world.core.pool).await.unwrap();
    }
    let path = format!("/me/cards/{CARD}");
    let (status, body) = desk.send(Method::DELETE, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!((status, body["type"].as_str()), (409, Some("/problems/card-in-use")), "{body}");
    let done = "update payments.payment set due = null, due_at = null";
    sqlx::query(done).execute(&desk.world.core.pool).await.unwrap();
    let (status, body) = desk.send(Method::DELETE, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!(status, 204, "{body}");
}

#[tokio::test]
async fn what_somebody_paid_is_theirs_to_see() {
    let desk = paid().await;
    let (status, body) = desk.send(Method::GET, "/me/payments", Some(&desk.ada()), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["items"][0]["payment_id"], json!(PAYMENT));
    assert_eq!(body["items"][0]["paid_cents"], 11_000);
    assert_eq!(noted(&desk, "list_my_payments").await, 1);
    let stranger = desk.staff(StaffRole::Owner);
    let (status, body) = desk.send(Method::GET, "/me/payments", Some(&stranger), Value::Null).await;
    assert_eq!((status, body["items"].as_array().map(Vec::len)), (200, Some(0)));
}
