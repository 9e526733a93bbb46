//! Visits that took place and are on no claim.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentStatus, BookingsEvent},
    users::StaffRole,
};
use uuid::Uuid;

use super::{completed, items, only_claim, path, post};
use crate::desk::{Desk, PRACTICE};

async fn unclaimed(desk: &Desk) -> Vec<Value> {
    let path = format!("/practices/{PRACTICE}/claims/unclaimed");
    let (status, page) =
        desk.send(Method::GET, &path, Some(&desk.staff(StaffRole::Billing)), Value::Null).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_completed_visit_is_there_to_be_claimed_until_a_claim_has_it() {
    let desk = Desk::open().await;
    desk.book(2).await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    assert_eq!(unclaimed(&desk).await, Vec::<Value>::new(), "one has a claim, the other is not over");
    assert_eq!(post(&desk, &path(&draft, "/withdraw"), Value::Null).await.0, 200);
    let visit = json!({
        "booking_id": Uuid::from_u128(1),
        "patient_name": "Ada Example",
        "professional_name": "Kim Lee",
        "service_name": "Initial consultation",
        "service_date": "2026-11-24",
        "lodge_until": "2027-11-24",
        "lapsed": false,
    });
    assert_eq!(unclaimed(&desk).await, [visit]);
    let noted: i64 = sqlx::query_scalar(
        "select count(*) from payments.audit_entry where action = 'list_unclaimed_visits'",
    )
    .fetch_one(&mut desk.world.database.administrator().await)
    .await
    .unwrap();
    assert_eq!(noted, 1);
    let by_hand = format!("/practices/{PRACTICE}/bookings/{}/claims", Uuid::from_u128(1));
    assert_eq!(post(&desk, &by_hand, items(&["23"], 0)).await.0, 201);
    assert_eq!(unclaimed(&desk).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_visit_that_did_not_take_place_after_all_is_not_to_be_claimed() {
    let desk = Desk::open().await;
    let mut fact = completed(&desk).await;
    let draft = only_claim(&desk).await;
    assert_eq!(post(&desk, &path(&draft, "/withdraw"), Value::Null).await.0, 200);
    assert_eq!(unclaimed(&desk).await.len(), 1);
    fact.status = AppointmentStatus::EnteredInError;
    let event = BookingsEvent::AppointmentChanged(fact);
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
    assert_eq!(unclaimed(&desk).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_visit_of_more_than_a_year_ago_cannot_be_claimed_any_more() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    assert_eq!(post(&desk, &path(&draft, "/withdraw"), Value::Null).await.0, 200);
    for (day, there) in [("2025-11-24", 1), ("2025-11-23", 0)] {
        sqlx::query("update payments.claimant set service_on = $1::text::date")
            .bind(day)
            .execute(&desk.world.core.pool)
            .await
            .unwrap();
        assert_eq!(unclaimed(&desk).await.len(), there, "{day}");
    }
}
