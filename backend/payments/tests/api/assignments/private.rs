//! Who sees an assignment, what is sealed, and what each look leaves behind.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentFact, BookingClaim, BookingsEvent},
    users::{ActsFor, Claims, DelegationScope, ErasureRequest, StaffRole, Strength, UsersEvent},
};
use uuid::Uuid;

use super::{agree, claimant};
use crate::desk::{ADA, Desk, PRACTICE, bulk_billed};

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

#[tokio::test]
async fn what_a_guest_was_asked_is_theirs_once_the_booking_is_and_goes_with_them() {
    let desk = Desk::open().await;
    let guest = AppointmentFact { account_id: None, patient_id: None, ..bulk_billed(1) };
    desk.world.receive(&desk.world.confirmed(&guest)).await.unwrap();
    let account_id = Uuid::from_u128(0xAA).into();
    let claim = BookingClaim { booking_id: guest.booking_id, account_id, patient_id: ADA };
    desk.world
        .receive(&desk.world.envelope("bookings", &BookingsEvent::BookingClaimed(claim)))
        .await
        .unwrap();
    let owners = "select count(*) from payments.assignment where patient_id = $1 and account_id = $2";
    let owned = sqlx::query_scalar::<_, i64>(owners).bind(ADA.0).bind(Uuid::from_u128(0xAA));
    assert_eq!(owned.fetch_one(&desk.world.core.pool).await.unwrap(), 1);
    let request = ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id,
        patient_id: Some(ADA),
        dependants: Vec::new(),
        email: "ada@example.org".to_owned().into(),
    };
    desk.world.receive(&desk.world.envelope("users", &UsersEvent::ErasureRequested(request))).await.unwrap();
    let left = sqlx::query_scalar::<_, i64>("select count(*) from payments.assignment");
    assert_eq!(left.fetch_one(&desk.world.core.pool).await.unwrap(), 0, "nobody had agreed to it");
}
