//! A series: one letter names all of its visits, and each of them is reminded of, moved and cancelled by itself.

use jiff::{SignedDuration, Timestamp};
use kernel::outbox::Envelope;
use shared_types::{
    SeriesId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, SeriesFact},
};
use uuid::Uuid;

use crate::{World, appointment, confirmed, envelope};

const SERIES: SeriesId = SeriesId(Uuid::from_u128(0x5E));

/// Tuesdays, from 1 December 2026 on, at 9:15 am in Sydney; each is the booking with its number and has a link of its own.
fn visit(booking: u128) -> AppointmentFact {
    let start: Timestamp = "2026-11-23T22:15:00Z".parse().unwrap();
    let start = start + SignedDuration::from_hours(24 * 7 * i64::try_from(booking).unwrap());
    AppointmentFact {
        start,
        end: start + SignedDuration::from_mins(30),
        manage_token: Some(token(booking).into()),
        series_id: Some(SERIES),
        ..appointment(booking)
    }
}

fn token(booking: u128) -> String {
    format!("{booking:032x}")
}

fn told(world: &World, event: BookingsEvent) -> Envelope {
    envelope(&world.core, "bookings", &event)
}

async fn confirm(world: &World, visits: &[AppointmentFact]) {
    for visit in visits {
        world.receive(&told(world, BookingsEvent::AppointmentConfirmed(visit.clone()))).await;
    }
}

fn booked(world: &World, visits: &[AppointmentFact]) -> Envelope {
    let fact = SeriesFact { series_id: SERIES, visits: visits.to_vec() };
    told(world, BookingsEvent::SeriesBooked(fact))
}

fn cancelled(world: &World, visit: &AppointmentFact) -> Envelope {
    let status = AppointmentStatus::CancelledByPatient;
    let fact = AppointmentFact { status, sequence: visit.sequence + 1, manage_token: None, ..visit.clone() };
    told(world, BookingsEvent::AppointmentCancelled(fact))
}

/// A day later, at the same hour.
fn moved(world: &World, visit: &AppointmentFact) -> Envelope {
    let day = SignedDuration::from_hours(24);
    let (start, end) = (visit.start + day, visit.end + day);
    let fact =
        AppointmentFact { start, end, sequence: visit.sequence + 1, manage_token: None, ..visit.clone() };
    told(world, BookingsEvent::AppointmentMoved(fact))
}

/// A world in which three visits are booked and nothing is sent.
async fn with_three() -> (World, [AppointmentFact; 3]) {
    let (world, visits) = (World::new().await, [1, 2, 3].map(visit));
    confirm(&world, &visits).await;
    world.receive(&booked(&world, &visits)).await;
    (world, visits)
}

/// Sends until nothing is due, and gives the subjects of all that went out, in no order.
async fn subjects(world: &World) -> Vec<String> {
    while world.send().await > 0 {}
    let mut subjects = world.mail.subjects();
    subjects.sort();
    subjects
}

/// Template and status of each message, in no order.
async fn messages(world: &World) -> Vec<(String, String)> {
    let mut messages = world.messages().await;
    messages.sort();
    messages
}

fn one(template: &str, status: &str) -> (String, String) {
    (template.to_owned(), status.to_owned())
}

const THREE: &str = "3 appointments confirmed, the first on Tuesday 1 December, 9:15 am";

#[tokio::test]
async fn one_letter_names_all_visits_and_each_is_reminded_of_by_itself() {
    let (world, _) = with_three().await;
    assert_eq!(subjects(&world).await, [THREE]);
    let sent = world.mail.sent.lock().unwrap().clone();
    let content = sent[0].content.expose();
    for booking in 1..=3 {
        let link = format!("https://hellomapper.example/manage/{}", token(booking));
        assert!(content.body_text.contains(&link) && content.body_html.contains(&link), "{link}");
    }
    for clinical in ["Physiotherapist", "Initial consultation"] {
        assert!(!content.body_text.contains(clinical) && !content.body_html.contains(clinical), "{clinical}");
    }
    assert!(sent[0].unsubscribe.is_none(), "it cannot be switched off");
    assert_eq!(content.calendar.as_ref().unwrap().file.matches("BEGIN:VEVENT").count(), 3);
    for booking in 1..=3 {
        let plans = world.plans(booking).await;
        assert_eq!(plans.len(), 2, "{plans:?}");
        assert!(plans.iter().all(|(_, _, state, _)| state == "planned"), "{plans:?}");
    }
    let kept = "select count(*) from notifications.message where series_visits is not null";
    let kept: i64 = sqlx::query_scalar(kept).fetch_one(&world.core.pool).await.unwrap();
    assert_eq!(kept, 0, "what it was written from is forgotten with it");
}

#[tokio::test]
async fn the_same_event_twice_is_one_letter() {
    let (world, visits) = (World::new().await, [1, 2].map(visit));
    confirm(&world, &visits).await;
    let (event, off) = (booked(&world, &visits), cancelled(&world, &visits[1]));
    for event in [&event, &event, &off, &off] {
        world.receive(event).await;
    }
    // Even if the inbox had forgotten them.
    for event in [&event, &off] {
        let mut tx = world.core.begin().await.unwrap();
        world.service.subscriber.receive(&mut tx, event).await.unwrap();
        world.core.commit(tx).await.unwrap();
    }
    assert_eq!(
        messages(&world).await,
        [
            one("appointment_cancelled", "queued"),
            one("series_confirmed", "dropped"),
            one("series_confirmed", "queued"),
        ]
    );
}

