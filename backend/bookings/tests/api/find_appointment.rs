use serde_json::json;
use shared_types::{
    AppointmentId, AudCents,
    bookings::{Appointment, AppointmentStatus, Cancelling},
};
use uuid::Uuid;

use crate::app::{App, BORN, monday};

#[tokio::test]
async fn who_booked_sees_the_appointment_and_what_cancelling_means() {
    let app = App::new().await;
    let mut browser = app.browser();
    let appointment = app.book(&mut browser, monday(10, 0)).await;
    assert_eq!(appointment.status, AppointmentStatus::Confirmed);
    // Monday at ten is 23 hours away.
    assert_eq!(appointment.cancelling_now, Cancelling::LateFee { fee_cents: AudCents(5000) });
    assert_eq!(appointment.email_hint, "a…@example.org");
    app.advance_to(monday(10, 0));
    let seen = browser.appointment(appointment.appointment_id).await;
    assert_eq!(seen.cancelling_now, Cancelling::NotPossible);
}

#[tokio::test]
async fn every_look_at_an_appointment_is_written_down() {
    let app = App::new().await;
    let mut browser = app.browser();
    let appointment = app.book(&mut browser, monday(10, 0)).await;
    browser.appointment(appointment.appointment_id).await;
    let looks = app.audited(appointment.booking_id.0).await;
    let looks = looks.iter().filter(|(action, outcome)| action == "find_appointment" && outcome == "allowed");
    assert_eq!(looks.count(), 2);
}

#[tokio::test]
async fn the_reply_holds_no_more_of_the_patient_than_a_hint() {
    let app = App::new().await;
    let mut browser = app.browser();
    let appointment = app.book(&mut browser, monday(10, 0)).await;
    let text = browser.find(appointment.appointment_id).await.body.to_string();
    for private in ["ada0@", "Ada Nguyen 0", "0491", "1980"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
}

#[tokio::test]
async fn nobody_else_learns_of_an_appointment() {
    let app = App::new().await;
    let (mut owner, mut other) = (app.browser(), app.browser());
    let theirs = app.book(&mut owner, monday(10, 0)).await;
    let own = app.book(&mut other, monday(11, 0)).await;
    app.browser().find(theirs.appointment_id).await.problem(404, "not-found");
    other.find(theirs.appointment_id).await.problem(404, "not-found");
    owner.find(AppointmentId(Uuid::from_u128(9))).await.problem(404, "not-found");
    // A session opened for one booking shows that one only.
    let mut managing = app.browser();
    let token = app.manage_token(own.booking_id.0).await;
    assert_eq!(managing.open(&token, json!({"date_of_birth": BORN})).await.status, 200);
    managing.find(theirs.appointment_id).await.problem(404, "not-found");
    managing.appointment(own.appointment_id).await;
}

#[tokio::test]
async fn refusals_are_written_down_with_who_asked() {
    let app = App::new().await;
    let (mut owner, mut other) = (app.browser(), app.browser());
    let theirs = app.book(&mut owner, monday(10, 0)).await;
    app.hold(&mut other, monday(11, 0)).await;
    let mut managing = app.browser();
    managing.cookies.push(("__Host-manage".to_owned(), "0".repeat(32)));
    for browser in [&mut other, &mut managing] {
        browser.find(theirs.appointment_id).await.problem(404, "not-found");
        browser.cancel(theirs.appointment_id, 1).await.problem(404, "not-found");
        let key = app.key();
        browser.r#move(key, theirs.appointment_id, 1, monday(14, 0)).await.problem(404, "not-found");
        browser.get(&calendar(theirs.appointment_id)).await.problem(404, "not-found");
    }
    let denied: Vec<(String, String)> = sqlx::query_as(
        "select action, actor_kind from bookings.audit_entry where outcome = 'denied' and resource_id = $1 order by ctid",
    )
    .bind(theirs.booking_id.to_string())
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap();
    let acts = ["find_appointment", "cancel_appointment", "move_appointment", "download_calendar"];
    let expected =
        ["guest", "anonymous"].into_iter().flat_map(|who| acts.map(|act| (act.to_owned(), who.to_owned())));
    assert_eq!(denied, expected.collect::<Vec<_>>());
    // Ids of nothing are no acts on a record.
    owner.find(AppointmentId(Uuid::from_u128(9))).await.problem(404, "not-found");
    assert_eq!(app.count("select count(*) from bookings.audit_entry where outcome = 'denied'").await, 8);
}

#[tokio::test]
async fn a_worthless_manage_cookie_does_not_hide_the_guest_who_asks() {
    let app = App::new().await;
    let mut owner = app.browser();
    let booked = app.book(&mut owner, monday(10, 0)).await;
    owner.cookies.push(("__Host-manage".to_owned(), "0".repeat(32)));
    owner.cancel(booked.appointment_id, 1).await;
    let by_guest = "select count(*) from bookings.audit_entry where action = 'cancel_appointment' and actor_kind = 'guest'";
    assert_eq!(app.count(by_guest).await, 1);
}

fn calendar(appointment: AppointmentId) -> String {
    format!("/api/v1/bookings/appointments/{appointment}/calendar.ics")
}

#[tokio::test]
async fn the_calendar_file_follows_the_booking() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booked = app.book(&mut browser, monday(10, 0)).await;
    let moved: Appointment = browser.r#move(app.key(), booked.appointment_id, 1, monday(14, 0)).await.read();
    let reply = browser.get(&calendar(moved.appointment_id)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(reply.headers["cache-control"], "no-store");
    let text = reply.body.as_str().unwrap().replace("\r\n ", "");
    for line in ["METHOD:PUBLISH", "SEQUENCE:1", "DTSTART;TZID=Australia/Sydney:20261123T140000"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.contains(&format!("UID:{}", booked.booking_id)), "{text}");
    browser.cancel(moved.appointment_id, 1).await;
    let reply = browser.get(&calendar(moved.appointment_id)).await;
    let text = reply.body.as_str().unwrap().to_owned();
    assert!(text.contains("METHOD:CANCEL") && text.contains("SEQUENCE:2"), "{text}");
    let acts = app.audited(booked.booking_id.0).await;
    assert_eq!(acts.iter().filter(|(action, _)| action == "download_calendar").count(), 2);
}
