//! That somebody noted that the patient did not come: told once, with a way to say otherwise, and not of what does not stand any more.

use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, NoShowFact},
};

use crate::{World, appointment, confirmed, envelope};

const TOKEN: &str = "fedcba9876543210fedcba9876543210";

/// Fourteen hours after the start of the appointments of these tests.
const NOTED: &str = "2026-11-24T12:15:00Z";

fn missed(booking: u128) -> AppointmentFact {
    let status = AppointmentStatus::NoShowPatient;
    let late_fee_cents = AudCents(5_000);
    AppointmentFact { sequence: 2, status, late_fee_cents, manage_token: None, ..appointment(booking) }
}

async fn changed(world: &World, appointment: AppointmentFact) {
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentChanged(appointment))).await;
}

/// Confirmed and told of days ago, and now it is told that nobody came.
async fn noted(world: &World) {
    world.receive(&confirmed(&world.core, 1)).await;
    world.send().await;
    world.at(NOTED);
    changed(world, missed(1)).await;
    tell(world).await;
}

async fn tell(world: &World) {
    let appointment = AppointmentFact { manage_token: Some(TOKEN.to_owned().into()), ..missed(1) };
    let dispute_by = "2026-12-01T12:15:00Z".parse().unwrap();
    let told = BookingsEvent::NoShowNoted(NoShowFact { appointment, dispute_by, presumed: true });
    let told = envelope(&world.core, "bookings", &told);
    // Handed over twice, it is told once.
    world.receive(&told).await;
    world.receive(&told).await;
}

#[tokio::test]
async fn the_patient_is_told_once_what_is_noted_until_when_to_object_and_where() {
    let world = World::new().await;
    noted(&world).await;
    assert_eq!((world.send().await, world.send().await), (1, 0));
    let sent = world.mail.sent.lock().unwrap();
    let content = sent[1].content.expose();
    assert_eq!(
        content.subject,
        "Noted that you did not come: your appointment on Tuesday 24 November, 9:15 am"
    );
    let link = format!("https://hellomapper.example/manage/{TOKEN}");
    for part in [
        "Harbour Practice noted that you did not come on Tuesday 24 November, 9:15 am.",
        "a fee of $50.",
        "If it was otherwise, say so by Tuesday 1 December, 11:15 pm.",
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
async fn what_a_dispute_leaves_as_it_was_noted_is_not_told_again() {
    let world = World::new().await;
    noted(&world).await;
    world.send().await;
    let before = world.messages().await;
    changed(&world, AppointmentFact { sequence: 3, ..missed(1) }).await;
    assert_eq!(world.messages().await, before);
}

#[tokio::test]
async fn nobody_is_told_of_what_was_entered_in_error_meanwhile_or_too_late_to_object() {
    let world = World::new().await;
    noted(&world).await;
    let status = AppointmentStatus::EnteredInError;
    changed(&world, AppointmentFact { sequence: 3, status, ..missed(1) }).await;
    assert_eq!(world.send().await, 0);
    assert!(world.messages().await.contains(&("no_show_noted".to_owned(), "dropped".to_owned())));

    let world = World::new().await;
    world.at("2026-12-01T12:15:00Z");
    tell(&world).await;
    assert_eq!(world.send().await, 0);
}
