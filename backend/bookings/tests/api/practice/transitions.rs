use jiff::SignedDuration;
use serde_json::json;
use shared_types::{
    bookings::{
        Appointment, AppointmentFact, AppointmentStatus, BookingsEvent, ChangeReason,
        practice::{ActName, CalendarAppointment},
    },
    payments::PaymentStep,
    users::StaffRole,
};
use uuid::Uuid;

use super::{act_as, desk, staff, staff_of};
use crate::app::{App, LONG, MONDAY, ROLE, minutes, monday};

/// What an appointment has gone through: step, from, to and by whom.
async fn history(app: &App, booking: Uuid) -> Vec<(String, String, String, String)> {
    sqlx::query_as(
        "select step, from_status, to_status, taken_by from bookings.appointment_transition \
         where booking_id = $1 order by taken_at, version",
    )
    .bind(booking)
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap()
}

/// What was told of changes at the same time, in order.
async fn changes(app: &App) -> Vec<AppointmentFact> {
    let told = app.told("appointment_changed").await.into_iter();
    told.map(|event| match event {
        BookingsEvent::AppointmentChanged(fact) => fact,
        other => panic!("{other:?}"),
    })
    .collect()
}

#[tokio::test]
async fn a_visit_goes_from_the_door_to_its_end_and_each_step_is_written_down() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let id = booked.appointment_id;
    app.act(id, 1, json!({"action": "arrive"})).await.problem(409, "too-early");
    app.advance_to(monday(9, 0));
    let arrived = app.acts(id, 1, json!({"action": "arrive"})).await;
    assert_eq!((arrived.status, arrived.version), (AppointmentStatus::Arrived, 2));
    assert!(arrived.acts.contains(&ActName::CheckIn) && !arrived.acts.contains(&ActName::Complete));
    app.acts(id, 2, json!({"action": "check_in"})).await;
    app.advance_to(monday(10, 0));
    app.acts(id, 3, json!({"action": "start"})).await;
    app.advance_to(monday(10, 20));
    let over: CalendarAppointment = app.acts(id, 4, json!({"action": "complete"})).await;
    assert_eq!(over.status, AppointmentStatus::Completed);
    assert_eq!(over.takes, Some((monday(10, 0), monday(10, 20))), "the rest of its time is free");
    let steps: Vec<_> = history(&app, booked.booking_id.0).await.into_iter().map(|step| step.0).collect();
    assert_eq!(steps, ["arrive", "check_in", "start", "complete"]);
    let audited: Vec<_> = app.audited(booked.booking_id.0).await.into_iter().map(|(act, _)| act).collect();
    for action in ["arrive_appointment", "check_in_appointment", "start_appointment", "complete_appointment"]
    {
        assert!(audited.iter().any(|audited| audited == action), "{audited:?}");
    }
    let told: Vec<_> = changes(&app).await.into_iter().map(|fact| (fact.status, fact.sequence)).collect();
    let expected = [
        (AppointmentStatus::Arrived, 1),
        (AppointmentStatus::CheckedIn, 2),
        (AppointmentStatus::InConsult, 3),
        (AppointmentStatus::Completed, 4),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_visit_that_was_ended_by_mistake_is_taken_back_for_a_day_and_not_by_the_desk() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let id = booked.appointment_id;
    app.advance_to(monday(10, 0));
    for (version, action) in [(1, "check_in"), (2, "start"), (3, "complete")] {
        app.acts(id, version, json!({"action": action})).await;
    }
    let undo = json!({"action": "undo_completion", "reason": "mistake"});
    app.act(id, 4, undo.clone()).await.problem(403, "not-allowed");
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    let unsaid = json!({"action": "undo_completion"});
    act_as(&mut practitioner, id, 4, unsaid).await.problem(422, "invalid");
    let of_another_act = json!({"action": "undo_completion", "reason": "practice_closed"});
    let refused = act_as(&mut practitioner, id, 4, of_another_act).await.problem(422, "invalid");
    assert_eq!(refused.errors[0].pointer, "/reason");
    let back: CalendarAppointment = act_as(&mut practitioner, id, 4, undo.clone()).await.read();
    assert_eq!((back.status, back.reason), (AppointmentStatus::CheckedIn, Some(ChangeReason::Mistake)));
    let kept = "select count(*) from bookings.appointment_transition \
         where step = 'undo_completion' and reason = 'mistake'";
    assert_eq!(app.count(kept).await, 1);
    app.acts(id, 5, json!({"action": "start"})).await;
    app.acts(id, 6, json!({"action": "complete"})).await;
    // Others learn of it by where the appointment stands: payments says from then on no more that the visit took place.
    let told: Vec<_> = changes(&app).await.into_iter().map(|fact| (fact.status, fact.sequence)).collect();
    let expected = [
        (AppointmentStatus::Completed, 3),
        (AppointmentStatus::CheckedIn, 4),
        (AppointmentStatus::InConsult, 5),
        (AppointmentStatus::Completed, 6),
    ];
    assert_eq!(told[2..], expected);
    app.advance(SignedDuration::from_hours(24));
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    act_as(&mut practitioner, id, 7, undo).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn who_was_taken_for_somebody_else_is_expected_again() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let id = booked.appointment_id;
    let undo = json!({"action": "undo_arrival"});
    app.act(id, 1, undo.clone()).await.problem(409, "wrong-state");
    app.advance_to(monday(9, 30));
    let there = app.acts(id, 1, json!({"action": "arrive"})).await;
    assert!(there.acts.contains(&ActName::UndoArrival));
    let expected = app.acts(id, 2, undo.clone()).await;
    assert_eq!((expected.status, expected.version), (AppointmentStatus::Confirmed, 3));
    assert_eq!(expected.takes, there.takes, "its time is kept");
    app.act(id, 2, undo).await.problem(409, "wrong-state");
    let audited = app.audited(booked.booking_id.0).await;
    assert_eq!(audited.iter().filter(|(action, _)| action == "undo_arrival").count(), 1, "{audited:?}");
    let told: Vec<_> = changes(&app).await.into_iter().map(|fact| (fact.status, fact.sequence)).collect();
    assert_eq!(told, [(AppointmentStatus::Arrived, 1), (AppointmentStatus::Confirmed, 2)]);
    // The real one comes, or does not.
    app.acts(id, 3, json!({"action": "arrive"})).await;
}

