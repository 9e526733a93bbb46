use jiff::{
    Timestamp,
    civil::{Date, date},
};
use serde_json::{Value, json};
use shared_types::{
    bookings::{
        Appointment, AppointmentStatus, BookingsEvent,
        practice::CalendarAppointment,
        series::{Finding, SeriesReport},
    },
    page::Page,
};

use super::{at_practice, desk};
use crate::{
    app::{
        App, BORN, Browser, COLLEAGUE, ELSEWHERE, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, ROLE, Reply, wall,
    },
    members::{claims, signed_in},
};

/// The second Monday: the first is too near for the policy to be free of charge.
const FIRST: Date = date(2026, 11, 30);

fn question(visits: u16) -> Value {
    json!({
        "practitioner_role_id": ROLE,
        "appointment_type_id": LONG,
        "date": FIRST,
        "time": "10:00:00",
        "every": "week",
        "visits": visits,
    })
}

async fn check(app: &App, question: &Value) -> SeriesReport {
    let reply = desk(app).await.post(&at_practice("series/check"), None, question).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

fn mondays(count: i64) -> Vec<Timestamp> {
    let week = |nth: i64| FIRST.saturating_add(jiff::Span::new().weeks(nth));
    (0..count).map(|nth| wall(week(nth), 10, 0)).collect()
}

fn wish(starts: &[Timestamp]) -> Value {
    json!({
        "practitioner_role_id": ROLE,
        "appointment_type_id": LONG,
        "starts": starts,
        "agreed": true,
        "patient": {"name": "Bo Lee", "date_of_birth": BORN, "email": "bo@example.org"},
    })
}

async fn create(app: &App, wish: &Value) -> Reply {
    desk(app).await.post(&at_practice("series"), Some(app.key()), wish).await
}

async fn created(app: &App, starts: &[Timestamp]) -> Vec<CalendarAppointment> {
    let reply = create(app, &wish(starts)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read::<Page<CalendarAppointment>>().items
}

fn seen<'a>(visits: impl IntoIterator<Item = &'a CalendarAppointment>) -> Value {
    let seen = |visit: &CalendarAppointment| json!({"appointment_id": visit.appointment_id, "version": visit.version});
    visits.into_iter().map(seen).collect()
}

/// The patient's own browser, once the bookings are theirs.
async fn bo(app: &App) -> Browser {
    app.change("update bookings.appointment_party set account_id = '00000000-0000-0000-0000-000000000001'")
        .await;
    signed_in(app, &claims(app, 1)).await
}

#[tokio::test]
async fn every_visit_is_looked_at_before_any_is_booked() {
    let app = App::new().await;
    app.book(&mut app.browser(), wall(date(2026, 12, 7), 10, 0)).await;
    app.change(
        "insert into bookings.holiday (scope, date, name, source) values ('AU', '2026-12-14', 'Show day', 'a test')",
    )
    .await;
    let report = check(&app, &question(4)).await;
    let found: Vec<_> = report.visits.iter().map(|visit| visit.finding.clone()).collect();
    let holiday = Finding::Closed { holiday: Some("Show day".to_owned()) };
    assert_eq!(found, [Finding::Free, Finding::Taken, holiday, Finding::Free]);
    assert_eq!(report.visits.iter().map(|visit| visit.start).collect::<Vec<_>>(), mondays(4));
    let other = &report.visits[1].alternatives;
    assert!(other.contains(&wall(date(2026, 12, 7), 9, 30)), "the nearest are told: {other:?}");
    assert!(report.visits[0].alternatives.is_empty());
    let mut evening = question(2);
    evening["time"] = json!("20:00:00");
    let report = check(&app, &evening).await;
    assert!(report.visits.iter().all(|visit| visit.finding == Finding::OutsideHours));
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1, "nothing is kept");
}

#[tokio::test]
async fn the_wall_shows_the_same_time_across_a_change_of_the_clocks() {
    let app = App::new().await;
    let mut over = question(3);
    over["date"] = json!("2027-03-29");
    let report = check(&app, &over).await;
    let days = [date(2027, 3, 29), date(2027, 4, 5), date(2027, 4, 12)];
    let starts: Vec<_> = report.visits.iter().map(|visit| visit.start).collect();
    assert_eq!(starts, days.map(|day| wall(day, 10, 0)));
    let hours = starts[1].duration_since(starts[0]).as_hours();
    assert_eq!(hours, 7 * 24 + 1, "one night is an hour longer");
}

