//! Reminders: planned with each change, written when they are due, sent once and not after a cancellation.

use jiff::SignedDuration;
use shared_types::{
    PatientId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    users::{ContactChannel, PatientContact, UsersEvent},
};
use uuid::Uuid;

use crate::{World, appointment, cancelled, confirmed, cuts::comes_to, envelope, moved};

const ADA: PatientId = PatientId(Uuid::from_u128(0xA));

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

/// The same as Ada's, with an account.
fn hers(booking: u128) -> AppointmentFact {
    AppointmentFact { account_id: Some(Uuid::from_u128(1).into()), patient_id: Some(ADA), ..far(booking) }
}

async fn confirm(world: &World, fact: AppointmentFact) {
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(fact))).await;
    // The news itself.
    world.send().await;
}

async fn wants(world: &World, version: i32, contact_by: &[ContactChannel]) {
    let contact = PatientContact {
        patient_id: ADA,
        version,
        contact_by: contact_by.to_vec(),
        mobile: Some("+61491570006".to_owned().into()),
        language: "en".to_owned(),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::PatientContactChanged(contact))).await;
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
async fn after_a_downtime_yesterdays_reminder_is_not_sent() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    // Both are overdue by now, and only the second is still of use.
    world.at("2026-12-01T01:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (2, 1));
    assert_eq!(
        world.plans(1).await,
        [
            plan(0, "reminder_two_days", "dropped", Some("late")),
            plan(0, "reminder_three_hours", "written", None)
        ]
    );
    confirm(&world, AppointmentFact { start: "2026-12-05T03:00:00Z".parse().unwrap(), ..far(2) }).await;
    world.at("2026-12-05T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (2, 0), "it has begun");
}

#[tokio::test]
async fn nobody_is_woken_by_what_a_downtime_left() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    // Sunday 11 pm in Sydney.
    world.at("2026-11-29T12:00:00Z");
    assert_eq!((world.remind().await, world.remind().await, world.send().await), (1, 0, 0));
    world.at("2026-11-29T21:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
}

#[tokio::test]
async fn what_was_written_in_the_evening_is_not_sent_at_night() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    // Sunday 8:59 pm in Sydney; nothing is sent until 11 pm.
    world.at("2026-11-29T09:59:00Z");
    assert_eq!(world.remind().await, 1);
    world.at("2026-11-29T12:00:00Z");
    assert_eq!((world.send().await, world.send().await), (1, 0));
    assert_eq!(world.mail.subjects().len(), 1, "the confirmation alone");
    world.at("2026-11-29T21:00:00Z");
    assert_eq!(world.send().await, 1);
    assert_eq!(world.mail.subjects().len(), 2);
    let attempts: i32 =
        sqlx::query_scalar("select attempts from notifications.message where template = 'reminder_two_days'")
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
    assert_eq!(attempts, 1, "waiting is no try");
}

#[tokio::test]
async fn a_reminder_that_could_not_be_sent_in_time_is_dropped() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    world.at("2026-11-29T03:00:00Z");
    world.remind().await;
    world.mail.refuse(true);
    assert_eq!(world.send().await, 1);
    world.mail.refuse(false);
    world.at("2026-11-30T03:00:00Z");
    assert_eq!(world.send().await, 0);
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "dropped", Some("late")));
    let dropped = ("reminder_two_days".to_owned(), "dropped".to_owned());
    assert!(world.messages().await.contains(&dropped));
}

