//! A session that is cancelled for everybody: who is told, who keeps their seat, and that nobody gets another one.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;
use shared_types::{
    AppointmentId, GroupSessionId, OrganizationId,
    bookings::{
        Appointment, AppointmentStatus, BookingsEvent,
        practice::{CalendarAppointment, SeatLeft, SessionCancelled},
        proposal::Proposal,
    },
    users::StaffRole,
};
use uuid::Uuid;

use super::{RESERVED, SEATS, app_with_groups, taken};
use crate::{
    app::{App, BORN, LONG, MONDAY, ORGANIZATION, ROLE, monday, wall},
    practice::{at_practice, desk, staff_of},
};

/// Which session somebody sits in, as the desk sees it.
async fn session_of(app: &App, booked: &Appointment) -> GroupSessionId {
    let calendar = app.calendar("2026-11-23").await;
    let mut all = calendar.roles.iter().flat_map(|role| &role.appointments);
    all.find(|one| one.booking_id == booked.booking_id).unwrap().group.unwrap().group_session_id
}

/// A practice's path of cancelling a session, and what is asked.
fn cancelling(organization: OrganizationId, session: GroupSessionId) -> (String, serde_json::Value) {
    let path = format!("/api/v1/bookings/practices/{organization}/sessions/{session}/cancel");
    (path, json!({"reason": "practitioner_unwell"}))
}

/// Who was told that theirs is cancelled by the practice, and owes nothing.
async fn told_of_it(app: &App) -> BTreeSet<Uuid> {
    let told = app.told("appointment_cancelled").await.into_iter().map(|event| match event {
        BookingsEvent::AppointmentCancelled(fact) => {
            assert_eq!(fact.status, AppointmentStatus::CancelledByProvider);
            fact.booking_id.0
        }
        other => panic!("{other:?}"),
    });
    told.collect()
}

#[tokio::test]
async fn a_session_is_cancelled_for_all_who_are_to_come_and_its_time_is_free() {
    let app = app_with_groups().await;
    let one = app.book(&mut app.browser(), monday(10, 0)).await;
    let two = app.book(&mut app.browser(), monday(10, 0)).await;
    let mut late = app.browser();
    let held = app.hold(&mut late, monday(10, 0)).await;
    let (path, why) = cancelling(ORGANIZATION, session_of(&app, &one).await);
    let reply = desk(&app).await.post(&path, Some(app.key()), &why).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let done: SessionCancelled = reply.read();
    let stands = |one: &CalendarAppointment| (one.status, one.group, one.late_fee_cents.0);
    let stood: Vec<_> = done.cancelled.iter().map(stands).collect();
    assert_eq!(stood, [(AppointmentStatus::CancelledByProvider, None, 0); 2]);
    assert_eq!(done.left, []);
    assert_eq!(told_of_it(&app).await, BTreeSet::from([one.booking_id.0, two.booking_id.0]));
    for booked in [&one, &two] {
        let written = app.audited(booked.booking_id.0).await;
        assert_eq!(written.last(), Some(&("cancel_session".to_owned(), "allowed".to_owned())));
    }
    // Whoever was about to take a seat finds it gone, and the time is anybody's.
    late.confirm(app.key(), &held, &app.details()).await.problem(410, "hold-expired");
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (0, 0));
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 15)));
    assert_eq!(taken(&app, monday(10, 0)).await.status, 201);
}

