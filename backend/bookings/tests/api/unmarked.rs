//! Visits that nobody marked: what the desk is shown, what counts by itself and is told, and who says that it was otherwise.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, OrganizationId,
    bookings::{
        Appointment, AppointmentStatus, BookingsEvent, PresumedFact,
        dispute::{DecisionReason, DisputeStanding, DisputeStatus, Instead, PracticeDispute},
        practice::{ActName, CalendarAppointment},
        unmarked::UnmarkedVisit,
    },
    page::Page,
    users::{Claims, PlatformRole, StaffRole},
};
use uuid::Uuid;

use crate::{
    app::{App, BORN, Browser, Reply, minutes, monday},
    members::{ada, claims, signed_in},
    practice::{act_as, at_practice, desk, staff, staff_of},
};

const JOB: &str = "bookings.complete_unmarked";

fn at(appointment: AppointmentId) -> String {
    format!("/api/v1/bookings/appointments/{appointment}/dispute")
}

fn says(version: i32, instead: &str) -> Value {
    json!({"version": version, "instead": instead})
}

/// Ada, signed in a moment ago.
async fn patient(app: &App) -> Browser {
    signed_in(app, &ada(app)).await
}

/// Ada's visit on Monday at ten, which nobody marks until midnight.
async fn presumed(app: &App) -> Appointment {
    let booked = app.book(&mut patient(app).await, monday(10, 0)).await;
    app.advance_to(monday(10, 0) + minutes(14 * 60));
    assert_eq!(app.run(JOB).await, 1);
    booked
}

/// What was told of such visits.
async fn told(app: &App) -> Vec<PresumedFact> {
    let told = app.told("visit_presumed").await.into_iter();
    told.map(|event| match event {
        BookingsEvent::VisitPresumed(fact) => fact,
        other => panic!("{other:?}"),
    })
    .collect()
}

async fn listed(app: &App) -> Vec<UnmarkedVisit> {
    let reply = desk(app).await.get(&at_practice("unmarked")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read::<Page<UnmarkedVisit>>().items
}

/// What is right about an answer of the practice.
async fn answers(app: &App, id: AppointmentId, body: &Value) -> Reply {
    desk(app).await.post(&at_practice(&format!("appointments/{id}/dispute/answer")), None, body).await
}

#[tokio::test]
async fn who_was_presumed_to_have_come_is_told_once_and_until_when_to_object() {
    let app = App::new().await;
    let booked = presumed(&app).await;
    assert_eq!(app.run(JOB).await, 0);
    let facts = told(&app).await;
    let [fact] = facts.as_slice() else { panic!("{facts:?}") };
    assert_eq!(fact.appointment.appointment_id, booked.appointment_id);
    assert_eq!(fact.appointment.status, AppointmentStatus::Completed);
    assert_eq!(fact.dispute_by, app.core.now() + SignedDuration::from_hours(7 * 24));
    assert!(fact.appointment.manage_token.is_none(), "a member has an account");
    let standing: DisputeStanding = patient(&app).await.get(&at(booked.appointment_id)).await.read();
    assert_eq!(standing.until, Some(fact.dispute_by));
}

#[tokio::test]
async fn nobody_is_told_of_a_visit_that_somebody_marked() {
    let app = App::new().await;
    let marked = app.book(&mut app.browser(), monday(10, 0)).await;
    let id = marked.appointment_id;
    let took_place = json!({"action": "took_place"});
    app.advance_to(monday(12, 0) - minutes(1));
    app.act(id, 1, took_place.clone()).await.problem(409, "too-early");
    app.advance(minutes(1));
    let over = app.acts(id, 1, took_place).await;
    assert_eq!(over.status, AppointmentStatus::Completed);
    app.advance_to(monday(10, 0) + minutes(14 * 60));
    assert_eq!(app.run(JOB).await, 0);
    assert!(told(&app).await.is_empty() && listed(&app).await.is_empty());
}

#[tokio::test]
async fn a_guest_opens_the_new_link_and_disputes_for_seven_days_and_the_old_link_is_dead() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let old = app.manage_token(booked.booking_id.0).await;
    app.advance_to(monday(10, 0) + minutes(14 * 60));
    assert_eq!(app.run(JOB).await, 1);
    let facts = told(&app).await;
    let token = facts[0].appointment.manage_token.as_ref().unwrap().expose().clone();
    let born = json!({"date_of_birth": BORN});
    app.browser().open(&old, born.clone()).await.problem(404, "not-found");
    // Long after the link of the first letter would have died.
    app.advance(SignedDuration::from_hours(6 * 24));
    let mut guest = app.browser();
    assert_eq!(guest.open(&token, born).await.status, 200);
    let reply = guest.post(&at(booked.appointment_id), None, &says(2, "nobody_there")).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let opened = reply.read::<DisputeStanding>().dispute.unwrap();
    assert_eq!((opened.instead, opened.text.expose().as_str()), (Some(Instead::NobodyThere), ""));
}

