//! What the audit log has of money.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use super::{BOOKING, PAYMENT, administrator, paid, practice};
use crate::desk::{Desk, PRACTICE};

/// What people did, as the log has it, in order.
async fn acts(desk: &Desk) -> Vec<String> {
    let acts =
        "select action from payments.audit_entry where actor_kind <> 'system' order by occurred_at, ctid";
    sqlx::query_scalar(acts).fetch_all(&mut desk.world.database.administrator().await).await.unwrap()
}

#[tokio::test]
async fn every_look_at_money_and_every_refund_leaves_one_entry() {
    const THING: Uuid = Uuid::from_u128(0xD5);
    let desk = paid().await;
    for statement in [
        "insert into payments.payout (payout_id, organization_id, processor_payout, amount_cents, status, created_at, \
         updated_at) values ($1, $2, 'po_1', 100, 'paid', now(), now())",
        "insert into payments.chargeback (chargeback_id, payment_id, processor_dispute, amount_cents, reason, status, \
         opened_at, updated_at) select $1, payment_id, 'dp_1', 1000, 'general', 'needs_response', now(), now() \
         from payments.payment where organization_id = $2",
        "insert into payments.refund (refund_id, payment_id, intent_id, cause_id, amount_cents, reason, note, status, \
         requested_as, requested_by, created_at, updated_at) select $1, payment_id, intent_id, $1, 1000, 'goodwill', \
         'A late start', 'awaiting_approval', 'platform', '00000000-0000-0000-0000-0000000000ee', now(), now() \
         from payments.intent join payments.payment using (payment_id) where organization_id = $2",
    ] {
        sqlx::query(statement).bind(THING).bind(PRACTICE.0).execute(&desk.world.core.pool).await.unwrap();
    }
    let (ada, billing) = (desk.ada(), desk.staff(StaffRole::Billing));
    let (one, other) = (administrator(&desk, 0xEE), administrator(&desk, 0xEF));
    let chargeback = format!("/platform/chargebacks/{THING}");
    let payment = format!("/platform/payments/{PAYMENT}");
    let evidence = json!({"evidence": {"policy": "Free until a day before."}, "version": 1});
    let decision = json!({"approve": true, "amount_cents": 1_000});
    let noted = json!({"amount_cents": 500, "reason": "goodwill", "note": "A late start"});
    let sought = json!({"by": "booking", "booking_id": BOOKING});
    let plain = json!({"amount_cents": 500, "reason": "goodwill"});
    let look = |operation, path, cookie| (operation, Method::GET, path, cookie, Value::Null);
    for (operation, method, path, cookie, body) in [
        look("list_refunds", format!("/bookings/{BOOKING}/refunds"), &ada),
        look("list_cards", "/me/cards".to_owned(), &ada),
        look("find_payout", practice(&format!("/payouts/{THING}")), &billing),
        look("export_payout", practice(&format!("/payouts/{THING}/csv")), &billing),
        look("list_practice_chargebacks", practice("/chargebacks"), &billing),
        look("list_chargebacks", "/platform/chargebacks".to_owned(), &one),
        look("find_chargeback", chargeback.clone(), &one),
        ("put_evidence", Method::PUT, format!("{chargeback}/evidence"), &one, evidence),
        ("submit_evidence", Method::POST, format!("{chargeback}/submit"), &one, Value::Null),
        look("find_platform_payment", payment.clone(), &one),
        ("search_platform_payments", Method::POST, "/platform/payments/search".to_owned(), &one, sought),
        ("decide_refund", Method::POST, format!("/platform/refunds/{THING}/decide"), &other, decision),
        look("list_platform_refunds", "/platform/refunds".to_owned(), &one),
        ("request_refund", Method::POST, format!("{payment}/refunds"), &one, noted),
        ("refund_payment", Method::POST, practice(&format!("/payments/{PAYMENT}/refunds")), &billing, plain),
    ] {
        let before = acts(&desk).await.len();
        let key: Uuid = desk.world.core.id();
        let (status, text) = desk.send_with(method, &path, Some(cookie), body, key).await;
        assert!((200..300).contains(&status), "{operation}: {status} {text}");
        assert_eq!(acts(&desk).await[before..], [operation]);
    }
}