#[tokio::test]
async fn who_has_arrived_keeps_their_seat_in_a_cancelled_session_and_nobody_joins_them() {
    let app = app_with_groups().await;
    let mut booked = Vec::new();
    for _ in 0..3 {
        booked.push(app.book(&mut app.browser(), monday(10, 0)).await);
    }
    app.advance_to(monday(9, 30));
    app.acts(booked[0].appointment_id, 1, json!({"action": "arrive"})).await;
    let session = session_of(&app, &booked[0]).await;
    let (path, why) = cancelling(ORGANIZATION, session);
    let elsewhere: OrganizationId = Uuid::from_u128(0x777).into();
    let mut others = staff_of(&app, elsewhere, StaffRole::Owner).await;
    let (their_path, _) = cancelling(elsewhere, session);
    for path in [&their_path, &path] {
        others.post(path, Some(app.key()), &why).await.problem(404, "not-found");
    }
    assert!(told_of_it(&app).await.is_empty());

    let (mut desk, key) = (desk(&app).await, app.key());
    let platforms = json!({"reason": "not_listed"});
    desk.post(&path, Some(app.key()), &platforms).await.problem(422, "invalid");
    let first: SessionCancelled = desk.post(&path, Some(key), &why).await.read();
    let again: SessionCancelled = desk.post(&path, Some(key), &why).await.read();
    assert_eq!(again, first, "the same once more is nothing new");
    let left = SeatLeft { booking_id: booked[0].booking_id, status: AppointmentStatus::Arrived };
    assert_eq!((first.cancelled.len(), first.left), (2, vec![left]));
    let both = BTreeSet::from([booked[1].booking_id.0, booked[2].booking_id.0]);
    assert_eq!(told_of_it(&app).await, both);
    assert_eq!(app.told("appointment_cancelled").await.len(), 2, "each once");
    // Two seats are free, and nobody gets one: not a patient, and not at the desk.
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (1, 1));
    let walk_in = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": monday(10, 0),
        "patient": {"name": "Bo Lee", "date_of_birth": BORN},
    });
    desk.post(&at_practice("appointments"), Some(app.key()), &walk_in).await.problem(409, "time-taken");
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    desk.post(&path, Some(app.key()), &why).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn who_stays_in_a_closed_session_can_be_changed_and_moved_and_nobody_joins_for_it() {
    let app = app_with_groups().await;
    let mut booked = Vec::new();
    for _ in 0..3 {
        booked.push(app.book(&mut app.browser(), monday(10, 0)).await);
    }
    app.advance_to(monday(9, 30));
    for stays in &booked[..2] {
        app.acts(stays.appointment_id, 1, json!({"action": "arrive"})).await;
    }
    let (path, why) = cancelling(ORGANIZATION, session_of(&app, &booked[0]).await);
    let mut desk = desk(&app).await;
    let done: SessionCancelled = desk.post(&path, Some(app.key()), &why).await.read();
    assert_eq!((done.cancelled.len(), done.left.len()), (1, 2));
    let of = |id: AppointmentId| at_practice(&format!("appointments/{id}/reschedule"));
    let to = |version: i32, start: Timestamp, end: Timestamp| json!({"version": version, "start": start, "end": end});

    let shorter = to(2, monday(10, 0), monday(10, 20));
    let reply = desk.post(&of(booked[0].appointment_id), Some(app.key()), &shorter).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let stays: CalendarAppointment = reply.read();
    assert_eq!(stays.takes, Some((monday(10, 0), monday(10, 30))));
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (2, 1));
    let longer = to(2, monday(10, 0), monday(11, 0));
    let path = of(booked[1].appointment_id);
    let refused = desk.post(&path, Some(app.key()), &longer).await.problem(422, "invalid");
    assert_eq!(refused.errors[0].pointer, "/end");
    let out = desk.post(&path, Some(app.key()), &to(2, monday(11, 0), monday(11, 30))).await;
    assert_eq!(out.status, 200, "{}", out.body);
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (2, 2));

    // The last one in it does not end it by being changed.
    let again = to(1, monday(10, 0), monday(10, 25));
    let reply = desk.post(&of(stays.appointment_id), Some(app.key()), &again).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let stays: CalendarAppointment = reply.read();
    let walk_in = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": monday(10, 0),
        "patient": {"name": "Bo Lee", "date_of_birth": BORN},
    });
    let place = at_practice("appointments");
    desk.post(&place, Some(app.key()), &walk_in).await.problem(409, "time-taken");
    let out = to(1, monday(14, 0), monday(14, 30));
    let out = desk.post(&of(stays.appointment_id), Some(app.key()), &out).await;
    assert_eq!(out.status, 200, "{}", out.body);
    assert_eq!(desk.post(&place, Some(app.key()), &walk_in).await.status, 201, "the time is anybody's");
}

#[tokio::test]
async fn to_whom_a_seat_was_proposed_keeps_the_time_that_they_have_and_is_told_once() {
    let app = app_with_groups().await;
    let seated = app.book(&mut app.browser(), monday(15, 0)).await;
    let leaving = app.book(&mut app.browser(), monday(15, 0)).await;
    let mut asked = app.browser();
    let theirs = app.book(&mut asked, monday(10, 0)).await;
    let mut desk = desk(&app).await;
    let tuesday = wall(MONDAY.tomorrow().unwrap(), 10, 0);
    let mut proposals: Vec<Proposal> = Vec::new();
    // A seat beside the others; and to one who has a seat there, another time.
    for (of, start) in [(&theirs, monday(15, 0)), (&leaving, tuesday)] {
        let path = at_practice(&format!("appointments/{}/proposal", of.appointment_id));
        let reply = desk.post(&path, None, &json!({"version": 1, "start": start})).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        proposals.push(reply.read());
    }
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (5, 3));
    let (path, why) = cancelling(ORGANIZATION, session_of(&app, &seated).await);
    let reply = desk.post(&path, Some(app.key()), &why).await;
    assert_eq!(reply.status, 200, "{}", reply.body);

    let withdrawn = app.told("proposal_withdrawn").await;
    let [BookingsEvent::ProposalWithdrawn { booking_id }] = withdrawn.as_slice() else {
        panic!("{withdrawn:?}")
    };
    assert_eq!(*booking_id, theirs.booking_id, "of the other one the letter is that it is cancelled");
    assert_eq!(told_of_it(&app).await, BTreeSet::from([seated.booking_id.0, leaving.booking_id.0]));
    let written = app.audited(theirs.booking_id.0).await;
    assert_eq!(written.last(), Some(&("withdraw_proposal".to_owned(), "allowed".to_owned())));
    let stands = asked.appointment(theirs.appointment_id).await;
    assert_eq!((stands.status, stands.start), (AppointmentStatus::Confirmed, monday(10, 0)));
    assert_eq!(stands.proposed, None);
    let path = format!("/api/v1/bookings/appointments/{}/proposal/answer", theirs.appointment_id);
    let agrees = json!({"proposal_id": proposals[0].proposal_id, "agree": true});
    asked.post(&path, None, &agrees).await.problem(410, "proposal-ended");
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (1, 1));
    assert_eq!(app.count("select count(*) from bookings.hold where status = 'active'").await, 0);

    // No job tells of either once more.
    app.advance_to(proposals[0].expires_at.max(proposals[1].expires_at));
    assert_eq!(app.run("bookings.lapse_proposals").await, 0);
    assert!(app.told("time_not_taken").await.is_empty());
}
