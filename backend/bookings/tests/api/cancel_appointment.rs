use serde_json::json;
use shared_types::{
    AudCents,
    bookings::{Appointment, AppointmentStatus, BookingsEvent, Cancelling, Confirmation, FeeWaiver, Hold},
};

use crate::{
    app::{App, BORN, LONG, MONDAY, ROLE, SHORT, details, minutes, monday, wall},
    practice::{at_practice, desk},
};

const TUESDAY: jiff::civil::Date = jiff::civil::date(2026, 11, 24);

#[tokio::test]
async fn in_time_it_costs_nothing_and_frees_the_time() {
    let app = App::new().await;
    let mut browser = app.browser();
    let start = wall(TUESDAY, 10, 0);
    let appointment = app.book(&mut browser, start).await;
    app.advance_to(start - jiff::SignedDuration::from_hours(24));
    assert_eq!(
        browser.appointment(appointment.appointment_id).await.cancelling_now,
        Cancelling::WithoutCharge
    );
    let reply = browser.cancel(appointment.appointment_id, appointment.version).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let cancelled: Appointment = reply.read();
    assert_eq!((cancelled.status, cancelled.version), (AppointmentStatus::CancelledByPatient, 2));
    assert_eq!(cancelled.cancelling_now, Cancelling::NotPossible);
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 0);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    assert!(app.free_on(ROLE, LONG, TUESDAY).await.contains(&start));
    app.book(&mut app.browser(), start).await;
}

#[tokio::test]
async fn late_the_agreed_fee_is_due() {
    let app = App::new().await;
    let mut browser = app.browser();
    let start = wall(TUESDAY, 10, 0);
    let appointment = app.book(&mut browser, start).await;
    app.advance_to(start - jiff::SignedDuration::from_hours(24) + jiff::SignedDuration::from_micros(1));
    let cancelled: Appointment = browser.cancel(appointment.appointment_id, 1).await.read();
    assert_eq!(cancelled.status, AppointmentStatus::CancelledLate);
    assert_eq!(app.count("select late_fee_cents from bookings.appointment").await, AudCents(5000).0);
    assert!(app.free_on(ROLE, LONG, TUESDAY).await.contains(&start));
}

#[tokio::test]
async fn a_bulk_billed_one_never_costs_anything() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold: Hold = browser.hold(app.key(), ROLE, SHORT, monday(10, 0)).await.read();
    let id = app.confirm(&mut browser, &hold).await.appointment_id;
    app.advance_to(monday(9, 59));
    let cancelled: Appointment = browser.cancel(id, 1).await.read();
    assert_eq!(cancelled.status, AppointmentStatus::CancelledByPatient);
    assert_eq!(app.count("select price_cents + late_fee_cents from bookings.appointment").await, 0);
}

#[tokio::test]
async fn others_are_told_with_a_higher_sequence() {
    let app = App::new().await;
    let mut browser = app.browser();
    let appointment = app.book(&mut browser, monday(10, 0)).await;
    browser.cancel(appointment.appointment_id, 1).await;
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((fact.appointment_id, fact.sequence), (appointment.appointment_id, 1));
    assert_eq!((fact.status, &fact.manage_token), (AppointmentStatus::CancelledLate, &None));
    let version = "select aggregate_version from bookings.outbox where name = 'appointment_cancelled'";
    assert_eq!(app.count(version).await, 2);
    assert_eq!(app.count("select sequence::bigint from bookings.appointment").await, 1);
    let acts = app.audited(appointment.booking_id.0).await;
    assert_eq!(acts.last().unwrap().0, "cancel_appointment");
}

#[tokio::test]
async fn what_changed_since_it_was_read_is_left_alone() {
    let app = App::new().await;
    let mut browser = app.browser();
    let appointment = app.book(&mut browser, monday(10, 0)).await;
    for version in [0, 2, -1] {
        browser.cancel(appointment.appointment_id, version).await.problem(409, "stale-version");
    }
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    assert!(app.told("appointment_cancelled").await.is_empty());
}