#[tokio::test]
async fn a_visit_that_is_cancelled_before_the_letter_goes_is_not_named() {
    let (world, visits) = with_three().await;
    world.receive(&cancelled(&world, &visits[0])).await;
    assert_eq!(
        subjects(&world).await,
        [
            "2 appointments confirmed, the first on Tuesday 8 December, 9:15 am",
            "Appointment cancelled: Tuesday 1 December, 9:15 am",
        ]
    );
    let sent = world.mail.sent.lock().unwrap().clone();
    let mut contents = sent.iter().map(|letter| letter.content.expose());
    let letter = contents.find(|content| content.subject.starts_with('2')).unwrap();
    assert!(!letter.body_text.contains("1 December 2026") && !letter.body_text.contains(&token(1)));
    assert_eq!(letter.calendar.as_ref().unwrap().file.matches("BEGIN:VEVENT").count(), 2);
    let dropped = world.plans(1).await;
    assert!(dropped.iter().all(|(_, _, state, _)| state == "dropped"), "{dropped:?}");
    assert!(world.plans(2).await.iter().all(|(_, _, state, _)| state == "planned"));
}

#[tokio::test]
async fn a_guest_who_may_owe_a_fee_for_a_visit_gets_the_letter_with_its_link() {
    let (world, visits) = with_three().await;
    let off = AppointmentFact {
        status: AppointmentStatus::CancelledLate,
        sequence: 1,
        manage_token: None,
        ..visits[0].clone()
    };
    world.receive(&told(&world, BookingsEvent::AppointmentCancelled(off))).await;
    assert_eq!(subjects(&world).await, [THREE, "Appointment cancelled: Tuesday 1 December, 9:15 am"]);
    let sent = world.mail.sent.lock().unwrap();
    let texts: Vec<_> = sent.iter().map(|letter| letter.content.expose().body_text.as_str()).collect();
    assert!(texts.iter().any(|text| text.contains(&token(1))), "its link is told nowhere else: {texts:?}");
}

#[tokio::test]
async fn news_that_came_before_the_letter_counts() {
    let (world, visits) = (World::new().await, [1, 2, 3].map(visit));
    confirm(&world, &visits).await;
    world.receive(&cancelled(&world, &visits[2])).await;
    world.receive(&moved(&world, &visits[1])).await;
    world.receive(&booked(&world, &visits)).await;
    assert_eq!(
        subjects(&world).await,
        [
            "Appointment cancelled: Tuesday 15 December, 9:15 am",
            "Appointment confirmed: Tuesday 1 December, 9:15 am",
            "Appointment moved: now Wednesday 9 December, 9:15 am",
        ]
    );
}

#[tokio::test]
async fn a_visit_that_moves_before_the_letter_goes_is_named_at_its_new_time() {
    let (world, visits) = with_three().await;
    world.receive(&moved(&world, &visits[1])).await;
    assert_eq!(subjects(&world).await, [THREE, "Appointment moved: now Wednesday 9 December, 9:15 am"]);
    let sent = world.mail.sent.lock().unwrap().clone();
    let letter = sent.iter().find(|letter| letter.content.expose().subject == THREE).unwrap();
    let text = &letter.content.expose().body_text;
    assert!(
        text.contains("Wednesday 9 December 2026") && !text.contains("Tuesday 8 December 2026"),
        "{text}"
    );
    assert!(text.contains(&token(2)), "its link is told nowhere else: {text}");
}

#[tokio::test]
async fn a_letter_that_a_busy_server_refused_is_written_anew_and_one_that_went_is_not() {
    let (world, visits) = with_three().await;
    world.mail.refuse(true);
    assert_eq!(world.send().await, 1);
    world.receive(&cancelled(&world, &visits[1])).await;
    world.mail.refuse(false);
    let two = "2 appointments confirmed, the first on Tuesday 1 December, 9:15 am";
    assert_eq!(subjects(&world).await, [two, "Appointment cancelled: Tuesday 8 December, 9:15 am"]);
    world.core.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(world.send().await, 0, "the first is not tried again");
    world.receive(&cancelled(&world, &visits[2])).await;
    assert_eq!(subjects(&world).await.len(), 3, "the cancellation alone");
}

#[tokio::test]
async fn where_every_visit_is_cancelled_at_once_no_letter_goes() {
    let (world, visits) = with_three().await;
    for visit in &visits {
        world.receive(&cancelled(&world, visit)).await;
    }
    let subjects = subjects(&world).await;
    assert_eq!(subjects.len(), 3);
    assert!(subjects.iter().all(|subject| subject.starts_with("Appointment cancelled: ")), "{subjects:?}");
}

#[tokio::test]
async fn who_gave_no_address_gets_no_letter_and_one_visit_alone_is_confirmed_as_ever() {
    let world = World::new().await;
    let visits = [1, 2].map(|booking| {
        let email = String::new().into();
        AppointmentFact { email, manage_token: None, ..visit(booking) }
    });
    confirm(&world, &visits).await;
    world.receive(&booked(&world, &visits)).await;
    assert_eq!(messages(&world).await, []);
    world.receive(&confirmed(&world.core, 9)).await;
    assert_eq!(messages(&world).await, [one("appointment_confirmed", "queued")]);
}
