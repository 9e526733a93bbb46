//! Times that were proposed in vain: whoever proposed one is told, and the calendar says that the patient keeps theirs.

use jiff::{
    Timestamp,
    civil::{Date, date},
};
use serde_json::json;
use shared_types::{
    AccountId, AppointmentId, BookingId, OrganizationId, Zone,
    bookings::{
        BookingsEvent, NotTakenFact,
        practice::CalendarAppointment,
        proposal::{NotTaken, Proposal},
    },
    users::{StaffLeft, UsersEvent},
};
use uuid::Uuid;

use super::{at_practice, desk};
use crate::{
    app::{App, Browser, ORGANIZATION, wall},
    members::claims,
};

const WEDNESDAY: Date = date(2026, 11, 25);
const THURSDAY: Date = date(2026, 11, 26);
const JOB: &str = "bookings.lapse_proposals";
const KNOWN: &str = "select count(*) from bookings.proposal where proposed_by is not null";

/// The desk proposes another time.
async fn propose(app: &App, appointment: AppointmentId, start: Timestamp) -> Proposal {
    let path = at_practice(&format!("appointments/{appointment}/proposal"));
    let reply = desk(app).await.post(&path, None, &json!({"version": 1, "start": start})).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

async fn answer(browser: &mut Browser, proposal: &Proposal, agree: bool) {
    let path = format!("/api/v1/bookings/appointments/{}/proposal/answer", proposal.appointment_id);
    let body = json!({"proposal_id": proposal.proposal_id, "agree": agree});
    assert_eq!(browser.post(&path, None, &body).await.status, 200);
}

/// What stands in the calendar of Wednesday.
async fn in_calendar(app: &App, booking: BookingId) -> CalendarAppointment {
    let calendar = app.calendar("2026-11-25").await;
    let mut all = calendar.roles.into_iter().flat_map(|role| role.appointments);
    all.find(|appointment| appointment.booking_id == booking).unwrap()
}

/// Who is told that a time was proposed in vain, the earliest first.
async fn told(app: &App) -> Vec<NotTakenFact> {
    let told = app.told("time_not_taken").await.into_iter();
    told.map(|event| match event {
        BookingsEvent::TimeNotTaken(fact) => fact,
        other => panic!("{other:?}"),
    })
    .collect()
}

async fn leaves(app: &App, version: i64, organization_id: OrganizationId) {
    let left = StaffLeft { account_id: claims(app, 50).account_id, organization_id };
    app.receive("users", version, &UsersEvent::StaffLeft(left)).await;
}

#[tokio::test]
async fn that_a_patient_refused_is_told_to_who_proposed_it_and_shown_until_something_else_is_proposed() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let (id, booking_id) = (booked.appointment_id, booked.booking_id);
    let first = propose(&app, id, wall(THURSDAY, 14, 0)).await;
    assert_eq!(in_calendar(&app, booking_id).await.not_taken, None, "it can be answered");
    answer(&mut patient, &first, false).await;

    let proposed_by: AccountId = claims(&app, 50).account_id;
    let refused = NotTakenFact {
        booking_id,
        proposed_by,
        refused: true,
        stands_at: booked.start,
        time_zone: Zone::SYDNEY,
    };
    assert_eq!(told(&app).await, [refused]);
    assert_eq!(app.count(KNOWN).await, 0, "who proposed it is known no longer");
    let shown = NotTaken { start: wall(THURSDAY, 14, 0), refused: true };
    assert_eq!(in_calendar(&app, booking_id).await.not_taken, Some(shown));
    assert_eq!(app.run(JOB).await, 0, "nothing lapses that was answered");

    let second = propose(&app, id, wall(THURSDAY, 15, 0)).await;
    assert_eq!(in_calendar(&app, booking_id).await.not_taken, None, "another one is proposed");
    answer(&mut patient, &second, true).await;
    assert_eq!(told(&app).await.len(), 1, "who agrees keeps nothing");
}

#[tokio::test]
async fn that_a_patient_did_not_answer_is_told_once_and_shown_until_the_appointment_begins() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    let proposal = propose(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    assert_eq!(app.run(JOB).await, 0, "there is time for an answer");
    app.advance_to(proposal.expires_at);
    assert_eq!(app.run(JOB).await, 1);
    assert_eq!(app.run(JOB).await, 0);

    let told = told(&app).await;
    assert_eq!(told.iter().map(|fact| fact.refused).collect::<Vec<_>>(), [false]);
    assert_eq!(told[0].stands_at, booked.start);
    let shown = NotTaken { start: wall(THURSDAY, 14, 0), refused: false };
    assert_eq!(in_calendar(&app, booked.booking_id).await.not_taken, Some(shown));
    // Who comes by the letter still reads what became of it.
    let own = format!("/api/v1/bookings/appointments/{}/proposal", booked.appointment_id);
    let ended = patient.get(&own).await.problem(410, "proposal-ended");
    assert!(ended.detail.unwrap().contains("time for an answer is over"));
    app.advance_to(wall(WEDNESDAY, 10, 0));
    assert_eq!(in_calendar(&app, booked.booking_id).await.not_taken, None, "it begins");
}

#[tokio::test]
async fn nobody_is_told_of_what_the_practice_took_back_and_nobody_who_left_it() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(WEDNESDAY, 10, 0)).await;
    propose(&app, booked.appointment_id, wall(THURSDAY, 14, 0)).await;
    let path = at_practice(&format!("appointments/{}/proposal", booked.appointment_id));
    let request = axum::http::Request::delete(&path).body(axum::body::Body::empty()).unwrap();
    assert_eq!(desk(&app).await.send(request).await.status, 204);
    assert_eq!(in_calendar(&app, booked.booking_id).await.not_taken, None);

    app.advance(crate::app::minutes(1));
    let second = propose(&app, booked.appointment_id, wall(THURSDAY, 15, 0)).await;
    leaves(&app, 1, OrganizationId(Uuid::from_u128(0x42))).await;
    assert_eq!(app.count(KNOWN).await, 1, "they left another practice");
    leaves(&app, 2, ORGANIZATION).await;
    assert_eq!(app.count(KNOWN).await, 0);
    answer(&mut patient, &second, false).await;
    assert!(told(&app).await.is_empty());
    let shown = NotTaken { start: wall(THURSDAY, 15, 0), refused: true };
    assert_eq!(in_calendar(&app, booked.booking_id).await.not_taken, Some(shown), "the calendar says it");
}
