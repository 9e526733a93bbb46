//! A member's address changes: what is to come is told there.

use shared_types::{
    AccountId, PatientId,
    bookings::{AppointmentFact, BookingsEvent},
    users::{ContactChannel, OwnDetails, OwnDetailsChanged, PatientContact, UsersEvent},
};
use uuid::Uuid;

use crate::{World, appointment, envelope};

const ADA: AccountId = AccountId(Uuid::from_u128(1));
const PATIENT: PatientId = PatientId(Uuid::from_u128(0xA));

/// In nine days; the address is that of all of them.
fn far(booking: u128) -> AppointmentFact {
    AppointmentFact {
        start: "2026-12-01T03:00:00Z".parse().unwrap(),
        end: "2026-12-01T03:30:00Z".parse().unwrap(),
        ..appointment(booking)
    }
}

fn hers(booking: u128) -> AppointmentFact {
    AppointmentFact { account_id: Some(ADA), patient_id: Some(PATIENT), ..far(booking) }
}

async fn send_all(world: &World) {
    while world.send().await > 0 {}
}

#[tokio::test]
async fn a_reminder_goes_where_its_member_reads_by_then_and_a_guests_where_it_was_to_go() {
    let world = World::new().await;
    let contact = PatientContact {
        patient_id: PATIENT,
        version: 1,
        contact_by: vec![ContactChannel::Email],
        mobile: None,
        language: "en".to_owned(),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::PatientContactChanged(contact))).await;
    let otherwise = AppointmentFact { email: "else@example.org".to_owned().into(), ..hers(2) };
    for fact in [hers(1), otherwise, far(3)] {
        world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(fact))).await;
    }
    send_all(&world).await;
    world.mail.sent.lock().unwrap().clear();
    let moved = OwnDetailsChanged {
        account_id: ADA,
        patient_id: Some(PATIENT),
        was: OwnDetails::of("Ada@example.org".to_owned().into(), None),
        is: OwnDetails::of("tran@example.org".to_owned().into(), None),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::OwnDetailsChanged(moved))).await;
    world.at("2026-11-29T03:00:00Z");
    world.remind().await;
    send_all(&world).await;
    let sent = world.mail.sent.lock().unwrap();
    let mut reached: Vec<_> = sent.iter().map(|letter| letter.recipient.expose().as_str()).collect();
    reached.sort_unstable();
    assert_eq!(reached, ["ada@example.org", "else@example.org", "tran@example.org"]);
}
