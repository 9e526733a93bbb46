use jiff::Timestamp;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId,
    bookings::{AppointmentStatus, BookingsEvent, practice::CalendarAppointment},
};

use super::{at_practice, desk};
use crate::app::{
    App, BORN, COLLEAGUE, ELSEWHERE, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, MONDAY, ROLE, Reply, SHORT, monday,
};

fn walk_in(start: Timestamp) -> Value {
    json!({
        "practitioner_role_id": ROLE,
        "appointment_type_id": LONG,
        "start": start,
        "patient": {"name": " Bo  Lee ", "date_of_birth": BORN},
    })
}

async fn create(app: &App, body: &Value) -> Reply {
    desk(app).await.post(&at_practice("appointments"), Some(app.key()), body).await
}

async fn created(app: &App, body: &Value) -> CalendarAppointment {
    let reply = create(app, body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

async fn reschedule(app: &App, appointment: AppointmentId, body: &Value) -> Reply {
    let path = at_practice(&format!("appointments/{appointment}/reschedule"));
    desk(app).await.post(&path, Some(app.key()), body).await
}

async fn rescheduled(app: &App, appointment: AppointmentId, body: &Value) -> CalendarAppointment {
    let reply = reschedule(app, appointment, body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

#[tokio::test]
async fn who_walks_in_is_booked_at_any_minute_without_an_address() {
    let app = App::new().await;
    app.advance_to(monday(18, 7));
    let there = created(&app, &walk_in(monday(18, 5))).await;
    assert_eq!((there.status, there.start), (AppointmentStatus::Confirmed, monday(18, 5)));
    assert_eq!(there.patient.name.expose(), "Bo Lee");
    assert!(there.patient.email.expose().is_empty());
    let fact = app.confirmed(there.booking_id.0).await;
    assert!(fact.email.expose().is_empty() && fact.manage_token.is_none());
    assert_eq!(app.count("select count(*) from bookings.manage_link").await, 0);
    app.acts(there.appointment_id, 1, json!({"action": "check_in"})).await;
}

#[tokio::test]
async fn who_calls_and_has_an_address_gets_a_link_like_anybody() {
    let app = App::new().await;
    let mut call = walk_in(monday(10, 0));
    call["patient"]["email"] = json!("bo@example.org");
    let booked = created(&app, &call).await;
    let token = app.manage_token(booked.booking_id.0).await;
    let mut patient = app.browser();
    assert_eq!(patient.open(&token, json!({"date_of_birth": BORN})).await.status, 200);
    assert_eq!(patient.cancel(booked.appointment_id, 1).await.status, 200);
}

/// Medicare is asked on their behalf, so payments has to know whom it is about.
#[tokio::test]
async fn whose_bulk_billed_visit_it_is_is_told_and_of_nobody_else() {
    let app = App::new().await;
    let private = created(&app, &walk_in(monday(10, 0))).await;
    assert!(app.confirmed(private.booking_id.0).await.claimant.is_none());
    let mut visit = walk_in(monday(11, 0));
    visit["appointment_type_id"] = json!(SHORT);
    visit["patient"]["mobile"] = json!("0491 570 156");
    let booked = created(&app, &visit).await;
    let claimant = app.confirmed(booked.booking_id.0).await.claimant.unwrap();
    assert_eq!(claimant.name.expose(), "Bo Lee");
    assert_eq!(claimant.mobile_ends_with.expose(), "156");
}

#[tokio::test]
async fn nobody_is_booked_twice_at_once_unless_they_are_fitted_in() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let taken = create(&app, &walk_in(monday(10, 15))).await;
    assert!(!taken.problem(409, "time-taken").alternatives.is_empty());
    let mut fitted = walk_in(monday(10, 15));
    fitted["fit_in"] = json!(true);
    assert!(created(&app, &fitted).await.fitted_in);
    assert!(created(&app, &fitted).await.fitted_in, "and a third");
    // Where there is room, it takes the room like anything else.
    fitted["start"] = json!(monday(12, 0));
    assert!(!created(&app, &fitted).await.fitted_in);
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(12, 0)));
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 4);
}

#[tokio::test]
async fn a_repeat_books_nothing_more_and_wrong_details_are_named() {
    let app = App::new().await;
    let (key, path) = (app.key(), at_practice("appointments"));
    let mut desk = desk(&app).await;
    let first: CalendarAppointment = desk.post(&path, Some(key), &walk_in(monday(10, 0))).await.read();
    let again: CalendarAppointment = desk.post(&path, Some(key), &walk_in(monday(10, 0))).await.read();
    assert_eq!(first, again);
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 1);
    let kept = "select count(*) from bookings.idempotency where reply_body::text like '%Lee%'";
    assert_eq!(app.count(kept).await, 0, "who comes is kept in one place");
    let mut wrong = walk_in(monday(11, 0));
    wrong["patient"]["date_of_birth"] = json!("2030-01-01");
    wrong["patient"]["email"] = json!("bo");
    let problem = desk.post(&path, Some(app.key()), &wrong).await.problem(422, "invalid");
    assert_eq!(problem.errors.len(), 2);
    let far = walk_in("2199-01-01T00:00:00Z".parse().unwrap());
    desk.post(&path, Some(app.key()), &far).await.problem(422, "invalid");
    let mut elsewhere = walk_in(monday(11, 0));
    elsewhere["practitioner_role_id"] = json!(ELSEWHERE);
    elsewhere["appointment_type_id"] = json!(LONG_ELSEWHERE);
    desk.post(&path, Some(app.key()), &elsewhere).await.problem(404, "not-found");
}

