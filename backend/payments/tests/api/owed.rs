use jiff::Timestamp;
use serde_json::json;
use shared_types::{
    AudCents,
    bookings::{
        AppointmentFact, AppointmentStatus, BookingsEvent, DisputeFact, FeeWaiver,
        dispute::{DisputeParty, DisputeStatus},
    },
};
use uuid::Uuid;

use crate::{World, appointment};

/// Where the payment stands: its status, the fee that is owed, what is due and when.
type Standing = (String, i64, Option<String>, Option<String>);

/// The booking's card is kept, to be charged after the visit.
async fn with_card() -> World {
    let world = World::new().await;
    world.receive(&world.confirmed(&appointment(1))).await.unwrap();
    sqlx::query(
        "update payments.payment set status = 'card_saved', collection = 'after_visit', patient_charge_cents = 8500, \
         organization_id = $1",
    )
    .bind(Uuid::from_u128(7))
    .execute(&mut world.database.administrator().await)
    .await
    .unwrap();
    world
}

async fn standing(world: &World) -> Standing {
    sqlx::query_as(
        "select status, fee_owed_cents, due, to_char(due_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') \
         from payments.payment",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap()
}

fn at(status: AppointmentStatus, owed: i64) -> AppointmentFact {
    AppointmentFact { status, late_fee_cents: AudCents(owed), ..appointment(1) }
}

async fn changed(world: &World, fact: AppointmentFact) {
    let event = BookingsEvent::AppointmentChanged(fact);
    world.receive(&world.envelope("bookings", &event)).await.unwrap();
}

fn owes(cents: i64, due: &str, when: Timestamp) -> Standing {
    ("card_saved".to_owned(), cents, Some(due.to_owned()), Some(when.to_string()))
}

fn voided(standing: &Standing) -> bool {
    (standing.0.as_str(), standing.1) == ("voided", 0)
}

#[tokio::test]
async fn a_fee_for_cancelling_late_is_due_at_the_start() {
    let world = with_card().await;
    let late = at(AppointmentStatus::CancelledLate, 5_000);
    world.receive(&world.cancelled(&late)).await.unwrap();
    assert_eq!(standing(&world).await, owes(5_000, "charge_fee", late.start));
}

#[tokio::test]
async fn who_cancels_in_time_owes_nothing() {
    for status in [
        AppointmentStatus::CancelledByPatient,
        AppointmentStatus::CancelledByProvider,
        AppointmentStatus::CancelledByAdmin,
        AppointmentStatus::NoShowProvider,
        AppointmentStatus::Declined,
        AppointmentStatus::Expired,
    ] {
        let world = with_card().await;
        world.receive(&world.cancelled(&at(status, 0))).await.unwrap();
        let standing = standing(&world).await;
        assert!(voided(&standing), "{status:?}: {standing:?}");
    }
}

#[tokio::test]
async fn a_fee_that_is_let_go_is_not_owed() {
    let world = with_card().await;
    world.receive(&world.cancelled(&at(AppointmentStatus::CancelledLate, 5_000))).await.unwrap();
    let booking_id = appointment(1).booking_id;
    let waived = BookingsEvent::LateFeeWaived { booking_id, waived_by: FeeWaiver::Practice };
    world.receive(&world.envelope("bookings", &waived)).await.unwrap();
    let standing = standing(&world).await;
    assert!(voided(&standing), "{standing:?}");
}

#[tokio::test]
async fn a_dispute_that_is_upheld_ends_the_fee_and_one_that_is_rejected_does_not() {
    for (status, owed) in [(DisputeStatus::Rejected, 5_000), (DisputeStatus::Upheld, 0)] {
        let world = with_card().await;
        changed(&world, at(AppointmentStatus::NoShowPatient, 5_000)).await;
        let decided = BookingsEvent::DisputeDecided(DisputeFact {
            dispute_id: Uuid::from_u128(1).into(),
            opened_by: DisputeParty::Patient,
            answer_by: world.core.now(),
            status,
            appointment: at(AppointmentStatus::NoShowPatient, owed),
            late_fee_cents: AudCents(owed),
            instead: None,
        });
        world.receive(&world.envelope("bookings", &decided)).await.unwrap();
        let standing = standing(&world).await;
        assert_eq!(voided(&standing), owed == 0, "{status:?}: {standing:?}");
    }
}

#[tokio::test]
async fn not_coming_is_charged_at_once() {
    let world = with_card().await;
    changed(&world, at(AppointmentStatus::NoShowPatient, 5_000)).await;
    assert_eq!(standing(&world).await, owes(5_000, "charge_fee", world.core.now()));
}

#[tokio::test]
async fn a_visit_that_is_over_is_charged_and_a_move_puts_it_off() {
    let world = with_card().await;
    let mut later = appointment(1);
    later.start = "2026-12-23T22:15:00Z".parse().unwrap();
    world.receive(&world.moved(&later)).await.unwrap();
    // Four days before the visit.
    assert_eq!(standing(&world).await, owes(0, "authorise", "2026-12-19T22:15:00Z".parse().unwrap()));
    changed(&world, at(AppointmentStatus::Completed, 0)).await;
    assert_eq!(standing(&world).await, owes(0, "capture", world.core.now()));
}

#[tokio::test]
async fn where_nothing_is_collected_nothing_is_charged() {
    let world = World::new().await;
    world.receive(&world.confirmed(&appointment(1))).await.unwrap();
    changed(&world, at(AppointmentStatus::Completed, 0)).await;
    world.receive(&world.moved(&appointment(1))).await.unwrap();
    assert_eq!(standing(&world).await, ("not_required".to_owned(), 0, None, None));
    let step = json!({"booking_id": appointment(1).booking_id, "step": "not_required"});
    assert_eq!(world.told().await, [step]);
}

#[tokio::test]
async fn whose_a_booking_is_is_known_while_it_waits() {
    let world = World::new().await;
    let mut fact = at(AppointmentStatus::AwaitingPayment, 0);
    fact.account_id = Some(Uuid::from_u128(5).into());
    world.receive(&world.envelope("bookings", &BookingsEvent::PaymentAwaited(fact))).await.unwrap();
    let owner: Option<Uuid> = sqlx::query_scalar("select account_id from payments.booking_owner")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(owner, Some(Uuid::from_u128(5)));
    assert_eq!(world.payments().await, []);
}