#[tokio::test]
async fn who_was_checked_in_for_somebody_else_has_arrived_and_then_is_expected_again() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let id = booked.appointment_id;
    let undo = json!({"action": "undo_check_in"});
    app.act(id, 1, undo.clone()).await.problem(409, "wrong-state");
    app.advance_to(monday(9, 30));
    let there = app.acts(id, 1, json!({"action": "check_in"})).await;
    assert!(there.acts.contains(&ActName::UndoCheckIn) && !there.acts.contains(&ActName::UndoArrival));
    app.act(id, 1, undo.clone()).await.problem(409, "stale-version");
    let arrived = app.acts(id, 2, undo.clone()).await;
    assert_eq!((arrived.status, arrived.version), (AppointmentStatus::Arrived, 3));
    assert_eq!(arrived.takes, there.takes, "its time is kept");
    app.act(id, 3, undo.clone()).await.problem(409, "wrong-state");
    app.acts(id, 3, json!({"action": "undo_arrival"})).await;
    let steps: Vec<_> = history(&app, booked.booking_id.0).await.into_iter().map(|step| step.0).collect();
    assert_eq!(steps, ["check_in", "undo_check_in", "undo_arrival"]);
    let audited = app.audited(booked.booking_id.0).await;
    let undone = audited.iter().filter(|(action, how)| action == "undo_check_in" && how == "allowed");
    assert_eq!(undone.count(), 1, "{audited:?}");
    let told: Vec<_> = changes(&app).await.into_iter().map(|fact| (fact.status, fact.sequence)).collect();
    let expected = [
        (AppointmentStatus::CheckedIn, 1),
        (AppointmentStatus::Arrived, 2),
        (AppointmentStatus::Confirmed, 3),
    ];
    assert_eq!(told, expected);
    // Once the visit has begun, it is too late for this.
    app.acts(id, 4, json!({"action": "check_in"})).await;
    app.acts(id, 5, json!({"action": "start"})).await;
    app.act(id, 6, undo).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn the_practice_cancels_with_a_reason_and_nothing_is_owed() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, monday(10, 0)).await;
    let id = booked.appointment_id;
    let cancel = json!({"action": "cancel", "reason": "practitioner_unwell"});
    app.act(id, 1, json!({"action": "cancel"})).await.problem(422, "invalid");
    app.act(id, 7, cancel.clone()).await.problem(409, "stale-version");
    let cancelled = app.acts(id, 1, cancel).await;
    assert_eq!(cancelled.status, AppointmentStatus::CancelledByProvider);
    assert_eq!((cancelled.reason, cancelled.takes), (Some(ChangeReason::PractitionerUnwell), None));
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(fact.status, AppointmentStatus::CancelledByProvider);
    assert_eq!(fact.reason, Some(ChangeReason::PractitionerUnwell));
    let seen: Appointment = patient.appointment(id).await;
    assert_eq!(seen.reason, Some(ChangeReason::PractitionerUnwell));
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 0);
}

