//! Assignments of benefit from the confirmed visit to the copy that is kept.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    users::{ActsFor, Claims, DelegationScope, StaffRole, Strength},
};
use uuid::Uuid;

use crate::desk::{ADA, Desk, PRACTICE, bulk_billed};

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
async fn the_letter_opens_with_three_points_of_identity_and_five_tries() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let token = desk.tokens().await.remove(0);
    let points = |family: &str| json!({"token": token, "family_name": family, "date_of_birth": "1980-02-29", "mobile_ends_with": "006"});
    let open = async |family: &str| desk.send(Method::POST, "/assignments/open", None, points(family)).await;
    let (status, body) = open("Other").await;
    assert_eq!((status, kind(&body)), (403, "identity"));
    let offered = desk.assignments(1).await.remove(0);
    let mut answer = agreed(&offered);
    answer["token"] = json!(token);
    let (status, body) = desk.send(Method::POST, &answer_path(&offered), None, answer.clone()).await;
    assert_eq!((status, kind(&body)), (403, "identity"), "the link alone is not enough");
    let (status, body) = open("example").await;
    assert_eq!((status, &body["assignment_id"]), (200, &offered["assignment_id"]), "{body}");
    let (status, body) = desk.send(Method::POST, &answer_path(&offered), None, answer).await;
    assert_eq!((status, &body["status"]), (200, &json!("assigned")), "{body}");
    for _ in 0..4 {
        assert_eq!(open("Other").await.0, 403);
    }
    assert_eq!(open("Example").await.0, 404);
}

#[tokio::test]
async fn whoever_decides_longer_than_the_proof_lasts_gives_it_once_more() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let token = desk.tokens().await.remove(0);
    let points = json!({"token": token, "family_name": "Example", "date_of_birth": "1980-02-29", "mobile_ends_with": "006"});
    let (status, offered) = desk.send(Method::POST, "/assignments/open", None, points.clone()).await;
    assert_eq!(status, 200, "{offered}");
    desk.world.core.clock.advance(SignedDuration::from_mins(31));
    let mut answer = agreed(&offered);
    answer["token"] = json!(token);
    let (path, key) = (answer_path(&offered), Uuid::from_u128(79));
    let (status, text) = desk.send_with(Method::POST, &path, None, answer.clone(), key).await;
    assert!(status == 403 && text.contains("Half an hour is over"), "{status}: {text}");
    assert_eq!(desk.send(Method::POST, "/assignments/open", None, points).await.0, 200);
    let (status, text) = desk.send_with(Method::POST, &path, None, answer, key).await;
    assert_eq!(status, 200, "{text}");
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

#[tokio::test]
async fn nobody_else_finds_an_assignment() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let path = format!("/bookings/{}/assignments", Uuid::from_u128(1));
    assert_eq!(desk.send(Method::GET, &path, None, Value::Null).await.0, 404);
    let staff = desk.staff(StaffRole::Owner);
    assert_eq!(desk.send(Method::GET, &path, Some(&staff), Value::Null).await.0, 404);
    let offered = desk.assignments(1).await.remove(0);
    let receipt = format!("/assignments/{}/receipt", offered["assignment_id"].as_str().unwrap());
    assert_eq!(desk.send(Method::GET, &receipt, None, Value::Null).await.0, 404);
    assert_eq!(desk.send(Method::GET, &receipt, Some(&staff), Value::Null).await.0, 404);
}

#[tokio::test]
async fn who_booked_for_a_patient_sees_it_as_long_as_they_may_settle_what_is_owed() {
    let desk = Desk::open().await;
    let fact = desk.book(1).await;
    let now = desk.world.core.now();
    let booker = |scopes: Vec<DelegationScope>| {
        desk.issuer.cookie(&Claims {
            session_id: Uuid::from_u128(7).into(),
            account_id: fact.account_id.unwrap(),
            patient_id: None,
            strength: Strength::Password,
            acts_for: vec![ActsFor { patient_id: ADA, scopes }],
            memberships: Vec::new(),
            platform: Vec::new(),
            issued_at: now,
            expires_at: now + SignedDuration::from_mins(10),
        })
    };
    let path = format!("/bookings/{}/assignments", fact.booking_id);
    for (scopes, expected) in [
        (vec![DelegationScope::Payments], 200),
        (vec![DelegationScope::Appointments], 404),
        (Vec::new(), 404),
    ] {
        let (status, body) = desk.send(Method::GET, &path, Some(&booker(scopes)), Value::Null).await;
        assert_eq!(status, expected, "{body}");
    }
}

