//! What Medicare paid for a visit that was none goes back: who says so, what it books, and what it leaves.

use axum::http::Method;
use payments::ledger_proof::verify;
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, dispute::Instead},
    users::{ErasureRequest, StaffRole, UsersEvent},
};
use uuid::Uuid;

use super::{
    items, kind,
    no_visit::{Found, at_medicare, ready, was_none},
    only_claim, path, post,
};
use crate::desk::{ADA, Desk};

/// A desk whose claim Medicare has paid.
async fn paid() -> (Desk, AppointmentFact) {
    let desk = Desk::open().await;
    let (fact, _) = ready(&desk).await;
    at_medicare(&desk, "reconciled", 4_390, 4_390).await;
    (desk, fact)
}

/// The same, and nobody was there for the patient, as a dispute has shown.
async fn owed_back() -> Desk {
    let (desk, fact) = paid().await;
    was_none(&desk, &fact, AppointmentStatus::NoShowProvider, Found::Disputed(Instead::NobodyThere)).await;
    assert_eq!(only_claim(&desk).await["owed_back"], true);
    desk
}

/// Said on the day of the visit, which is today.
fn said(way: &str, claim: &Value) -> Value {
    json!({
        "way": way,
        "returned_on": "2026-11-24",
        "reason": " Letter of\n24 November ",
        "version": claim["version"],
    })
}

/// What was booked for it: which accounts, and how much.
async fn booked(desk: &Desk) -> Vec<(String, i64)> {
    sqlx::query_as(
        "select account.kind, entry.amount_cents from payments.posting join payments.entry using (posting_id) \
         join payments.account using (ledger_account_id) where posting.cause = 'claim_adjusted' \
         and posting.booking_id is not null and account.organization_id = posting.organization_id order by account.kind",
    )
    .fetch_all(&desk.world.core.pool)
    .await
    .unwrap()
}

async fn count(desk: &Desk, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&mut desk.world.database.administrator().await).await.unwrap()
}

#[tokio::test]
async fn a_benefit_that_went_back_is_booked_shown_and_asked_back_no_more() {
    for way in ["taken_by_medicare", "paid_by_practice"] {
        let desk = owed_back().await;
        let claim = only_claim(&desk).await;
        let (status, after) = post(&desk, &path(&claim, "/return"), said(way, &claim)).await;
        assert_eq!((status, &after["status"]), (200, &json!("adjustment")), "{after}");
        let returned = json!({
            "way": way,
            "returned_on": "2026-11-24",
            "amount_cents": 4_390,
            "reason": "Letter of 24 November",
        });
        assert_eq!(after["returned"], returned);
        assert_eq!((&after["owed_back"], &after["no_visit"]), (&json!(false), &json!("practitioner_absent")));
        assert_eq!((&after["benefit_cents"], &after["paid_cents"]), (&json!(0), &json!(0)));
        let listed = only_claim(&desk).await;
        assert_eq!((&listed["returned"], &listed["owed_back"]), (&returned, &json!(false)));
        let reversed = [("medicare_benefits".to_owned(), 4_390), ("medicare_paid".to_owned(), -4_390)];
        assert_eq!(booked(&desk).await, reversed);
        assert!(verify(&desk.world.core, None).await.unwrap().is_whole());
        let staff = desk.staff(StaffRole::Billing);
        let (_, case) = desk.send(Method::GET, &path(&claim, ""), Some(&staff), Value::Null).await;
        assert_eq!(case["history"][0]["status"], "adjustment", "{case}");
        let noted = "select count(*) from payments.audit_entry where action = 'return_benefit'";
        assert_eq!(count(&desk, noted).await, 1);
    }
}

/// What is told last of a visit counts, and what Medicare has paid nothing of is not lost.
#[tokio::test]
async fn what_went_back_can_be_claimed_again_where_the_visit_took_place_after_all() {
    let (desk, fact) = paid().await;
    was_none(&desk, &fact, AppointmentStatus::NoShowProvider, Found::Said).await;
    let claim = only_claim(&desk).await;
    let (status, after) = post(&desk, &path(&claim, "/return"), said("paid_by_practice", &claim)).await;
    assert_eq!(status, 200, "{after}");
    let (relodge, wanted) = (path(&claim, "/relodge"), items(&["23"], after["version"].as_i64().unwrap()));
    let (status, body) = post(&desk, &relodge, wanted.clone()).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"), "there was no visit");
    was_none(&desk, &fact, AppointmentStatus::Completed, Found::Said).await;
    let (status, again) = post(&desk, &relodge, wanted).await;
    assert_eq!(status, 201, "{again}");
    assert_eq!(booked(&desk).await.len(), 2, "nothing more than what went back");
}

