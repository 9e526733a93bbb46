//! That a visit was over is taken back: Medicare is told nothing of it until it is.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    users::StaffRole,
};
use uuid::Uuid;

use super::{at_the_channel, completed, items, kind, no_visit::ready, only_claim, path, post};
use crate::desk::{Desk, PRACTICE};

/// The visit stands here now.
async fn stands(desk: &Desk, fact: &AppointmentFact, status: AppointmentStatus) {
    let event = BookingsEvent::AppointmentChanged(AppointmentFact { status, ..fact.clone() });
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
}

#[tokio::test]
async fn a_visit_that_is_not_over_after_all_is_lodged_once_it_is_and_not_before() {
    let desk = at_the_channel().await;
    let (fact, _) = ready(&desk).await;
    stands(&desk, &fact, AppointmentStatus::CheckedIn).await;
    assert_eq!(only_claim(&desk).await["status"], "withdrawn");
    // Staff may write it down before, and lodge it then.
    let by_hand = format!("/practices/{PRACTICE}/bookings/{}/claims", Uuid::from_u128(1));
    let (status, case) = post(&desk, &by_hand, items(&["23"], 0)).await;
    assert_eq!((status, &case["claim"]["status"]), (201, &json!("ready")), "{case}");
    let submit = path(&case["claim"], "/submit");
    let (status, body) = post(&desk, &submit, Value::Null).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"), "{body}");
    assert!(body["detail"].as_str().unwrap().contains("not over"), "{body}");
    stands(&desk, &fact, AppointmentStatus::Completed).await;
    let (status, body) = post(&desk, &submit, Value::Null).await;
    assert_eq!((status, &body["status"]), (202, &json!("sending")), "{body}");
}

#[tokio::test]
async fn a_visit_that_was_not_over_and_is_moved_is_claimed_for_the_day_on_which_it_is_given() {
    let desk = Desk::open().await;
    let fact = completed(&desk).await;
    stands(&desk, &fact, AppointmentStatus::CheckedIn).await;
    // Written down by hand before it is moved: the day would be the wrong one.
    let by_hand = format!("/practices/{PRACTICE}/bookings/{}/claims", Uuid::from_u128(1));
    assert_eq!(post(&desk, &by_hand, items(&["23"], 0)).await.0, 201);
    let week = SignedDuration::from_hours(7 * 24);
    let status = AppointmentStatus::Confirmed;
    let fact = AppointmentFact { status, start: fact.start + week, end: fact.end + week, ..fact };
    desk.world.receive(&desk.world.moved(&fact)).await.unwrap();
    desk.world.core.clock.advance(week);
    stands(&desk, &fact, AppointmentStatus::Completed).await;
    let (claims, staff) = (format!("/practices/{PRACTICE}/claims"), desk.staff(StaffRole::Billing));
    let (_, page) = desk.send(Method::GET, &claims, Some(&staff), Value::Null).await;
    let found = page["items"].as_array().unwrap().iter();
    let found: Vec<_> = found.map(|claim| (&claim["status"], &claim["service_date"])).collect();
    let (gone, drafted) = (json!("withdrawn"), json!("draft"));
    let (before, after) = (json!("2026-11-24"), json!("2026-12-01"));
    assert_eq!(found, [(&gone, &before), (&gone, &before), (&drafted, &after)]);
}
