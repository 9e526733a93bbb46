//! Whoever takes a time that never stands waits again where they waited; whoever had it, or let it go themselves, does not.

use axum::{body::Body, http::Request};
use jiff::SignedDuration;
use serde_json::json;
use shared_types::{
    bookings::{AppointmentStatus, Confirmation, waitlist::WaitlistStatus},
    payments::PaymentStep,
};

use super::{WAITLIST, entry, full, join, member, wanted};
use crate::app::{App, Browser, minutes, monday};

/// Whether the practice answers first.
async fn answers_first(app: &App, first: bool) {
    app.change(if first {
        "update bookings.appointment_type set needs_acceptance = true where appointment_type_id = '00000000-0000-0000-0000-000000000021'"
    } else {
        "update bookings.appointment_type set needs_acceptance = false where appointment_type_id = '00000000-0000-0000-0000-000000000021'"
    })
    .await;
}

/// Somebody takes the time that is kept for them, which is answered with this status.
async fn takes(app: &App, browser: &mut Browser, status: u16) -> Confirmation {
    let offer = entry(browser).await.offer.expect("a time is held for them");
    let path = format!("/api/v1/bookings/holds/{}/confirm", offer.hold_id);
    let reply = browser.post(&path, Some(app.key()), &app.details()).await;
    assert_eq!(reply.status, status, "{}", reply.body);
    assert_eq!(entry(browser).await.status, WaitlistStatus::Booked);
    reply.read()
}

#[tokio::test]
async fn who_does_not_pay_waits_again_where_they_waited_and_the_next_one_is_asked() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    app.collects_after_visits().await;
    let (mut first, mut second) = (member(&app, 1).await, member(&app, 2).await);
    let joined = join(&app, &mut first).await;
    app.advance(minutes(1));
    join(&app, &mut second).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    takes(&app, &mut first, 202).await;
    assert_eq!(entry(&mut second).await.ahead, 0);
    app.advance(minutes(35));
    assert_eq!(app.run("bookings.give_up_awaiting").await, 1);
    let back = entry(&mut first).await;
    assert_eq!((back.status, back.joined_at, back.ahead), (WaitlistStatus::Waiting, joined.joined_at, 0));
    assert_eq!(entry(&mut second).await.ahead, 1);
    assert_eq!(app.run("bookings.offer_times").await, 1);
    assert!(entry(&mut first).await.offer.is_none(), "they were asked about it");
    let offer = entry(&mut second).await.offer.unwrap();
    assert_eq!((offer.start, offer.passed), (monday(10, 0), 1));
    // Another time is theirs again.
    let (browser, appointment) = &mut booked[1];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    assert_eq!(entry(&mut first).await.offer.map(|offer| offer.start), Some(monday(10, 30)));
}

#[tokio::test]
async fn whose_request_is_not_taken_is_asked_about_another_time_though_nobody_waited_meanwhile() {
    for declined in [true, false] {
        let app = App::new().await;
        let mut booked = full(&app).await;
        answers_first(&app, true).await;
        let mut waiting = member(&app, 1).await;
        join(&app, &mut waiting).await;
        let (browser, appointment) = &mut booked[0];
        browser.cancel(appointment.appointment_id, 1).await;
        assert_eq!(app.run("bookings.offer_times").await, 1);
        let asked = takes(&app, &mut waiting, 200).await;
        assert_eq!(asked.status, AppointmentStatus::Requested);
        app.advance(minutes(6));
        app.run("bookings.offer_times").await;
        let looked_at = "select count(*) from bookings.schedule where waitlist_due_at is not null";
        assert_eq!(app.count(looked_at).await, 0, "nobody waits");
        if declined {
            app.acts(asked.appointment_id, 1, json!({"action": "decline", "reason": "no_time"})).await;
        } else {
            app.advance_to(monday(8, 0));
            assert_eq!(app.run("bookings.expire_requests").await, 1);
        }
        let mut waiting = member(&app, 1).await;
        assert_eq!(entry(&mut waiting).await.status, WaitlistStatus::Waiting, "declined: {declined}");
        // So close to the start nobody could be asked about a time that has to be answered first.
        answers_first(&app, false).await;
        assert_eq!(app.run("bookings.offer_times").await, 0, "they were asked about it");
        let (browser, appointment) = &mut booked[1];
        browser.cancel(appointment.appointment_id, 1).await;
        assert_eq!(app.run("bookings.offer_times").await, 1, "declined: {declined}");
        assert_eq!(entry(&mut waiting).await.offer.map(|offer| offer.start), Some(monday(10, 30)));
    }
}

