//! Claims, from the completed visit to the message that is written down to be sent. What Medicare makes of it is tried against the
//! simulator, beside the code.

mod no_visit;
mod outcome;
mod returned;
mod runs;
mod together;
mod unclaimed;
mod undone;
mod watched;

use axum::http::Method;
use claims_simulator::{Device, Simulator};
use kernel::{Chance, config::Settings};
use payments::{MedicareSettings, Outside, ProcessorSettings};
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, BookingClaim, BookingsEvent},
    users::StaffRole,
};
use uuid::Uuid;

use crate::desk::{ADA, Desk, PRACTICE, bulk_billed};

/// The visit of booking 1 is over, and its claim is drafted.
pub async fn completed(desk: &Desk) -> AppointmentFact {
    let mut fact = desk.book(1).await;
    desk.world.core.clock.advance(fact.end.duration_since(desk.world.core.now()));
    fact.status = AppointmentStatus::Completed;
    let event = BookingsEvent::AppointmentChanged(fact.clone());
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
    fact
}

pub async fn assign(desk: &Desk) {
    let offered = desk.assignments(1).await.remove(0);
    let path = format!("/assignments/{}/answer", offered["assignment_id"].as_str().unwrap());
    let answer = json!({
        "agrees": true,
        "document_sha256": offered["document_sha256"],
        "relation": "patient",
        "claimant": {
            "family_name": "Example",
            "given_name": "Ada",
            "date_of_birth": "1980-02-29",
            "medicare_number": "2123456701",
            "medicare_irn": "1",
        },
    });
    let (status, body) = desk.send(Method::POST, &path, Some(&desk.ada()), answer).await;
    assert_eq!(status, 200, "{body}");
}

pub fn items(numbers: &[&str], version: i64) -> Value {
    json!({"service_type": "O", "item_numbers": numbers, "version": version})
}

pub async fn only_claim(desk: &Desk) -> Value {
    let path = format!("/practices/{PRACTICE}/claims");
    let (status, page) =
        desk.send(Method::GET, &path, Some(&desk.staff(StaffRole::Billing)), Value::Null).await;
    assert_eq!((status, page["items"].as_array().unwrap().len()), (200, 1), "{page}");
    page["items"][0].clone()
}

fn path(claim: &Value, rest: &str) -> String {
    format!("/practices/{PRACTICE}/claims/{}{rest}", claim["claim_id"].as_str().unwrap())
}

fn kind(body: &Value) -> &str {
    body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/")
}

pub async fn put(desk: &Desk, claim: &Value, body: Value) -> (u16, Value) {
    desk.send(Method::PUT, &path(claim, ""), Some(&desk.staff(StaffRole::Billing)), body).await
}

async fn post(desk: &Desk, path: &str, body: Value) -> (u16, Value) {
    desk.send(Method::POST, path, Some(&desk.staff(StaffRole::Billing)), body).await
}

#[tokio::test]
async fn a_completed_visit_has_a_draft_once_and_it_waits_for_items_and_assignment() {
    let desk = Desk::open().await;
    let fact = completed(&desk).await;
    let event = BookingsEvent::AppointmentChanged(fact);
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
    let draft = only_claim(&desk).await;
    assert_eq!((&draft["status"], &draft["patient_name"]), (&json!("draft"), &json!("Ada Example")));
    assert_eq!(draft["lodge_until"], "2027-11-24");
    let (status, case) = put(&desk, &draft, items(&["23"], 1)).await;
    assert_eq!((status, &case["claim"]["status"]), (200, &json!("aob_pending")), "{case}");
    assert_eq!(case["services"][0]["charge_cents"], 4390);
    let (status, body) = post(&desk, &path(&draft, "/submit"), Value::Null).await;
    assert_eq!((status, kind(&body)), (409, "no-assignment"));
    assign(&desk).await;
    assert_eq!(only_claim(&desk).await["status"], "ready");
}