#[tokio::test]
async fn said_twice_it_is_booked_once() {
    let desk = owed_back().await;
    let claim = only_claim(&desk).await;
    let (at, body) = (path(&claim, "/return"), said("taken_by_medicare", &claim));
    let (key, staff) = (Uuid::from_u128(78), desk.staff(StaffRole::Billing));
    let mut replies = Vec::new();
    for _ in 0..2 {
        replies.push(desk.send_with(Method::POST, &at, Some(&staff), body.clone(), key).await);
    }
    assert_eq!((replies[0].0, &replies[0].1), (200, &replies[1].1));
    let (status, refused) = post(&desk, &at, body).await;
    assert_eq!((status, kind(&refused)), (412, "stale-version"), "somebody else said it meanwhile");
    let again = said("paid_by_practice", &only_claim(&desk).await);
    let (status, refused) = post(&desk, &at, again).await;
    assert_eq!((status, kind(&refused)), (409, "wrong-state"), "nothing is left to go back");
    assert_eq!(booked(&desk).await.len(), 2);
    assert_eq!(count(&desk, "select count(*) from payments.benefit_return").await, 1);
}

#[tokio::test]
async fn what_was_not_paid_or_was_paid_for_a_visit_does_not_go_back() {
    let (desk, fact) = paid().await;
    let claim = only_claim(&desk).await;
    let at = path(&claim, "/return");
    let (status, body) = post(&desk, &at, said("taken_by_medicare", &claim)).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"), "it took place");
    was_none(&desk, &fact, AppointmentStatus::EnteredInError, Found::Said).await;
    for (stands, benefit, paid) in [
        ("submitted", 0, 0),
        ("assessed_paid", 4_390, 0),
        ("assessed_rejected", 0, 0),
        ("adjustment", 0, 0),
        ("withdrawn", 0, 0),
    ] {
        at_medicare(&desk, stands, benefit, paid).await;
        let (status, body) = post(&desk, &at, said("taken_by_medicare", &claim)).await;
        assert_eq!((status, kind(&body)), (409, "wrong-state"), "{stands}");
        assert_eq!(only_claim(&desk).await["status"], stands);
    }
    assert_eq!(booked(&desk).await, []);
}

#[tokio::test]
async fn it_goes_back_after_the_visit_and_not_tomorrow_for_a_reason_and_as_who_claims_says() {
    let desk = owed_back().await;
    let claim = only_claim(&desk).await;
    let at = path(&claim, "/return");
    for (field, wrong) in [("returned_on", "2026-11-23"), ("returned_on", "2026-11-25"), ("reason", " ab ")] {
        let mut body = said("taken_by_medicare", &claim);
        body[field] = json!(wrong);
        let (status, body) = post(&desk, &at, body).await;
        let pointer = json!(format!("/{field}"));
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &pointer), "{wrong}: {body}");
    }
    let body = said("taken_by_medicare", &claim);
    let reception = desk.staff(StaffRole::Reception);
    assert_eq!(desk.send(Method::POST, &at, Some(&reception), body.clone()).await.0, 403);
    assert_eq!(desk.send(Method::POST, &at, None, body).await.0, 401);
    assert_eq!(only_claim(&desk).await["owed_back"], true);
    assert_eq!(booked(&desk).await, []);
}

#[tokio::test]
async fn who_is_erased_takes_the_practices_words_with_them_and_not_what_went_back() {
    let desk = owed_back().await;
    let claim = only_claim(&desk).await;
    let (status, after) = post(&desk, &path(&claim, "/return"), said("taken_by_medicare", &claim)).await;
    assert_eq!((status, &after["returned"]["reason"]), (200, &json!("Letter of 24 November")), "{after}");
    let request = ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id: Uuid::from_u128(0xAA).into(),
        patient_id: Some(ADA),
        dependants: Vec::new(),
        email: "ada@example.org".to_owned().into(),
    };
    desk.world.receive(&desk.world.envelope("users", &UsersEvent::ErasureRequested(request))).await.unwrap();
    let kept = only_claim(&desk).await;
    assert_eq!(
        (&kept["returned"]["reason"], &kept["returned"]["amount_cents"]),
        (&Value::Null, &json!(4_390)),
        "{kept}"
    );
}
