use axum::{
    body::Body,
    http::{Method, Request},
};
use futures::future::join_all;
use serde_json::json;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId, ResourceId,
    bookings::{
        Hold,
        practice::CalendarAppointment,
        resources::{PracticeResource, PracticeResources},
        schedule::{RoleType, RoleTypes},
    },
    users::StaffRole,
};
use uuid::Uuid;

use super::{at_practice, desk, staff, staff_of};
use crate::app::{App, BORN, COLLEAGUE, LONG, LONG_COLLEAGUE, MONDAY, ROLE, Reply, SHORT, minutes, monday};

async fn add(app: &App, kind: &str, name: &str) -> PracticeResource {
    let mut manager = staff(app, StaffRole::Manager).await;
    let wanted = json!({"kind": kind, "name": name});
    let reply = manager.post(&at_practice("resources"), Some(app.key()), &wanted).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

async fn retire(app: &App, id: ResourceId) -> Reply {
    let path = at_practice(&format!("resources/{id}"));
    let request = Request::builder().method(Method::DELETE).uri(path).body(Body::empty()).unwrap();
    staff(app, StaffRole::Manager).await.send(request).await
}

async fn list(app: &App) -> Vec<PracticeResource> {
    desk(app).await.get(&at_practice("resources")).await.read::<PracticeResources>().items
}

/// Has a type need some rooms and devices.
async fn need(app: &App, role: PractitionerRoleId, of: AppointmentTypeId, ids: &[ResourceId]) -> Reply {
    let mut manager = staff(app, StaffRole::Manager).await;
    let path = at_practice(&format!("roles/{role}/appointment-types"));
    let types: RoleTypes = manager.get(&path).await.read();
    let known = types.items.iter().find(|known| known.appointment_type_id == of).unwrap();
    let mut body = serde_json::to_value(known).unwrap();
    body["resources"] = json!(ids);
    let request = Request::put(format!("{path}/{of}")).header("content-type", "application/json");
    manager.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn needs(app: &App, role: PractitionerRoleId, of: AppointmentTypeId, ids: &[ResourceId]) {
    let reply = need(app, role, of, ids).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let mut kept = reply.read::<RoleType>().draft.resources;
    kept.sort_unstable();
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    assert_eq!(kept, wanted);
}

/// One room that both practitioners' long consultations need.
async fn shared_room(app: &App) -> PracticeResource {
    let room = add(app, "room", "Treatment room").await;
    needs(app, ROLE, LONG, &[room.resource_id]).await;
    needs(app, COLLEAGUE, LONG_COLLEAGUE, &[room.resource_id]).await;
    room
}

#[tokio::test]
async fn rooms_and_devices_come_and_are_retired_once_nothing_on_offer_needs_them() {
    let app = App::new().await;
    let room = add(&app, "room", " Treatment   room ").await;
    assert_eq!(room.name, "Treatment room");
    let laser = add(&app, "device", "Laser").await;
    needs(&app, ROLE, LONG, &[room.resource_id, laser.resource_id]).await;
    let refused = retire(&app, room.resource_id).await.problem(409, "resource-needed");
    assert!(refused.detail.unwrap().contains("Standard consultation"));
    needs(&app, ROLE, LONG, &[laser.resource_id]).await;
    assert_eq!(retire(&app, room.resource_id).await.status, 204);
    assert_eq!(retire(&app, room.resource_id).await.status, 204, "twice is no mistake");
    let names: Vec<_> = list(&app).await.into_iter().map(|one| (one.name, one.retired)).collect();
    assert_eq!(names, [("Laser".to_owned(), false), ("Treatment room".to_owned(), true)]);
    let retired = need(&app, ROLE, SHORT, &[room.resource_id]).await.problem(422, "invalid");
    assert_eq!(retired.errors[0].pointer, "/resources");
}

#[tokio::test]
async fn another_practices_rooms_are_not_there() {
    let app = App::new().await;
    let elsewhere = shared_types::OrganizationId(Uuid::from_u128(0x42));
    let mut other = staff_of(&app, elsewhere, StaffRole::Manager).await;
    let path = format!("/api/v1/bookings/practices/{elsewhere}/resources");
    let wanted = json!({"kind": "room", "name": "Theirs"});
    let theirs: PracticeResource = other.post(&path, Some(app.key()), &wanted).await.read();
    assert!(list(&app).await.is_empty());
    need(&app, ROLE, LONG, &[theirs.resource_id]).await.problem(422, "invalid");
    retire(&app, theirs.resource_id).await.problem(404, "not-found");
    let mut reception = desk(&app).await;
    let path = at_practice("resources");
    reception.post(&path, Some(app.key()), &wanted).await.problem(403, "not-allowed");
}

#[tokio::test]
async fn a_colleague_cannot_be_booked_while_the_room_is_used() {
    let app = App::new().await;
    let room = shared_room(&app).await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2, "both or none");
    let free = app.free_on(COLLEAGUE, LONG_COLLEAGUE, MONDAY).await;
    assert!(
        !free.contains(&monday(10, 0)) && !free.contains(&monday(9, 45)) && free.contains(&monday(10, 30))
    );
    let taken = app.browser().hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(10, 15)).await;
    let problem = taken.problem(409, "time-taken");
    assert!(!problem.alternatives.contains(&monday(10, 15)), "{problem:?}");
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2, "nothing is left behind");
    let calendar = app.calendar("2026-11-23").await;
    let column = calendar.roles.iter().find(|role| role.practitioner_role_id == ROLE).unwrap();
    assert_eq!(column.appointments.len(), 1);
    assert_eq!(column.appointments[0].resources, [room]);
    assert_eq!(app.browser().cancel(booked.appointment_id, 1).await.status, 404);
    app.acts(booked.appointment_id, 1, json!({"action": "cancel", "reason": "other"})).await;
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    assert!(app.free_on(COLLEAGUE, LONG_COLLEAGUE, MONDAY).await.contains(&monday(10, 0)));
}