#[tokio::test]
async fn what_cannot_be_a_series_is_refused() {
    let app = App::new().await;
    let mut desk = desk(&app).await;
    for (field, value) in [("visits", json!(1)), ("visits", json!(27)), ("date", json!("2199-01-01"))] {
        let mut wrong = question(4);
        wrong[field] = value;
        desk.post(&at_practice("series/check"), None, &wrong).await.problem(422, "invalid");
    }
    let mut theirs = question(4);
    theirs["practitioner_role_id"] = json!(ELSEWHERE);
    theirs["appointment_type_id"] = json!(LONG_ELSEWHERE);
    desk.post(&at_practice("series/check"), None, &theirs).await.problem(404, "not-found");
    let (one, mut twice, mut unasked) = (wish(&mondays(1)), wish(&mondays(2)), wish(&mondays(2)));
    twice["starts"][1] = twice["starts"][0].clone();
    unasked["agreed"] = json!(false);
    for wrong in [&one, &twice, &unasked] {
        create(&app, wrong).await.problem(422, "invalid");
    }
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 0);
}

#[tokio::test]
async fn the_visits_that_were_agreed_to_are_booked_each_on_its_own_and_once() {
    let app = App::new().await;
    let (key, path, wish) = (app.key(), at_practice("series"), wish(&mondays(3)));
    let mut desk = desk(&app).await;
    let first: Page<CalendarAppointment> = desk.post(&path, Some(key), &wish).await.read();
    let again: Page<CalendarAppointment> = desk.post(&path, Some(key), &wish).await.read();
    assert_eq!(first, again);
    let starts: Vec<_> = first.items.iter().map(|visit| visit.start).collect();
    assert_eq!(starts, mondays(3));
    let series = first.items[0].series_id.unwrap();
    for visit in &first.items {
        assert_eq!((visit.status, visit.series_id), (AppointmentStatus::Confirmed, Some(series)));
        assert!(app.confirmed(visit.booking_id.0).await.manage_token.is_some());
        assert!(app.audited(visit.booking_id.0).await.iter().all(|(action, _)| action == "create_series"));
    }
    assert_eq!(app.count("select count(distinct booking_id) from bookings.appointment").await, 3);
    let told = app.told("series_booked").await;
    let [BookingsEvent::SeriesBooked(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((fact.series_id, fact.visits.len()), (series, 3));
    for (told, visit) in fact.visits.iter().zip(&first.items) {
        assert_eq!(
            told,
            &app.confirmed(visit.booking_id.0).await,
            "as it is told by itself, with the same link"
        );
    }
    let found: Page<CalendarAppointment> = desk.get(&at_practice(&format!("series/{series}"))).await.read();
    assert_eq!(found, first);
    desk.get(&at_practice(&format!("series/{}", app.key()))).await.problem(404, "not-found");
}

#[tokio::test]
async fn where_one_time_was_taken_meanwhile_nothing_is_booked() {
    let app = App::new().await;
    app.book(&mut app.browser(), wall(date(2026, 12, 7), 10, 0)).await;
    let told = app.told("appointment_confirmed").await.len();
    let problem = create(&app, &wish(&mondays(3))).await.problem(409, "series-changed");
    assert_eq!(problem.errors[0].pointer, "/starts/1");
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 1);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    assert_eq!(app.told("appointment_confirmed").await.len(), told);
    assert!(app.told("series_booked").await.is_empty());
    // Another time of that week, which the patient takes instead.
    let mut others = mondays(3);
    others[1] = wall(date(2026, 12, 8), 11, 0);
    assert_eq!(created(&app, &others).await.len(), 3);
}

#[tokio::test]
async fn this_visit_and_those_after_it_are_cancelled_in_one_act() {
    let app = App::new().await;
    let visits = created(&app, &mondays(4)).await;
    let path = at_practice(&format!("series/{}/cancel", visits[0].series_id.unwrap()));
    let mut stale = json!({"visits": seen(&visits[2..]), "action": "cancel_for_patient", "waive_fee": false});
    let mut desk = desk(&app).await;
    stale["visits"][1]["version"] = json!(9);
    desk.post(&path, None, &stale).await.problem(409, "stale-version");
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 4, "all of them or none");
    let not_theirs = json!({"visits": seen(&visits[2..]), "action": "cancel", "reason": "not_listed"});
    let problem = desk.post(&path, None, &not_theirs).await.problem(422, "invalid");
    assert_eq!(problem.errors[0].pointer, "/reason", "it is the platform's alone");
    let body = json!({"visits": seen(&visits[2..]), "action": "cancel", "reason": "practitioner_away"});
    let cancelled: Page<CalendarAppointment> = desk.post(&path, None, &body).await.read();
    assert_eq!(cancelled.items.len(), 2);
    assert!(cancelled.items.iter().all(|visit| visit.status == AppointmentStatus::CancelledByProvider));
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2);
    assert_eq!(app.told("appointment_cancelled").await.len(), 2);
    desk.post(&path, None, &body).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_visit_that_moved_stays_in_its_series_also_with_a_colleague() {
    let app = App::new().await;
    let visits = created(&app, &mondays(3)).await;
    let mut desk = desk(&app).await;
    let path = at_practice(&format!("appointments/{}/reschedule", visits[0].appointment_id));
    let (start, end) = (wall(FIRST, 14, 0), wall(FIRST, 14, 30));
    let to = json!({"version": 1, "practitioner_role_id": COLLEAGUE, "start": start, "end": end});
    let moved: CalendarAppointment = desk.post(&path, Some(app.key()), &to).await.read();
    assert_eq!(moved.series_id, visits[0].series_id);
    let path = at_practice(&format!("series/{}", visits[0].series_id.unwrap()));
    let found: Page<CalendarAppointment> = desk.get(&path).await.read();
    assert_eq!(found.items.len(), 3);
    let body = json!({"visits": seen(&found.items), "action": "cancel_for_patient", "waive_fee": false});
    let cancelled = desk.post(&format!("{path}/cancel"), None, &body).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.body);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    assert!(!app.free_on(COLLEAGUE, LONG_COLLEAGUE, FIRST).await.is_empty());
}

