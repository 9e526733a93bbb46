//! Waiting for an earlier time: who is asked when, and what becomes of an offer.

mod asking;
mod at_once;
mod desk;
mod guardians;
mod nothing_came_of_it;

use axum::{body::Body, http::Request};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    PatientId,
    bookings::{
        Confirmation,
        waitlist::{WaitlistEntry, WaitlistOffer, WaitlistStatus},
    },
    page::Page,
    users::Claims,
};
use uuid::Uuid;

use crate::{
    app::{App, Browser, LONG, MONDAY, ROLE, Reply, minutes, monday},
    members::{ADA, CHILD, ada, claims, signed_in},
};

const WAITLIST: &str = "/api/v1/bookings/me/waitlist";

/// Monday between ten and eleven.
fn wanted() -> Value {
    json!({
        "practitioner_role_id": ROLE,
        "appointment_type_id": LONG,
        "wishes": {"weekdays": 1, "from": "10:00:00", "until": "10:59:00", "first": "2026-11-23", "last": "2026-11-23"},
    })
}

async fn join(app: &App, browser: &mut Browser) -> WaitlistEntry {
    let reply = browser.post(WAITLIST, Some(app.key()), &wanted()).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

/// A member with that account.
async fn member(app: &App, account: u128) -> Browser {
    let patient_id = Some(PatientId(Uuid::from_u128(0xF0 + account)));
    signed_in(app, &Claims { patient_id, ..claims(app, account) }).await
}

async fn entry(browser: &mut Browser) -> WaitlistEntry {
    let page: Page<WaitlistEntry> = browser.get(WAITLIST).await.read();
    assert_eq!(page.items.len(), 1);
    page.items.into_iter().next().unwrap()
}

async fn let_go(browser: &mut Browser, offer: WaitlistOffer) -> Reply {
    let path = format!("/api/v1/bookings/holds/{}", offer.hold_id);
    browser.send(Request::delete(path).body(Body::empty()).unwrap()).await
}

/// Ten and half past ten are booked; says by whom, the first one first.
async fn full(app: &App) -> Vec<(Browser, shared_types::bookings::Appointment)> {
    let mut booked = Vec::new();
    for start in [monday(10, 0), monday(10, 30)] {
        let mut browser = app.browser();
        let appointment = app.book(&mut browser, start).await;
        booked.push((browser, appointment));
    }
    booked
}

#[tokio::test]
async fn who_waits_for_a_visit_by_video_or_phone_reads_so() {
    let app = App::new().await;
    let mut waiting = member(&app, 1).await;
    let joined = join(&app, &mut waiting).await;
    assert!(!joined.with[0].telehealth && !joined.with[0].home_visit);
    app.sees_by_video().await;
    assert!(entry(&mut waiting).await.with[0].telehealth);
}

#[tokio::test]
async fn who_did_not_answer_in_time_reads_that_they_wait_before_any_job_has_run() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut waiting = member(&app, 1).await;
    join(&app, &mut waiting).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let asked = entry(&mut waiting).await;
    assert_eq!(asked.status, WaitlistStatus::Offered);
    app.advance_to(asked.offer.unwrap().expires_at);
    let asked = entry(&mut waiting).await;
    assert_eq!((asked.status, asked.offer), (WaitlistStatus::Waiting, None));
}

#[tokio::test]
async fn a_time_that_a_parent_waited_for_is_booked_for_the_child_while_they_may_act_for_it() {
    for (may_act, whose) in [(true, CHILD), (false, ADA)] {
        let app = App::new().await;
        let mut booked = full(&app).await;
        let mut parent = signed_in(&app, &ada(&app)).await;
        let mut wanted = wanted();
        wanted["patient_id"] = json!(CHILD);
        let reply = parent.post(WAITLIST, Some(app.key()), &wanted).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let (browser, appointment) = &mut booked[0];
        browser.cancel(appointment.appointment_id, 1).await;
        assert_eq!(app.run("bookings.offer_times").await, 1);
        let offer = entry(&mut parent).await.offer.unwrap();
        let acts_for = if may_act { ada(&app).acts_for } else { Vec::new() };
        let mut parent = signed_in(&app, &Claims { acts_for, ..ada(&app) }).await;
        // As the page of a held time does it: without a word of which patient.
        let path = format!("/api/v1/bookings/holds/{}/confirm", offer.hold_id);
        let reply = parent.post(&path, Some(app.key()), &app.details()).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let made: Confirmation = reply.read();
        assert_eq!(app.confirmed(made.booking_id.0).await.patient_id, Some(whose));
    }
}

#[tokio::test]
async fn leaving_lets_an_offered_time_go() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut waiting = member(&app, 1).await;
    let joined = join(&app, &mut waiting).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let path = format!("{WAITLIST}/{}", joined.waitlist_entry_id);
    let leave = || Request::delete(&path).body(Body::empty()).unwrap();
    let mut stranger = member(&app, 2).await;
    stranger.send(leave()).await.problem(404, "not-found");
    for _ in 0..2 {
        assert_eq!(waiting.send(leave()).await.status, 204);
    }
    assert_eq!(entry(&mut waiting).await.status, WaitlistStatus::Withdrawn);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    app.advance(minutes(2));
    assert_eq!(app.run("bookings.offer_times").await, 0);
}

#[tokio::test]
async fn what_cannot_come_is_refused_and_ten_places_are_enough() {
    let app = App::new().await;
    let mut browser = member(&app, 1).await;
    let mut wrong = wanted();
    wrong["wishes"]["weekdays"] = json!(0);
    wrong["wishes"]["last"] = json!("2026-11-01");
    let problem = browser.post(WAITLIST, Some(app.key()), &wrong).await.problem(422, "invalid");
    assert_eq!(problem.errors.len(), 2);
    let mut ancient = wanted();
    ancient["wishes"]["first"] = json!("-005000-01-01");
    let problem = browser.post(WAITLIST, Some(app.key()), &ancient).await.problem(422, "invalid");
    assert_eq!(problem.errors[0].pointer, "/wishes/first");
    let mut stranger = wanted();
    stranger["patient_id"] = json!(Uuid::from_u128(0xB));
    browser.post(WAITLIST, Some(app.key()), &stranger).await.problem(404, "not-found");
    app.browser().post(WAITLIST, Some(app.key()), &wanted()).await.problem(401, "signed-out");
    let key = app.key();
    for _ in 0..2 {
        assert_eq!(browser.post(WAITLIST, Some(key), &wanted()).await.status, 201);
    }
    for _ in 0..9 {
        join(&app, &mut browser).await;
    }
    browser.post(WAITLIST, Some(app.key()), &wanted()).await.problem(409, "waitlist-full");
    let page: Page<WaitlistEntry> = browser.get(WAITLIST).await.read();
    assert_eq!(page.items.len(), 10);
}

#[tokio::test]
async fn a_place_closes_after_its_last_day_and_is_forgotten_in_time() {
    let app = App::new().await;
    let mut waiting = signed_in(&app, &ada(&app)).await;
    full(&app).await;
    join(&app, &mut waiting).await;
    app.advance_to(monday(23, 0) + SignedDuration::from_hours(2));
    app.run("bookings.offer_times").await;
    assert_eq!(app.count("select count(*) from bookings.waitlist_entry where status = 'closed'").await, 1);
    app.advance(SignedDuration::from_hours(24 * 90) + minutes(1));
    app.run("bookings.offer_times").await;
    assert_eq!(app.count("select count(*) from bookings.waitlist_entry").await, 0);
}
