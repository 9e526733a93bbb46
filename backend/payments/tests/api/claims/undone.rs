//! That a visit was over is taken back: Medicare is told nothing of it until it is.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    users::StaffRole,
};
use uuid::Uuid;

use super::{
    at_the_channel, completed, items, kind,
    no_visit::{at_medicare, ready},
    only_claim, path, post,
};
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

/// Medicare has it or may have it, so that staff see it as it is, and nothing is claimed twice once the visit is over again.
#[tokio::test]
async fn what_medicare_has_of_a_visit_that_is_not_over_after_all_stays_as_it_is() {
    for (status, benefit, paid) in [
        ("sending", 0, 0),
        ("gateway_error", 0, 0),
        ("submitted", 0, 0),
        ("assessed_paid", 4_390, 0),
        ("reconciled", 4_390, 4_390),
    ] {
        let desk = Desk::open().await;
        let (fact, _) = ready(&desk).await;
        at_medicare(&desk, status, benefit, paid).await;
        let before = only_claim(&desk).await;
        stands(&desk, &fact, AppointmentStatus::CheckedIn).await;
        assert_eq!(only_claim(&desk).await, before, "{status}");
        assert_eq!((&before["owed_back"], &before["no_visit"]), (&json!(false), &Value::Null), "{status}");
        stands(&desk, &fact, AppointmentStatus::Completed).await;
        assert_eq!(only_claim(&desk).await, before, "{status}");
        let by_hand = format!("/practices/{PRACTICE}/bookings/{}/claims", Uuid::from_u128(1));
        let (code, body) = post(&desk, &by_hand, items(&["23"], 0)).await;
        assert_eq!((code, kind(&body)), (409, "already-claimed"), "{status}: {body}");
    }
}

#[tokio::test]
async fn what_medicare_refused_or_nobody_could_lodge_yet_goes_with_its_visit_and_is_drafted_anew() {
    for status in ["draft", "aob_pending", "ready", "refused"] {
        let desk = Desk::open().await;
        let (fact, _) = ready(&desk).await;
        sqlx::query("update payments.claim set status = $1")
            .bind(status)
            .execute(&desk.world.core.pool)
            .await
            .unwrap();
        stands(&desk, &fact, AppointmentStatus::CheckedIn).await;
        assert_eq!(only_claim(&desk).await["status"], "withdrawn", "{status}");
        stands(&desk, &fact, AppointmentStatus::Completed).await;
        let (claims, staff) = (format!("/practices/{PRACTICE}/claims"), desk.staff(StaffRole::Billing));
        let (_, page) = desk.send(Method::GET, &claims, Some(&staff), Value::Null).await;
        let mut found: Vec<_> =
            page["items"].as_array().unwrap().iter().map(|claim| &claim["status"]).collect();
        found.sort_by_key(|status| status.to_string());
        assert_eq!(found, [&json!("draft"), &json!("withdrawn")], "{status}");
    }
}
