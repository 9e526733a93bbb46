//! Somebody whose listing the platform suspended: the desk books nothing new with them and moves nothing to them, and what is
//! booked stands.

use jiff::{
    Timestamp,
    civil::{Date, date},
};
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, AppointmentTypeId, PractitionerRoleId,
    bookings::{Hold, practice::CalendarAppointment, proposal::Proposal},
    providers::Unlisted,
};

use super::{at_practice, desk};
use crate::app::{App, BORN, COLLEAGUE, LONG, LONG_COLLEAGUE, ROLE, Reply, monday, wall};

const WEDNESDAY: Date = date(2026, 11, 25);
const THURSDAY: Date = date(2026, 11, 26);

fn patient() -> Value {
    json!({"name": "Bo Lee", "date_of_birth": BORN, "email": "bo@example.org"})
}

fn walk_in(role: PractitionerRoleId, of: AppointmentTypeId, start: Timestamp) -> Value {
    json!({"practitioner_role_id": role, "appointment_type_id": of, "start": start, "patient": patient()})
}

async fn create(app: &App, body: &Value) -> Reply {
    desk(app).await.post(&at_practice("appointments"), Some(app.key()), body).await
}

async fn reschedule(app: &App, appointment: AppointmentId, body: &Value) -> Reply {
    let path = at_practice(&format!("appointments/{appointment}/reschedule"));
    desk(app).await.post(&path, Some(app.key()), body).await
}

/// Why the desk was refused.
fn refused(reply: Reply) -> String {
    reply.problem(409, "listing-suspended").detail.unwrap()
}

#[tokio::test]
async fn the_desk_books_and_proposes_nothing_new_with_somebody_suspended_and_is_told_why() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), wall(WEDNESDAY, 10, 0)).await;
    let (key, path, before) = (app.key(), at_practice("appointments"), walk_in(ROLE, LONG, monday(9, 0)));
    let mut desk = desk(&app).await;
    assert_eq!(desk.post(&path, Some(key), &before).await.status, 201);

    app.unlisted(9, Some(Unlisted::Suspended)).await;
    let words = refused(create(&app, &walk_in(ROLE, LONG, monday(11, 0))).await);
    assert!(words.contains("suspended the listing") && words.contains("another practitioner"), "{words}");
    let mut fitted_in = walk_in(ROLE, LONG, monday(9, 0));
    fitted_in["fit_in"] = json!(true);
    refused(create(&app, &fitted_in).await);
    let question = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "date": "2026-11-30", "time": "10:00:00",
        "every": "week", "visits": 2,
    });
    refused(desk.post(&at_practice("series/check"), None, &question).await);
    let starts = [wall(date(2026, 11, 30), 10, 0), wall(date(2026, 12, 7), 10, 0)];
    let series = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "starts": starts, "agreed": true,
        "patient": patient(),
    });
    refused(desk.post(&at_practice("series"), Some(app.key()), &series).await);
    let proposal = at_practice(&format!("appointments/{}/proposal", booked.appointment_id));
    refused(desk.post(&proposal, None, &json!({"version": 1, "start": wall(THURSDAY, 14, 0)})).await);
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 2);
    assert_eq!(app.count("select count(*) from bookings.proposal").await, 0);

    // A repeat of what was booked before is answered as before, and others go on.
    assert_eq!(desk.post(&path, Some(key), &before).await.status, 201);
    assert_eq!(create(&app, &walk_in(COLLEAGUE, LONG_COLLEAGUE, monday(11, 0))).await.status, 201);

    app.unlisted(10, Some(Unlisted::RegistrationLapsed)).await;
    let words = refused(create(&app, &walk_in(ROLE, LONG, monday(11, 0))).await);
    assert!(words.contains("registration is not in force"), "{words}");
    // Who is not in the directory may be in the practice's own calendar, and so may whoever is listed again.
    for (version, unlisted, hour) in [(11, Some(Unlisted::Left), 11), (12, None, 12)] {
        app.unlisted(version, unlisted).await;
        let reply = create(&app, &walk_in(ROLE, LONG, monday(hour, 0))).await;
        assert_eq!(reply.status, 201, "{unlisted:?}: {}", reply.body);
    }
}

#[tokio::test]
async fn what_is_booked_with_somebody_suspended_can_be_given_to_a_colleague_and_nothing_comes_to_them() {
    let app = App::new().await;
    let theirs = app.book(&mut app.browser(), monday(10, 0)).await.appointment_id;
    let mut other = app.browser();
    let hold: Hold = other.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(11, 0)).await.read();
    let colleagues = app.confirm(&mut other, &hold).await.appointment_id;
    app.unlisted(9, Some(Unlisted::Suspended)).await;

    let later = json!({"version": 1, "start": monday(12, 0), "end": monday(12, 30)});
    refused(reschedule(&app, theirs, &later).await);
    let to_them = json!({
        "version": 1, "practitioner_role_id": ROLE, "start": monday(11, 0), "end": monday(11, 30),
    });
    refused(reschedule(&app, colleagues, &to_them).await);
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 2, "nothing moved");

    // What stands at its time may take longer, and goes to whoever is listed.
    let longer = json!({"version": 1, "start": monday(10, 0), "end": monday(10, 45)});
    let longer: CalendarAppointment = reschedule(&app, theirs, &longer).await.read();
    assert_eq!((longer.practitioner_role_id, longer.end), (ROLE, monday(10, 45)));
    let given = json!({
        "version": 1, "practitioner_role_id": COLLEAGUE, "start": monday(10, 0), "end": monday(10, 45),
    });
    let given: CalendarAppointment = reschedule(&app, longer.appointment_id, &given).await.read();
    assert_eq!((given.practitioner_role_id, given.start), (COLLEAGUE, monday(10, 0)));
}

#[tokio::test]
async fn who_agrees_to_a_time_of_somebody_suspended_meanwhile_keeps_what_they_have() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let path = at_practice(&format!("appointments/{}/proposal", booked.appointment_id));
    let wanted = json!({"version": 1, "start": wall(THURSDAY, 14, 0)});
    let proposal: Proposal = desk(&app).await.post(&path, None, &wanted).await.read();
    app.unlisted(9, Some(Unlisted::Suspended)).await;

    let path = format!("/api/v1/bookings/appointments/{}/proposal/answer", booked.appointment_id);
    let answer = |agree: bool| json!({"proposal_id": proposal.proposal_id, "agree": agree});
    let problem = patient.post(&path, None, &answer(true)).await.problem(409, "not-bookable");
    assert!(problem.detail.unwrap().contains("stands as it was"));
    assert_eq!(patient.appointment(booked.appointment_id).await.start, booked.start);
    assert_eq!(patient.post(&path, None, &answer(false)).await.status, 200);
}