#[tokio::test]
async fn only_whose_visit_it_was_disputes_it_in_time_and_with_a_choice_alone() {
    let app = App::new().await;
    let id = presumed(&app).await.appointment_id;
    app.browser().post(&at(id), None, &says(2, "called_off")).await.problem(404, "not-found");
    let mut stranger = signed_in(&app, &claims(&app, 7)).await;
    stranger.post(&at(id), None, &says(2, "called_off")).await.problem(404, "not-found");
    let mut browser = patient(&app).await;
    browser.post(&at(id), None, &json!({"version": 2, "text": "No."})).await.problem(422, "invalid");
    let both = json!({"version": 2, "text": "No.", "instead": "called_off"});
    browser.post(&at(id), None, &both).await.problem(422, "invalid");
    browser.post(&at(id), None, &says(1, "called_off")).await.problem(409, "stale-version");
    app.advance(SignedDuration::from_hours(7 * 24) - minutes(1));
    let mut browser = patient(&app).await;
    assert_eq!(browser.post(&at(id), None, &says(2, "called_off")).await.status, 201);
    // The same once more is the same; something else is a second dispute.
    assert_eq!(browser.post(&at(id), None, &says(2, "called_off")).await.status, 201);
    browser.post(&at(id), None, &says(2, "did_not_go")).await.problem(409, "wrong-state");
    assert_eq!(app.told("dispute_opened").await.len(), 1);

    let app = App::new().await;
    let id = presumed(&app).await.appointment_id;
    app.advance(SignedDuration::from_hours(7 * 24));
    patient(&app).await.post(&at(id), None, &says(2, "called_off")).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_visit_that_somebody_marked_is_not_disputed_by_a_choice() {
    let app = App::new().await;
    let booked = app.book(&mut patient(&app).await, monday(10, 0)).await;
    let id = booked.appointment_id;
    app.advance_to(monday(12, 0));
    app.acts(id, 1, json!({"action": "took_place"})).await;
    patient(&app).await.post(&at(id), None, &says(2, "nobody_there")).await.problem(409, "wrong-state");
    let missed = app.book(&mut patient(&app).await, monday(14, 0)).await.appointment_id;
    app.advance_to(monday(14, 15));
    app.acts(missed, 1, json!({"action": "no_show", "attested": true})).await;
    patient(&app).await.post(&at(missed), None, &says(2, "nobody_there")).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn while_it_is_disputed_nothing_but_the_dispute_decides_it() {
    let app = App::new().await;
    let id = presumed(&app).await.appointment_id;
    let undo = || json!({"action": "undo_completion", "reason": "mistake"});
    assert_eq!(patient(&app).await.post(&at(id), None, &says(2, "nobody_there")).await.status, 201);
    let mut manager = staff(&app, StaffRole::Manager).await;
    act_as(&mut manager, id, 2, undo()).await.problem(409, "wrong-state");
    app.act(id, 2, json!({"action": "no_show", "attested": true})).await.problem(409, "wrong-state");
    let page: Page<UnmarkedVisit> = manager.get(&at_practice("unmarked")).await.read();
    let [visit] = page.items.as_slice() else { panic!("{page:?}") };
    assert!(visit.presumed.unwrap().disputed);
    let acts = &visit.appointment.acts;
    assert!(!acts.contains(&ActName::UndoCompletion) && !acts.contains(&ActName::NoShow), "{acts:?}");
}

#[tokio::test]
async fn a_practice_that_agrees_has_decided_and_the_visit_stands_as_what_happened() {
    for (instead, status, owed) in [
        ("nobody_there", AppointmentStatus::NoShowProvider, 0),
        ("called_off", AppointmentStatus::CancelledByProvider, 0),
        ("did_not_go", AppointmentStatus::NoShowPatient, 5_000),
    ] {
        let app = App::new().await;
        let id = presumed(&app).await.appointment_id;
        assert_eq!(patient(&app).await.post(&at(id), None, &says(2, instead)).await.status, 201);
        let disputes: Page<PracticeDispute> = desk(&app).await.get(&at_practice("disputes")).await.read();
        assert_eq!(disputes.items[0].dispute.as_ref().unwrap().instead.map(Instead::code), Some(instead));
        answers(&app, id, &json!({"version": 2, "agrees": true})).await.problem(409, "stale-version");
        let agrees = json!({"version": 1, "agrees": true});
        let reply = answers(&app, id, &agrees).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let decided = reply.read::<PracticeDispute>();
        assert_eq!(decided.noted, status);
        let dispute = decided.dispute.unwrap();
        assert_eq!(dispute.status, DisputeStatus::Upheld);
        assert_eq!(dispute.reason, Some(DecisionReason::OtherSideAgrees));
        // The same once more, whose reply was lost.
        assert_eq!(answers(&app, id, &agrees).await.status, 200);
        let events = app.told("dispute_decided").await;
        let [BookingsEvent::DisputeDecided(fact)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((fact.appointment.status, fact.late_fee_cents.0), (status, owed));
        assert_eq!(fact.instead.map(Instead::code), Some(instead));
        assert!(app.told("no_show_noted").await.is_empty(), "they said it themselves");
        assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
        assert!(listed(&app).await.is_empty());
        let steps: Vec<(String, String)> = sqlx::query_as(
            "select step, taken_by from bookings.appointment_transition order by version desc limit 1",
        )
        .fetch_all(&mut app.administrator().await)
        .await
        .unwrap();
        assert_eq!(steps, [("uphold_dispute".to_owned(), "practice".to_owned())]);
    }
}

#[tokio::test]
async fn what_a_practice_does_not_agree_to_an_administrator_decides() {
    let app = App::new().await;
    let id = presumed(&app).await.appointment_id;
    let reply = patient(&app).await.post(&at(id), None, &says(2, "nobody_there")).await;
    let dispute = reply.read::<DisputeStanding>().dispute.unwrap().dispute_id;
    let answer = json!({"version": 1, "text": "They were seen at ten."});
    assert_eq!(answers(&app, id, &answer).await.status, 200);
    let claims = Claims { platform: vec![PlatformRole::Administrator], ..claims(&app, 90) };
    let mut administrator = signed_in(&app, &claims).await;
    let decision = json!({"version": 2, "upheld": false, "reason": "nothing_against"});
    let path = format!("/api/v1/bookings/platform/disputes/{dispute}/decide");
    assert_eq!(administrator.post(&path, None, &decision).await.status, 200);
    let after = patient(&app).await.appointment(id).await;
    assert_eq!(after.status, AppointmentStatus::Completed);
    assert!(listed(&app).await.is_empty(), "it is presumed no more");
    // Then it is as any other visit that took place: it can be taken back for a day.
    let mut manager = staff(&app, StaffRole::Manager).await;
    let undone = act_as(&mut manager, id, 3, json!({"action": "undo_completion", "reason": "mistake"})).await;
    assert_eq!(undone.status, 200, "{}", undone.body);
}

#[tokio::test]
async fn an_agreement_to_a_dispute_about_a_fee_reverses_the_fee() {
    let app = App::new().await;
    let id = app.book(&mut patient(&app).await, monday(10, 0)).await.appointment_id;
    app.advance_to(monday(10, 15));
    app.acts(id, 1, json!({"action": "no_show", "attested": true})).await;
    let words = json!({"version": 2, "text": "I was there."});
    assert_eq!(patient(&app).await.post(&at(id), None, &words).await.status, 201);
    let mut own = patient(&app).await;
    let agrees = json!({"version": 1, "agrees": true});
    own.post(&format!("{}/answer", at(id)), None, &agrees).await.problem(404, "not-found");
    assert_eq!(answers(&app, id, &agrees).await.status, 200);
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 0);
    let reversed = "select count(*) from bookings.appointment where fee_outcome = 'reversed'";
    assert_eq!(app.count(reversed).await, 1);
}

#[tokio::test]
async fn the_desk_is_shown_what_nobody_marked_and_marks_it() {
    let app = App::new().await;
    let first = app.book(&mut app.browser(), monday(10, 0)).await;
    let second = app.book(&mut app.browser(), monday(11, 0)).await;
    let cancelled = app.book(&mut app.browser(), monday(12, 0)).await;
    app.acts(cancelled.appointment_id, 1, json!({"action": "cancel", "reason": "other"})).await;
    app.advance_to(monday(12, 0) - minutes(1));
    assert!(listed(&app).await.is_empty());
    app.advance_to(monday(14, 0));
    let visits = listed(&app).await;
    let ids: Vec<_> = visits.iter().map(|visit| visit.appointment.appointment_id).collect();
    assert_eq!(ids, [first.appointment_id, second.appointment_id], "the earliest first");
    for act in [ActName::TookPlace, ActName::NoShow] {
        assert!(visits.iter().all(|visit| visit.appointment.acts.contains(&act)), "{visits:?}");
    }
    assert!(visits.iter().all(|visit| visit.presumed.is_none()));
    app.acts(first.appointment_id, 1, json!({"action": "took_place"})).await;
    app.advance_to(monday(11, 0) + minutes(14 * 60));
    assert_eq!(app.run(JOB).await, 1);
    let visits = listed(&app).await;
    let [visit] = visits.as_slice() else { panic!("{visits:?}") };
    assert_eq!(visit.appointment.appointment_id, second.appointment_id);
    let presumed = visit.presumed.unwrap();
    assert_eq!((presumed.at, presumed.disputed), (app.core.now(), false));
    // That nobody came can still be said, for a day and by whoever was there.
    let no_show = json!({"action": "no_show", "attested": true});
    let missed: CalendarAppointment = app.acts(second.appointment_id, 2, no_show).await;
    assert_eq!((missed.status, missed.late_fee_cents.0), (AppointmentStatus::NoShowPatient, 5_000));
    assert!(listed(&app).await.is_empty());
}

#[tokio::test]
async fn who_is_noted_not_to_have_come_after_all_is_told_and_a_guest_objects_for_seven_days_by_a_new_link() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    app.advance_to(monday(10, 0) + minutes(14 * 60));
    assert_eq!(app.run(JOB).await, 1);
    app.advance(minutes(23 * 60));
    let no_show = json!({"action": "no_show", "attested": true});
    app.acts(booked.appointment_id, 2, no_show).await;
    let facts = app.told("no_show_noted").await;
    let [BookingsEvent::NoShowNoted(fact)] = facts.as_slice() else { panic!("{facts:?}") };
    let (appointment, noted_at) = (&fact.appointment, app.core.now());
    assert_eq!(
        (appointment.status, appointment.late_fee_cents.0, fact.presumed),
        (AppointmentStatus::NoShowPatient, 5_000, true)
    );
    assert_eq!(fact.dispute_by, noted_at + SignedDuration::from_hours(7 * 24));
    let token = appointment.manage_token.as_ref().unwrap().expose().clone();
    // Later than the link of the letter before would have died.
    app.advance(SignedDuration::from_hours(7 * 24) - minutes(1));
    let mut guest = app.browser();
    assert_eq!(guest.open(&token, json!({"date_of_birth": BORN})).await.status, 200);
    let words = json!({"version": 3, "text": "I was there."});
    let reply = guest.post(&at(booked.appointment_id), None, &words).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
}

#[tokio::test]
async fn a_member_who_did_not_come_is_told_of_it_on_the_day_and_keeps_no_link() {
    let app = App::new().await;
    let id = app.book(&mut patient(&app).await, monday(10, 0)).await.appointment_id;
    app.advance_to(monday(10, 15));
    app.acts(id, 1, json!({"action": "no_show", "attested": true})).await;
    let facts = app.told("no_show_noted").await;
    let [BookingsEvent::NoShowNoted(fact)] = facts.as_slice() else { panic!("{facts:?}") };
    assert!(!fact.presumed && fact.appointment.manage_token.is_none(), "{fact:?}");
    let standing: DisputeStanding = patient(&app).await.get(&at(id)).await.read();
    assert_eq!(standing.until, Some(fact.dispute_by));
}

#[tokio::test]
async fn what_is_presumed_is_shown_for_a_week_and_to_nobody_elsewhere() {
    let app = App::new().await;
    presumed(&app).await;
    staff(&app, StaffRole::Billing).await.get(&at_practice("unmarked")).await.problem(403, "not-allowed");
    let elsewhere = OrganizationId(Uuid::from_u128(0x42));
    let mut others = staff_of(&app, elsewhere, StaffRole::Owner).await;
    let theirs = others.get(&format!("/api/v1/bookings/practices/{elsewhere}/unmarked")).await;
    assert!(theirs.read::<Page<UnmarkedVisit>>().items.is_empty());
    app.advance(SignedDuration::from_hours(7 * 24) - minutes(1));
    assert_eq!(listed(&app).await.len(), 1);
    app.advance(minutes(1));
    assert!(listed(&app).await.is_empty());
}
