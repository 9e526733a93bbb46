//! Disputes about what was noted of an appointment: who may begin one and until when, who answers, who decides, and what becomes
//! of the fee.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, DisputeId,
    bookings::{
        Appointment, BookingsEvent,
        dispute::{
            DecisionReason, DisputeCase, DisputeParty, DisputeStanding, DisputeStatus, FeeStanding,
            PracticeDispute,
        },
        practice::{ActName, PracticeCalendar},
    },
    page::Page,
    users::{Claims, PlatformRole, StaffRole},
};

use crate::{
    app::{App, Browser, Reply, minutes, monday},
    members::{ada, claims, signed_in},
    practice::{act_as, at_practice, desk, staff},
};

const CASES: &str = "/api/v1/bookings/platform/disputes";

fn at(appointment: AppointmentId) -> String {
    format!("/api/v1/bookings/appointments/{appointment}/dispute")
}

fn words(version: i32, text: &str) -> Value {
    json!({"version": version, "text": text})
}

/// Ada, signed in a moment ago.
async fn patient(app: &App) -> Browser {
    signed_in(app, &ada(app)).await
}

async fn administrator(app: &App) -> Browser {
    signed_in(app, &Claims { platform: vec![PlatformRole::Administrator], ..claims(app, 90) }).await
}

/// Booked for Monday at ten; the desk says at a quarter past that nobody came.
async fn not_come(app: &App) -> Appointment {
    let booked = app.book(&mut patient(app).await, monday(10, 0)).await;
    app.advance_to(monday(10, 15));
    app.acts(booked.appointment_id, booked.version, json!({"action": "no_show", "attested": true})).await;
    booked
}

async fn standing(app: &App, appointment: AppointmentId) -> DisputeStanding {
    patient(app).await.get(&at(appointment)).await.read()
}

async fn decide(app: &App, dispute: DisputeId, version: i32, upheld: bool) -> Reply {
    decide_by(&mut administrator(app).await, dispute, version, upheld).await
}

async fn decide_by(browser: &mut Browser, dispute: DisputeId, version: i32, upheld: bool) -> Reply {
    let body =
        json!({"version": version, "upheld": upheld, "reason": "times_show_it", "note": "See the log."});
    browser.post(&format!("{CASES}/{dispute}/decide"), None, &body).await
}

