use serde_json::json;
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus},
};
use uuid::Uuid;

use crate::{World, appointment};

const BOOKING: Uuid = Uuid::from_u128(1);

fn row(status: &str) -> Vec<(Uuid, String, i64)> {
    vec![(BOOKING, status.to_owned(), 0)]
}

#[tokio::test]
async fn a_confirmed_appointment_owes_nothing_here_and_bookings_is_told() {
    let world = World::new().await;
    world.receive(&world.confirmed(&appointment(1))).await.unwrap();
    assert_eq!(world.payments().await, row("not_required"));
    assert_eq!(world.told().await, [json!({"booking_id": BOOKING, "step": "not_required"})]);
}

#[tokio::test]
async fn a_bulk_billed_appointment_is_recorded_without_a_charge() {
    let world = World::new().await;
    let mut fact = appointment(1);
    (fact.bulk_billed, fact.price_cents) = (true, AudCents::ZERO);
    world.receive(&world.confirmed(&fact)).await.unwrap();
    assert_eq!(world.payments().await, row("not_required"));
}

#[tokio::test]
async fn a_replayed_event_has_no_effect() {
    let world = World::new().await;
    let event = world.confirmed(&appointment(1));
    world.receive(&event).await.unwrap();
    world.receive(&event).await.unwrap();
    // The same fact under another event id, as a republication would tell it.
    world.receive(&world.confirmed(&appointment(1))).await.unwrap();
    assert_eq!(world.payments().await, row("not_required"));
    assert_eq!(world.told().await.len(), 1);
    let audited: i64 = audit_count(&world).await;
    assert_eq!(audited, 1);
}

#[tokio::test]
async fn a_move_keeps_the_payment() {
    let world = World::new().await;
    world.receive(&world.confirmed(&appointment(1))).await.unwrap();
    let mut fact = appointment(1);
    (fact.sequence, fact.appointment_id) = (1, Uuid::from_u128(2).into());
    world.receive(&world.moved(&fact)).await.unwrap();
    assert_eq!(world.payments().await, row("not_required"));
    assert_eq!(world.told().await.len(), 1);
}

#[tokio::test]
async fn a_cancelled_appointment_voids_the_payment_once() {
    let world = World::new().await;
    world.receive(&world.confirmed(&appointment(1))).await.unwrap();
    let cancelled = AppointmentFact { status: AppointmentStatus::CancelledByPatient, ..appointment(1) };
    world.receive(&world.cancelled(&cancelled)).await.unwrap();
    world.receive(&world.cancelled(&cancelled)).await.unwrap();
    assert_eq!(world.payments().await, row("voided"));
    assert_eq!(audit_count(&world).await, 2);
}

#[tokio::test]
async fn a_cancellation_that_overtakes_its_confirmation_wins() {
    let world = World::new().await;
    world.receive(&world.cancelled(&appointment(1))).await.unwrap();
    world.receive(&world.confirmed(&appointment(1))).await.unwrap();
    assert_eq!(world.payments().await, row("voided"));
    assert_eq!(world.told().await, [json!(null); 0]);
}

#[tokio::test]
async fn a_quote_used_for_another_booking_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    world.receive(&world.confirmed(&appointment(1))).await.unwrap();
    let mut replay = appointment(2);
    replay.quote_id = appointment(1).quote_id;
    let error = world.receive(&world.confirmed(&replay)).await.unwrap_err();
    assert!(format!("{error:#}").contains("used for another booking"), "{error:#}");
    assert_eq!(world.payments().await, row("not_required"));
    assert_eq!(audit_count(&world).await, 1);
}

#[tokio::test]
async fn events_of_no_interest_and_unknown_ones_are_passed_over() {
    let world = World::new().await;
    let mut unknown = world.confirmed(&appointment(1));
    unknown.name = "appointment_dreamt_of".to_owned();
    world.receive(&unknown).await.unwrap();
    assert_eq!(world.payments().await, []);
}

#[tokio::test]
async fn an_unreadable_event_is_refused_without_quoting_it() {
    let world = World::new().await;
    let mut broken = world.confirmed(&appointment(1));
    broken.body["price_cents"] = json!("ada@example.org");
    let error = world.receive(&broken).await.unwrap_err();
    assert!(!format!("{error:#?}").contains("ada"), "{error:#?}");
}

/// As the administrator: the app role may add audit rows and not read them.
async fn audit_count(world: &World) -> i64 {
    let mut admin = world.database.administrator().await;
    sqlx::query_scalar("select count(*) from payments.audit_entry").fetch_one(&mut admin).await.unwrap()
}
