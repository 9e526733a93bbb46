//! An agreement for every visit: asked for once, answered by who is signed in, and taken back for what is still to come.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentStatus, BookingsEvent},
    users::{ErasureRequest, StaffRole, UsersEvent},
};
use uuid::Uuid;

use super::{agreed, answer_path, statuses};
use crate::{
    claims::{at_the_channel, completed, items, only_claim, put},
    desk::{ADA, Desk, PRACTICE, bulk_billed},
};

/// Staff ask, a minute after whatever was before.
async fn ask(desk: &Desk, ground: &str) -> Value {
    desk.world.core.clock.advance(SignedDuration::from_mins(1));
    let path = format!("/practices/{PRACTICE}/bookings/{}/assignments", Uuid::from_u128(1));
    let offer = json!({"kind": "enduring", "ground": ground, "expires_on": "2027-11-21"});
    let (status, offered) =
        desk.send(Method::POST, &path, Some(&desk.staff(StaffRole::Billing)), offer).await;
    assert_eq!(status, 201, "{offered}");
    offered
}

async fn agree(desk: &Desk, offered: &Value) {
    let (status, body) =
        desk.send(Method::POST, &answer_path(offered), Some(&desk.ada()), agreed(offered)).await;
    assert_eq!((status, &body["status"]), (200, &json!("assigned")), "{body}");
}

async fn withdraw(desk: &Desk, offered: &Value) {
    let path = format!("/assignments/{}/withdraw", offered["assignment_id"].as_str().unwrap());
    let (status, body) = desk.send(Method::POST, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!((status, &body["status"]), (200, &json!("withdrawn")), "{body}");
}

#[tokio::test]
async fn who_is_asked_once_more_before_answering_has_one_to_answer() {
    let desk = Desk::open().await;
    desk.book(1).await;
    ask(&desk, "my_medicare").await;
    let second = ask(&desk, "aged_care").await;
    assert_eq!(statuses(&desk, 1).await, ["offered", "superseded", "offered"], "the last is the visit's own");
    agree(&desk, &second).await;
    let third = ask(&desk, "aged_care").await;
    assert_eq!(
        statuses(&desk, 1).await,
        ["offered", "assigned", "superseded", "offered"],
        "what was agreed to stays good while the next one is not answered"
    );
    assert_eq!(desk.assignments(1).await[0]["assignment_id"], third["assignment_id"]);
}

#[tokio::test]
async fn once_it_is_taken_back_the_patient_is_asked_for_each_visit_to_come() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let offered = ask(&desk, "my_medicare").await;
    agree(&desk, &offered).await;
    desk.book(2).await;
    assert_eq!(statuses(&desk, 2).await, ["assigned"], "nobody is asked");
    desk.world.core.clock.advance(SignedDuration::from_mins(1));
    withdraw(&desk, &offered).await;
    assert_eq!(statuses(&desk, 2).await, ["offered", "withdrawn"]);
    assert_eq!(desk.assignments(2).await[0]["kind"], "pre");
}

/// The practice's claims reach Medicare by its location id.
async fn has_a_location(desk: &Desk) {
    let (setup, billing) = (format!("/practices/{PRACTICE}/medicare"), desk.staff(StaffRole::Billing));
    let (_, found) = desk.send(Method::GET, &setup, Some(&billing), Value::Null).await;
    let location = json!({"location_id": "AAA00000", "version": found["version"]});
    let (status, body) = desk.send(Method::PUT, &setup, Some(&billing), location).await;
    assert_eq!(status, 200, "{body}");
}

/// Item 23 is on the only claim, as it stands then.
async fn claims_item_23(desk: &Desk) -> Value {
    let draft = only_claim(desk).await;
    let (status, case) = put(desk, &draft, items(&["23"], draft["version"].as_i64().unwrap())).await;
    assert_eq!(status, 200, "{case}");
    case
}