#[tokio::test]
async fn the_platforms_own_reason_is_not_a_practices_to_give() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, monday(10, 0)).await;
    let id = booked.appointment_id;
    let mut owner = staff(&app, StaffRole::Owner).await;
    for action in ["cancel", "decline", "enter_in_error"] {
        let body = json!({"action": action, "reason": "not_listed"});
        let problem = act_as(&mut owner, id, 1, body).await.problem(422, "invalid");
        assert_eq!(problem.errors[0].pointer, "/reason", "{action}");
    }
    let stands: Appointment = patient.appointment(id).await;
    assert_eq!((stands.status, stands.version, stands.reason), (AppointmentStatus::Confirmed, 1, None));
    assert!(app.told("appointment_cancelled").await.is_empty());
    app.acts(id, 1, json!({"action": "cancel", "reason": "other"})).await;
}

#[tokio::test]
async fn who_cancels_by_telephone_cancels_by_what_was_agreed_unless_let_off() {
    let app = App::new().await;
    let late = app.book(&mut app.browser(), monday(10, 0)).await;
    let let_off = app.book(&mut app.browser(), monday(11, 0)).await;
    let for_patient = |waive_fee| json!({"action": "cancel_for_patient", "waive_fee": waive_fee});
    let cancelled = app.acts(late.appointment_id, 1, for_patient(false)).await;
    assert_eq!(cancelled.status, AppointmentStatus::CancelledLate);
    let cancelled = app.acts(let_off.appointment_id, 1, for_patient(true)).await;
    assert_eq!(cancelled.status, AppointmentStatus::CancelledByPatient);
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 5_000);
}

#[tokio::test]
async fn that_a_patient_did_not_come_is_said_by_somebody_who_was_there() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let id = booked.appointment_id;
    let no_show = |attested| json!({"action": "no_show", "attested": attested});
    app.advance_to(monday(10, 14));
    app.act(id, 1, no_show(true)).await.problem(409, "too-early");
    app.advance_to(monday(10, 15));
    app.act(id, 1, no_show(false)).await.problem(422, "invalid");
    let missed = app.acts(id, 1, no_show(true)).await;
    assert_eq!((missed.status, missed.takes), (AppointmentStatus::NoShowPatient, None));
    assert_eq!(app.count("select late_fee_cents from bookings.appointment").await, 5_000);
    assert_eq!(changes(&app).await[0].status, AppointmentStatus::NoShowPatient);
}

#[tokio::test]
async fn the_calendar_says_what_not_coming_costs_before_anybody_notes_it() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    app.collects_after_visits().await;
    let quoted = app.awaiting(&mut app.browser(), monday(11, 0)).await;
    app.paid(&quoted, PaymentStep::CardSaved).await;
    app.advance_to(monday(11, 15));
    let calendar = app.calendar("2026-11-23").await;
    let shown: Vec<_> = calendar.roles.into_iter().flat_map(|role| role.appointments).collect();
    let fees: Vec<_> = shown.iter().map(|one| one.no_show_fee_cents.0).collect();
    assert_eq!(fees, [5_000, 9_000], "the one for cancelling late, and the one that was quoted");
    for one in shown {
        let no_show = json!({"action": "no_show", "attested": true});
        let missed = app.acts(one.appointment_id, one.version, no_show).await;
        assert_eq!(missed.late_fee_cents, one.no_show_fee_cents);
    }
}