#[tokio::test]
async fn a_claim_is_written_down_to_be_sent_once() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    put(&desk, &draft, items(&["23"], 1)).await;
    assign(&desk).await;
    let submit = path(&draft, "/submit");
    let (status, body) = post(&desk, &submit, Value::Null).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"), "the practice has no location id");
    let setup = format!("/practices/{PRACTICE}/medicare");
    let (_, found) = desk.send(Method::GET, &setup, Some(&desk.staff(StaffRole::Billing)), Value::Null).await;
    let location = json!({"location_id": "AAA00000", "version": found["version"]});
    desk.send(Method::PUT, &setup, Some(&desk.staff(StaffRole::Billing)), location).await;
    let (key, staff) = (Uuid::from_u128(77), desk.staff(StaffRole::Billing));
    for _ in 0..2 {
        let (status, text) = desk.send_with(Method::POST, &submit, Some(&staff), Value::Null, key).await;
        assert_eq!(status, 202, "{text}");
        assert!(text.contains("\"sending\""), "{text}");
    }
    let (status, body) = post(&desk, &submit, Value::Null).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"));
    let sent: Vec<(String, String)> =
        sqlx::query_as("select correlation_id, status from payments.claim_submission")
            .fetch_all(&desk.world.core.pool)
            .await
            .unwrap();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].0.starts_with("urn:uuid:AAA00000") && sent[0].1 == "due", "{sent:?}");
    let (status, body) = post(&desk, &path(&draft, "/withdraw"), Value::Null).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"), "it may be with Medicare");
    let (status, body) = put(&desk, &draft, items(&["23"], 5)).await;
    assert!(status == 409 || status == 412, "{body}");
}

#[tokio::test]
async fn a_service_is_claimed_once_and_a_claim_that_was_taken_back_makes_room() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    put(&desk, &draft, items(&["23"], 1)).await;
    let by_hand = format!("/practices/{PRACTICE}/bookings/{}/claims", Uuid::from_u128(1));
    let (status, body) = post(&desk, &by_hand, items(&["23"], 0)).await;
    assert_eq!((status, kind(&body)), (409, "already-claimed"));
    let (status, body) = post(&desk, &path(&draft, "/withdraw"), Value::Null).await;
    assert_eq!((status, &body["status"]), (200, &json!("withdrawn")), "{body}");
    let (status, body) = post(&desk, &by_hand, items(&["23"], 0)).await;
    assert_eq!((status, &body["claim"]["status"]), (201, &json!("aob_pending")), "{body}");
}

#[tokio::test]
async fn what_is_wrong_is_said_field_by_field() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    let mut specialist = items(&["23"], 1);
    specialist["service_type"] = json!("S");
    for (body, pointer) in [
        (items(&["99999"], 1), "/item_numbers/0"),
        (items(&[], 1), "/item_numbers"),
        (specialist, "/referral"),
    ] {
        let (status, body) = put(&desk, &draft, body).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!(pointer)), "{body}");
    }
    assert_eq!(put(&desk, &draft, items(&["23"], 9)).await.0, 412);
}

#[tokio::test]
async fn claims_are_for_who_claims_and_for_their_own_practice() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    let reception = desk.staff(StaffRole::Reception);
    assert_eq!(desk.send(Method::GET, &path(&draft, ""), Some(&reception), Value::Null).await.0, 403);
    assert_eq!(desk.send(Method::GET, &path(&draft, ""), None, Value::Null).await.0, 401);
    let unclaimed = format!("/practices/{PRACTICE}/claims/unclaimed");
    assert_eq!(desk.send(Method::GET, &unclaimed, Some(&reception), Value::Null).await.0, 403);
    let nowhere = format!("/practices/{PRACTICE}/claims/{}", Uuid::from_u128(5));
    let staff = desk.staff(StaffRole::Billing);
    assert_eq!(desk.send(Method::GET, &nowhere, Some(&staff), Value::Null).await.0, 404);
    let totals = format!("/practices/{PRACTICE}/claims/totals");
    let (status, totals) = desk.send(Method::GET, &totals, Some(&staff), Value::Null).await;
    assert_eq!((status, &totals["by_status"]), (200, &json!([["draft", 1, 0]])), "{totals}");
}

#[tokio::test]
async fn without_a_channel_nobody_is_asked_about_a_patient() {
    let desk = Desk::open().await;
    completed(&desk).await;
    assign(&desk).await;
    let setup = format!("/practices/{PRACTICE}/medicare");
    let (_, found) = desk.send(Method::GET, &setup, Some(&desk.staff(StaffRole::Billing)), Value::Null).await;
    let location = json!({"location_id": "AAA00000", "version": found["version"]});
    desk.send(Method::PUT, &setup, Some(&desk.staff(StaffRole::Billing)), location).await;
    let verification = format!("/practices/{PRACTICE}/bookings/{}/verification", Uuid::from_u128(1));
    let (status, body) = post(&desk, &verification, json!({"kind": "medicare"})).await;
    assert_eq!((status, kind(&body)), (503, "medicare-unavailable"));
}

