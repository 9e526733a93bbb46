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

#[tokio::test]
async fn of_an_enduring_agreement_the_patients_latest_booking_at_the_practice_says_whom_to_write_to() {
    let world = World::new().await;
    let (practice, patient) = (Uuid::from_u128(2), Uuid::from_u128(0xA1));
    let mut fact = AppointmentFact {
        bulk_billed: true,
        price_cents: AudCents::ZERO,
        patient_id: Some(patient.into()),
        ..appointment(1)
    };
    fact.role.organization_id = Some(practice.into());
    told(&world, BookingsEvent::AppointmentConfirmed(fact)).await;
    let enduring = |practice: Uuid, patient: Uuid, number: u128| AssignmentFact {
        assignment_id: Uuid::from_u128(number).into(),
        booking_id: None,
        organization_id: practice.into(),
        account_id: None,
        patient_id: Some(patient.into()),
        status: AssignmentStatus::Offered,
        kind: AssignmentKind::Enduring,
        service_from: "2026-11-24".parse().unwrap(),
        token: Some("5ec4e7".to_owned().into()),
    };
    for (practice, patient, number) in
        [(practice, Uuid::from_u128(0xA2), 1), (Uuid::from_u128(3), patient, 2), (practice, patient, 3)]
    {
        let fact = enduring(practice, patient, number);
        world.receive(&envelope(&world.core, "payments", &PaymentsEvent::AssignmentChanged(fact))).await;
    }
    assert_eq!(
        templates(&world).await,
        ["appointment_confirmed", "agreement_asked"],
        "one of three is theirs"
    );
}
