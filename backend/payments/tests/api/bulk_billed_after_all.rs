//! A visit that was to be paid for and is bulk billed after all, as bookings tells it: it is agreed to and claimed like any other.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    users::StaffRole,
};

use crate::desk::{Desk, PRACTICE, bulk_billed};

/// A visit that costs something is confirmed; the practice wishes it bulk billed, and its payment is.
async fn moved() -> Desk {
    let desk = Desk::open().await;
    let private = AppointmentFact {
        bulk_billed: false,
        price_cents: AudCents(8_500),
        claimant: None,
        ..bulk_billed(1)
    };
    desk.world.receive(&desk.world.confirmed(&private)).await.unwrap();
    assert_eq!(desk.assignments(1).await, Vec::<Value>::new());
    let wished = "update payments.payment set bulk_bill_asked_at = now()";
    sqlx::query(wished).execute(&desk.world.core.pool).await.unwrap();
    let job = desk.world.service.jobs.iter().find(|job| job.name == "payments.finish_bulk_billing").unwrap();
    assert_eq!(job.run_once().await.unwrap(), 1);
    desk
}

/// Bookings tells, twice as it may happen, that it is bulk billed and where it stands.
async fn told(desk: &Desk, status: AppointmentStatus) {
    let fact = AppointmentFact { status, sequence: 1, ..bulk_billed(1) };
    let event = desk.world.envelope("bookings", &BookingsEvent::AppointmentBulkBilled(fact));
    for _ in 0..2 {
        desk.world.receive(&event).await.unwrap();
    }
}

async fn completed(desk: &Desk) {
    let fact = AppointmentFact { status: AppointmentStatus::Completed, sequence: 2, ..bulk_billed(1) };
    let event = BookingsEvent::AppointmentChanged(fact);
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
}

/// Where the practice's claims stand.
async fn claims(desk: &Desk) -> Vec<Value> {
    let path = format!("/practices/{PRACTICE}/claims");
    let billing = desk.staff(StaffRole::Billing);
    let (status, page) = desk.send(Method::GET, &path, Some(&billing), Value::Null).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().iter().map(|claim| claim["status"].clone()).collect()
}

#[tokio::test]
async fn a_visit_to_come_is_agreed_to_once_and_claimed_when_it_is_over() {
    let desk = moved().await;
    told(&desk, AppointmentStatus::Confirmed).await;
    let offered = desk.assignments(1).await;
    assert_eq!((offered.len(), &offered[0]["status"]), (1, &json!("offered")), "{offered:?}");
    assert_eq!(desk.tokens().await.len(), 1, "there is one letter");
    assert_eq!(claims(&desk).await, Vec::<Value>::new());
    completed(&desk).await;
    assert_eq!(claims(&desk).await, [json!("draft")]);
}

#[tokio::test]
async fn a_visit_that_is_over_is_claimed_and_staff_ask_for_what_is_agreed_to_after_it() {
    let desk = moved().await;
    told(&desk, AppointmentStatus::Completed).await;
    assert_eq!(claims(&desk).await, [json!("draft")]);
    assert_eq!(desk.assignments(1).await, Vec::<Value>::new());
}

#[tokio::test]
async fn nobody_is_asked_about_a_visit_that_was_cancelled_meanwhile() {
    let desk = moved().await;
    let cancelled = AppointmentFact { status: AppointmentStatus::CancelledLate, ..bulk_billed(1) };
    desk.world.receive(&desk.world.cancelled(&cancelled)).await.unwrap();
    told(&desk, AppointmentStatus::CancelledLate).await;
    assert_eq!(desk.assignments(1).await, Vec::<Value>::new());
    assert_eq!(claims(&desk).await, Vec::<Value>::new());
    assert_eq!(desk.world.payments().await[0].1, "voided");
}