#[tokio::test]
async fn an_upheld_dispute_reverses_the_fee_and_the_appointment_stands_where_it_stood() {
    let app = App::new().await;
    let booked = not_come(&app).await;
    let id = booked.appointment_id;
    let before = standing(&app, id).await;
    assert_eq!(before.until, Some(app.core.now() + SignedDuration::from_hours(24 * 7)));
    assert_eq!(
        before.late_fee.map(|fee| (fee.fee_cents.0, fee.standing)),
        Some((5_000, FeeStanding::Pending))
    );
    let mut browser = patient(&app).await;
    browser.post(&at(id), None, &words(1, "I was there.")).await.problem(409, "stale-version");
    browser.post(&at(id), None, &words(2, " ")).await.problem(422, "invalid");
    let reply = browser.post(&at(id), None, &words(2, "I was there at ten.")).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let opened: DisputeStanding = reply.read();
    let dispute = opened.dispute.unwrap();
    assert_eq!(
        (dispute.status, dispute.opened_by, opened.until),
        (DisputeStatus::Open, DisputeParty::Patient, None)
    );
    // The same once more is the same; other words are a second dispute.
    assert_eq!(browser.post(&at(id), None, &words(2, "I was there at ten.")).await.status, 201);
    browser.post(&at(id), None, &words(2, "I was at the door.")).await.problem(409, "wrong-state");
    assert_eq!(app.told("dispute_opened").await.len(), 1);

    // The practice has a day for an answer.
    decide(&app, dispute.dispute_id, 1, true).await.problem(409, "too-early");
    let answer = at_practice(&format!("appointments/{id}/dispute/answer"));
    let reply = desk(&app).await.post(&answer, None, &words(1, "The door was locked, sorry.")).await;
    let answered: PracticeDispute = reply.read();
    assert_eq!(answered.dispute.as_ref().unwrap().version, 2);
    assert_eq!(answered.patient_name.expose(), "Ada");
    desk(&app).await.post(&answer, None, &words(2, "Another answer.")).await.problem(409, "stale-version");
    patient(&app)
        .await
        .post(&format!("{}/answer", at(id)), None, &words(2, "Me too."))
        .await
        .problem(404, "not-found");

    let cases: Page<DisputeCase> = administrator(&app).await.get(CASES).await.read();
    let [case] = cases.items.as_slice() else { panic!("{cases:?}") };
    assert!(case.may_decide);
    assert_eq!(case.history.last().map(|step| step.step.as_str()), Some("no_show"));
    decide(&app, dispute.dispute_id, 1, true).await.problem(409, "stale-version");
    let decided: DisputeCase = decide(&app, dispute.dispute_id, 2, true).await.read();
    assert_eq!(decided.dispute.reason, Some(DecisionReason::TimesShowIt));
    decide(&app, dispute.dispute_id, 3, false).await.problem(409, "stale-version");
    let after = standing(&app, id).await;
    assert_eq!(after.dispute.unwrap().status, DisputeStatus::Upheld);
    assert_eq!(after.late_fee.map(|fee| fee.standing), Some(FeeStanding::Reversed));
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 0);
    assert_eq!(patient(&app).await.appointment(id).await.status.code(), "no_show_patient");
    let told = app.told("dispute_decided").await;
    let [BookingsEvent::DisputeDecided(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((fact.status, fact.late_fee_cents.0), (DisputeStatus::Upheld, 0));
    let steps: Vec<(String, String)> = sqlx::query_as(
        "select step, taken_by from bookings.appointment_transition order by taken_at desc, version desc limit 1",
    )
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap();
    assert_eq!(steps, [("uphold_dispute".to_owned(), "platform".to_owned())]);
    let cases: Page<DisputeCase> = administrator(&app).await.get(CASES).await.read();
    assert!(cases.items.is_empty());
}

#[tokio::test]
async fn a_rejected_dispute_keeps_the_fee_and_can_be_decided_once_nobody_answered_for_a_day() {
    let app = App::new().await;
    let booked = app.book(&mut patient(&app).await, monday(10, 0)).await;
    assert_eq!(patient(&app).await.cancel(booked.appointment_id, 1).await.status, 200);
    let reply =
        patient(&app).await.post(&at(booked.appointment_id), None, &words(2, "I called on Friday.")).await;
    let dispute = reply.read::<DisputeStanding>().dispute.unwrap();
    app.advance(SignedDuration::from_hours(24) - minutes(1));
    decide(&app, dispute.dispute_id, 1, false).await.problem(409, "too-early");
    app.advance(minutes(1));
    assert_eq!(decide(&app, dispute.dispute_id, 1, false).await.status, 200);
    let after = standing(&app, booked.appointment_id).await;
    assert_eq!(after.late_fee.map(|fee| fee.standing), Some(FeeStanding::Kept));
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 5_000);
}