#[tokio::test]
async fn who_the_benefit_is_for_is_sealed() {
    let desk = Desk::open().await;
    desk.book(1).await;
    agree(&desk, 1).await;
    let sealed: Vec<u8> = sqlx::query_scalar("select identity from payments.claimant")
        .fetch_one(&desk.world.core.pool)
        .await
        .unwrap();
    for word in ["4951525561", "Example", "1980"] {
        assert!(!sealed.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
}

#[tokio::test]
async fn each_look_and_each_act_leaves_one_entry_about_the_patient() {
    let desk = Desk::open().await;
    desk.book(1).await;
    let assigned = agree(&desk, 1).await;
    let id = assigned["assignment_id"].as_str().unwrap();
    let staff = desk.staff(StaffRole::Billing);
    for path in [
        format!("/practices/{PRACTICE}/assignments"),
        format!("/practices/{PRACTICE}/assignments/{id}/receipt"),
    ] {
        let (status, _) = desk.send_with(Method::GET, &path, Some(&staff), Value::Null, Uuid::nil()).await;
        assert_eq!(status, 200, "{path}");
    }
    let acts: Vec<(String, Option<Uuid>)> = sqlx::query_as(
        "select action, whose from payments.audit_entry where action like '%assignment%' order by occurred_at, ctid",
    )
    .fetch_all(&mut desk.world.database.administrator().await)
    .await
    .unwrap();
    let names: Vec<_> = acts.iter().map(|(action, _)| action.as_str()).collect();
    let wanted = [
        "offer_assignment",
        "list_assignments",
        "answer_assignment",
        "list_practice_assignments",
        "print_practice_assignment",
    ];
    assert_eq!(names, wanted);
    assert!(acts.iter().all(|(_, whose)| *whose == Some(ADA.0)), "{acts:?}");
}

#[tokio::test]
async fn a_letter_a_copy_and_what_staff_write_down_leave_one_entry_each() {
    let desk = Desk::open().await;
    let fact = desk.book(1).await;
    let token = desk.tokens().await.remove(0);
    let points = json!({"token": token, "family_name": "Example", "date_of_birth": "1980-02-29", "mobile_ends_with": "006"});
    assert_eq!(desk.send(Method::POST, "/assignments/open", None, points).await.0, 200);
    let assigned = agree(&desk, 1).await;
    let own = format!("/assignments/{}", assigned["assignment_id"].as_str().unwrap());
    let (ada, receipt) = (desk.ada(), format!("{own}/receipt"));
    assert_eq!(desk.send_with(Method::GET, &receipt, Some(&ada), Value::Null, Uuid::nil()).await.0, 200);
    assert_eq!(desk.send(Method::POST, &format!("{own}/withdraw"), Some(&ada), Value::Null).await.0, 200);
    desk.world.core.clock.advance(fact.end.duration_since(desk.world.core.now()));
    let (staff, practice) = (desk.staff(StaffRole::Billing), format!("/practices/{PRACTICE}"));
    let offer = format!("{practice}/bookings/{}/assignments", fact.booking_id);
    let post = json!({"kind": "post", "item_numbers": ["23"]});
    let (status, offered) = desk.send(Method::POST, &offer, Some(&staff), post).await;
    assert_eq!(status, 201, "{offered}");
    let of_practice = format!("{practice}/assignments/{}", offered["assignment_id"].as_str().unwrap());
    let verbal = json!({"method": "verbal", "verbal_reason": "telehealth", "relation": "patient",
        "document_sha256": offered["document_sha256"], "claimant": claimant()});
    for (path, body) in [("record", verbal), ("void", Value::Null)] {
        let (status, body) =
            desk.send(Method::POST, &format!("{of_practice}/{path}"), Some(&staff), body).await;
        assert_eq!(status, 200, "{path}: {body}");
    }
    let noted: Vec<String> = sqlx::query_scalar(
        "select action from payments.audit_entry where action like '%assignment%' and actor_kind <> 'system' \
         order by occurred_at, ctid",
    )
    .fetch_all(&mut desk.world.database.administrator().await)
    .await
    .unwrap();
    let expected = [
        "open_assignment",
        "list_assignments",
        "answer_assignment",
        "print_assignment",
        "withdraw_assignment",
        "offer_assignment",
        "record_assignment",
        "void_assignment",
    ];
    assert_eq!(noted, expected);
}
