use jiff::SignedDuration;
use serde_json::json;
use shared_types::{
    OrganizationId,
    bookings::{
        Appointment, AppointmentStatus, BookingsEvent, Cancelling, Confirmation, Hold, practice::ActName,
        requests::WaitingRequest,
    },
    page::Page,
    users::StaffRole,
};
use uuid::Uuid;

use super::{at_practice, desk, staff, staff_of};
use crate::app::{App, Browser, COLLEAGUE, LONG, LONG_COLLEAGUE, MONDAY, ROLE, minutes, monday, wall};

const TUESDAY: jiff::civil::Date = jiff::civil::date(2026, 11, 24);

async fn asking_first() -> App {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true where name = 'Standard consultation'",
    )
    .await;
    app
}

/// Asks for a long appointment with [`ROLE`].
async fn ask(app: &App, browser: &mut Browser, start: jiff::Timestamp) -> Appointment {
    let hold = app.hold(browser, start).await;
    assert!(hold.appointment_type.needs_acceptance);
    let reply = browser.confirm(app.key(), &hold, &app.details()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let asked: Confirmation = reply.read();
    assert_eq!(asked.status, AppointmentStatus::Requested);
    browser.appointment(asked.appointment_id).await
}

/// What the desk reads of those that wait.
async fn waiting(app: &App) -> Vec<WaitingRequest> {
    let reply = desk(app).await.get(&at_practice("requests")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read::<Page<WaitingRequest>>().items
}

#[tokio::test]
async fn what_the_practice_answers_first_is_kept_until_it_does() {
    let app = asking_first().await;
    let mut patient = app.browser();
    let start = wall(TUESDAY, 10, 0);
    let asked = ask(&app, &mut patient, start).await;
    assert_eq!(asked.reply_by, Some(app.core.now() + SignedDuration::from_hours(24)));
    assert!(!app.free_on(ROLE, LONG, TUESDAY).await.contains(&start));
    let told = app.told("appointment_requested").await;
    let [BookingsEvent::AppointmentRequested(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert!(fact.manage_token.is_some() && fact.reply_by == asked.reply_by);
    assert!(app.told("appointment_confirmed").await.is_empty());
    let taken = app.acts(asked.appointment_id, 1, json!({"action": "accept"})).await;
    assert_eq!((taken.status, taken.reply_by), (AppointmentStatus::Confirmed, None));
    let confirmed = app.confirmed(asked.booking_id.0).await;
    assert_eq!((confirmed.status, confirmed.sequence), (AppointmentStatus::Confirmed, 1));
    app.act(asked.appointment_id, 2, json!({"action": "accept"})).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_request_is_declined_with_a_reason_and_its_time_is_free_again() {
    let app = asking_first().await;
    let mut patient = app.browser();
    let asked = ask(&app, &mut patient, monday(15, 0)).await;
    let calendar = app.calendar("2026-11-23").await;
    let column = calendar.roles.iter().find(|role| role.practitioner_role_id == ROLE).unwrap();
    assert!(column.appointments[0].acts.contains(&ActName::Decline));
    let declined = json!({"action": "decline", "reason": "no_time"});
    let declined = app.acts(asked.appointment_id, 1, declined).await;
    assert_eq!(declined.status, AppointmentStatus::Declined);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(15, 0)));
    assert_eq!(app.told("appointment_cancelled").await.len(), 1);
}

#[tokio::test]
async fn a_request_is_withdrawn_without_charge_whatever_the_hour() {
    let app = asking_first().await;
    let mut patient = app.browser();
    let asked = ask(&app, &mut patient, monday(15, 0)).await;
    assert_eq!(asked.cancelling_now, Cancelling::WithoutCharge);
    let withdrawn: Appointment = patient.cancel(asked.appointment_id, 1).await.read();
    assert_eq!(withdrawn.status, AppointmentStatus::CancelledByPatient);
    assert_eq!(app.count("select late_fee_cents from bookings.appointment").await, 0);
    let moved = patient.r#move(app.key(), asked.appointment_id, 2, monday(16, 0)).await;
    moved.problem(409, "not-cancellable");
}

#[tokio::test]
async fn a_request_that_nobody_answers_ends_two_hours_before_the_start() {
    let app = asking_first().await;
    let asked = ask(&app, &mut app.browser(), monday(10, 0)).await;
    assert_eq!(asked.reply_by, Some(monday(8, 0)));
    app.advance_to(monday(8, 0) - minutes(1));
    assert_eq!(app.run("bookings.expire_requests").await, 0);
    app.advance(minutes(1));
    // The clock alone decides, whether the job has come by or not.
    app.act(asked.appointment_id, 1, json!({"action": "accept"})).await.problem(409, "wrong-state");
    // The connection of who was refused may still be letting the row go, and the job passes by what is locked.
    let mut ended = 0;
    for _ in 0..100 {
        ended += app.run("bookings.expire_requests").await;
    }
    assert_eq!(ended, 1);
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(fact.status, AppointmentStatus::Expired);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
}

#[tokio::test]
async fn a_practice_has_time_for_an_answer() {
    let app = asking_first().await;
    app.advance_to(monday(7, 0));
    let offered = app.free_on(ROLE, LONG, MONDAY).await;
    assert_eq!(offered.first(), Some(&monday(10, 0)), "three hours, where the schedule says one");
}

#[tokio::test]
async fn two_at_the_desk_answer_once() {
    let app = asking_first().await;
    let asked = ask(&app, &mut app.browser(), monday(15, 0)).await;
    let answer = |act: serde_json::Value| {
        let (app, id) = (&app, asked.appointment_id);
        async move { super::act_as(&mut desk(app).await, id, 1, act).await.status }
    };
    let mut statuses = futures::future::join_all([
        answer(json!({"action": "accept"})),
        answer(json!({"action": "decline", "reason": "no_time"})),
    ])
    .await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn the_desk_finds_what_waits_for_its_answer_and_what_ends_soonest_first() {
    let app = asking_first().await;
    let asked_at = app.core.now();
    let later = ask(&app, &mut app.browser(), wall(TUESDAY, 10, 0)).await.appointment_id;
    let sooner = ask(&app, &mut app.browser(), monday(10, 0)).await.appointment_id;
    let found = waiting(&app).await;
    let [first, second] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((first.appointment.appointment_id, first.answer_by), (sooner, monday(8, 0)));
    assert_eq!(
        (second.appointment.appointment_id, second.answer_by),
        (later, asked_at + SignedDuration::from_hours(24))
    );
    for request in &found {
        let acts = &request.appointment.acts;
        assert!(acts.contains(&ActName::Accept) && acts.contains(&ActName::Decline), "{acts:?}");
        assert!(request.appointment.patient.name.expose().starts_with("Ada Nguyen"));
        assert_eq!(request.appointment.appointment_type.name, "Standard consultation");
        assert_eq!(request.practitioner_name, "Dr Ada Nguyen");
    }
    app.acts(later, 1, json!({"action": "accept"})).await;
    app.advance_to(monday(8, 0) - minutes(1));
    assert_eq!(waiting(&app).await.len(), 1, "what is answered waits no more");
    app.advance(minutes(1));
    assert!(waiting(&app).await.is_empty(), "nor what cannot be answered any more");
}

#[tokio::test]
async fn each_request_is_with_its_own_practitioner_and_written_down_once() {
    let app = asking_first().await;
    let first = ask(&app, &mut app.browser(), monday(11, 0)).await.booking_id;
    let mut patient = app.browser();
    let hold: Hold = patient.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(10, 0)).await.read();
    app.confirm(&mut patient, &hold).await;
    let last = ask(&app, &mut app.browser(), monday(12, 0)).await.booking_id;
    let found = waiting(&app).await;
    let with: Vec<_> = found
        .iter()
        .map(|request| (request.appointment.booking_id, request.practitioner_name.as_str()))
        .collect();
    let ada = "Dr Ada Nguyen";
    assert_eq!(with, [(hold.booking_id, "Cy Colleague"), (first, ada), (last, ada)]);
    for request in &found {
        let written = app.audited(request.appointment.booking_id.0).await;
        assert_eq!(written.iter().filter(|(action, _)| action == "list_requests").count(), 1);
    }
}

#[tokio::test]
async fn who_answers_no_requests_reads_none() {
    let app = asking_first().await;
    ask(&app, &mut app.browser(), monday(15, 0)).await;
    staff(&app, StaffRole::Billing).await.get(&at_practice("requests")).await.problem(403, "not-allowed");
    app.browser().get(&at_practice("requests")).await.problem(401, "signed-out");
    let elsewhere = OrganizationId(Uuid::from_u128(0x42));
    let mut others = staff_of(&app, elsewhere, StaffRole::Owner).await;
    others.get(&at_practice("requests")).await.problem(404, "not-found");
    let theirs = others.get(&format!("/api/v1/bookings/practices/{elsewhere}/requests")).await;
    assert!(theirs.read::<Page<WaitingRequest>>().items.is_empty());
}