#[tokio::test]
async fn a_patient_is_reminded_as_they_wish() {
    let world = World::new().await;
    wants(&world, 2, &[ContactChannel::Email, ContactChannel::Sms]).await;
    wants(&world, 1, &[]).await;
    confirm(&world, hers(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    {
        let sent = world.mail.sent.lock().unwrap();
        let body = &sent.last().unwrap().content.expose().body_text;
        assert!(body.contains("https://hellomapper.example/account/appointments"), "{body}");
    }
    world.at("2026-12-01T00:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!(
        world.sms.texts(),
        [
            "HelloMapper: appointment at Harbour Practice on Tue 1 Dec, 2:00 pm (Sydney time). To move or cancel it, call \
             (02) 5550 1234. To end texts: https://hellomapper.example/account/profile"
        ]
    );
    assert_eq!(world.mail.subjects().len(), 2);
}

#[tokio::test]
async fn what_was_written_goes_by_a_way_that_its_patient_still_wants() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Email, ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    world.at("2026-12-01T00:00:00Z");
    assert_eq!(world.remind().await, 2, "the one of two days is over");
    wants(&world, 2, &[ContactChannel::Email]).await;
    assert_eq!(world.send().await, 0, "no text to who wants none any more");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert!(world.sms.texts().is_empty());
    assert_eq!(world.mail.subjects().len(), 2);

    // Also by one that would have come before, had it been wanted then.
    wants(&world, 3, &[ContactChannel::Sms]).await;
    confirm(&world, AppointmentFact { start: "2026-12-09T03:00:00Z".parse().unwrap(), ..hers(2) }).await;
    world.at("2026-12-07T03:00:00Z");
    assert_eq!(world.remind().await, 1);
    wants(&world, 4, &[ContactChannel::Email]).await;
    assert_eq!((world.send().await, world.remind().await, world.send().await), (0, 1, 1));
    assert!(world.sms.texts().is_empty());

    // And by none, if none is wanted.
    world.at("2026-12-09T00:00:00Z");
    assert_eq!(world.remind().await, 1);
    wants(&world, 5, &[]).await;
    assert_eq!((world.send().await, world.remind().await), (0, 0));
    assert_eq!(world.plans(2).await[1], plan(0, "reminder_three_hours", "dropped", Some("unwanted")));
}

#[tokio::test]
async fn a_text_that_waits_goes_to_the_number_that_is_right_by_then() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!(world.remind().await, 1);
    let contact = PatientContact {
        patient_id: ADA,
        version: 2,
        contact_by: vec![ContactChannel::Sms],
        mobile: Some("+61491570157".to_owned().into()),
        language: "en".to_owned(),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::PatientContactChanged(contact))).await;
    assert_eq!(world.send().await, 1);
    let sent = world.sms.sent.lock().unwrap();
    assert_eq!(
        sent.iter().map(|text| text.recipient.expose().as_str()).collect::<Vec<_>>(),
        ["+61491570157"]
    );
}

#[tokio::test]
async fn who_wants_no_reminders_gets_none_and_all_the_news() {
    let world = World::new().await;
    wants(&world, 1, &[]).await;
    confirm(&world, hers(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 0));
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "dropped", Some("unwanted")));
    assert_eq!(world.mail.subjects().len(), 1);
}

#[tokio::test]
async fn a_way_that_fails_for_good_gives_the_turn_to_the_next_once() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Email, ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    world.mail.bounce();
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!((world.remind().await, world.send().await), (0, 0));
    assert_eq!(world.sms.texts().len(), 1);
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "written", None));
}

#[tokio::test]
async fn a_reminder_goes_the_next_way_where_another_try_would_come_too_late() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Email, ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    *world.sms.refusing.lock().unwrap() = Some(503);
    world.at("2026-12-01T00:00:00Z");
    assert_eq!(world.remind().await, 2, "the one of two days is over");
    for wait in [1, 5, 30] {
        assert_eq!((world.send().await, world.remind().await), (1, 0));
        world.core.clock.advance(SignedDuration::from_mins(wait));
    }
    // The fifth try would come two hours later, when it is of no use any more.
    assert_eq!((world.send().await, world.remind().await, world.send().await), (1, 1, 1));
    assert_eq!(world.mail.subjects().len(), 2, "the confirmation, and the reminder");
    assert!(world.sms.texts().is_empty());
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

/// Its news are destroyed by then, and whose it is stays known.
#[tokio::test]
async fn who_booked_months_ahead_is_reminded_as_they_wish() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Sms]).await;
    let start: jiff::Timestamp = "2027-03-22T03:00:00Z".parse().unwrap();
    let visit = AppointmentFact { start, end: start + SignedDuration::from_mins(30), ..hers(1) };
    confirm(&world, visit).await;
    world.at("2027-02-21T00:00:00Z");
    assert_eq!(
        crate::run(&world.service, "notifications.destroy_expired").await,
        2,
        "the news and its notice"
    );
    world.at("2027-03-20T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!((world.sms.texts().len(), world.mail.subjects().len()), (1, 1));
    // And goes with the last that is kept of it.
    world.core.clock.advance(SignedDuration::from_hours(100 * 24));
    crate::run(&world.service, "notifications.destroy_expired").await;
    let known: i64 = sqlx::query_scalar("select count(*) from notifications.booking_owner")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(known, 0);
}

#[tokio::test]
async fn a_reminder_whose_time_runs_out_in_the_hands_of_who_sends_it_is_not_sent() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!(world.remind().await, 1);
    world.at("2026-11-30T03:00:00Z");
    // Who looks for what is too late passes over what another has at the moment; who sends waits for it.
    let mut other = world.core.begin().await.unwrap();
    sqlx::query("select from notifications.message_plan for update").execute(&mut *other).await.unwrap();
    let mut admin = world.database.administrator().await;
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let lets_go = async {
        comes_to(&mut admin, waiting, 1).await;
        other.rollback().await.unwrap();
    };
    let (tried, ()) = tokio::join!(world.send(), lets_go);
    assert_eq!((tried, world.send().await), (1, 0));
    assert_eq!(world.mail.subjects().len(), 1, "the confirmation alone");
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "dropped", Some("late")));
}
