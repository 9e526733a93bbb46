use jiff::{SignedDuration, Timestamp, civil::Date};
use serde_json::json;
use shared_types::{
    AppointmentId,
    bookings::{Appointment, BookingsEvent, proposal::Proposal},
};

use super::{at_practice, desk};
use crate::app::{App, Browser, LONG, ROLE, Reply, minutes, monday, wall};

const WEDNESDAY: Date = jiff::civil::date(2026, 11, 25);
const THURSDAY: Date = jiff::civil::date(2026, 11, 26);

async fn propose(app: &App, appointment: AppointmentId, version: i32, start: Timestamp) -> Reply {
    let path = at_practice(&format!("appointments/{appointment}/proposal"));
    desk(app).await.post(&path, None, &json!({"version": version, "start": start})).await
}

async fn proposed(app: &App, appointment: AppointmentId, start: Timestamp) -> Proposal {
    let reply = propose(app, appointment, 1, start).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

async fn answer(browser: &mut Browser, proposal: &Proposal, agree: bool) -> Reply {
    let path = format!("/api/v1/bookings/appointments/{}/proposal/answer", proposal.appointment_id);
    let body = json!({"proposal_id": proposal.proposal_id, "agree": agree});
    browser.post(&path, None, &body).await
}

#[tokio::test]
async fn the_appointment_stays_until_the_patient_agrees_and_the_new_time_is_kept_meanwhile() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let proposal = proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    assert_eq!(proposal.expires_at, app.core.now() + SignedDuration::from_hours(48));
    assert!(!app.free_on(ROLE, LONG, THURSDAY).await.contains(&wall(THURSDAY, 14, 0)));
    assert!(!app.free_on(ROLE, LONG, WEDNESDAY).await.contains(&wall(WEDNESDAY, 10, 0)));
    let told = app.told("time_proposed").await;
    let [BookingsEvent::TimeProposed(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((fact.appointment.start, fact.start), (booked.start, proposal.start));
    let path = format!("/api/v1/bookings/appointments/{}/proposal", booked.appointment_id);
    assert_eq!(patient.get(&path).await.read::<Proposal>(), proposal);
    app.browser().get(&path).await.problem(404, "not-found");
    let moved: Appointment = answer(&mut patient, &proposal, true).await.read();
    assert_eq!((moved.start, moved.booking_id), (wall(THURSDAY, 14, 0), booked.booking_id));
    assert!(app.free_on(ROLE, LONG, WEDNESDAY).await.contains(&wall(WEDNESDAY, 10, 0)));
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    answer(&mut patient, &proposal, true).await.problem(410, "proposal-ended");
    assert_eq!(app.told("appointment_moved").await.len(), 1);
}

#[tokio::test]
async fn who_does_not_agree_keeps_what_they_have() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let proposal = proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    let kept: Appointment = answer(&mut patient, &proposal, false).await.read();
    assert_eq!((kept.appointment_id, kept.version), (booked.appointment_id, 1));
    assert!(app.free_on(ROLE, LONG, THURSDAY).await.contains(&wall(THURSDAY, 14, 0)));
    let none = format!("/api/v1/bookings/appointments/{}/proposal", booked.appointment_id);
    patient.get(&none).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_proposal_that_nobody_answers_ends_by_the_clock() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let proposal = proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    app.advance_to(proposal.expires_at);
    answer(&mut patient, &proposal, true).await.problem(410, "proposal-ended");
    assert_eq!(app.run("bookings.expire_holds").await, 1);
    assert!(app.free_on(ROLE, LONG, THURSDAY).await.contains(&wall(THURSDAY, 14, 0)));
    assert_eq!(patient.appointment(booked.appointment_id).await.start, booked.start);
    // Another may take its place.
    proposed(&app, booked.appointment_id, wall(THURSDAY, 15, 0)).await;
}

#[tokio::test]
async fn a_later_proposal_and_a_cancelled_appointment_end_an_earlier_one() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let first = proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    let second = proposed(&app, booked.appointment_id, wall(THURSDAY, 15, 0)).await;
    answer(&mut patient, &first, true).await.problem(410, "proposal-ended");
    assert!(app.free_on(ROLE, LONG, THURSDAY).await.contains(&wall(THURSDAY, 14, 0)));
    assert_eq!(patient.cancel(booked.appointment_id, 1).await.status, 200);
    answer(&mut patient, &second, true).await.problem(410, "proposal-ended");
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
}