#[tokio::test]
async fn an_appointment_is_dragged_stretched_and_put_back() {
    let app = App::new().await;
    let mut patient = app.browser();
    let hold = patient.hold(app.key(), ROLE, SHORT, monday(10, 0)).await.read();
    let booked = app.confirm(&mut patient, &hold).await;
    let longer = json!({"version": 1, "start": monday(10, 7), "end": monday(10, 52)});
    let moved = rescheduled(&app, booked.appointment_id, &longer).await;
    assert_eq!((moved.start, moved.end, moved.version), (monday(10, 7), monday(10, 52), 1));
    assert_eq!(moved.takes, Some((monday(10, 2), monday(11, 2))), "its buffers move along");
    let back = json!({"version": 1, "start": monday(10, 0), "end": monday(10, 15)});
    let back = rescheduled(&app, moved.appointment_id, &back).await;
    assert_eq!((back.start, back.end), (monday(10, 0), monday(10, 15)));
    assert_eq!(back.booking_id, booked.booking_id);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    let told = app.told("appointment_moved").await;
    let sequences: Vec<_> = told
        .iter()
        .map(|event| match event {
            BookingsEvent::AppointmentMoved(fact) => fact.sequence,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sequences, [1, 2]);
    let same_money = "select count(distinct (quote_id, price_cents, policy)) from bookings.appointment";
    assert_eq!(app.count(same_money).await, 1);
}

#[tokio::test]
async fn a_colleague_takes_over_and_a_taken_time_is_refused() {
    let app = App::new().await;
    let own = app.book(&mut app.browser(), monday(10, 0)).await;
    let mut other = app.browser();
    let hold = other.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(10, 0)).await.read();
    app.confirm(&mut other, &hold).await;
    let over =
        |start, end| json!({"version": 1, "practitioner_role_id": COLLEAGUE, "start": start, "end": end});
    let taken = reschedule(&app, own.appointment_id, &over(monday(10, 15), monday(10, 45))).await;
    taken.problem(409, "time-taken");
    let moved = rescheduled(&app, own.appointment_id, &over(monday(11, 0), monday(11, 30))).await;
    assert_eq!(moved.practitioner_role_id, COLLEAGUE);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    assert!(!app.free_on(COLLEAGUE, LONG_COLLEAGUE, MONDAY).await.contains(&monday(11, 0)));
    let elsewhere = json!({
        "version": 1, "practitioner_role_id": ELSEWHERE, "start": monday(12, 0), "end": monday(12, 30)
    });
    reschedule(&app, moved.appointment_id, &elsewhere).await.problem(404, "not-found");
}

#[tokio::test]
async fn what_changed_meanwhile_or_is_over_is_not_moved() {
    let app = App::new().await;
    let own = app.book(&mut app.browser(), monday(10, 0)).await;
    let to = |version| json!({"version": version, "start": monday(11, 0), "end": monday(11, 30)});
    reschedule(&app, own.appointment_id, &to(2)).await.problem(409, "stale-version");
    app.acts(own.appointment_id, 1, json!({"action": "cancel", "reason": "other"})).await;
    reschedule(&app, own.appointment_id, &to(2)).await.problem(409, "wrong-state");
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 1);
}

#[tokio::test]
async fn a_time_that_only_a_fit_in_takes_is_not_sold() {
    let app = App::new().await;
    let mut patient = app.browser();
    let first = app.book(&mut patient, monday(10, 0)).await;
    let mut fitted = walk_in(monday(10, 15));
    fitted["fit_in"] = json!(true);
    created(&app, &fitted).await;
    assert_eq!(patient.cancel(first.appointment_id, 1).await.status, 200);
    let free = app.free_on(ROLE, LONG, MONDAY).await;
    assert!(free.contains(&monday(10, 45)) && !free.contains(&monday(10, 0)), "{free:?}");
    let mut other = app.browser();
    for start in [monday(10, 0), monday(10, 15), monday(10, 30)] {
        other.hold(app.key(), ROLE, LONG, start).await.problem(409, "time-taken");
    }
    let later = app.book(&mut other, monday(12, 0)).await;
    let moved = other.r#move(app.key(), later.appointment_id, 1, monday(10, 15)).await;
    moved.problem(409, "time-taken");
    assert_eq!(other.appointment(later.appointment_id).await.start, monday(12, 0));
    // The desk knows what it does.
    created(&app, &fitted).await;
}

#[tokio::test]
async fn that_a_card_was_refused_while_the_desk_waited_moves_along() {
    let app = std::sync::Arc::new(App::new().await);
    let id = app.book(&mut app.browser(), monday(10, 0)).await.appointment_id;
    let mut admin = app.administrator().await;
    let mut held = sqlx::Connection::begin(&mut admin).await.unwrap();
    sqlx::query("select from bookings.resource for update").execute(&mut *held).await.unwrap();
    let asks = std::sync::Arc::clone(&app);
    let to = json!({"version": 1, "start": monday(11, 0), "end": monday(11, 30)});
    let waits = tokio::spawn(async move { reschedule(&asks, id, &to).await });
    app.somebody_waits().await;
    // As when its card is refused: that makes no version.
    sqlx::query(
        "update bookings.appointment set payment_failure = 'insufficient_funds', repair_until = starts_at",
    )
    .execute(&mut *held)
    .await
    .unwrap();
    held.commit().await.unwrap();
    let moved = waits.await.unwrap();
    assert_eq!(moved.status, 200, "{}", moved.body);
    let known = "select count(*) from bookings.appointment \
                 where status = 'confirmed' and payment_failure is not null and repair_until is not null";
    assert_eq!(app.count(known).await, 1);
}