#[tokio::test]
async fn a_lapsed_hold_gives_back_all_that_it_kept() {
    let app = App::new().await;
    shared_room(&app).await;
    let hold: Hold = app.hold(&mut app.browser(), monday(10, 0)).await;
    app.advance_to(hold.expires_at + minutes(1));
    // Before any job has run.
    let reply = app.browser().hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(10, 0)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2);
    assert_eq!(app.count("select count(*) from bookings.hold where status = 'active'").await, 1);
}

#[tokio::test]
async fn the_room_moves_along() {
    let app = App::new().await;
    let room = shared_room(&app).await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, monday(10, 0)).await;
    let moved = patient.r#move(app.key(), booked.appointment_id, 1, monday(10, 15)).await;
    assert_eq!(moved.status, 200, "onto its own old time: {}", moved.body);
    let moved: shared_types::bookings::Appointment = moved.read();
    assert!(app.free_on(COLLEAGUE, LONG_COLLEAGUE, MONDAY).await.contains(&monday(9, 45)));
    let over = json!({
        "version": 1, "practitioner_role_id": COLLEAGUE, "start": monday(10, 30), "end": monday(11, 0)
    });
    let path = at_practice(&format!("appointments/{}/reschedule", moved.appointment_id));
    let given = desk(&app).await.post(&path, Some(app.key()), &over).await;
    assert_eq!(given.status, 200, "{}", given.body);
    let given: CalendarAppointment = given.read();
    assert_eq!((given.practitioner_role_id, given.resources), (COLLEAGUE, vec![room]));
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2);
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 30)), "the room is used");
    assert!(app.free_on(ROLE, SHORT, MONDAY).await.contains(&monday(10, 30)), "and she is not");
}

#[tokio::test]
async fn the_desk_takes_the_room_too_and_is_refused_while_it_is_used() {
    let app = App::new().await;
    shared_room(&app).await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let walk_in = |start| {
        json!({
            "practitioner_role_id": COLLEAGUE, "appointment_type_id": LONG_COLLEAGUE, "start": start,
            "patient": {"name": "Bo Lee", "date_of_birth": BORN},
        })
    };
    let path = at_practice("appointments");
    let mut desk = desk(&app).await;
    desk.post(&path, Some(app.key()), &walk_in(monday(10, 10))).await.problem(409, "time-taken");
    assert_eq!(desk.post(&path, Some(app.key()), &walk_in(monday(10, 30))).await.status, 201);
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 30)));
}

#[tokio::test]
async fn search_is_told_of_everybody_whom_a_room_concerns() {
    let app = App::new().await;
    shared_room(&app).await;
    app.run("bookings.publish_next_free").await;
    app.hold(&mut app.browser(), monday(10, 0)).await;
    let due = "select count(*) from bookings.schedule where next_free_due_at <= '2026-11-22T00:00:00Z'";
    // Herself here and at her other practice, and the colleague.
    assert_eq!(app.count(due).await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_need_the_same_things_in_any_order_never_lock_each_other_out() {
    let app = App::new().await;
    let (room, laser) = (add(&app, "room", "Room").await, add(&app, "device", "Laser").await);
    needs(&app, ROLE, LONG, &[room.resource_id, laser.resource_id]).await;
    needs(&app, COLLEAGUE, LONG_COLLEAGUE, &[laser.resource_id, room.resource_id]).await;
    let tries = (0..60).map(|nth| {
        let (mut browser, key) = (app.browser(), app.key());
        let (role, of) = if nth % 2 == 0 { (ROLE, LONG) } else { (COLLEAGUE, LONG_COLLEAGUE) };
        tokio::spawn(async move { browser.hold(key, role, of, monday(10, 0)).await })
    });
    let replies: Vec<Reply> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    let won = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(won, 1);
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        reply.problem(409, "time-taken");
    }
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 3);
}
