//! What a patient says of coming: that they are there, and that nobody was there for them.

use serde_json::json;
use shared_types::{
    AppointmentId,
    bookings::{Appointment, AppointmentStatus, BookingsEvent},
};

use crate::{
    app::{App, BORN, Browser, Reply, monday},
    practice::{at_practice, desk},
};

async fn says(browser: &mut Browser, appointment: AppointmentId, what: &str, version: i32) -> Reply {
    let path = format!("/api/v1/bookings/appointments/{appointment}/{what}");
    browser.post(&path, None, &json!({"version": version})).await
}

async fn stands(browser: &mut Browser, appointment: AppointmentId) -> AppointmentStatus {
    browser.appointment(appointment).await.status
}

/// The steps of the only booking, by whom they were taken.
async fn history(app: &App) -> Vec<(String, String)> {
    sqlx::query_as("select step, taken_by from bookings.appointment_transition order by taken_at, version")
        .fetch_all(&mut app.administrator().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_patient_says_that_they_are_there_and_the_desk_can_take_it_back() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booked = app.book(&mut browser, monday(10, 0)).await;
    let id = booked.appointment_id;
    let early = says(&mut browser, id, "arrival", 1).await.problem(409, "too-early");
    assert!(early.detail.unwrap().contains("9:00 am"), "it says from when on");
    app.advance_to(monday(9, 0));
    says(&mut browser, id, "arrival", 2).await.problem(409, "stale-version");
    says(&mut app.browser(), id, "arrival", 1).await.problem(404, "not-found");
    let arrived: Appointment = says(&mut browser, id, "arrival", 1).await.read();
    assert_eq!((arrived.status, arrived.version), (AppointmentStatus::Arrived, 2));
    says(&mut browser, id, "arrival", 2).await.problem(409, "wrong-state");
    assert_eq!(history(&app).await, [("arrive".to_owned(), "patient".to_owned())]);
    let audited = app.audited(booked.booking_id.0).await;
    let noted = audited.iter().filter(|(action, how)| action == "report_arrival" && how == "allowed");
    assert_eq!(noted.count(), 1, "{audited:?}");
    let told = app.told("appointment_changed").await;
    let [BookingsEvent::AppointmentChanged(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((fact.status, fact.sequence), (AppointmentStatus::Arrived, 1));
    let calendar = app.calendar("2026-11-23").await;
    let seen: Vec<_> = calendar.roles.iter().flat_map(|role| &role.appointments).collect();
    assert_eq!(seen.iter().map(|one| one.status).collect::<Vec<_>>(), [AppointmentStatus::Arrived]);
    app.acts(id, 2, json!({"action": "undo_arrival"})).await;
    assert_eq!(stands(&mut browser, id).await, AppointmentStatus::Confirmed);
    assert_eq!(says(&mut browser, id, "arrival", 3).await.status, 200);
}

#[tokio::test]
async fn once_the_visit_was_to_end_only_the_desk_says_that_somebody_is_there() {
    let app = App::new().await;
    let mut browser = app.browser();
    let id = app.book(&mut browser, monday(10, 0)).await.appointment_id;
    app.advance_to(monday(10, 30));
    says(&mut browser, id, "arrival", 1).await.problem(409, "wrong-state");
    app.acts(id, 1, json!({"action": "arrive"})).await;
}

#[tokio::test]
async fn nobody_arrives_for_a_visit_that_is_elsewhere_or_whose_card_was_not_charged() {
    for (change, words) in [
        (
            "update bookings.appointment set appointment_type = appointment_type || '{\"telehealth\": true}'",
            "you do not come to the practice",
        ),
        (
            "update bookings.appointment set appointment_type = appointment_type || '{\"home_visit\": true}'",
            "you do not come to the practice",
        ),
        (
            "update bookings.appointment set payment_failure = 'insufficient_funds', repair_until = starts_at",
            "please tell the desk that you are there",
        ),
    ] {
        let app = App::new().await;
        let mut browser = app.browser();
        let id = app.book(&mut browser, monday(10, 0)).await.appointment_id;
        app.advance_to(monday(9, 30));
        app.change(change).await;
        let refused = says(&mut browser, id, "arrival", 1).await.problem(409, "wrong-state");
        assert!(refused.detail.unwrap().contains(words), "{change}");
        assert_eq!(stands(&mut browser, id).await, AppointmentStatus::Confirmed);
    }
}

#[tokio::test]
async fn nobody_arrives_whose_card_is_refused_while_they_say_so() {
    let app = App::new().await;
    let mut browser = app.browser();
    let id = app.book(&mut browser, monday(10, 0)).await.appointment_id;
    app.advance_to(monday(9, 30));
    let mut admin = app.administrator().await;
    let mut held = sqlx::Connection::begin(&mut admin).await.unwrap();
    sqlx::query("select from bookings.resource for update").execute(&mut *held).await.unwrap();
    let mut saying = browser.clone();
    let waits = tokio::spawn(async move { says(&mut saying, id, "arrival", 1).await });
    app.somebody_waits().await;
    // As when its card is refused: that makes no version.
    sqlx::query(
        "update bookings.appointment set payment_failure = 'insufficient_funds', repair_until = starts_at",
    )
    .execute(&mut *held)
    .await
    .unwrap();
    held.commit().await.unwrap();
    let refused = waits.await.unwrap().problem(409, "wrong-state");
    assert!(refused.detail.unwrap().contains("please tell the desk that you are there"));
    assert_eq!(stands(&mut browser, id).await, AppointmentStatus::Confirmed);
}

#[tokio::test]
async fn who_opened_their_link_says_that_they_are_there_and_then_that_nobody_came() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let (id, token) = (booked.appointment_id, app.manage_token(booked.booking_id.0).await);
    app.advance_to(monday(9, 50));
    let mut browser = app.browser();
    assert_eq!(browser.open(&token, json!({"date_of_birth": BORN})).await.status, 200);
    assert_eq!(says(&mut browser, id, "arrival", 1).await.status, 200);
    app.advance_to(monday(10, 29));
    says(&mut browser, id, "absence", 2).await.problem(409, "too-early");
    app.advance_to(monday(10, 30));
    let absent: Appointment = says(&mut browser, id, "absence", 2).await.read();
    assert_eq!((absent.status, absent.version), (AppointmentStatus::NoShowProvider, 3));
    says(&mut browser, id, "arrival", 3).await.problem(409, "wrong-state");
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((fact.status, fact.late_fee_cents.0), (AppointmentStatus::NoShowProvider, 0));
    // It is the practice's to dispute.
    let disputes = desk(&app).await.get(&at_practice("disputes")).await;
    assert_eq!(disputes.body["items"].as_array().unwrap().len(), 1, "{}", disputes.body);
}