#[tokio::test]
async fn a_visit_that_was_over_before_it_is_taken_back_is_claimed_on_it_all_the_same() {
    let desk = Desk::open().await;
    has_a_location(&desk).await;
    completed(&desk).await;
    // The visit's own is not answered; this one is asked for on the same day, so that it is for it.
    let offered = ask(&desk, "my_medicare").await;
    agree(&desk, &offered).await;
    let case = claims_item_23(&desk).await;
    assert_eq!(case["claim"]["status"], "ready", "{case}");
    assert_eq!(case["assignment_id"], offered["assignment_id"]);
    withdraw(&desk, &offered).await;
    let claim = only_claim(&desk).await;
    assert_eq!(claim["status"], "ready");
    let submit = format!("/practices/{PRACTICE}/claims/{}/submit", claim["claim_id"].as_str().unwrap());
    let billing = desk.staff(StaffRole::Billing);
    let (status, body) = desk.send(Method::POST, &submit, Some(&billing), Value::Null).await;
    assert_eq!((status, &body["status"]), (202, &json!("sending")), "{body}");
    assert_eq!(statuses(&desk, 1).await[0], "withdrawn", "a claim that rests on it does not bring it back");
}

#[tokio::test]
async fn a_visit_after_it_was_taken_back_is_not_claimed_on_it() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let offered = ask(&desk, "my_medicare").await;
    agree(&desk, &offered).await;
    withdraw(&desk, &offered).await;
    completed(&desk).await;
    let case = claims_item_23(&desk).await;
    assert_eq!(case["claim"]["status"], "aob_pending", "{case}");
}

#[tokio::test]
async fn a_claim_that_is_not_lodged_waits_once_what_it_rests_on_was_a_mistake() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let offered = ask(&desk, "my_medicare").await;
    agree(&desk, &offered).await;
    assert_eq!(claims_item_23(&desk).await["claim"]["status"], "ready");
    let void =
        format!("/practices/{PRACTICE}/assignments/{}/void", offered["assignment_id"].as_str().unwrap());
    let billing = desk.staff(StaffRole::Billing);
    let (status, body) = desk.send(Method::POST, &void, Some(&billing), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(only_claim(&desk).await["status"], "aob_pending");
}

#[tokio::test]
async fn a_claim_that_waits_goes_on_once_the_patient_agrees_for_every_visit() {
    let desk = Desk::open().await;
    completed(&desk).await;
    assert_eq!(claims_item_23(&desk).await["claim"]["status"], "aob_pending");
    let offered = ask(&desk, "my_medicare").await;
    agree(&desk, &offered).await;
    assert_eq!(only_claim(&desk).await["status"], "ready");
}

#[tokio::test]
async fn a_visit_that_was_given_is_claimed_on_it_though_its_patient_was_erased_since() {
    let desk = at_the_channel().await;
    completed(&desk).await;
    let offered = ask(&desk, "my_medicare").await;
    agree(&desk, &offered).await;
    assert_eq!(claims_item_23(&desk).await["claim"]["status"], "ready");
    let request = ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id: Uuid::from_u128(0xAA).into(),
        patient_id: Some(ADA),
        dependants: Vec::new(),
        email: "ada@example.org".to_owned().into(),
    };
    let event = desk.world.envelope("users", &UsersEvent::ErasureRequested(request));
    desk.world.receive(&event).await.unwrap();
    let told: String =
        sqlx::query_scalar("select body::text from payments.outbox where name = 'erasure_answered'")
            .fetch_one(&desk.world.core.pool)
            .await
            .unwrap();
    assert!(told.contains("Your details for Medicare claims"), "{told}");
    // Put right since, it rests on the same still.
    let case = claims_item_23(&desk).await;
    assert_eq!(
        (&case["claim"]["status"], &case["assignment_id"]),
        (&json!("ready"), &offered["assignment_id"])
    );
    let billing = desk.staff(StaffRole::Billing);
    let submit =
        format!("/practices/{PRACTICE}/claims/{}/submit", case["claim"]["claim_id"].as_str().unwrap());
    let (status, body) = desk.send(Method::POST, &submit, Some(&billing), Value::Null).await;
    assert_eq!((status, &body["status"]), (202, &json!("sending")), "{body}");
}

#[tokio::test]
async fn it_is_for_no_visit_of_a_day_before_the_patient_agreed() {
    let desk = Desk::open().await;
    completed(&desk).await;
    assert_eq!(claims_item_23(&desk).await["claim"]["status"], "aob_pending");
    // Asked for on the day of the visit, agreed to on the next.
    let offered = ask(&desk, "my_medicare").await;
    desk.world.core.clock.advance(SignedDuration::from_hours(24));
    agree(&desk, &offered).await;
    assert_eq!(only_claim(&desk).await["status"], "aob_pending");
    let case = claims_item_23(&desk).await;
    assert_eq!((&case["claim"]["status"], &case["assignment_id"]), (&json!("aob_pending"), &Value::Null));
}

