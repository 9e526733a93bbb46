//! The desk says that somebody runs late: who is told, who is not, and where it is seen.

use serde_json::json;
use shared_types::{
    PractitionerRoleId,
    bookings::{
        Appointment, BookingsEvent,
        practice::{PracticeCalendar, RoleCalendar},
        running_late::{RunningLate, RunningLateSaid},
    },
    users::StaffRole,
};
use uuid::Uuid;

use super::{at_practice, desk, staff};
use crate::app::{App, BORN, COLLEAGUE, ELSEWHERE, ROLE, Reply, minutes, monday};

fn path(role: PractitionerRoleId) -> String {
    at_practice(&format!("roles/{role}/running-late"))
}

async fn say(app: &App, key: Uuid, version: i32, minutes: u16) -> Reply {
    desk(app).await.post(&path(ROLE), Some(key), &json!({"version": version, "minutes": minutes})).await
}

/// What was said, and how many were told.
async fn said(app: &App, version: i32, minutes: u16) -> (RunningLate, u32) {
    let reply = say(app, app.key(), version, minutes).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let RunningLateSaid { running_late, told, to_call: _ } = reply.read();
    (running_late, told)
}

fn column(calendar: &PracticeCalendar, role: PractitionerRoleId) -> &RoleCalendar {
    calendar.roles.iter().find(|column| column.practitioner_role_id == role).unwrap()
}

#[tokio::test]
async fn who_comes_soon_is_told_once_and_again_when_it_is_another_lateness_or_over() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    app.book(&mut app.browser(), monday(15, 0)).await;
    app.advance_to(monday(9, 0));
    let (late, told) = said(&app, 0, 25).await;
    assert_eq!((late.minutes, late.version, late.said_at, told), (25, 1, monday(9, 0), 1));
    let events = app.told("lateness_said").await;
    let [BookingsEvent::LatenessSaid(fact)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((fact.appointment.booking_id, fact.minutes), (booked.booking_id, 25));
    assert!(fact.appointment.manage_token.is_none());
    let audited = app.audited(booked.booking_id.0).await;
    assert_eq!(audited.last().map(|(action, _)| action.as_str()), Some("say_running_late"));
    assert_eq!(said(&app, 1, 34).await.1, 0, "nearly the same");
    assert_eq!(said(&app, 2, 35).await.1, 1);
    assert_eq!(said(&app, 3, 0).await.1, 1, "it is over");
    assert_eq!(said(&app, 4, 0).await.1, 0);
    // By then the other one is soon, and the first should have begun.
    app.advance_to(monday(11, 30));
    assert_eq!(said(&app, 5, 20).await.1, 1);
    let events = app.told("lateness_said").await;
    let minutes = events.into_iter().map(|event| match event {
        BookingsEvent::LatenessSaid(fact) => fact.minutes,
        other => panic!("{other:?}"),
    });
    assert_eq!(minutes.collect::<Vec<_>>(), [25, 35, 0, 20]);
}

#[tokio::test]
async fn whoever_has_arrived_or_does_not_come_is_not_told_and_who_moved_is_told_of_the_new_time() {
    let app = App::new().await;
    let there = app.book(&mut app.browser(), monday(10, 0)).await;
    let mut other = app.browser();
    let cancelled = app.book(&mut other, monday(10, 30)).await;
    let mut third = app.browser();
    let moves = app.book(&mut third, monday(11, 0)).await;
    app.advance_to(monday(9, 30));
    app.acts(there.appointment_id, 1, json!({"action": "arrive"})).await;
    assert_eq!(other.cancel(cancelled.appointment_id, 1).await.status, 200);
    assert_eq!(said(&app, 0, 25).await.1, 1);
    let moved = third.r#move(app.key(), moves.appointment_id, 1, monday(12, 0)).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    assert_eq!(said(&app, 1, 25).await.1, 1, "nobody knew it of that time");
    assert_eq!(said(&app, 2, 25).await.1, 0);
    // Who was taken for somebody else is expected again, and was told nothing yet.
    app.acts(there.appointment_id, 2, json!({"action": "undo_arrival"})).await;
    assert_eq!(said(&app, 3, 25).await.1, 1);
    assert_eq!(said(&app, 4, 34).await.1, 0, "nearly the same");
    assert_eq!(app.told("lateness_said").await.len(), 3);
}

#[tokio::test]
async fn the_day_and_the_patients_page_show_it_while_it_counts() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, monday(10, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    app.advance_to(monday(9, 0));
    assert_eq!(patient.appointment(booked.appointment_id).await.late_minutes, None);
    let (late, _) = said(&app, 0, 25).await;
    assert_eq!(patient.appointment(booked.appointment_id).await.late_minutes, Some(25));
    let opened: Appointment = app.browser().open(&token, json!({"date_of_birth": BORN})).await.read();
    assert_eq!(opened.late_minutes, Some(25));
    let today = app.calendar("2026-11-23").await;
    assert_eq!(column(&today, ROLE).running_late, Some(late));
    assert_eq!(column(&today, COLLEAGUE).running_late, None);
    assert_eq!(column(&app.calendar("2026-11-24").await, ROLE).running_late, None);
    app.advance_to(monday(10, 25));
    assert_eq!(patient.appointment(booked.appointment_id).await.late_minutes, None);
    app.advance(minutes(60 * 48));
    app.run("bookings.forget_old").await;
    assert_eq!(app.count("select count(*) from bookings.running_late").await, 0);
}

#[tokio::test]
async fn a_repeat_tells_nobody_again_and_what_somebody_else_said_is_seen_first() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    app.advance_to(monday(9, 0));
    let key = app.key();
    let first = say(&app, key, 0, 25).await;
    assert_eq!(say(&app, key, 0, 25).await.body, first.body);
    assert_eq!(app.told("lateness_said").await.len(), 1);
    say(&app, key, 0, 60).await.problem(422, "idempotency-key-reused");
    say(&app, app.key(), 0, 60).await.problem(409, "stale-version");
    say(&app, app.key(), 1, 4).await.problem(422, "invalid");
    say(&app, app.key(), 1, 241).await.problem(422, "invalid");
    assert_eq!(app.told("lateness_said").await.len(), 1);
    let body = json!({"version": 0, "minutes": 25});
    desk(&app).await.post(&path(ROLE), None, &body).await.problem(400, "idempotency-key-missing");
    desk(&app).await.post(&path(ELSEWHERE), Some(app.key()), &body).await.problem(404, "not-found");
    let mut biller = staff(&app, StaffRole::Billing).await;
    biller.post(&path(ROLE), Some(app.key()), &body).await.problem(403, "not-allowed");
}

#[tokio::test]
async fn whose_visit_only_takes_longer_was_told_already_and_is_told_when_it_is_over() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    app.advance_to(monday(9, 0));
    assert_eq!(said(&app, 0, 25).await.1, 1);
    let path = at_practice(&format!("appointments/{}/reschedule", booked.appointment_id));
    let longer = json!({"version": 1, "start": monday(10, 0), "end": monday(10, 45)});
    let reply = desk(&app).await.post(&path, Some(app.key()), &longer).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(said(&app, 1, 25).await.1, 0, "it is no news");
    assert_eq!(said(&app, 2, 0).await.1, 1, "it is over");
}
