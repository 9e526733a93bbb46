use jiff::{SignedDuration, Timestamp, civil::Date};
use serde_json::json;
use shared_types::{
    AppointmentId, BookingId,
    bookings::{
        Appointment, BookingsEvent, Hold, MemberAppointment,
        practice::CalendarAppointment,
        proposal::{Proposal, Proposed},
    },
    page::Page,
};

use super::{at_practice, desk};
use crate::{
    app::{App, BORN, Browser, COLLEAGUE, LONG, LONG_COLLEAGUE, ROLE, Reply, minutes, monday, wall},
    members::{ada, signed_in},
};

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

/// Books with the colleague at the same practice.
async fn with_colleague(app: &App, browser: &mut Browser, start: Timestamp) -> Appointment {
    let hold: Hold = browser.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, start).await.read();
    let made = app.confirm(browser, &hold).await;
    browser.appointment(made.appointment_id).await
}

async fn take_back(app: &App, appointment: AppointmentId) {
    let path = at_practice(&format!("appointments/{appointment}/proposal"));
    let request = axum::http::Request::delete(&path).body(axum::body::Body::empty()).unwrap();
    assert_eq!(desk(app).await.send(request).await.status, 204);
}

/// What stands in the calendar of Wednesday.
async fn in_calendar(app: &App, booking: BookingId) -> CalendarAppointment {
    let calendar = app.calendar("2026-11-25").await;
    let mut all = calendar.roles.into_iter().flat_map(|role| role.appointments);
    all.find(|appointment| appointment.booking_id == booking).unwrap()
}

/// What is shown as proposed for an appointment of Wednesday: the same to who booked it, by its link, and in the calendar.
async fn seen(app: &App, patient: &mut Browser, booked: &Appointment) -> Option<Proposed> {
    let own = patient.appointment(booked.appointment_id).await.proposed;
    let token = app.manage_token(booked.booking_id.0).await;
    let mut linked = app.browser();
    let opened: Appointment = linked.open(&token, json!({"date_of_birth": BORN})).await.read();
    assert_eq!(opened.proposed, own, "as the link is opened");
    assert_eq!(linked.appointment(booked.appointment_id).await.proposed, own, "once it is open");
    assert_eq!(in_calendar(app, booked.booking_id).await.proposed, own, "in the calendar");
    own
}

#[tokio::test]
async fn an_open_proposal_is_shown_with_its_appointment_until_it_is_answered_taken_back_or_over() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let id = booked.appointment_id;
    assert_eq!(seen(&app, &mut patient, &booked).await, None);
    let first = proposed(&app, id, wall(THURSDAY, 14, 0)).await;
    let shown = seen(&app, &mut patient, &booked).await.unwrap();
    assert_eq!((shown.proposal_id, shown.start, shown.end), (first.proposal_id, first.start, first.end));
    assert_eq!(shown.answer_until, first.expires_at);
    assert_eq!(answer(&mut patient, &first, false).await.status, 200);
    assert_eq!(seen(&app, &mut patient, &booked).await, None, "it was answered");
    let second = proposed(&app, id, wall(THURSDAY, 15, 0)).await;
    assert_eq!(seen(&app, &mut patient, &booked).await, Some(Proposed::from(second)));
    take_back(&app, id).await;
    assert_eq!(seen(&app, &mut patient, &booked).await, None, "it was taken back");
    let third = proposed(&app, id, wall(THURSDAY, 16, 0)).await;
    app.advance_to(third.expires_at);
    assert_eq!(seen(&app, &mut patient, &booked).await, None, "its time is up");
    let last = proposed(&app, id, wall(THURSDAY, 14, 0)).await;
    assert_eq!(seen(&app, &mut patient, &booked).await, Some(Proposed::from(last)));
    let moved: Appointment = answer(&mut patient, &last, true).await.read();
    assert_eq!(moved.proposed, None);
    for link in [booked.appointment_id, moved.appointment_id] {
        assert_eq!(patient.appointment(link).await.proposed, None, "it was agreed to");
    }
}

#[tokio::test]
async fn a_member_sees_in_their_list_for_which_appointment_another_time_is_proposed() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let other = with_colleague(&app, &mut patient, wall(THURSDAY, 10, 0)).await;
    let proposal = proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    let list: Page<MemberAppointment> =
        patient.get("/api/v1/bookings/me/appointments?when=upcoming").await.read();
    let shown: Vec<_> =
        list.items.iter().map(|one| (one.appointment.appointment_id, one.appointment.proposed)).collect();
    assert_eq!(
        shown,
        [(booked.appointment_id, Some(Proposed::from(proposal))), (other.appointment_id, None)]
    );
}

