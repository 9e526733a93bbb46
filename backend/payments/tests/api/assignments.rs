//! Assignments of benefit from the confirmed visit to the copy that is kept.

mod changed;
mod enduring;
mod letters;
mod private;
mod staff;

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    users::StaffRole,
};
use uuid::Uuid;

use crate::{
    claims::completed,
    desk::{Desk, PRACTICE, bulk_billed},
};

fn claimant() -> Value {
    json!({"family_name": "Example", "given_name": "Ada", "date_of_birth": "1980-02-29",
        "medicare_number": "4951525561", "medicare_irn": "1"})
}

fn agreed(assignment: &Value) -> Value {
    json!({"agrees": true, "document_sha256": assignment["document_sha256"], "relation": "patient",
        "claimant": claimant()})
}

fn answer_path(assignment: &Value) -> String {
    format!("/assignments/{}/answer", assignment["assignment_id"].as_str().unwrap())
}

fn kind(body: &Value) -> &str {
    body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/")
}

async fn agree(desk: &Desk, booking: u128) -> Value {
    let offered = desk.assignments(booking).await.remove(0);
    let (status, body) =
        desk.send(Method::POST, &answer_path(&offered), Some(&desk.ada()), agreed(&offered)).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn statuses(desk: &Desk, booking: u128) -> Vec<String> {
    let all = desk.assignments(booking).await;
    all.iter().map(|assignment| assignment["status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_bulk_billed_visit_asks_for_the_assignment_and_what_is_agreed_to_is_kept_two_years() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let offered = desk.assignments(1).await.remove(0);
    assert_eq!((&offered["status"], &offered["kind"]), (&json!("offered"), &json!("pre")));
    assert_eq!(offered["document"]["provider_number"], "2447781L");
    assert_eq!(offered["document"]["words"], "You pay nothing.\nI assign the benefit.");
    let assigned = agree(&desk, 1).await;
    assert_eq!(assigned["status"], "assigned");
    let (kept, device, evidence): (jiff_sqlx::Date, String, String) =
        sqlx::query_as("select keep_until, device, evidence from payments.assignment")
            .fetch_one(&desk.world.core.pool)
            .await
            .unwrap();
    assert_eq!(kept.to_jiff().to_string(), "2028-11-22");
    assert_eq!((device.as_str(), evidence.as_str()), ("phone", "session"));
    let path = format!("/assignments/{}/receipt", assigned["assignment_id"].as_str().unwrap());
    let (status, page) =
        desk.send_with(Method::GET, &path, Some(&desk.ada()), Value::Null, Uuid::nil()).await;
    assert_eq!(status, 200);
    assert!(page.contains("I assign the benefit.") && page.contains("Harbour Practice"), "{page}");
    assert!(page.contains(assigned["document_sha256"].as_str().unwrap()));
}

#[tokio::test]
async fn nobody_is_asked_for_what_is_not_bulk_billed_or_before_the_practice_has_its_numbers() {
    let desk = Desk::open().await;
    let mut fact = bulk_billed(1);
    (fact.bulk_billed, fact.claimant, fact.price_cents) = (false, None, AudCents(8500));
    desk.world.receive(&desk.world.confirmed(&fact)).await.unwrap();
    assert!(desk.assignments(1).await.is_empty());
    let desk = Desk::without_number().await;
    desk.book(1).await;
    assert!(desk.assignments(1).await.is_empty());
}

#[tokio::test]
async fn what_was_agreed_to_cannot_be_changed_or_destroyed_before_its_time() {
    let desk = Desk::open().await;
    desk.book(1).await;
    agree(&desk, 1).await;
    for (statement, constraint) in [
        ("update payments.assignment set service_category = 'Surgery'", "assignment_is_settled"),
        ("delete from payments.assignment", "assignment_is_kept"),
    ] {
        let refused = sqlx::query(statement).execute(&desk.world.core.pool).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(constraint));
    }
    let tampered =
        "update payments.assignment set document_text = 'I owe you', assigned_at = null, status = 'void'";
    sqlx::query(tampered).execute(&desk.world.core.pool).await.unwrap_err();
}

#[tokio::test]
async fn the_answer_is_to_the_text_that_was_shown_and_comes_once() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let offered = desk.assignments(1).await.remove(0);
    let (path, ada) = (answer_path(&offered), desk.ada());
    let mut other = agreed(&offered);
    other["document_sha256"] = json!("00");
    let (status, body) = desk.send(Method::POST, &path, Some(&ada), other).await;
    assert_eq!((status, kind(&body)), (409, "text-changed"));
    let mut no_card = agreed(&offered);
    no_card["claimant"] = Value::Null;
    let (status, body) = desk.send(Method::POST, &path, Some(&ada), no_card).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/claimant")));
    let mut wrong_card = agreed(&offered);
    wrong_card["claimant"]["medicare_number"] = json!("4951525571");
    let (status, body) = desk.send(Method::POST, &path, Some(&ada), wrong_card).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/claimant/medicare_number")));
    let mut parent = agreed(&offered);
    parent["relation"] = json!("parent");
    let (status, body) = desk.send(Method::POST, &path, Some(&ada), parent.clone()).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/assignor_name")));
    parent["assignor_name"] = json!("Grace Example");
    let key = Uuid::from_u128(77);
    let first = desk.send_with(Method::POST, &path, Some(&ada), parent.clone(), key).await;
    assert_eq!(first.0, 200, "{}", first.1);
    assert!(first.1.contains("Grace Example"));
    assert_eq!(desk.send_with(Method::POST, &path, Some(&ada), parent, key).await, first);
    let (status, body) = desk.send(Method::POST, &path, Some(&ada), agreed(&offered)).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"));
    assert_eq!(desk.send(Method::POST, &path, None, agreed(&offered)).await.0, 404);
}

#[tokio::test]
async fn a_patient_may_say_no_or_take_it_back() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let offered = desk.assignments(1).await.remove(0);
    let no = json!({"agrees": false, "document_sha256": offered["document_sha256"], "relation": "patient"});
    let (status, body) = desk.send(Method::POST, &answer_path(&offered), Some(&desk.ada()), no).await;
    assert_eq!((status, &body["status"]), (200, &json!("declined")));
    desk.book(2).await;
    let assigned = agree(&desk, 2).await;
    let path = format!("/assignments/{}/withdraw", assigned["assignment_id"].as_str().unwrap());
    let (status, body) = desk.send(Method::POST, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!((status, &body["status"]), (200, &json!("withdrawn")), "{body}");
    let (status, body) = desk.send(Method::POST, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"));
}

#[tokio::test]
async fn another_day_needs_a_fresh_agreement_and_another_hour_does_not() {
    let desk = Desk::open().await;
    let mut fact = desk.book(1).await;
    agree(&desk, 1).await;
    let hour = SignedDuration::from_hours(1);
    (fact.start, fact.end, fact.sequence) = (fact.start + hour, fact.end + hour, 1);
    desk.world.receive(&desk.world.moved(&fact)).await.unwrap();
    assert_eq!(statuses(&desk, 1).await, ["assigned"]);
    let day = SignedDuration::from_hours(24);
    (fact.start, fact.end, fact.sequence) = (fact.start + day, fact.end + day, 2);
    desk.world.core.clock.advance(SignedDuration::from_mins(1));
    desk.world.receive(&desk.world.moved(&fact)).await.unwrap();
    assert_eq!(statuses(&desk, 1).await, ["offered", "superseded"]);
    let all = desk.assignments(1).await;
    assert_eq!(all[1]["superseded_by"], all[0]["assignment_id"]);
    desk.world.receive(&desk.world.cancelled(&fact)).await.unwrap();
    assert_eq!(statuses(&desk, 1).await, ["void", "superseded"]);
}

#[tokio::test]
async fn what_nobody_answers_expires_with_the_visit() {
    let desk = Desk::open().await;
    let fact = desk.book(1).await;
    let job = desk.world.service.jobs.iter().find(|job| job.name == "payments.expire_assignments").unwrap();
    assert_eq!(job.run_once().await.unwrap(), 0);
    let past = fact.end.duration_since(desk.world.core.now()) + SignedDuration::from_secs(1);
    desk.world.core.clock.advance(past);
    assert_eq!(job.run_once().await.unwrap(), 1);
    assert_eq!(statuses(&desk, 1).await, ["expired"]);
}

#[tokio::test]
async fn once_a_visit_that_was_over_never_was_one_nobody_is_asked_and_what_was_agreed_to_is_kept() {
    for agrees in [false, true] {
        let desk = Desk::open().await;
        let fact = completed(&desk).await;
        let offered = desk.assignments(1).await.remove(0);
        if agrees {
            agree(&desk, 1).await;
        }
        let fact = AppointmentFact { status: AppointmentStatus::EnteredInError, ..fact };
        let event = BookingsEvent::AppointmentChanged(fact);
        desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
        assert_eq!(statuses(&desk, 1).await, ["void"], "agreed: {agrees}");
        let (status, body) =
            desk.send(Method::POST, &answer_path(&offered), Some(&desk.ada()), agreed(&offered)).await;
        assert_eq!((status, kind(&body)), (409, "wrong-state"), "{body}");
        let kept: Option<jiff_sqlx::Date> = sqlx::query_scalar("select keep_until from payments.assignment")
            .fetch_one(&desk.world.core.pool)
            .await
            .unwrap();
        assert_eq!(kept.is_some(), agrees);
        if agrees {
            let kept = sqlx::query("delete from payments.assignment").execute(&desk.world.core.pool).await;
            let refused = kept.unwrap_err();
            assert_eq!(refused.as_database_error().unwrap().constraint(), Some("assignment_is_kept"));
        }
    }
}

#[tokio::test]
async fn what_a_claim_rests_on_stays_though_its_visit_never_was_one() {
    let desk = Desk::open().await;
    let fact = completed(&desk).await;
    agree(&desk, 1).await;
    // Medicare has a claim that rests on it.
    sqlx::query("update payments.assignment set status = 'relied_on'")
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
    let fact = AppointmentFact { status: AppointmentStatus::EnteredInError, ..fact };
    let event = BookingsEvent::AppointmentChanged(fact);
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
    assert_eq!(statuses(&desk, 1).await, ["relied_on"]);
}

#[tokio::test]
async fn an_enduring_assignment_makes_the_question_needless() {
    let desk = Desk::open().await;
    let fact = desk.book(1).await;
    let staff = desk.staff(StaffRole::Owner);
    let path = format!("/practices/{PRACTICE}/bookings/{}/assignments", fact.booking_id);
    let enduring = json!({"kind": "enduring", "ground": "my_medicare", "expires_on": "2027-11-21"});
    let (status, offered) = desk.send(Method::POST, &path, Some(&staff), enduring).await;
    assert_eq!((status, &offered["booking_id"]), (201, &Value::Null), "{offered}");
    let (status, body) =
        desk.send(Method::POST, &answer_path(&offered), Some(&desk.ada()), agreed(&offered)).await;
    assert_eq!(status, 200, "{body}");
    desk.book(2).await;
    let of_second = desk.assignments(2).await;
    assert_eq!(of_second.len(), 1, "nobody is asked again: {of_second:?}");
    assert_eq!(of_second[0]["kind"], "enduring");
    let kept: jiff_sqlx::Date =
        sqlx::query_scalar("select keep_until from payments.assignment where kind = 'enduring'")
            .fetch_one(&desk.world.core.pool)
            .await
            .unwrap();
    assert_eq!(kept.to_jiff().to_string(), "2029-11-21");
}
