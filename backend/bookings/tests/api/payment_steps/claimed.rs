//! A visit that Medicare has a claim for.

use serde_json::json;
use shared_types::{
    bookings::practice::CalendarAppointment,
    payments::{ClaimFact, PaymentsEvent, claim::ClaimStatus},
    users::StaffRole,
};
use uuid::Uuid;

use crate::{
    app::{App, monday},
    practice::{act_as, at_practice, desk, staff},
};

#[tokio::test]
async fn a_visit_that_was_claimed_is_not_taken_back_even_if_it_was_at_that_moment() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let id = booked.appointment_id;
    app.advance_to(monday(10, 0));
    for (version, action) in [(1, "check_in"), (2, "start"), (3, "complete")] {
        app.acts(id, version, json!({"action": action})).await;
    }
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    let undo = json!({"action": "undo_completion", "reason": "mistake"});
    let back = act_as(&mut practitioner, id, 4, undo.clone()).await;
    assert_eq!(back.status, 200, "{}", back.body);
    let claim = ClaimFact {
        claim_id: Uuid::from_u128(1).into(),
        booking_id: booked.booking_id,
        status: ClaimStatus::Ready,
        is_lodged: true,
    };
    app.receive("payments", 1, &PaymentsEvent::ClaimChanged(claim)).await;
    // Whoever had it open looks at it again.
    app.act(id, 5, json!({"action": "start"})).await.problem(409, "stale-version");
    app.acts(id, 6, json!({"action": "start"})).await;
    app.acts(id, 7, json!({"action": "complete"})).await;
    act_as(&mut practitioner, id, 8, undo).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn that_a_visit_was_claimed_goes_with_it_when_the_practice_makes_it_longer() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let claim = ClaimFact {
        claim_id: Uuid::from_u128(1).into(),
        booking_id: booked.booking_id,
        status: ClaimStatus::Ready,
        is_lodged: true,
    };
    app.receive("payments", 1, &PaymentsEvent::ClaimChanged(claim)).await;
    let path = at_practice(&format!("appointments/{}/reschedule", booked.appointment_id));
    let longer = json!({"version": 2, "start": monday(10, 0), "end": monday(10, 45)});
    let moved = desk(&app).await.post(&path, Some(app.key()), &longer).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    let id = moved.read::<CalendarAppointment>().appointment_id;
    app.advance_to(monday(10, 0));
    for (version, action) in [(1, "check_in"), (2, "start"), (3, "complete")] {
        app.acts(id, version, json!({"action": action})).await;
    }
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    let undo = json!({"action": "undo_completion", "reason": "mistake"});
    act_as(&mut practitioner, id, 4, undo).await.problem(409, "wrong-state");
}
