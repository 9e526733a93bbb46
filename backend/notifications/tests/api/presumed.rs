//! That a visit which nobody marked counts as having taken place: told once, with a way to say otherwise, and not of what does not
//! count any more.

use jiff::SignedDuration;
use shared_types::bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, PresumedFact};
use uuid::Uuid;

use crate::{World, appointment, cancelled, confirmed, envelope};

const TOKEN: &str = "fedcba9876543210fedcba9876543210";

/// Fourteen hours after the start of the appointments of these tests.
const COUNTED: &str = "2026-11-24T12:15:00Z";

fn over(booking: u128) -> AppointmentFact {
    let status = AppointmentStatus::Completed;
    let manage_token = Some(TOKEN.to_owned().into());
    AppointmentFact { sequence: 1, status, manage_token, ..appointment(booking) }
}

/// Confirmed and told of days ago, and now it is told that it counts.
async fn presumed(world: &World, appointment: AppointmentFact) {
    world.receive(&confirmed(&world.core, 1)).await;
    world.send().await;
    world.at(COUNTED);
    let changed = AppointmentFact { manage_token: None, ..appointment.clone() };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentChanged(changed))).await;
    tell(world, appointment).await;
}

async fn tell(world: &World, appointment: AppointmentFact) {
    let dispute_by = "2026-12-01T12:15:00Z".parse().unwrap();
    let told = BookingsEvent::VisitPresumed(PresumedFact { appointment, dispute_by });
    let told = envelope(&world.core, "bookings", &told);
    // Handed over twice, it is told once.
    world.receive(&told).await;
    world.receive(&told).await;
}

#[tokio::test]
async fn the_patient_is_told_once_until_when_to_object_and_where() {
    let world = World::new().await;
    presumed(&world, over(1)).await;
    assert_eq!((world.send().await, world.send().await), (1, 0));
    let subjects = world.mail.subjects();
    assert_eq!(subjects[1..], ["Did your visit take place? Tuesday 24 November, 9:15 am"]);
    let sent = world.mail.sent.lock().unwrap();
    let content = sent[1].content.expose();
    let link = format!("https://hellomapper.example/manage/{TOKEN}");
    for part in [
        "Harbour Practice did not say how your visit went, so it counts as having taken place.",
        "If it did not, say so by Tuesday 1 December, 11:15 pm.",
        &link,
    ] {
        assert!(content.body_text.contains(part), "{part}: {}", content.body_text);
        assert!(content.body_html.contains(part), "{part}: {}", content.body_html);
    }
    for clinical in ["Physiotherapist", "Initial consultation", "Kim Lee"] {
        assert!(!content.body_text.contains(clinical) && !content.body_html.contains(clinical), "{clinical}");
    }
    assert!(sent[1].unsubscribe.is_none(), "it cannot be switched off");
}

#[tokio::test]
async fn a_member_is_led_to_their_account() {
    let world = World::new().await;
    let account_id = Some(Uuid::from_u128(1).into());
    presumed(&world, AppointmentFact { account_id, manage_token: None, ..over(1) }).await;
    assert_eq!(world.send().await, 1);
    let sent = world.mail.sent.lock().unwrap();
    let text = &sent[1].content.expose().body_text;
    assert!(text.contains("https://hellomapper.example/account/appointments\n"), "{text}");
}

#[tokio::test]
async fn nobody_is_told_of_what_was_called_off_or_taken_back_meanwhile() {
    let world = World::new().await;
    world.receive(&confirmed(&world.core, 1)).await;
    world.receive(&cancelled(&world.core, 1)).await;
    while world.send().await > 0 {}
    let before = world.mail.subjects().len();
    world.at(COUNTED);
    tell(&world, over(1)).await;
    assert_eq!(world.send().await, 0);
    assert_eq!(world.mail.subjects().len(), before);

    let world = World::new().await;
    presumed(&world, over(1)).await;
    let taken_back =
        AppointmentFact { sequence: 2, status: AppointmentStatus::CheckedIn, manage_token: None, ..over(1) };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentChanged(taken_back))).await;
    assert_eq!(world.send().await, 0);
    assert!(world.messages().await.contains(&("visit_presumed".to_owned(), "dropped".to_owned())));
}

#[tokio::test]
async fn what_comes_too_late_to_object_is_not_sent_and_without_an_address_nothing_is() {
    let world = World::new().await;
    world.at("2026-12-01T12:15:00Z");
    tell(&world, over(1)).await;
    assert_eq!(world.send().await, 0);

    let world = World::new().await;
    tell(&world, AppointmentFact { email: String::new().into(), ..over(1) }).await;
    world.core.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(world.send().await, 0);
}
