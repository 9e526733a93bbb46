//! Claims of visits that were none after all.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{
        AppointmentFact, AppointmentStatus, BookingsEvent, DisputeFact,
        dispute::{DisputeParty, DisputeStatus, Instead},
    },
    users::StaffRole,
};
use uuid::Uuid;

use super::{assign, completed, items, kind, only_claim, path, post, put};
use crate::desk::{Desk, PRACTICE};

/// How it comes out that there was no visit.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    /// Somebody says so of a visit that was over.
    Said,
    /// Somebody says so, who had taken back before that it was over.
    TakenBack,
    /// The patient said so within a week, and that was upheld.
    Disputed(Instead),
}

/// The visit was none: it stands here now.
pub async fn was_none(desk: &Desk, fact: &AppointmentFact, status: AppointmentStatus, found: Found) {
    let fact = AppointmentFact { status, ..fact.clone() };
    let events = match found {
        Found::Said => vec![BookingsEvent::AppointmentChanged(fact)],
        Found::TakenBack => vec![BookingsEvent::AppointmentCancelled(fact)],
        Found::Disputed(instead) => {
            let dispute = DisputeFact {
                dispute_id: Uuid::from_u128(1).into(),
                opened_by: DisputeParty::Patient,
                answer_by: desk.world.core.now(),
                status: DisputeStatus::Upheld,
                appointment: fact.clone(),
                late_fee_cents: AudCents::ZERO,
                instead: Some(instead),
            };
            vec![BookingsEvent::AppointmentChanged(fact), BookingsEvent::DisputeDecided(dispute)]
        }
    };
    for event in events {
        desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
    }
}

/// A visit that is over, and its claim, which is ready.
pub async fn ready(desk: &Desk) -> (AppointmentFact, Value) {
    let fact = completed(desk).await;
    let draft = only_claim(desk).await;
    put(desk, &draft, items(&["23"], 1)).await;
    assign(desk).await;
    (fact, draft)
}

/// Medicare has the claim, which stands here, and pays so much for it.
pub async fn at_medicare(desk: &Desk, status: &str, benefit_cents: i64, paid_cents: i64) {
    sqlx::query(
        "update payments.claim set status = $1, medicare_claim_id = 'A0001@', benefit_cents = $2, paid_cents = $3",
    )
    .bind(status)
    .bind(benefit_cents)
    .bind(paid_cents)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn what_medicare_has_of_a_visit_that_was_none_says_so_whichever_way_it_came_out() {
    for (status, found, why) in [
        (AppointmentStatus::EnteredInError, Found::Said, "entered_in_error"),
        (AppointmentStatus::EnteredInError, Found::TakenBack, "entered_in_error"),
        (AppointmentStatus::NoShowPatient, Found::Said, "no_show"),
        (AppointmentStatus::NoShowPatient, Found::Disputed(Instead::DidNotGo), "no_show"),
        (AppointmentStatus::NoShowProvider, Found::Disputed(Instead::NobodyThere), "practitioner_absent"),
        (AppointmentStatus::CancelledByProvider, Found::Disputed(Instead::CalledOff), "called_off"),
        (AppointmentStatus::CancelledByPatient, Found::TakenBack, "called_off"),
    ] {
        let desk = Desk::open().await;
        let (fact, draft) = ready(&desk).await;
        at_medicare(&desk, "submitted", 0, 0).await;
        let before = only_claim(&desk).await;
        assert_eq!((&before["no_visit"], &before["owed_back"]), (&Value::Null, &json!(false)));
        was_none(&desk, &fact, status, found).await;
        let lodged = only_claim(&desk).await;
        let case = format!("{status:?} {found:?}");
        assert_eq!((&lodged["status"], &lodged["no_visit"]), (&json!("submitted"), &json!(why)), "{case}");
        assert_eq!(lodged["owed_back"], true, "{case}");
        let staff = desk.staff(StaffRole::Billing);
        let (_, whole) = desk.send(Method::GET, &path(&draft, ""), Some(&staff), Value::Null).await;
        assert_eq!(
            (&whole["claim"]["no_visit"], &whole["claim"]["owed_back"]),
            (&json!(why), &json!(true)),
            "{case}"
        );
    }
}

#[tokio::test]
async fn it_is_to_be_asked_back_for_as_long_as_medicare_pays_for_it() {
    let desk = Desk::open().await;
    let (fact, _) = ready(&desk).await;
    was_none(&desk, &fact, AppointmentStatus::NoShowProvider, Found::Disputed(Instead::NobodyThere)).await;
    for (status, benefit, owed_back) in [
        ("processing", 0, true),
        ("assessed_paid", 4_390, true),
        ("adjustment", 0, false),
        ("assessed_rejected", 0, false),
    ] {
        at_medicare(&desk, status, benefit, 0).await;
        let claim = only_claim(&desk).await;
        assert_eq!(
            (&claim["owed_back"], &claim["no_visit"]),
            (&json!(owed_back), &json!("practitioner_absent"))
        );
    }
}

#[tokio::test]
async fn what_is_told_last_of_a_visit_counts() {
    let desk = Desk::open().await;
    let (fact, _) = ready(&desk).await;
    at_medicare(&desk, "submitted", 0, 0).await;
    was_none(&desk, &fact, AppointmentStatus::NoShowProvider, Found::Said).await;
    was_none(&desk, &fact, AppointmentStatus::EnteredInError, Found::Said).await;
    assert_eq!(only_claim(&desk).await["no_visit"], "entered_in_error");
    let event = BookingsEvent::AppointmentChanged(fact);
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
    let claim = only_claim(&desk).await;
    assert_eq!((&claim["no_visit"], &claim["owed_back"]), (&Value::Null, &json!(false)), "it took place");
}

#[tokio::test]
async fn a_claim_that_medicare_does_not_have_goes_with_its_visit_and_nothing_is_left_to_ask() {
    for (status, found) in [
        (AppointmentStatus::EnteredInError, Found::Said),
        (AppointmentStatus::NoShowProvider, Found::Disputed(Instead::NobodyThere)),
        (AppointmentStatus::CancelledByProvider, Found::Disputed(Instead::CalledOff)),
    ] {
        let desk = Desk::open().await;
        let fact = completed(&desk).await;
        was_none(&desk, &fact, status, found).await;
        let gone = only_claim(&desk).await;
        assert_eq!((&gone["status"], &gone["owed_back"]), (&json!("withdrawn"), &json!(false)), "{status:?}");
    }
}

#[tokio::test]
async fn a_visit_that_was_none_is_claimed_no_more() {
    let desk = Desk::open().await;
    let (fact, draft) = ready(&desk).await;
    // Medicare pays nothing of it.
    at_medicare(&desk, "assessed_rejected", 0, 0).await;
    sqlx::query("update payments.claim_service set outcome = 'rejected', stands = false")
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
    was_none(&desk, &fact, AppointmentStatus::EnteredInError, Found::Said).await;
    let wanted = items(&["23"], only_claim(&desk).await["version"].as_i64().unwrap());
    let by_hand = format!("/practices/{PRACTICE}/bookings/{}/claims", Uuid::from_u128(1));
    for (path, wanted) in [(path(&draft, "/relodge"), wanted), (by_hand, items(&["23"], 0))] {
        let (status, body) = post(&desk, &path, wanted).await;
        assert_eq!((status, kind(&body)), (409, "wrong-state"), "{body}");
    }
    assert_eq!(only_claim(&desk).await["relodged_as"], Value::Null);
}
