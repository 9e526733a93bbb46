use serde_json::json;
use shared_types::{
    AppointmentId, AudCents,
    bookings::{AppointmentStatus, Cancelling},
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
