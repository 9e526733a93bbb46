//! Group appointments: one session, many seats.

mod closed;

use std::collections::BTreeSet;

use futures::future::join_all;
use jiff::Timestamp;
use serde_json::json;
use shared_types::bookings::{Appointment, Hold, RoleAvailability, practice::CalendarAppointment};

use crate::{
    app::{App, BORN, LONG, MONDAY, ROLE, Reply, SHORT, minutes, monday},
    practice::{at_practice, desk},
};

/// Long consultations are for three at once.
async fn app_with_groups() -> App {
    let app = App::new().await;
    app.change("update bookings.appointment_type set seats = 3 where name = 'Standard consultation'").await;
    app
}

async fn taken(app: &App, start: Timestamp) -> Reply {
    app.browser().hold(app.key(), ROLE, LONG, start).await
}

const SEATS: &str = "select count(*) from bookings.group_seat";
const RESERVED: &str = "select count(*) from bookings.reservation";

#[tokio::test]
async fn a_session_takes_its_time_once_and_as_many_as_it_has_seats() {
    let app = app_with_groups().await;
    let mut numbers = BTreeSet::new();
    for nth in 1..=3 {
        assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)), "before the {nth}th");
        let booked = app.book(&mut app.browser(), monday(10, 0)).await;
        assert_eq!(booked.appointment_type.seats, Some(3));
        numbers.insert(booked.booking_id);
    }
    assert_eq!(numbers.len(), 3, "each has a booking of their own");
    let one_to_three = "select count(distinct seat) from bookings.group_seat where seat between 1 and 3";
    assert_eq!((app.count(one_to_three).await, app.count(RESERVED).await), (3, 1));
    let full = taken(&app, monday(10, 0)).await.problem(409, "time-taken");
    assert!(full.alternatives.contains(&monday(10, 30)) && !full.alternatives.contains(&monday(10, 0)));
    let free = app.free_on(ROLE, LONG, MONDAY).await;
    assert!(
        !free.contains(&monday(10, 0)) && !free.contains(&monday(10, 15)) && !free.contains(&monday(9, 45))
    );
    assert!(!app.free_on(ROLE, SHORT, MONDAY).await.contains(&monday(10, 0)));
}

#[tokio::test]
async fn only_the_sessions_own_start_is_free_while_it_has_a_seat_and_a_browser_finds_the_same() {
    let app = app_with_groups().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let listed = app.free_on(ROLE, LONG, MONDAY).await;
    assert!(listed.contains(&monday(10, 0)) && !listed.contains(&monday(10, 15)));
    taken(&app, monday(10, 15)).await.problem(409, "time-taken");
    let path = format!(
        "/api/v1/bookings/roles/{ROLE}/availability?appointment_type={LONG}&from={MONDAY}&to={MONDAY}"
    );
    let told: RoleAvailability = app.browser().get(&path).await.read();
    assert_eq!(told.sessions, [monday(10, 0)]);
    assert_eq!(told.free_times(MONDAY, MONDAY), listed);
}

#[tokio::test]
async fn a_participant_sees_their_own_appointment_and_the_practice_sees_all() {
    let app = app_with_groups().await;
    let (mut one, mut other) = (app.browser(), app.browser());
    let (first, second) =
        (app.book(&mut one, monday(10, 0)).await, app.book(&mut other, monday(10, 0)).await);
    one.find(second.appointment_id).await.problem(404, "not-found");
    other.find(first.appointment_id).await.problem(404, "not-found");
    let seen = one.find(first.appointment_id).await.body.to_string();
    assert!(!seen.contains(&second.booking_id.to_string()));
    let calendar = app.calendar("2026-11-23").await;
    let column = calendar.roles.iter().find(|role| role.practitioner_role_id == ROLE).unwrap();
    assert_eq!((column.appointments.len(), column.taken.len()), (2, 0));
    let seats = column.appointments.iter().map(|one| one.group.map(|seat| (seat.seats_taken, seat.seats)));
    assert_eq!(seats.collect::<Vec<_>>(), [Some((2, 3)); 2]);
    let times: Vec<_> = column.appointments.iter().map(|one| one.takes).collect();
    assert_eq!(times, [Some((monday(10, 0), monday(10, 30))); 2]);
}

