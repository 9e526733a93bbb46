//! A visit that was to be paid for at the practice is bulk billed after all.

use shared_types::{
    AudCents,
    bookings::{AppointmentFact, BookingsEvent},
    payments::{
        AssignmentFact, PaymentsEvent,
        assignment::{AssignmentKind, AssignmentStatus},
    },
};
use uuid::Uuid;

use crate::{
    World, appointment, envelope,
    money::{templates, told},
};

#[tokio::test]
async fn its_patient_gets_the_letter_about_the_benefit_and_no_other() {
    let world = World::new().await;
    told(&world, BookingsEvent::AppointmentConfirmed(appointment(1))).await;
    let fact = AppointmentFact {
        sequence: 1,
        bulk_billed: true,
        price_cents: AudCents::ZERO,
        manage_token: None,
        ..appointment(1)
    };
    told(&world, BookingsEvent::AppointmentBulkBilled(fact)).await;
    assert_eq!(templates(&world).await, ["appointment_confirmed"]);
    let offered = AssignmentFact {
        assignment_id: Uuid::from_u128(1).into(),
        booking_id: Some(appointment(1).booking_id),
        organization_id: Uuid::from_u128(2).into(),
        account_id: None,
        patient_id: None,
        status: AssignmentStatus::Offered,
        kind: AssignmentKind::Pre,
        service_from: "2026-11-24".parse().unwrap(),
        token: Some("5ec4e7".to_owned().into()),
    };
    world.receive(&envelope(&world.core, "payments", &PaymentsEvent::AssignmentChanged(offered))).await;
    assert_eq!(templates(&world).await, ["appointment_confirmed", "assignment_asked"]);
}