#[tokio::test]
async fn what_the_practice_calls_off_before_it_is_paid_came_to_nothing_unless_the_patient_asked() {
    for (reason, expected) in
        [("practitioner_unwell", WaitlistStatus::Waiting), ("patient_asked", WaitlistStatus::Booked)]
    {
        let app = App::new().await;
        app.collects_after_visits().await;
        let mut waiting = member(&app, 1).await;
        join(&app, &mut waiting).await;
        assert_eq!(app.run("bookings.offer_times").await, 1);
        let taken = takes(&app, &mut waiting, 202).await;
        app.acts(taken.appointment_id, 1, json!({"action": "cancel", "reason": reason})).await;
        assert_eq!(entry(&mut waiting).await.status, expected, "{reason}");
    }
}

#[tokio::test]
async fn who_leaves_once_they_took_a_time_does_not_wait_again() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut waiting = member(&app, 1).await;
    let joined = join(&app, &mut waiting).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    takes(&app, &mut waiting, 202).await;
    // Another tab may still show the offer.
    let leave = Request::delete(format!("{WAITLIST}/{}", joined.waitlist_entry_id));
    assert_eq!(waiting.send(leave.body(Body::empty()).unwrap()).await.status, 204);
    app.advance(minutes(35));
    assert_eq!(app.run("bookings.give_up_awaiting").await, 1);
    assert_eq!(entry(&mut waiting).await.status, WaitlistStatus::Withdrawn);
    assert_eq!(app.run("bookings.offer_times").await, 0, "half past ten is free, and nobody waits for it");
}

#[tokio::test]
async fn a_place_is_found_again_however_long_the_answer_takes() {
    let app = App::new().await;
    answers_first(&app, true).await;
    app.collects_after_visits().await;
    let mut waiting = member(&app, 1).await;
    let mut wanted = wanted();
    wanted["wishes"] = json!({
        "weekdays": 2, "from": "10:00:00", "until": "10:59:00", "first": "2026-11-24", "last": "2026-11-24",
    });
    let reply = waiting.post(WAITLIST, Some(app.key()), &wanted).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let until = entry(&mut waiting).await.offer.unwrap().expires_at;
    let taken = takes(&app, &mut waiting, 202).await;
    // It is paid once the offer would be over, and the practice has a day from then.
    app.advance_to(until + minutes(4));
    app.paid(&taken, PaymentStep::Authorised).await;
    let holds = "select count(*) from bookings.hold";
    app.advance_to(until + SignedDuration::from_hours(24));
    app.run("bookings.forget_old").await;
    assert_eq!(app.count(holds).await, 1, "the practice may still say no");
    app.advance(minutes(4));
    assert_eq!(app.run("bookings.expire_requests").await, 1);
    let mut waiting = member(&app, 1).await;
    assert_eq!(entry(&mut waiting).await.status, WaitlistStatus::Waiting);
    app.run("bookings.forget_old").await;
    assert_eq!(app.count(holds).await, 0);
}

#[tokio::test]
async fn who_lets_what_they_took_go_themselves_waits_no_more() {
    for asks in [true, false] {
        let app = App::new().await;
        if asks {
            answers_first(&app, true).await;
        }
        let mut waiting = member(&app, 1).await;
        join(&app, &mut waiting).await;
        assert_eq!(app.run("bookings.offer_times").await, 1);
        let taken = takes(&app, &mut waiting, 200).await;
        assert_eq!(waiting.cancel(taken.appointment_id, 1).await.status, 200);
        assert_eq!(entry(&mut waiting).await.status, WaitlistStatus::Booked, "asks: {asks}");
    }
}