/// A desk whose service reaches a simulator of Medicare's channel, and whose practice has its location id.
pub async fn at_the_channel() -> Desk {
    let mut desk = Desk::open().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let simulator = Simulator::new(desk.world.core.clock.clone(), Chance::seeded(7));
    let device = Device::generate().unwrap();
    simulator.add_device("desk", &device.public_key);
    tokio::spawn(axum::serve(listener, claims_simulator::router(simulator)).into_future());
    let medicare = MedicareSettings {
        token_address: format!("{address}/token"),
        address,
        client_id: "client".to_owned(),
        organisation: "1234567890".to_owned(),
        device: "desk".to_owned(),
        device_key: device.key,
    };
    let settings = Settings { home: desk.world.home.path().to_owned(), ..Settings::from_env().unwrap() };
    let processor = ProcessorSettings::sandbox("http://127.0.0.1:1");
    let outside = Outside { processor, medicare: Some(medicare) };
    let core = desk.world.core.clone();
    desk.world.service = payments::service_with(core, &settings, &outside).await.unwrap();
    let setup = format!("/practices/{PRACTICE}/medicare");
    let (_, found) = desk.send(Method::GET, &setup, Some(&desk.staff(StaffRole::Billing)), Value::Null).await;
    let location = json!({"location_id": "AAA00000", "version": found["version"]});
    let (status, body) =
        desk.send(Method::PUT, &setup, Some(&desk.staff(StaffRole::Billing)), location).await;
    assert_eq!(status, 200, "{body}");
    desk
}

#[tokio::test]
async fn whatever_staff_see_or_do_of_a_claim_leaves_one_entry() {
    let desk = at_the_channel().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    let staff = desk.staff(StaffRole::Billing);
    assert_eq!(desk.send(Method::GET, &path(&draft, ""), Some(&staff), Value::Null).await.0, 200);
    assert_eq!(put(&desk, &draft, items(&["23"], 1)).await.0, 200);
    assign(&desk).await;
    let booking = format!("/practices/{PRACTICE}/bookings/{}", Uuid::from_u128(1));
    let (status, body) = post(&desk, &format!("{booking}/verification"), json!({"kind": "medicare"})).await;
    assert_eq!((status, &body["result"]), (200, &json!("verified")), "{body}");
    assert_eq!(post(&desk, &path(&draft, "/withdraw"), Value::Null).await.0, 200);
    let (status, case) = post(&desk, &format!("{booking}/claims"), items(&["23"], 0)).await;
    assert_eq!((status, &case["claim"]["status"]), (201, &json!("ready")), "{case}");
    let (status, body) = post(&desk, &path(&case["claim"], "/submit"), Value::Null).await;
    assert_eq!(status, 202, "{body}");
    // Medicare pays nothing of it.
    for statement in [
        "update payments.claim set status = 'assessed_rejected', medicare_claim_id = 'A0001@' where status = 'sending'",
        "update payments.claim_service set outcome = 'rejected', stands = false",
    ] {
        sqlx::query(statement).execute(&desk.world.core.pool).await.unwrap();
    }
    let wanted = items(&["23"], body["version"].as_i64().unwrap());
    let (status, body) = post(&desk, &path(&case["claim"], "/relodge"), wanted).await;
    assert_eq!(status, 201, "{body}");
    let noted: Vec<String> = sqlx::query_scalar(
        "select action from payments.audit_entry where action like '%claim%' and actor_kind <> 'system' \
         order by occurred_at, ctid",
    )
    .fetch_all(&mut desk.world.database.administrator().await)
    .await
    .unwrap();
    let expected = [
        "list_claims",
        "find_claim",
        "put_claim",
        "verify_claimant",
        "withdraw_claim",
        "draft_claim",
        "submit_claim",
        "relodge_claim",
    ];
    assert_eq!(noted, expected);
    let (_, old) = desk.send(Method::GET, &path(&case["claim"], ""), Some(&staff), Value::Null).await;
    assert_eq!((&old["claim"]["relodged_as"], &body["relodged_as"]), (&body["claim_id"], &Value::Null));
}

