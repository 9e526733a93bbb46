//! Claims of visits that never were one.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    users::StaffRole,
};

use super::{assign, completed, items, only_claim, path, put};
use crate::desk::Desk;

/// The visit is marked as entered in error: it was over, or somebody had taken that back before.
async fn entered_in_error(desk: &Desk, fact: &AppointmentFact, was_over: bool) {
    let fact = AppointmentFact { status: AppointmentStatus::EnteredInError, ..fact.clone() };
    let event = if was_over {
        BookingsEvent::AppointmentChanged(fact)
    } else {
        BookingsEvent::AppointmentCancelled(fact)
    };
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
}

#[tokio::test]
async fn what_medicare_has_of_a_visit_that_never_was_one_says_so_until_medicare_pays_nothing_for_it() {
    for was_over in [true, false] {
        let desk = Desk::open().await;
        let fact = completed(&desk).await;
        let draft = only_claim(&desk).await;
        put(&desk, &draft, items(&["23"], 1)).await;
        assign(&desk).await;
        // It is lodged.
        sqlx::query("update payments.claim set status = 'submitted', medicare_claim_id = 'A0001@'")
            .execute(&desk.world.core.pool)
            .await
            .unwrap();
        assert_eq!(only_claim(&desk).await["entered_in_error"], false);
        entered_in_error(&desk, &fact, was_over).await;
        let lodged = only_claim(&desk).await;
        assert_eq!((&lodged["status"], &lodged["entered_in_error"]), (&json!("submitted"), &json!(true)));
        let staff = desk.staff(StaffRole::Billing);
        let (_, case) = desk.send(Method::GET, &path(&draft, ""), Some(&staff), Value::Null).await;
        assert_eq!(case["claim"]["entered_in_error"], true, "{case}");
        for (status, benefit, says_so) in
            [("assessed_paid", 4_390_i64, true), ("adjustment", 0, false), ("assessed_rejected", 0, false)]
        {
            sqlx::query("update payments.claim set status = $1, benefit_cents = $2")
                .bind(status)
                .bind(benefit)
                .execute(&desk.world.core.pool)
                .await
                .unwrap();
            assert_eq!(only_claim(&desk).await["entered_in_error"], says_so, "{status}");
        }
    }
}

#[tokio::test]
async fn a_claim_that_medicare_does_not_have_goes_with_its_visit_and_nothing_is_left_to_ask() {
    let desk = Desk::open().await;
    let fact = completed(&desk).await;
    entered_in_error(&desk, &fact, true).await;
    let gone = only_claim(&desk).await;
    assert_eq!((&gone["status"], &gone["entered_in_error"]), (&json!("withdrawn"), &json!(false)));
}
