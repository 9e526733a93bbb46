//! What the desk does with appointments: each act has no key of its own, and is told from its repetition by where the appointment
//! stands.

use jiff::{SignedDuration, Timestamp};
use kernel::Clock;
use serde_json::json;
use shared_types::{
    AppointmentId,
    bookings::{Hold, practice::CalendarAppointment},
    users::StaffRole,
};

use super::{COMMITTING, Outage};
use crate::{
    app::{App, BORN, Browser, COLLEAGUE, LONG, LONG_COLLEAGUE, ROLE},
    practice::{at_practice, staff},
};

/// An act, where an appointment stands after it, and what the log calls it.
type Act = (&'static str, &'static str, &'static str);

/// An appointment's state and version, how many steps its history has, and how often others are told of the last one and the log has it.
type Taken = (String, i32, i64, i64, i64);

const TAKEN: &str = "select status, version, \
        (select count(*) from bookings.appointment_transition step \
         where step.appointment_id = appointment.appointment_id), \
        (select count(*) from bookings.outbox told where told.aggregate = 'booking' \
         and told.aggregate_id = appointment.booking_id::text \
         and told.aggregate_version = appointment.sequence + 1), \
        (select count(*) from bookings.audit_entry entry \
         where entry.resource_id = appointment.booking_id::text and entry.action = $2) \
    from bookings.appointment where appointment_id = $1";

async fn taken(app: &App, id: AppointmentId, act: &str) -> Taken {
    sqlx::query_as(TAKEN).bind(id.0).bind(act).fetch_one(&mut app.administrator().await).await.unwrap()
}

/// The desk books a visit that begins so many minutes from now.
async fn booked(app: &App, owner: &mut Browser, minutes: i64) -> AppointmentId {
    let body = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG,
        "start": app.core.now() + SignedDuration::from_mins(minutes),
        "patient": {"name": "Bo Lee", "date_of_birth": BORN},
    });
    let reply = owner.post(&at_practice("appointments"), Some(app.key()), &body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read::<CalendarAppointment>().appointment_id
}

/// Somebody asks for a time of a colleague, who answers first.
async fn requested(app: &App, start: Timestamp) -> AppointmentId {
    let mut patient = app.browser();
    let hold: Hold = patient.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, start).await.read();
    app.confirm(&mut patient, &hold).await.appointment_id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_desk_did_was_done_once_when_the_program_is_killed() {
    let mut outage = Outage::at(Clock::System.now() - SignedDuration::from_hours(2)).await;
    outage
        .app
        .change(
            "update bookings.appointment_type set needs_acceptance = true \
             where appointment_type_id = '00000000-0000-0000-0000-000000000024'",
        )
        .await;
    let [first, second, _] = outage.free().await;
    let accepted = requested(&outage.app, first).await;
    let declined = requested(&outage.app, second).await;
    let mut owner = staff(&outage.app, StaffRole::Owner).await;
    let visit = booked(&outage.app, &mut owner, 10).await;
    let missed = booked(&outage.app, &mut owner, 40).await;
    let alone = booked(&outage.app, &mut owner, 70).await;
    let cancelled = booked(&outage.app, &mut owner, 600).await;
    let called = booked(&outage.app, &mut owner, 630).await;
    let mistaken = booked(&outage.app, &mut owner, 660).await;
    let acts: [(AppointmentId, &[Act]); 8] = [
        (accepted, &[("accept", "confirmed", "accept_appointment")]),
        (declined, &[("decline", "declined", "decline_appointment")]),
        (
            visit,
            &[
                ("check_in", "checked_in", "check_in_appointment"),
                ("start", "in_consult", "start_appointment"),
                ("complete", "completed", "complete_appointment"),
                ("undo_completion", "checked_in", "undo_completion"),
            ],
        ),
        (missed, &[("no_show", "no_show_patient", "mark_no_show")]),
        (alone, &[("practitioner_absent", "no_show_provider", "mark_practitioner_absent")]),
        (cancelled, &[("cancel", "cancelled_by_provider", "cancel_by_practice")]),
        (called, &[("cancel_for_patient", "cancelled_late", "cancel_for_patient")]),
        (mistaken, &[("enter_in_error", "entered_in_error", "enter_in_error")]),
    ];

    outage.app.advance_to(Clock::System.now());
    outage.start().await;
    let owner = staff(&outage.app, StaffRole::Owner).await;
    for (id, acts) in acts {
        let path = at_practice(&format!("appointments/{id}/transitions"));
        for (version, (act, status, noted)) in (1..).zip(acts) {
            let body = json!({
                "action": act, "version": version, "reason": "other", "attested": true, "waive_fee": false,
            });
            let send = || {
                let (mut owner, path, body) = (owner.clone(), path.clone(), body.clone());
                tokio::spawn(async move { owner.post(&path, None, &body).await })
            };
            let asked = outage.dies_at(COMMITTING, 1, async |_: &mut Outage| send()).await;
            assert_eq!(asked.await.unwrap().status, 502, "{act}");
            let once: Taken = ((*status).to_owned(), version + 1, i64::from(version), 1, 1);
            assert_eq!(taken(&outage.app, id, noted).await, once, "{act}");
            outage.start().await;
            let again = send().await.unwrap();
            assert_eq!(again.status, 409, "{act}: {}", again.body);
            assert_eq!(taken(&outage.app, id, noted).await, once, "{act} once more");
        }
    }
    assert!(outage.program.take().unwrap().end().await.success());
}