#[tokio::test]
async fn who_leaves_frees_a_seat_and_the_last_one_the_time() {
    let app = app_with_groups().await;
    let mut browsers = [app.browser(), app.browser(), app.browser()];
    let mut booked = Vec::new();
    for browser in &mut browsers {
        booked.push(app.book(browser, monday(10, 0)).await);
    }
    assert_eq!(browsers[1].cancel(booked[1].appointment_id, 1).await.status, 200);
    let mut next = app.browser();
    let last = app.book(&mut next, monday(10, 0)).await;
    assert_eq!(
        app.count("select max(seat)::bigint from bookings.group_seat").await,
        3,
        "the free number is used"
    );
    for (browser, appointment) in [(&mut browsers[0], &booked[0]), (&mut next, &last)] {
        assert_eq!(browser.cancel(appointment.appointment_id, 1).await.status, 200);
    }
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (1, 1));
    app.acts(booked[2].appointment_id, 1, json!({"action": "cancel", "reason": "other"})).await;
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (0, 0));
    assert_eq!(app.count("select count(*) from bookings.group_session").await, 0);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 15)));
}

#[tokio::test]
async fn held_seats_lapse_like_any_time_that_is_held() {
    let app = app_with_groups().await;
    let mut holds: Vec<Hold> = Vec::new();
    for _ in 0..3 {
        holds.push(app.hold(&mut app.browser(), monday(10, 0)).await);
    }
    taken(&app, monday(10, 0)).await.problem(409, "time-taken");
    let calendar = app.calendar("2026-11-23").await;
    let column = calendar.roles.iter().find(|role| role.practitioner_role_id == ROLE).unwrap();
    assert_eq!((column.appointments.len(), column.taken.len()), (0, 1), "it is held");
    app.advance_to(holds[2].expires_at + minutes(1));
    // Before any job has run.
    let calendar = app.calendar("2026-11-23").await;
    assert!(calendar.roles.iter().all(|role| role.taken.is_empty()), "{calendar:?}");
    assert_eq!(taken(&app, monday(10, 15)).await.status, 201, "nobody is in the way any more");
    assert_eq!(app.count(SEATS).await, 1);
    app.advance(minutes(20));
    app.run("bookings.expire_holds").await;
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (0, 0));
}

#[tokio::test]
async fn a_seat_moves_to_another_session() {
    let app = app_with_groups().await;
    let (mut mover, mut stays) = (app.browser(), app.browser());
    let booked = app.book(&mut mover, monday(10, 0)).await;
    app.book(&mut stays, monday(10, 0)).await;
    let moved = mover.r#move(app.key(), booked.appointment_id, 1, monday(11, 0)).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    let moved: Appointment = moved.read();
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (2, 2));
    let back = json!({"version": 1, "start": monday(10, 0), "end": monday(10, 30)});
    let path = at_practice(&format!("appointments/{}/reschedule", moved.appointment_id));
    let back = desk(&app).await.post(&path, Some(app.key()), &back).await;
    assert_eq!(back.status, 200, "{}", back.body);
    assert_eq!(back.read::<CalendarAppointment>().takes, Some((monday(10, 0), monday(10, 30))));
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (2, 1));
}

#[tokio::test]
async fn the_desk_books_a_seat_too() {
    let app = app_with_groups().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let walk_in = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": monday(10, 0),
        "patient": {"name": "Bo Lee", "date_of_birth": BORN},
    });
    let mut desk = desk(&app).await;
    for status in [201, 201, 409] {
        let reply = desk.post(&at_practice("appointments"), Some(app.key()), &walk_in).await;
        assert_eq!(reply.status, status, "{}", reply.body);
    }
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (3, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_thirty_at_once_three_get_a_seat() {
    let app = app_with_groups().await;
    let tries = (0..30).map(|_| {
        let (mut browser, key) = (app.browser(), app.key());
        tokio::spawn(async move { browser.hold(key, ROLE, LONG, monday(10, 0)).await })
    });
    let replies: Vec<Reply> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 3);
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        reply.problem(409, "time-taken");
    }
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (3, 1));
}