#[tokio::test]
async fn the_card_that_is_given_with_it_is_what_each_visit_is_claimed_with() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let offered = ask(&desk, "my_medicare").await;
    agree(&desk, &offered).await;
    desk.book(2).await;
    has_a_location(&desk).await;
    for booking in [1, 2] {
        let mut fact = bulk_billed(booking);
        let ahead = fact.end.duration_since(desk.world.core.now());
        if ahead.is_positive() {
            desk.world.core.clock.advance(ahead);
        }
        fact.status = AppointmentStatus::Completed;
        let event = BookingsEvent::AppointmentChanged(fact);
        desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
        let by_hand = format!("/practices/{PRACTICE}/claims");
        let billing = desk.staff(StaffRole::Billing);
        let (_, page) = desk.send(Method::GET, &by_hand, Some(&billing), Value::Null).await;
        let of_booking = json!(Uuid::from_u128(booking));
        let all = page["items"].as_array().unwrap();
        let draft = all.iter().find(|claim| claim["booking_id"] == of_booking).unwrap();
        let (status, case) = put(&desk, draft, items(&["23"], draft["version"].as_i64().unwrap())).await;
        assert_eq!((status, &case["claim"]["status"]), (200, &json!("ready")), "{case}");
        let submit = format!("{by_hand}/{}/submit", draft["claim_id"].as_str().unwrap());
        let (status, body) = desk.send(Method::POST, &submit, Some(&billing), Value::Null).await;
        assert_eq!((status, &body["status"]), (202, &json!("sending")), "{booking}: {body}");
    }
}

/// What somebody's account lists.
async fn listed(desk: &Desk, cookie: &str) -> Vec<Value> {
    let (status, page) = desk.send(Method::GET, "/me/assignments", Some(cookie), Value::Null).await;
    assert_eq!((status, &page["next"]), (200, &Value::Null), "{page}");
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_is_asked_for_every_visit_is_listed_answered_and_taken_back_in_the_account() {
    let desk = Desk::open().await;
    desk.book(1).await;
    assert_eq!(listed(&desk, &desk.ada()).await, Vec::<Value>::new(), "the visit's own is shown with it");
    let asked = ask(&desk, "my_medicare").await;
    let offered = listed(&desk, &desk.ada()).await.remove(0);
    assert_eq!(offered["assignment_id"], asked["assignment_id"]);
    assert_eq!((&offered["status"], &offered["kind"]), (&json!("offered"), &json!("enduring")));
    // The hash that comes with the list is that of the text that is shown, so it is what is agreed to.
    agree(&desk, &offered).await;
    assert_eq!(listed(&desk, &desk.ada()).await[0]["status"], "assigned");
    withdraw(&desk, &offered).await;
    let withdrawn = listed(&desk, &desk.ada()).await;
    assert_eq!((withdrawn.len(), &withdrawn[0]["status"]), (1, &json!("withdrawn")));
    let stranger = desk.staff(StaffRole::Owner);
    assert_eq!(listed(&desk, &stranger).await, Vec::<Value>::new(), "its practice's staff see it elsewhere");
    let (status, _) = desk.send(Method::GET, "/me/assignments", None, Value::Null).await;
    assert_eq!(status, 401);
    let noted: i64 = sqlx::query_scalar(
        "select count(*) from payments.audit_entry where action = 'list_my_assignments' and outcome = 'allowed'",
    )
    .fetch_one(&mut desk.world.database.administrator().await)
    .await
    .unwrap();
    assert_eq!(noted, 3, "each that is read");
}

#[tokio::test]
async fn a_long_list_goes_on_where_it_ended() {
    let desk = Desk::open().await;
    desk.book(1).await;
    for _ in 0..21 {
        ask(&desk, "my_medicare").await;
    }
    let (status, first) = desk.send(Method::GET, "/me/assignments", Some(&desk.ada()), Value::Null).await;
    assert_eq!((status, first["items"].as_array().map(Vec::len)), (200, Some(20)), "{first}");
    let path = format!("/me/assignments?cursor={}", first["next"].as_str().unwrap());
    let (status, second) = desk.send(Method::GET, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!((status, second["items"].as_array().map(Vec::len)), (200, Some(1)), "{second}");
    assert_eq!(second["items"][0]["status"], "superseded", "the first that was asked");
    assert_eq!(second["next"], Value::Null);
}
