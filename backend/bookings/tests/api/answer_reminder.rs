//! The links of reminders: each does one thing, for the time that the reminder spoke of, and shows nothing before proof.

use jiff::Timestamp;
use kernel::chance::hash_secret;
use serde_json::json;
use shared_types::{
    BookingId,
    bookings::{Appointment, AppointmentStatus},
    notifications::{AttendanceFact, NotificationsEvent, ReplyLinkFact, ReplyPurpose},
    payments::PaymentStep,
};

use crate::{
    app::{App, BORN, Reply, monday},
    practice::{at_practice, desk},
};

const YES: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const NO: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// notifications tells of a reminder's two links.
async fn remind(app: &App, booking_id: BookingId, start: Timestamp) {
    for (token, purpose) in [(YES, ReplyPurpose::Attend), (NO, ReplyPurpose::Cancel)] {
        let fact = ReplyLinkFact { booking_id, purpose, start, token_hash: hash_secret(token) };
        app.receive("notifications", 1, &NotificationsEvent::ReplyLinkMade(fact)).await;
    }
}

async fn answer(app: &App, token: &str) -> Reply {
    app.browser().post("/api/v1/bookings/replies/attendance", None, &json!({"token": token})).await
}

#[tokio::test]
async fn one_press_says_that_the_patient_will_come_and_shows_nothing() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booked = app.book(&mut browser, monday(10, 0)).await;
    remind(&app, booked.booking_id, booked.start).await;
    for _ in 0..2 {
        let reply = answer(&app, YES).await;
        assert_eq!((reply.status, reply.body), (204, json!("")));
        assert_eq!(reply.headers.get("set-cookie"), None);
    }
    let now = browser.appointment(booked.appointment_id).await;
    assert_eq!(now.attendance_confirmed_at, Some(app.core.now()));
    assert_eq!(app.told("appointment_changed").await.len(), 1, "told once");
    let acts = app.audited(booked.booking_id.0).await;
    assert_eq!(acts.iter().filter(|(action, _)| action == "answer_reminder").count(), 1);
}

#[tokio::test]
async fn looking_at_an_answer_changes_nothing() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    remind(&app, booked.booking_id, booked.start).await;
    app.browser().get("/api/v1/bookings/replies/attendance").await.problem(405, "unreadable");
    assert!(app.told("appointment_changed").await.is_empty());
}

#[tokio::test]
async fn each_link_does_its_one_thing() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    remind(&app, booked.booking_id, booked.start).await;
    for token in [NO, "", "cccccccccccccccccccccccccccccccc"] {
        answer(&app, token).await.problem(404, "not-found");
    }
    app.browser().open(YES, json!({"date_of_birth": BORN})).await.problem(404, "not-found");
    app.browser().send_code(YES).await.problem(404, "not-found");
}

#[tokio::test]
async fn an_answer_is_to_the_time_that_the_reminder_spoke_of() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booked = app.book(&mut browser, monday(10, 0)).await;
    remind(&app, booked.booking_id, booked.start).await;
    let moved = browser.r#move(app.key(), booked.appointment_id, booked.version, monday(11, 0)).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    let moved: Appointment = moved.read();
    answer(&app, YES).await.problem(404, "not-found");
    app.browser().open(NO, json!({"date_of_birth": BORN})).await.problem(404, "not-found");
    assert_eq!(browser.appointment(moved.appointment_id).await.attendance_confirmed_at, None);
}

#[tokio::test]
async fn after_the_start_and_after_a_cancellation_there_is_nothing_to_answer() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booked = app.book(&mut browser, monday(10, 0)).await;
    remind(&app, booked.booking_id, booked.start).await;
    assert_eq!(browser.cancel(booked.appointment_id, booked.version).await.status, 200);
    answer(&app, YES).await.problem(404, "not-found");
    let other = app.book(&mut app.browser(), monday(12, 0)).await;
    let fact = ReplyLinkFact {
        booking_id: other.booking_id,
        purpose: ReplyPurpose::Attend,
        start: other.start,
        token_hash: hash_secret("later"),
    };
    app.receive("notifications", 1, &NotificationsEvent::ReplyLinkMade(fact)).await;
    app.advance_to(other.start);
    answer(&app, "later").await.problem(404, "not-found");
    app.run("bookings.forget_old").await;
    assert_eq!(app.count("select count(*) from bookings.reply_link").await, 0);
}

