//! Who gave the desk a mobile and no address: whether whoever writes is told the number, and whom the desk has to tell itself.

use jiff::{Timestamp, civil::date};
use serde_json::{Value, json};
use shared_types::{
    bookings::{
        BookingsEvent,
        practice::{CalendarAppointment, Reachable},
        running_late::RunningLateSaid,
    },
    page::Page,
};

use super::{at_practice, desk};
use crate::app::{App, BORN, LONG, ROLE, Reply, monday, wall};

const MOBILE: &str = "+61491570156";
/// How many bookings have somebody who wants texts.
const WANTED: &str = "select count(*) from bookings.appointment_party where wants_texts";

/// Bo, who has no address.
fn bo(agrees: Option<bool>) -> Value {
    let mut bo = json!({"name": "Bo Lee", "date_of_birth": BORN, "mobile": "0491 570 156"});
    if let Some(agrees) = agrees {
        bo["text_me"] = Value::Bool(agrees);
    }
    bo
}

async fn created(app: &App, start: Timestamp, patient: Value) -> CalendarAppointment {
    let body = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": start, "patient": patient
    });
    let reply = desk(app).await.post(&at_practice("appointments"), Some(app.key()), &body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

async fn say_late(app: &App, version: i32) -> Reply {
    let (path, body) =
        (at_practice(&format!("roles/{ROLE}/running-late")), json!({"version": version, "minutes": 25}));
    let reply = desk(app).await.post(&path, Some(app.key()), &body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply
}

#[tokio::test]
async fn a_number_is_told_where_who_gave_it_at_the_desk_agreed_and_moves_along() {
    let app = App::new().await;
    for (hour, agrees, told, reachable) in [
        (10, None, None, Reachable::None),
        (12, Some(false), None, Reachable::None),
        (14, Some(true), Some(MOBILE), Reachable::Text),
    ] {
        let booked = created(&app, monday(hour, 0), bo(agrees)).await;
        assert_eq!(booked.reachable, reachable, "{agrees:?}");
        let fact = app.confirmed(booked.booking_id.0).await;
        assert_eq!(fact.text_to.as_ref().map(|mobile| mobile.expose().as_str()), told, "{agrees:?}");
        assert!(fact.email.expose().is_empty() && fact.manage_token.is_none());
        let path = at_practice(&format!("appointments/{}/reschedule", booked.appointment_id));
        let to = json!({"version": 1, "start": monday(hour, 30), "end": monday(hour, 50)});
        let moved = desk(&app).await.post(&path, Some(app.key()), &to).await;
        assert_eq!(moved.read::<CalendarAppointment>().reachable, reachable, "{agrees:?}");
        let events = app.told("appointment_moved").await;
        let Some(BookingsEvent::AppointmentMoved(fact)) = events.last() else { panic!("nothing moved") };
        assert_eq!(fact.text_to.as_ref().map(|mobile| mobile.expose().as_str()), told, "{agrees:?}");
    }
    assert_eq!(app.count(WANTED).await, 1);
    // Without a number there is nothing to agree to.
    let mut nowhere = bo(Some(true));
    nowhere["mobile"] = Value::Null;
    assert_eq!(created(&app, monday(16, 0), nowhere).await.reachable, Reachable::None);
    assert_eq!(app.count(WANTED).await, 1);
    let mut both = bo(Some(true));
    both["email"] = json!("bo@example.org");
    let booked = created(&app, monday(17, 0), both).await;
    assert_eq!(booked.reachable, Reachable::Email);
    assert!(app.confirmed(booked.booking_id.0).await.text_to.is_some(), "for what does not arrive by mail");
}

#[tokio::test]
async fn each_visit_of_a_series_has_the_number_of_who_agreed() {
    let app = App::new().await;
    let wish = json!({
        "practitioner_role_id": ROLE,
        "appointment_type_id": LONG,
        "starts": [wall(date(2026, 11, 30), 10, 0), wall(date(2026, 12, 7), 10, 0)],
        "agreed": true,
        "patient": bo(Some(true)),
    });
    let reply = desk(&app).await.post(&at_practice("series"), Some(app.key()), &wish).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let visits = reply.read::<Page<CalendarAppointment>>().items;
    assert!(visits.iter().all(|visit| visit.reachable == Reachable::Text));
    for visit in &visits {
        let fact = app.confirmed(visit.booking_id.0).await;
        assert_eq!(fact.text_to.unwrap().expose(), MOBILE);
    }
    assert_eq!(app.count(WANTED).await, 2);
}

#[tokio::test]
async fn of_who_cannot_be_written_to_the_desk_hears_once_whom_to_call() {
    let app = App::new().await;
    let nobody = created(&app, monday(10, 0), bo(None)).await;
    created(&app, monday(11, 0), bo(Some(true))).await;
    app.book(&mut app.browser(), monday(12, 0)).await;
    app.advance_to(monday(9, 0));
    let reply = say_late(&app, 0).await;
    assert!(!reply.body.to_string().contains("Lee"), "a reply that is kept names nobody");
    let said: RunningLateSaid = reply.read();
    assert_eq!((said.told, said.to_call), (2, vec![nobody.booking_id]));
    let again: RunningLateSaid = say_late(&app, 1).await.read();
    assert_eq!((again.told, again.to_call), (0, Vec::new()), "it is no news");
}