#[tokio::test]
async fn the_database_has_each_seat_once_and_none_beyond_the_last() {
    let app = app_with_groups().await;
    app.hold(&mut app.browser(), monday(10, 0)).await;
    let mut admin = app.administrator().await;
    for (seat, constraint) in [("seat + 3", "group_seat_number"), ("seat", "group_seat_hold_key")] {
        let statement = format!(
            "insert into bookings.group_seat (group_session_id, seats, seat, hold_id) \
             select group_session_id, seats, {seat}, hold_id from bookings.group_seat"
        );
        let refused = sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut admin).await.unwrap_err();
        let refused = refused.as_database_error().unwrap().constraint().map(str::to_owned);
        let twice = ["group_seat_pkey".to_owned(), constraint.to_owned()];
        assert!(refused.is_some_and(|name| twice.contains(&name)), "{seat}");
    }
}

#[tokio::test]
async fn nobody_has_more_time_in_a_session_than_it_takes() {
    let app = app_with_groups().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let mut desk = desk(&app).await;
    let longer = json!({"version": 1, "start": monday(10, 0), "end": monday(11, 0)});
    let path = at_practice(&format!("appointments/{}/reschedule", booked.appointment_id));
    let refused = desk.post(&path, Some(app.key()), &longer).await.problem(422, "invalid");
    assert_eq!(refused.errors[0].pointer, "/end");
    let walk_in = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": monday(10, 0), "end": monday(10, 45),
        "patient": {"name": "Bo Lee", "date_of_birth": BORN},
    });
    desk.post(&at_practice("appointments"), Some(app.key()), &walk_in).await.problem(422, "invalid");
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (2, 1));
    // Once the type lasts longer, what has begun is offered no more.
    app.change("update bookings.appointment_type set duration_minutes = 45 where seats = 3").await;
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    taken(&app, monday(10, 0)).await.problem(409, "time-taken");
}

#[tokio::test]
async fn a_session_follows_who_is_alone_in_it_and_takes_no_less_than_its_type() {
    let app = app_with_groups().await;
    let mut alone = app.book(&mut app.browser(), monday(10, 0)).await.appointment_id;
    let mut desk = desk(&app).await;
    let (ten, eleven) = (monday(10, 0), monday(11, 0));
    for (start, lasts, takes) in [(ten, 60, 60), (ten, 30, 30), (ten, 20, 30), (eleven, 20, 30)] {
        let path = at_practice(&format!("appointments/{alone}/reschedule"));
        let visit = json!({"version": 1, "start": start, "end": start + minutes(lasts)});
        let reply = desk.post(&path, Some(app.key()), &visit).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let moved: CalendarAppointment = reply.read();
        assert_eq!(moved.takes, Some((start, start + minutes(takes))), "{start} {lasts}");
        alone = moved.appointment_id;
    }
    app.book(&mut app.browser(), eleven).await;
    assert_eq!((app.count(SEATS).await, app.count(RESERVED).await), (2, 1), "there is room for another one");
}

#[tokio::test]
async fn nobody_is_let_off_a_late_fee_by_who_sat_beside_them_all_along() {
    let app = app_with_groups().await;
    let mut late = app.browser();
    let leaves = app.book(&mut late, monday(10, 0)).await;
    let stays = app.book(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(late.cancel(leaves.appointment_id, 1).await.status, 200);
    let owed = "select sum(late_fee_cents)::bigint from bookings.appointment";
    assert_eq!(app.count(owed).await, 5_000);
    let path = at_practice(&format!("appointments/{}/reschedule", stays.appointment_id));
    let shorter = json!({"version": 1, "start": monday(10, 0), "end": monday(10, 20)});
    let reply = desk(&app).await.post(&path, Some(app.key()), &shorter).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(app.count(owed).await, 5_000);
    assert!(app.told("late_fee_waived").await.is_empty());
    app.book(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(app.count(owed).await, 0, "the seat is taken");
}