#[tokio::test]
async fn once_it_started_or_was_cancelled_it_stays_as_it_is() {
    let app = App::new().await;
    let mut browser = app.browser();
    let cancelled = app.book(&mut browser, monday(10, 0)).await;
    let started = app.book(&mut browser, monday(11, 0)).await;
    assert_eq!(browser.cancel(cancelled.appointment_id, 1).await.status, 200);
    for version in [1, 2] {
        browser.cancel(cancelled.appointment_id, version).await.problem(409, "not-cancellable");
    }
    app.advance_to(monday(11, 0));
    browser.cancel(started.appointment_id, 1).await.problem(409, "not-cancellable");
    assert_eq!(app.told("appointment_cancelled").await.len(), 1);
}

#[tokio::test]
async fn a_manage_session_may_cancel_its_own_booking() {
    let app = App::new().await;
    let appointment = app.book(&mut app.browser(), monday(10, 0)).await;
    let mut managing = app.browser();
    let token = app.manage_token(appointment.booking_id.0).await;
    managing.open(&token, json!({"date_of_birth": BORN})).await;
    assert_eq!(managing.cancel(appointment.appointment_id, 1).await.status, 200);
    let actor: String =
        sqlx::query_scalar("select actor_kind from bookings.audit_entry where action = 'cancel_appointment'")
            .fetch_one(&mut app.administrator().await)
            .await
            .unwrap();
    assert_eq!(actor, "link");
}

#[tokio::test]
async fn nobody_else_can_cancel() {
    let app = App::new().await;
    let (mut owner, mut other) = (app.browser(), app.browser());
    let appointment = app.book(&mut owner, monday(10, 0)).await;
    app.book(&mut other, monday(11, 0)).await;
    app.browser().cancel(appointment.appointment_id, 1).await.problem(404, "not-found");
    other.cancel(appointment.appointment_id, 1).await.problem(404, "not-found");
    assert_eq!(owner.appointment(appointment.appointment_id).await.status, AppointmentStatus::Confirmed);
}

#[tokio::test]
async fn a_repeated_confirm_after_cancelling_does_not_bring_it_back() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let confirmation: Confirmation = browser.confirm(app.key(), &hold, &details(1)).await.read();
    browser.cancel(confirmation.appointment_id, 1).await;
    app.advance(minutes(1));
    let again: Confirmation = browser.confirm(app.key(), &hold, &details(1)).await.read();
    assert_eq!(again.appointment_id, confirmation.appointment_id);
    assert_eq!(again.status, AppointmentStatus::CancelledLate);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
}

#[tokio::test]
async fn who_cancelled_late_owes_nothing_once_somebody_moved_onto_the_time() {
    let app = App::new().await;
    let (mut late, mut other) = (app.browser(), app.browser());
    for (from, to, by_practice) in [(14, 10, false), (15, 9, true)] {
        let cancelled = app.book(&mut late, monday(to, 0)).await;
        assert_eq!(late.cancel(cancelled.appointment_id, 1).await.status, 200);
        let moves = app.book(&mut other, monday(from, 0)).await;
        assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 5_000);
        let moved = if by_practice {
            let path = at_practice(&format!("appointments/{}/reschedule", moves.appointment_id));
            let body = json!({"version": 1, "start": monday(to, 0), "end": monday(to, 30)});
            desk(&app).await.post(&path, Some(app.key()), &body).await
        } else {
            other.r#move(app.key(), moves.appointment_id, 1, monday(to, 0)).await
        };
        assert_eq!(moved.status, 200, "{}", moved.body);
        assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 0);
        let (booking_id, waived_by) = (cancelled.booking_id, FeeWaiver::Refilled);
        let told = app.told("late_fee_waived").await;
        assert_eq!(told.last(), Some(&BookingsEvent::LateFeeWaived { booking_id, waived_by }));
    }
}