#[tokio::test]
async fn the_same_time_once_more_is_the_same_proposal_and_nobody_is_told_twice() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), wall(WEDNESDAY, 10, 0)).await;
    let first = proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    assert_eq!(proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await, first);
    assert_eq!(app.told("time_proposed").await.len(), 1);
}

#[tokio::test]
async fn what_is_taken_or_too_soon_is_not_proposed() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    app.book(&mut app.browser(), wall(THURSDAY, 14, 0)).await;
    let id = booked.appointment_id;
    propose(&app, id, 1, wall(THURSDAY, 14, 15)).await.problem(409, "time-taken");
    propose(&app, id, 2, wall(THURSDAY, 15, 0)).await.problem(409, "stale-version");
    app.advance_to(wall(WEDNESDAY, 7, 31));
    propose(&app, id, 1, wall(THURSDAY, 15, 0)).await.problem(422, "invalid");
    app.advance(minutes(200));
    propose(&app, id, 1, wall(THURSDAY, 15, 0)).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn the_practice_takes_a_proposal_back() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let proposal = proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    let path = at_practice(&format!("appointments/{}/proposal", booked.appointment_id));
    let mut desk = desk(&app).await;
    for _ in 0..2 {
        let request = axum::http::Request::delete(&path).body(axum::body::Body::empty()).unwrap();
        assert_eq!(desk.send(request).await.status, 204);
    }
    answer(&mut patient, &proposal, true).await.problem(410, "proposal-ended");
    assert!(app.free_on(ROLE, LONG, THURSDAY).await.contains(&wall(THURSDAY, 14, 0)));
}

#[tokio::test]
async fn nothing_is_proposed_for_what_changed_while_the_desk_waited_for_it() {
    let app = std::sync::Arc::new(App::new().await);
    let id = app.book(&mut app.browser(), wall(WEDNESDAY, 10, 0)).await.appointment_id;
    let mut admin = app.administrator().await;
    let mut held = sqlx::Connection::begin(&mut admin).await.unwrap();
    sqlx::query("select from bookings.resource for update").execute(&mut *held).await.unwrap();
    let asks = std::sync::Arc::clone(&app);
    let waits = tokio::spawn(async move { propose(&asks, id, 1, wall(THURSDAY, 14, 0)).await });
    app.somebody_waits().await;
    sqlx::query("update bookings.appointment set status = 'cancelled_by_patient', version = 2")
        .execute(&mut *held)
        .await
        .unwrap();
    held.commit().await.unwrap();
    waits.await.unwrap().problem(409, "wrong-state");
    assert_eq!(app.count("select count(*) from bookings.proposal").await, 0);
}

#[tokio::test]
async fn that_a_card_was_refused_while_somebody_agreed_moves_along() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let proposal = proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    let mut admin = app.administrator().await;
    let mut held = sqlx::Connection::begin(&mut admin).await.unwrap();
    sqlx::query("select from bookings.resource for update").execute(&mut *held).await.unwrap();
    let mut agreeing = patient.clone();
    let waits = tokio::spawn(async move { answer(&mut agreeing, &proposal, true).await });
    app.somebody_waits().await;
    // As when its card is refused: that makes no version.
    sqlx::query(
        "update bookings.appointment set payment_failure = 'insufficient_funds', repair_until = starts_at",
    )
    .execute(&mut *held)
    .await
    .unwrap();
    held.commit().await.unwrap();
    let moved: Appointment = waits.await.unwrap().read();
    assert!(patient.appointment(moved.appointment_id).await.payment_failure.is_some());
}

#[tokio::test]
async fn who_cancelled_late_owes_nothing_once_somebody_agrees_to_the_time() {
    let app = App::new().await;
    let (mut late, mut patient) = (app.browser(), app.browser());
    let cancelled = app.book(&mut late, monday(10, 0)).await;
    assert_eq!(late.cancel(cancelled.appointment_id, 1).await.status, 200);
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let proposal = proposed(&app, booked.appointment_id, monday(10, 0)).await;
    let owed = "select sum(late_fee_cents)::bigint from bookings.appointment";
    assert_eq!(app.count(owed).await, 5_000, "nobody has taken it yet");
    assert_eq!(answer(&mut patient, &proposal, true).await.status, 200);
    assert_eq!(app.count(owed).await, 0);
}