#[tokio::test]
async fn a_week_later_what_was_noted_stands_and_what_was_not_noted_cannot_be_disputed() {
    let app = App::new().await;
    let booked = not_come(&app).await;
    let other = app.book(&mut patient(&app).await, monday(14, 0)).await;
    let path = at(other.appointment_id);
    patient(&app).await.post(&path, None, &words(1, "No.")).await.problem(409, "wrong-state");
    app.browser().get(&path).await.problem(404, "not-found");
    app.advance(SignedDuration::from_hours(24 * 7));
    let late = standing(&app, booked.appointment_id).await;
    assert!(late.until.is_none() && late.dispute.is_none());
    let path = at(booked.appointment_id);
    patient(&app).await.post(&path, None, &words(2, "I was there.")).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_practice_has_a_day_to_dispute_that_nobody_was_there_and_the_patient_answers() {
    let app = App::new().await;
    let booked = app.book(&mut patient(&app).await, monday(10, 0)).await;
    let id = booked.appointment_id;
    app.advance_to(monday(10, 30));
    let absence = format!("/api/v1/bookings/appointments/{id}/absence");
    assert_eq!(patient(&app).await.post(&absence, None, &json!({"version": 1})).await.status, 200);
    assert!(standing(&app, id).await.until.is_none(), "it is the practice that can dispute it");
    let told = app.told("absence_said").await;
    let [BookingsEvent::AbsenceSaid(said)] = told.as_slice() else { panic!("{told:?}") };
    let until = app.core.now() + SignedDuration::from_hours(24);
    assert_eq!((said.booking_id, said.answer_by), (booked.booking_id, until));
    assert_eq!(said.organization_id, crate::app::ORGANIZATION);
    let list = at_practice("disputes");
    let page: Page<PracticeDispute> = desk(&app).await.get(&list).await.read();
    let [absent] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!(absent.until, Some(app.core.now() + SignedDuration::from_hours(24)));
    let open = at_practice(&format!("appointments/{id}/dispute"));
    let reply = desk(&app).await.post(&open, None, &words(absent.version, "We were there.")).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let answered: DisputeStanding = patient(&app)
        .await
        .post(&format!("{}/answer", at(id)), None, &words(1, "Nobody opened."))
        .await
        .read();
    let dispute = answered.dispute.unwrap();
    assert_eq!((dispute.opened_by, dispute.version), (DisputeParty::Practice, 2));
    assert_eq!(decide(&app, dispute.dispute_id, 2, true).await.status, 200);
    assert_eq!(standing(&app, id).await.late_fee, None);
    // What the practice says of itself it does not dispute.
    let own = app.book(&mut patient(&app).await, monday(12, 0)).await;
    app.advance_to(monday(12, 30));
    app.acts(own.appointment_id, 1, json!({"action": "practitioner_absent"})).await;
    let open = at_practice(&format!("appointments/{}/dispute", own.appointment_id));
    desk(&app).await.post(&open, None, &words(2, "We were there.")).await.problem(409, "wrong-state");
    assert_eq!(app.told("absence_said").await.len(), 1, "nor is it told what it says itself");
}

#[tokio::test]
async fn only_administrators_decide_and_only_the_practices_staff_answer() {
    let app = App::new().await;
    let booked = not_come(&app).await;
    let reply = patient(&app).await.post(&at(booked.appointment_id), None, &words(2, "I was there.")).await;
    let dispute = reply.read::<DisputeStanding>().dispute.unwrap();
    let path = format!("{CASES}/{}/decide", dispute.dispute_id);
    let body = json!({"version": 1, "upheld": true, "reason": "times_show_it"});
    let mut support =
        signed_in(&app, &Claims { platform: vec![PlatformRole::Support], ..claims(&app, 91) }).await;
    support.post(&path, None, &body).await.problem(403, "not-allowed");
    patient(&app).await.post(&path, None, &body).await.problem(404, "not-found");
    let answer = at_practice(&format!("appointments/{}/dispute/answer", booked.appointment_id));
    staff(&app, StaffRole::Billing)
        .await
        .post(&answer, None, &words(1, "No."))
        .await
        .problem(403, "not-allowed");
    let another = "00000000-0000-0000-0000-000000000042".parse().unwrap();
    let mut others = crate::practice::staff_of(&app, another, StaffRole::Owner).await;
    let theirs =
        format!("/api/v1/bookings/practices/{another}/appointments/{}/dispute/answer", booked.appointment_id);
    others.post(&theirs, None, &words(1, "No.")).await.problem(404, "not-found");
}

#[tokio::test]
async fn of_many_decisions_at_once_one_counts() {
    let app = App::new().await;
    let booked = not_come(&app).await;
    let reply = patient(&app).await.post(&at(booked.appointment_id), None, &words(2, "I was there.")).await;
    let dispute = reply.read::<DisputeStanding>().dispute.unwrap().dispute_id;
    app.advance(SignedDuration::from_hours(24));
    let mut browsers = Vec::new();
    for _ in 0..10 {
        browsers.push(administrator(&app).await);
    }
    let decisions = browsers.into_iter().enumerate().map(|(nth, mut browser)| {
        tokio::spawn(async move { decide_by(&mut browser, dispute, 1, nth % 2 == 0).await.status })
    });
    let statuses: Vec<_> =
        futures::future::join_all(decisions).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(app.told("dispute_decided").await.len(), 1);
}

#[tokio::test]
async fn what_is_disputed_or_the_patient_noted_is_no_mistake() {
    let app = App::new().await;
    let booked = not_come(&app).await;
    let id = booked.appointment_id;
    let mistake = || json!({"action": "enter_in_error", "reason": "mistake"});
    let reply = patient(&app).await.post(&at(id), None, &words(2, "I was there.")).await;
    let dispute = reply.read::<DisputeStanding>().dispute.unwrap();
    let mut manager = staff(&app, StaffRole::Manager).await;
    act_as(&mut manager, id, 2, mistake()).await.problem(409, "wrong-state");
    assert!(!may_be_mistake(&mut manager).await, "what is refused is not offered");
    app.advance(SignedDuration::from_hours(24));
    assert_eq!(decide(&app, dispute.dispute_id, 1, false).await.status, 200);
    let mut manager = staff(&app, StaffRole::Manager).await;
    assert!(may_be_mistake(&mut manager).await);
    assert_eq!(act_as(&mut manager, id, 3, mistake()).await.status, 200);

    let app = App::new().await;
    let absent = app.book(&mut patient(&app).await, monday(10, 0)).await;
    app.advance_to(monday(10, 30));
    let absence = format!("/api/v1/bookings/appointments/{}/absence", absent.appointment_id);
    assert_eq!(patient(&app).await.post(&absence, None, &json!({"version": 1})).await.status, 200);
    let mut manager = staff(&app, StaffRole::Manager).await;
    act_as(&mut manager, absent.appointment_id, 2, mistake()).await.problem(409, "wrong-state");
    assert!(!may_be_mistake(&mut manager).await);
}

/// Whether the calendar of that Monday offers to say that its appointment never was one.
async fn may_be_mistake(browser: &mut Browser) -> bool {
    let path = at_practice("calendar?from=2026-11-23&to=2026-11-23");
    let calendar: PracticeCalendar = browser.get(&path).await.read();
    let mut appointments = calendar.roles.iter().flat_map(|role| &role.appointments);
    appointments.next().unwrap().acts.contains(&ActName::EnterInError)
}

#[tokio::test]
async fn what_changed_while_somebody_waited_for_it_is_not_disputed() {
    let app = App::new().await;
    let id = not_come(&app).await.appointment_id;
    let mut browser = patient(&app).await;
    let mut admin = app.administrator().await;
    let mut held = sqlx::Connection::begin(&mut admin).await.unwrap();
    sqlx::query("select from bookings.resource for update").execute(&mut *held).await.unwrap();
    let waits = tokio::spawn(async move { browser.post(&at(id), None, &words(2, "I was there.")).await });
    app.somebody_waits().await;
    let in_error =
        "update bookings.appointment set status = 'entered_in_error', late_fee_cents = 0, version = 3";
    sqlx::query(in_error).execute(&mut *held).await.unwrap();
    held.commit().await.unwrap();
    waits.await.unwrap().problem(409, "stale-version");
    assert_eq!(app.count("select count(*) from bookings.dispute").await, 0);
}