#[tokio::test]
async fn what_was_claimed_again_and_taken_back_can_be_claimed_again_once_more() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    put(&desk, &draft, items(&["23"], 1)).await;
    assign(&desk).await;
    let old = only_claim(&desk).await;
    assert_eq!(old["status"], "ready");
    // Medicare pays nothing of it.
    for statement in [
        "update payments.claim set status = 'assessed_rejected', medicare_claim_id = 'A0001@'",
        "update payments.claim_service set outcome = 'rejected', stands = false",
    ] {
        sqlx::query(statement).execute(&desk.world.core.pool).await.unwrap();
    }
    let (relodge, wanted) = (path(&old, "/relodge"), items(&["23"], old["version"].as_i64().unwrap()));
    let (status, first) = post(&desk, &relodge, wanted.clone()).await;
    assert_eq!((status, &first["status"]), (201, &json!("ready")), "{first}");
    let (status, body) = post(&desk, &relodge, wanted.clone()).await;
    assert_eq!((status, kind(&body)), (409, "already-claimed"), "one at a time");
    assert_eq!(post(&desk, &path(&first, "/withdraw"), Value::Null).await.0, 200);
    let staff = desk.staff(StaffRole::Billing);
    let (_, freed) = desk.send(Method::GET, &path(&old, ""), Some(&staff), Value::Null).await;
    assert_eq!(freed["claim"]["relodged_as"], Value::Null, "{freed}");
    let (status, second) = post(&desk, &relodge, wanted).await;
    assert_eq!((status, &second["status"]), (201, &json!("ready")), "{second}");
    let (_, again) = desk.send(Method::GET, &path(&old, ""), Some(&staff), Value::Null).await;
    assert_eq!(again["claim"]["relodged_as"], second["claim_id"]);
}

#[tokio::test]
async fn after_a_refusal_the_patient_can_be_asked_anew_and_with_medicare_never() {
    let desk = at_the_channel().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    put(&desk, &draft, items(&["23"], 1)).await;
    assign(&desk).await;
    let (status, sent) = post(&desk, &path(&draft, "/submit"), Value::Null).await;
    assert_eq!(status, 202, "{sent}");
    let ask = format!("/practices/{PRACTICE}/bookings/{}/assignments", Uuid::from_u128(1));
    let offer = json!({"kind": "post", "item_numbers": ["23"]});
    let (status, body) = post(&desk, &ask, offer.clone()).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"), "Medicare has the claim");
    // The card was wrong.
    sqlx::query("update payments.claim set status = 'refused', due_at = null")
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
    let (status, asked) = post(&desk, &ask, offer).await;
    assert_eq!((status, &asked["status"]), (201, &json!("offered")), "{asked}");
    let before = desk.assignments(1).await.remove(1);
    assert_eq!(
        (&before["status"], &before["superseded_by"]),
        (&json!("superseded"), &asked["assignment_id"])
    );
    assign(&desk).await;
    let (status, case) = put(&desk, &draft, items(&["23"], sent["version"].as_i64().unwrap())).await;
    assert_eq!((status, &case["claim"]["status"]), (200, &json!("ready")), "{case}");
    assert_eq!(case["assignment_id"], asked["assignment_id"]);
}

#[tokio::test]
async fn what_was_claimed_for_a_guest_is_their_patients_once_the_booking_is() {
    let desk = Desk::open().await;
    let guest = AppointmentFact { account_id: None, patient_id: None, ..bulk_billed(1) };
    desk.world.receive(&desk.world.confirmed(&guest)).await.unwrap();
    desk.world.core.clock.advance(guest.end.duration_since(desk.world.core.now()));
    let over = AppointmentFact { status: AppointmentStatus::Completed, ..guest };
    let owned = BookingClaim {
        booking_id: over.booking_id,
        account_id: Uuid::from_u128(0xAA).into(),
        patient_id: ADA,
    };
    for event in [BookingsEvent::AppointmentChanged(over), BookingsEvent::BookingClaimed(owned)] {
        desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
    }
    only_claim(&desk).await;
    let whose: Option<Uuid> =
        sqlx::query_scalar("select whose from payments.audit_entry where action = 'list_claims'")
            .fetch_one(&mut desk.world.database.administrator().await)
            .await
            .unwrap();
    assert_eq!(whose, Some(ADA.0), "who looked is in the patient's log");
}
