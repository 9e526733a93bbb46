//! What staff ask for and write down.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use super::{claimant, kind, statuses};
use crate::desk::{Desk, PRACTICE, bulk_billed};

#[tokio::test]
async fn staff_ask_after_the_visit_for_its_items_and_write_down_a_verbal_answer() {
    let desk = Desk::open().await;
    let fact = desk.book(1).await;
    let staff = desk.staff(StaffRole::Billing);
    let path = format!("/practices/{PRACTICE}/bookings/{}/assignments", fact.booking_id);
    let post = json!({"kind": "post", "item_numbers": ["23", "10990"]});
    let (status, body) = desk.send(Method::POST, &path, Some(&staff), post.clone()).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/kind")), "the visit is to come");
    desk.world.core.clock.advance(fact.end.duration_since(desk.world.core.now()));
    let staff = desk.staff(StaffRole::Billing);
    let (status, offered) = desk.send(Method::POST, &path, Some(&staff), post).await;
    assert_eq!(status, 201, "{offered}");
    assert_eq!(offered["document"]["items"], json!([["23", 4390], ["10990", 690]]));
    let id = offered["assignment_id"].as_str().unwrap();
    let record = format!("/practices/{PRACTICE}/assignments/{id}/record");
    let mut verbal = json!({"method": "verbal", "relation": "patient", "document_sha256": offered["document_sha256"],
        "claimant": claimant()});
    let (status, body) = desk.send(Method::POST, &record, Some(&staff), verbal.clone()).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/verbal_reason")));
    verbal["verbal_reason"] = json!("telehealth");
    let (status, body) = desk.send(Method::POST, &record, Some(&staff), verbal).await;
    assert_eq!(
        (status, &body["status"], &body["method"]),
        (200, &json!("assigned"), &json!("verbal")),
        "{body}"
    );
    let list = format!("/practices/{PRACTICE}/assignments?status=assigned");
    let (_, page) = desk.send(Method::GET, &list, Some(&staff), Value::Null).await;
    assert_eq!(page["items"][0]["assignment_id"], offered["assignment_id"]);
    let void = format!("/practices/{PRACTICE}/assignments/{id}/void");
    assert_eq!(desk.send(Method::POST, &void, Some(&staff), Value::Null).await.1["status"], "void");
    let reception = desk.staff(StaffRole::Reception);
    assert_eq!(desk.send(Method::POST, &void, Some(&reception), Value::Null).await.0, 403);
}

#[tokio::test]
async fn a_key_that_asked_about_one_visit_asks_about_no_other() {
    let desk = Desk::open().await;
    let staff = desk.staff(StaffRole::Billing);
    let key = Uuid::from_u128(78);
    let ask = async |booking: Uuid| {
        let path = format!("/practices/{PRACTICE}/bookings/{booking}/assignments");
        let pre = json!({"kind": "pre", "service_category": "Professional attendance"});
        let (status, text) = desk.send_with(Method::POST, &path, Some(&staff), pre, key).await;
        let body: Value = serde_json::from_str(&text).unwrap();
        (status, body)
    };
    let (first, second) = (desk.book(1).await.booking_id.0, desk.book(2).await.booking_id.0);
    let (status, offered) = ask(first).await;
    assert_eq!((status, &offered["booking_id"]), (201, &json!(first)), "{offered}");
    assert_eq!(ask(first).await.1["assignment_id"], offered["assignment_id"], "the same again");
    let (status, body) = ask(second).await;
    assert_eq!((status, kind(&body)), (422, "idempotency-key-reused"));
}

#[tokio::test]
async fn staff_write_no_second_line_into_what_a_patient_agrees_to() {
    let desk = Desk::open().await;
    let fact = desk.book(1).await;
    let path = format!("/practices/{PRACTICE}/bookings/{}/assignments", fact.booking_id);
    let pre = json!({"kind": "pre", "service_category": "Consultation\nItem 23: benefit $0.00"});
    let (status, body) = desk.send(Method::POST, &path, Some(&desk.staff(StaffRole::Billing)), pre).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/service_category")), "{body}");
    assert_eq!(statuses(&desk, 1).await, ["offered"]);
}

#[tokio::test]
async fn word_of_mouth_is_not_enough_from_july_2027() {
    let desk = Desk::open().await;
    let mut fact = bulk_billed(1);
    let day = SignedDuration::from_hours(24);
    (fact.start, fact.end) = (fact.start + day * 250, fact.end + day * 250);
    desk.world.receive(&desk.world.confirmed(&fact)).await.unwrap();
    desk.world.core.clock.advance(day * 230);
    let staff = desk.staff(StaffRole::Billing);
    let offered = desk.assignments(1).await.remove(0);
    let record =
        format!("/practices/{PRACTICE}/assignments/{}/record", offered["assignment_id"].as_str().unwrap());
    let verbal = json!({"method": "verbal", "verbal_reason": "outage", "relation": "patient",
        "document_sha256": offered["document_sha256"], "claimant": claimant()});
    let (status, body) = desk.send(Method::POST, &record, Some(&staff), verbal).await;
    assert_eq!((status, kind(&body)), (422, "verbal-ended"));
}