#[tokio::test]
async fn the_desk_is_offered_to_propose_only_while_a_patient_could_still_answer() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let cancelled = app.book(&mut patient, wall(WEDNESDAY, 14, 0)).await;
    assert!(in_calendar(&app, booked.booking_id).await.may_propose);
    assert_eq!(patient.cancel(cancelled.appointment_id, 1).await.status, 200);
    assert!(!in_calendar(&app, cancelled.booking_id).await.may_propose, "it does not stand");
    let without_address = json!({
        "practitioner_role_id": ROLE,
        "appointment_type_id": LONG,
        "start": wall(WEDNESDAY, 12, 0),
        "patient": {"name": "Bo Lee", "date_of_birth": BORN},
    });
    let reply = desk(&app).await.post(&at_practice("appointments"), Some(app.key()), &without_address).await;
    assert!(!reply.read::<CalendarAppointment>().may_propose, "they would read of nothing");
    app.advance_to(wall(WEDNESDAY, 7, 30));
    assert!(in_calendar(&app, booked.booking_id).await.may_propose);
    app.advance_to(wall(WEDNESDAY, 7, 31));
    assert!(!in_calendar(&app, booked.booking_id).await.may_propose, "there is no time left for an answer");
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
async fn who_comes_by_an_older_letter_is_told_what_became_of_the_time_and_can_agree_to_nothing() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let own = format!("/api/v1/bookings/appointments/{}/proposal", booked.appointment_id);
    let words = |reply: Reply| reply.problem(410, "proposal-ended").detail.unwrap();
    let first = proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    app.advance(minutes(1));
    let second = proposed(&app, booked.appointment_id, wall(THURSDAY, 15, 0)).await;
    assert!(words(answer(&mut patient, &first, true).await).contains("proposes another time now"));
    let path = at_practice(&format!("appointments/{}/proposal", booked.appointment_id));
    let request = axum::http::Request::delete(&path).body(axum::body::Body::empty()).unwrap();
    assert_eq!(desk(&app).await.send(request).await.status, 204);
    let booking_id = booked.booking_id;
    assert_eq!(app.told("proposal_withdrawn").await, [BookingsEvent::ProposalWithdrawn { booking_id }]);
    assert!(words(patient.get(&own).await).contains("took it back"));
    assert!(words(answer(&mut patient, &second, true).await).contains("took it back"));
    app.advance(minutes(1));
    let third = proposed(&app, booked.appointment_id, wall(THURSDAY, 16, 0)).await;
    assert_eq!(patient.get(&own).await.read::<Proposal>(), third);
    app.advance_to(third.expires_at);
    assert!(words(patient.get(&own).await).contains("time for an answer is over"));
    assert!(words(answer(&mut patient, &third, true).await).contains("time for an answer is over"));
    assert_eq!(patient.appointment(booked.appointment_id).await.start, booked.start);
    app.browser().get(&own).await.problem(404, "not-found");
}

#[tokio::test]
async fn no_time_is_proposed_at_which_the_patient_comes_for_something_else() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let other = with_colleague(&app, &mut patient, wall(THURSDAY, 14, 0)).await;
    let first = proposed(&app, booked.appointment_id, wall(THURSDAY, 15, 0)).await;
    let problem =
        propose(&app, booked.appointment_id, 1, wall(THURSDAY, 14, 15)).await.problem(422, "invalid");
    assert_eq!(problem.errors[0].pointer, "/start");
    assert!(problem.errors[0].detail.contains("another appointment"), "{problem:?}");
    let own = format!("/api/v1/bookings/appointments/{}/proposal", booked.appointment_id);
    assert_eq!(patient.get(&own).await.read::<Proposal>(), first, "what was proposed before stays");
    // Somebody else's time with the colleague is in nobody's way, nor is one that is cancelled.
    with_colleague(&app, &mut app.browser(), wall(THURSDAY, 16, 0)).await;
    proposed(&app, booked.appointment_id, wall(THURSDAY, 16, 0)).await;
    assert_eq!(patient.cancel(other.appointment_id, 1).await.status, 200);
    proposed(&app, booked.appointment_id, wall(THURSDAY, 14, 15)).await;
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

#[tokio::test]
async fn who_can_be_written_to_nowhere_is_called_and_nothing_is_proposed() {
    let app = App::new().await;
    let proposals = "select count(*) from bookings.proposal";
    for (hour, mobile) in [(10, None), (12, Some("0491 570 156"))] {
        let visit = json!({
            "practitioner_role_id": ROLE,
            "appointment_type_id": LONG,
            "start": wall(WEDNESDAY, hour, 0),
            "patient": {"name": "Bo Lee", "date_of_birth": BORN, "mobile": mobile},
        });
        let made = desk(&app).await.post(&at_practice("appointments"), Some(app.key()), &visit).await;
        let id = made.read::<CalendarAppointment>().appointment_id;
        let problem = propose(&app, id, 1, wall(THURSDAY, 14, 0)).await.problem(422, "invalid");
        assert_eq!(problem.errors[0].pointer, "/start");
        assert!(
            problem.errors[0].detail.contains("call the patient, then move the appointment"),
            "{problem:?}"
        );
        assert_eq!((app.count(proposals).await, app.told("time_proposed").await.len()), (0, 0), "{mobile:?}");
    }
    assert!(app.free_on(ROLE, LONG, THURSDAY).await.contains(&wall(THURSDAY, 14, 0)), "nothing is kept");
}