#[tokio::test]
async fn a_patient_sees_what_each_visit_costs_and_cancels_those_that_they_choose() {
    let app = App::new().await;
    let visits = created(&app, &mondays(3)).await;
    let path = format!("/api/v1/bookings/me/series/{}", visits[0].series_id.unwrap());
    let mut stranger = signed_in(&app, &claims(&app, 2)).await;
    stranger.get(&path).await.problem(404, "not-found");
    let body = json!({"visits": seen(&visits)});
    stranger.post(&format!("{path}/cancel"), None, &body).await.problem(404, "not-found");
    let mut bo = bo(&app).await;
    let mine: Page<Appointment> = bo.get(&path).await.read();
    assert_eq!(mine.items.iter().map(|visit| visit.start).collect::<Vec<_>>(), mondays(3));
    let rest = json!({"visits": seen(&visits[1..])});
    let cancelled: Page<Appointment> = bo.post(&format!("{path}/cancel"), None, &rest).await.read();
    let stood: Vec<_> = cancelled.items.iter().map(|visit| visit.status).collect();
    assert_eq!(stood, [AppointmentStatus::CancelledByPatient; 2]);
    let nothing = json!({"visits": []});
    bo.post(&format!("{path}/cancel"), None, &nothing).await.problem(422, "invalid");
    // One alone is cancelled as ever.
    assert_eq!(bo.cancel(visits[0].appointment_id, 1).await.status, 200);
    let audited = app.audited(visits[2].booking_id.0).await;
    let mut actions: Vec<_> = audited.into_iter().map(|(action, _)| action).collect();
    actions.dedup();
    assert_eq!(actions, ["create_series", "find_my_series", "cancel_my_series"]);
}

#[tokio::test]
async fn of_two_desks_that_want_the_same_series_one_has_all_of_it() {
    let app = App::new().await;
    let wish = wish(&mondays(5));
    let (one, other) = tokio::join!(create(&app, &wish), create(&app, &wish));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 5);
    let linked = "select count(*) from bookings.appointment_party where series_id is not null";
    assert_eq!(app.count(linked).await, 5);
}