#[tokio::test]
async fn the_other_link_asks_for_proof_and_then_cancels_and_does_no_more() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    remind(&app, booked.booking_id, booked.start).await;
    let proposal = at_practice(&format!("appointments/{}/proposal", booked.appointment_id));
    let other = json!({"version": booked.version, "start": monday(14, 0)});
    assert_eq!(desk(&app).await.post(&proposal, None, &other).await.status, 201);
    let mut browser = app.browser();
    let wrong = browser.open(NO, json!({"date_of_birth": "1980-02-28"})).await;
    wrong.problem(403, "wrong-proof");
    for private in ["Standard", "Harris", "Ada", "2026-11-22T23"] {
        assert!(!wrong.body.to_string().contains(private), "{}", wrong.body);
    }
    assert_eq!(
        app.count("select wrong_proofs::bigint from bookings.manage_link").await,
        1,
        "counted together"
    );
    let opened = browser.open(NO, json!({"date_of_birth": BORN})).await;
    assert_eq!(opened.status, 200, "{}", opened.body);
    let seen: Appointment = opened.read();
    let found = browser.appointment(seen.appointment_id).await;
    assert_eq!((seen.proposed, found.proposed), (None, None), "nobody is asked who may not answer");
    let moved = browser.r#move(app.key(), seen.appointment_id, seen.version, monday(11, 0)).await;
    moved.problem(404, "not-found");
    let path = format!("/api/v1/bookings/appointments/{}", seen.appointment_id);
    browser.get(&format!("{path}/calendar.ics")).await.problem(404, "not-found");
    let attends = browser.post(&format!("{path}/attendance"), None, &json!({"version": seen.version})).await;
    attends.problem(404, "not-found");
    let cancelled = browser.cancel(seen.appointment_id, seen.version).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.body);
    assert!(!cancelled.read::<Appointment>().status.is_upcoming());
}

#[tokio::test]
async fn the_other_link_shows_nothing_of_how_it_is_paid() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut guest = app.browser();
    let booked = app.awaiting(&mut guest, monday(10, 0)).await;
    app.paid(&booked, PaymentStep::CardSaved).await;
    let whole = guest.appointment(booked.appointment_id).await;
    assert!(whole.quote.is_some() && whole.payment_ticket.is_some());
    remind(&app, booked.booking_id, monday(10, 0)).await;
    let mut browser = app.browser();
    let opened: Appointment = browser.open(NO, json!({"date_of_birth": BORN})).await.read();
    let found = browser.appointment(opened.appointment_id).await;
    let cancelled: Appointment = browser.cancel(found.appointment_id, found.version).await.read();
    for seen in [opened, found, cancelled] {
        assert!(seen.quote.is_none() && seen.payment_ticket.is_none());
    }
}

#[tokio::test]
async fn a_text_message_that_says_yes_is_noted_and_one_that_comes_too_late_is_not() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booked = app.book(&mut browser, monday(10, 0)).await;
    let yes = |start| AttendanceFact { booking_id: booked.booking_id, start };
    app.receive("notifications", 1, &NotificationsEvent::AttendanceAnswered(yes(monday(9, 0)))).await;
    assert_eq!(browser.appointment(booked.appointment_id).await.attendance_confirmed_at, None);
    app.receive("notifications", 2, &NotificationsEvent::AttendanceAnswered(yes(booked.start))).await;
    let now = browser.appointment(booked.appointment_id).await;
    assert_eq!(now.attendance_confirmed_at, Some(app.core.now()));
    assert_eq!(browser.cancel(now.appointment_id, now.version).await.status, 200);
    app.receive("notifications", 3, &NotificationsEvent::AttendanceAnswered(yes(booked.start))).await;
    let over = browser.appointment(booked.appointment_id).await;
    assert_eq!(over.status, AppointmentStatus::CancelledLate, "as it was left");
}
