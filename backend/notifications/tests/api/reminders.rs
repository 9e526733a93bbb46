//! Reminders: planned with each change, written when they are due, sent once and not after a cancellation.

mod as_wished;
mod in_time;

use jiff::SignedDuration;
use shared_types::bookings::{AppointmentFact, AppointmentStatus, BookingsEvent};

use crate::{World, appointment, cancelled, confirmed, envelope, moved};

fn plan(version: i32, kind: &str, state: &str, why: Option<&str>) -> (i32, String, String, Option<String>) {
    (version, kind.to_owned(), state.to_owned(), why.map(str::to_owned))
}

/// Tuesday 1 December 2026, 2 pm in Sydney: nine days away.
fn far(booking: u128) -> AppointmentFact {
    AppointmentFact {
        start: "2026-12-01T03:00:00Z".parse().unwrap(),
        end: "2026-12-01T03:30:00Z".parse().unwrap(),
        ..appointment(booking)
    }
}

async fn confirm(world: &World, fact: AppointmentFact) {
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(fact))).await;
    // The news itself.
    world.send().await;
}

#[tokio::test]
async fn two_reminders_are_sent_each_once_and_when_they_are_due() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    assert_eq!(
        world.plans(1).await,
        [plan(0, "reminder_two_days", "planned", None), plan(0, "reminder_three_hours", "planned", None)]
    );
    assert_eq!((world.remind().await, world.send().await), (0, 0));
    world.at("2026-11-29T02:59:59Z");
    assert_eq!(world.remind().await, 0);
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.remind().await), (1, 0));
    assert_eq!((world.send().await, world.send().await), (1, 0));
    world.at("2026-12-01T00:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    world.core.clock.advance(SignedDuration::from_hours(24));
    assert_eq!((world.remind().await, world.send().await), (0, 0));
    assert_eq!(
        world.mail.subjects(),
        [
            "Appointment confirmed: Tuesday 1 December, 2:00 pm",
            "Reminder: appointment on Tuesday 1 December, 2:00 pm",
            "Reminder: appointment on Tuesday 1 December, 2:00 pm",
        ]
    );
    let sent = world.mail.sent.lock().unwrap();
    assert!(!sent[1].content.expose().body_text.contains("Physio"), "no profession");
}

#[tokio::test]
async fn a_move_drops_what_was_planned_and_plans_anew() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    let later = AppointmentFact {
        sequence: 1,
        start: "2026-12-02T03:00:00Z".parse().unwrap(),
        end: "2026-12-02T03:30:00Z".parse().unwrap(),
        ..far(1)
    };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentMoved(later))).await;
    assert_eq!(
        world.plans(1).await,
        [
            plan(0, "reminder_two_days", "dropped", Some("changed")),
            plan(0, "reminder_three_hours", "dropped", Some("changed")),
            plan(1, "reminder_two_days", "planned", None),
            plan(1, "reminder_three_hours", "planned", None),
        ]
    );
    world.send().await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!(world.remind().await, 0, "the old day's reminder is gone");
    world.at("2026-11-30T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!(
        world.mail.subjects().last().unwrap(),
        "Reminder: appointment on Wednesday 2 December, 2:00 pm"
    );
}

#[tokio::test]
async fn nothing_is_sent_after_a_cancellation_not_even_what_was_written() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!(world.remind().await, 1);
    world.receive(&cancelled(&world.core, 1)).await;
    assert_eq!(
        world.plans(1).await,
        [
            plan(0, "reminder_two_days", "dropped", Some("cancelled")),
            plan(0, "reminder_three_hours", "dropped", Some("cancelled")),
        ]
    );
    assert_eq!((world.send().await, world.send().await), (1, 0));
    assert!(world.mail.subjects().last().unwrap().starts_with("Appointment cancelled"));
    let left: (i64, i64) = sqlx::query_as(
        "select (select count(*) from notifications.message where status = 'dropped' and recipient is not null), \
         (select count(*) from notifications.appointment where email is not null)",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap();
    assert_eq!(left, (0, 0), "and nothing of it is kept");
}

#[tokio::test]
async fn news_that_come_late_or_twice_change_no_plan() {
    let world = World::new().await;
    world.receive(&cancelled(&world.core, 1)).await;
    world.receive(&moved(&world.core, 1)).await;
    world.receive(&confirmed(&world.core, 1)).await;
    assert_eq!(world.plans(1).await, []);
    let event = envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(far(2)));
    world.receive(&event).await;
    let mut tx = world.core.begin().await.unwrap();
    world.service.subscriber.receive(&mut tx, &event).await.unwrap();
    world.core.commit(tx).await.unwrap();
    assert_eq!(world.plans(2).await.len(), 2);
}

#[tokio::test]
async fn who_said_that_they_will_come_is_not_reminded_any_more() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    let coming = AppointmentFact { sequence: 1, ..far(1) };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentChanged(coming))).await;
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "dropped", Some("answered")));
    // A move is another appointment, of which they have said nothing yet.
    let moved = AppointmentFact { sequence: 2, ..far(1) };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentMoved(moved))).await;
    assert_eq!(world.plans(1).await[2], plan(2, "reminder_two_days", "planned", None));
    let there = AppointmentFact { sequence: 3, status: AppointmentStatus::Arrived, ..far(1) };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentChanged(there))).await;
    assert_eq!(world.plans(1).await[2], plan(2, "reminder_two_days", "dropped", Some("cancelled")));
}

#[tokio::test]
async fn an_arrival_that_is_taken_back_reminds_nobody_anew() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    for (sequence, status) in [(1, AppointmentStatus::Arrived), (2, AppointmentStatus::Confirmed)] {
        let fact = AppointmentFact { sequence, status, ..far(1) };
        world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentChanged(fact))).await;
    }
    assert_eq!(
        world.plans(1).await,
        [
            plan(0, "reminder_two_days", "written", None),
            plan(0, "reminder_three_hours", "dropped", Some("cancelled"))
        ]
    );
    world.at("2026-12-01T00:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (0, 0));
}

#[tokio::test]
async fn a_process_that_dies_while_writing_leaves_the_plan_as_it_was() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    world.at("2026-11-29T03:00:00Z");
    // As a transaction leaves it that ended before its commit: another worker passes it over, and then it is there again.
    let mut dying = world.core.begin().await.unwrap();
    sqlx::query("select from notifications.message_plan for update").execute(&mut *dying).await.unwrap();
    assert_eq!(world.remind().await, 0);
    dying.rollback().await.unwrap();
    let (first, second) = tokio::join!(world.remind(), world.remind());
    assert_eq!(first + second + world.remind().await, 1);
    assert_eq!((world.send().await, world.send().await), (1, 0));
}

#[tokio::test]
async fn who_gave_no_address_is_not_written_to() {
    let world = World::new().await;
    confirm(&world, AppointmentFact { email: String::new().into(), ..far(1) }).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!(world.remind().await, 1);
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "dropped", Some("unreachable")));
    assert_eq!(world.messages().await, []);
}

#[tokio::test]
async fn what_is_over_is_forgotten() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    world.at("2026-12-02T03:30:00Z");
    let destroy = || crate::run(&world.service, "notifications.destroy_expired");
    assert_eq!(destroy().await, 0);
    world.core.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(destroy().await, 1, "what reminders are written from");
    // The plans with the news: three months later.
    world.core.clock.advance(SignedDuration::from_hours(91 * 24));
    assert_eq!(destroy().await, 3);
    assert_eq!(world.plans(1).await, []);
}