#[tokio::test]
async fn a_patient_says_that_they_will_come_and_that_nobody_was_there() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, monday(10, 0)).await;
    let path = |what: &str| format!("/api/v1/bookings/appointments/{}/{what}", booked.appointment_id);
    let seen = |version: i32| json!({"version": version});
    let reply = patient.post(&path("attendance"), None, &seen(1)).await;
    let coming: Appointment = reply.read();
    assert_eq!((coming.status, coming.version), (AppointmentStatus::Confirmed, 2));
    assert_eq!(coming.attendance_confirmed_at, Some(app.core.now()));
    patient.post(&path("absence"), None, &seen(2)).await.problem(409, "too-early");
    app.browser().post(&path("absence"), None, &seen(2)).await.problem(404, "not-found");
    app.advance_to(monday(10, 30));
    patient.post(&path("absence"), None, &seen(1)).await.problem(409, "stale-version");
    let absent: Appointment = patient.post(&path("absence"), None, &seen(2)).await.read();
    assert_eq!(absent.status, AppointmentStatus::NoShowProvider);
    patient.post(&path("attendance"), None, &seen(3)).await.problem(409, "wrong-state");
    let steps = history(&app, booked.booking_id.0).await;
    assert!(steps.iter().all(|step| step.3 == "patient"), "{steps:?}");
}

#[tokio::test]
async fn what_never_was_real_is_for_those_who_answer_for_the_practice() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let mistake = json!({"action": "enter_in_error", "reason": "mistake"});
    app.act(booked.appointment_id, 1, mistake.clone()).await.problem(403, "not-allowed");
    let mut manager = staff(&app, StaffRole::Manager).await;
    let reply = act_as(&mut manager, booked.appointment_id, 1, mistake).await;
    assert_eq!(reply.read::<CalendarAppointment>().status, AppointmentStatus::EnteredInError);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 1, "nothing is deleted");
}

#[tokio::test]
async fn another_practices_staff_find_nothing_and_it_is_written_down() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let elsewhere = Uuid::from_u128(0x42).into();
    let mut other = staff_of(&app, elsewhere, StaffRole::Owner).await;
    let path = |organization| {
        let id = booked.appointment_id;
        format!("/api/v1/bookings/practices/{organization}/appointments/{id}/transitions")
    };
    let cancel = json!({"version": 1, "action": "cancel", "reason": "other"});
    other.post(&path(elsewhere), None, &cancel).await.problem(404, "not-found");
    other.post(&path(crate::app::ORGANIZATION), None, &cancel).await.problem(404, "not-found");
    let denied = ("cancel_by_practice".to_owned(), "denied".to_owned());
    assert!(app.audited(booked.booking_id.0).await.contains(&denied));
    let mut biller = staff(&app, StaffRole::Billing).await;
    let reply = act_as(&mut biller, booked.appointment_id, 1, json!({"action": "arrive"})).await;
    reply.problem(403, "not-allowed");
}

#[tokio::test]
async fn a_visit_that_nobody_marks_counts_as_having_taken_place_in_the_end() {
    let app = App::new().await;
    let unmarked = app.book(&mut app.browser(), monday(10, 0)).await;
    let cancelled = app.book(&mut app.browser(), monday(11, 0)).await;
    app.acts(cancelled.appointment_id, 1, json!({"action": "cancel", "reason": "other"})).await;
    app.advance_to(monday(10, 0) + minutes(14 * 60 - 1));
    assert_eq!(app.run("bookings.complete_unmarked").await, 0);
    app.advance(minutes(1));
    assert_eq!(app.run("bookings.complete_unmarked").await, 1);
    assert_eq!(app.run("bookings.complete_unmarked").await, 0);
    let steps = history(&app, unmarked.booking_id.0).await;
    let step = |text: &str| text.to_owned();
    assert_eq!(steps, [(step("complete_unmarked"), step("confirmed"), step("completed"), step("system"))]);
    // Two people press at once, or press what is gone: nothing is done twice.
    let mut late = desk(&app).await;
    let again = act_as(&mut late, unmarked.appointment_id, 2, json!({"action": "check_in"})).await;
    again.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_visit_that_was_taken_back_in_the_night_is_the_practices_to_mark_for_as_long_again() {
    let app = App::new().await;
    let id = app.book(&mut app.browser(), monday(10, 0)).await.appointment_id;
    app.advance_to(monday(10, 0) + minutes(14 * 60));
    assert_eq!(app.run("bookings.complete_unmarked").await, 1);
    app.advance(minutes(8 * 60));
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    let reply =
        act_as(&mut practitioner, id, 2, json!({"action": "undo_completion", "reason": "mistake"})).await;
    assert_eq!(reply.read::<CalendarAppointment>().status, AppointmentStatus::CheckedIn);
    app.advance(minutes(14 * 60 - 1));
    assert_eq!(app.run("bookings.complete_unmarked").await, 0);
    app.advance(minutes(1));
    assert_eq!(app.run("bookings.complete_unmarked").await, 1);
}
