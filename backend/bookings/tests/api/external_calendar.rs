//! A practitioner's other calendar, on a server of the test's own: what it says is not sold, and nothing is sold once it is too old.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared_types::{
    PractitionerRoleId,
    bookings::{
        AppointmentStatus,
        external_calendar::{ExternalCalendarState, ReadFailure},
        practice::TakenBy,
    },
    users::StaffRole,
};

use crate::{
    app::{
        App, Browser, COLLEAGUE, ELSEWHERE, KEY, LONG, LONG_ELSEWHERE, MONDAY, ROLE, Reply, minutes, monday,
    },
    practice::{at_practice, desk, staff},
};

const JOB: &str = "bookings.read_calendars";
/// Monday from ten to eleven in Sydney.
const SURGERY: &str = "BEGIN:VEVENT\r\nUID:1@example.org\r\nSUMMARY:Surgery at home\r\n\
    DTSTART:20261122T230000Z\r\nDTEND:20261123T000000Z\r\nEND:VEVENT\r\n";

fn path() -> String {
    at_practice(&format!("roles/{ROLE}/external-calendar"))
}

/// What the other server says, and how often it was asked for all of it.
#[derive(Default)]
struct Said {
    status: u16,
    body: String,
    wholes: u32,
}

/// Somebody's calendar server.
pub(super) struct Server {
    address: String,
    said: Arc<Mutex<Said>>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let said = Arc::new(Mutex::new(Said::default()));
        let router = Router::new()
            .route("/calendar.ics", get(answer))
            .route("/moved.ics", get(|| async { (StatusCode::FOUND, [(header::LOCATION, "/calendar.ics")]) }))
            .route("/round.ics", get(|| async { (StatusCode::FOUND, [(header::LOCATION, "/round.ics")]) }))
            .with_state(Arc::clone(&said));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let server = Self { address, said };
        server.says(SURGERY);
        server
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Has these events in its calendar from now on.
    fn says(&self, events: &str) {
        let mut said = self.said.lock().unwrap();
        said.status = 200;
        said.body =
            format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{events}END:VCALENDAR\r\n");
    }

    /// Answers with that from now on.
    fn answers(&self, status: u16, body: &str) {
        let mut said = self.said.lock().unwrap();
        (said.status, said.body) = (status, body.to_owned());
    }

    fn wholes(&self) -> u32 {
        self.said.lock().unwrap().wholes
    }
}

async fn answer(State(said): State<Arc<Mutex<Said>>>, headers: HeaderMap) -> Response {
    let mut said = said.lock().unwrap();
    let tag = format!("\"{}\"", said.body.len());
    if said.status == 200 && headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == *tag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    said.wholes += 1;
    (StatusCode::from_u16(said.status).unwrap(), [(header::ETAG, tag)], said.body.clone()).into_response()
}

async fn put(browser: &mut Browser, address: &str) -> Reply {
    let request = Request::put(path()).header(header::CONTENT_TYPE, "application/json");
    let body = json!({"address": address}).to_string();
    browser.send(request.body(Body::from(body)).unwrap()).await
}

/// A manager gives the calendar, which must work.
pub(super) async fn given(app: &App, address: &str) -> ExternalCalendarState {
    let reply = put(&mut staff(app, StaffRole::Manager).await, address).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

pub(super) async fn state(app: &App) -> ExternalCalendarState {
    let reply = desk(app).await.get(&path()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

#[tokio::test]
async fn time_that_another_calendar_takes_is_not_sold_and_nothing_of_what_it_is_is_kept() {
    let (app, server) = (App::new().await, Server::start().await);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    let set = given(&app, &server.at("/calendar.ics")).await;
    let calendar = set.calendar.unwrap();
    assert!(server.address.ends_with(&calendar.host) && calendar.fresh_until.is_none(), "{calendar:?}");
    // Nobody knows yet when they are busy.
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
    app.browser().hold(app.key(), ROLE, LONG, monday(9, 0)).await.problem(409, "time-taken");
    assert_eq!(app.run(JOB).await, 1);
    let free = app.free_on(ROLE, LONG, MONDAY).await;
    assert!(free.contains(&monday(9, 30)) && free.contains(&monday(11, 0)), "{free:?}");
    for taken in [monday(9, 45), monday(10, 0), monday(10, 45)] {
        assert!(!free.contains(&taken), "{taken}");
        let refused = app.browser().hold(app.key(), ROLE, LONG, taken).await.problem(409, "time-taken");
        assert!(refused.alternatives.contains(&monday(9, 30)), "{refused:?}");
    }
    // The same person's other practice did not ask us to read it.
    assert!(app.free_on(ELSEWHERE, LONG_ELSEWHERE, MONDAY).await.contains(&monday(10, 0)));
    let day = app.calendar("2026-11-23").await;
    let column = day.roles.iter().find(|role| role.practitioner_role_id == ROLE).unwrap();
    assert_eq!((column.taken[0].start, column.taken[0].by), (monday(10, 0), TakenBy::Elsewhere));
    let kept = "select count(*) from bookings.external_calendar calendar, bookings.external_busy busy \
                where calendar::text || busy::text ilike '%surgery%' or calendar::text || busy::text like '%1@example%'";
    assert_eq!(app.count(kept).await, 0);
    assert_eq!(state(&app).await.calendar.unwrap().busy_spans, 1);
}

#[tokio::test]
async fn nothing_is_sold_on_what_is_too_old() {
    let (app, server) = (App::new().await, Server::start().await);
    given(&app, &server.at("/calendar.ics")).await;
    app.run(JOB).await;
    let fresh_until = state(&app).await.calendar.unwrap().fresh_until.unwrap();
    assert_eq!(fresh_until, app.core.now() + minutes(120));
    server.answers(503, "");
    app.advance(minutes(119));
    assert_eq!(app.run(JOB).await, 1);
    let calendar = state(&app).await.calendar.unwrap();
    assert_eq!((calendar.failure, calendar.fresh_until), (Some(ReadFailure::Refused), Some(fresh_until)));
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.is_empty(), "it is still good");
    app.advance(minutes(1));
    // Whether or not anybody tries again.
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
    app.browser().hold(app.key(), ROLE, LONG, monday(9, 0)).await.problem(409, "time-taken");
    assert!(!app.free_on(ELSEWHERE, LONG_ELSEWHERE, MONDAY).await.is_empty());
    app.run(JOB).await;
    // Search is told in the same breath.
    app.run("bookings.publish_next_free").await;
    let due = "select count(*) from bookings.outbox where name = 'next_free_changed'";
    assert!(app.count(due).await > 0);
    server.says(SURGERY);
    app.advance(minutes(60));
    app.run(JOB).await;
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(9, 0)));
    assert_eq!(state(&app).await.calendar.unwrap().failure, None);
}

/// What takes a role's Monday elsewhere, as its practice sees it.
async fn taken(app: &App, role: PractitionerRoleId) -> Vec<(Timestamp, Timestamp)> {
    let day = app.calendar("2026-11-23").await;
    let column = day.roles.iter().find(|column| column.practitioner_role_id == role).unwrap();
    assert!(column.taken.iter().all(|span| span.by == TakenBy::Elsewhere), "{column:?}");
    column.taken.iter().map(|span| (span.start, span.end)).collect()
}

#[tokio::test]
async fn a_calendar_that_is_not_read_takes_all_of_the_days_that_the_practice_sees() {
    let (app, server) = (App::new().await, Server::start().await);
    given(&app, &server.at("/calendar.ics")).await;
    let whole = (monday(0, 0), monday(0, 0) + SignedDuration::from_hours(24));
    assert_eq!(taken(&app, ROLE).await, [whole], "it was never read");
    assert!(taken(&app, COLLEAGUE).await.is_empty());
    app.run(JOB).await;
    let surgery = (monday(10, 0), monday(11, 0));
    assert_eq!(taken(&app, ROLE).await, [surgery]);
    app.advance(minutes(119));
    assert_eq!(taken(&app, ROLE).await, [surgery], "it is still good");
    app.advance(minutes(1));
    assert_eq!(taken(&app, ROLE).await, [whole, surgery], "what it said last is told all the same");
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
}

#[tokio::test]
async fn a_calendar_that_has_not_changed_is_not_read_again_but_once_a_day() {
    let (app, server) = (App::new().await, Server::start().await);
    given(&app, &server.at("/calendar.ics")).await;
    app.run(JOB).await;
    assert_eq!(app.run(JOB).await, 0, "it is not due");
    for _ in 0..3 {
        app.advance(minutes(15));
        assert_eq!(app.run(JOB).await, 1);
    }
    assert_eq!(server.wholes(), 1);
    let read_at = state(&app).await.calendar.unwrap().read_at;
    assert_eq!(read_at, Some(app.core.now()));
    app.advance(SignedDuration::from_hours(24));
    app.run(JOB).await;
    assert_eq!(server.wholes(), 2);
    server.says("");
    app.advance(minutes(15));
    app.run(JOB).await;
    assert_eq!(state(&app).await.calendar.unwrap().busy_spans, 0);
}

#[tokio::test]
async fn what_is_booked_stands_and_is_named_when_another_calendar_overlaps_it() {
    let (app, server) = (App::new().await, Server::start().await);
    let mut patient = app.browser();
    let booked = app.book(&mut patient, monday(10, 30)).await;
    app.book(&mut app.browser(), monday(14, 0)).await;
    given(&app, &server.at("/calendar.ics")).await;
    app.run(JOB).await;
    let overlaps = state(&app).await.overlaps;
    assert_eq!(overlaps.len(), 1);
    assert_eq!(
        (overlaps[0].appointment_id, overlaps[0].status),
        (booked.appointment_id, AppointmentStatus::Confirmed)
    );
    let still = patient.appointment(booked.appointment_id).await;
    assert_eq!((still.status, still.start, still.version), (booked.status, booked.start, booked.version));
    // The desk may book what patients may not.
    let walk_in = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": monday(10, 0),
        "patient": {"name": "Bo Lee", "date_of_birth": "1980-02-29"},
    });
    let key = app.key();
    let reply = desk(&app).await.post(&at_practice("appointments"), Some(key), &walk_in).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    let (app, server) = (App::new().await, Server::start().await);
    let huge = "X".repeat(5 * 1024 * 1024 + 1);
    for (path, status, body, expected) in [
        ("/calendar.ics", 404, "", ReadFailure::Refused),
        ("/calendar.ics", 200, "<!DOCTYPE html>", ReadFailure::NotACalendar),
        ("/calendar.ics", 200, huge.as_str(), ReadFailure::TooLarge),
        (
            "/calendar.ics",
            200,
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261122T230000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=SECONDLY\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n",
            ReadFailure::NotUnderstood,
        ),
        ("/round.ics", 200, "", ReadFailure::NotAllowed),
    ] {
        server.answers(status, body);
        given(&app, &server.at(path)).await;
        assert_eq!(app.run(JOB).await, 1);
        let calendar = state(&app).await.calendar.unwrap();
        assert_eq!((calendar.failure, calendar.read_at), (Some(expected), None), "{path}");
        assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
    }
    given(&app, "http://127.0.0.1:1/calendar.ics").await;
    app.run(JOB).await;
    assert_eq!(state(&app).await.calendar.unwrap().failure, Some(ReadFailure::Unreachable));
    server.says(SURGERY);
    given(&app, &server.at("/moved.ics")).await;
    app.run(JOB).await;
    assert_eq!(state(&app).await.calendar.unwrap().failure, None, "a redirect is followed");
}

#[tokio::test]
async fn a_calendar_is_given_by_who_keeps_the_schedule_and_its_address_is_shown_to_nobody() {
    let (app, server) = (App::new().await, Server::start().await);
    put(&mut desk(&app).await, &server.at("/calendar.ics")).await.problem(403, "not-allowed");
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    put(&mut practitioner, &server.at("/calendar.ics")).await.problem(403, "not-allowed");
    let mut manager = staff(&app, StaffRole::Manager).await;
    for wrong in ["", "calendar.ics", "ftp://example.org/a.ics", "https://me:secret@example.org/a.ics"] {
        let problem = put(&mut manager, wrong).await.problem(422, "invalid");
        assert_eq!(problem.errors[0].pointer, "/address", "{wrong}");
    }
    let set = put(&mut manager, &server.at("/calendar.ics?secret=quillfeather")).await;
    assert!(!set.body.to_string().contains("quillfeather"), "{}", set.body);
    let request = Request::builder().method(Method::DELETE).uri(path()).body(Body::empty()).unwrap();
    assert_eq!(manager.send(request).await.status, 204);
    assert_eq!(state(&app).await.calendar, None);
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.is_empty());
}

/// All that is kept of the calendar.
async fn raw(app: &App) -> String {
    sqlx::query_scalar("select calendar::text from bookings.external_calendar calendar")
        .fetch_one(&mut app.administrator().await)
        .await
        .unwrap()
}

/// What the manager's export says.
async fn exported(app: &App) -> String {
    let reply = staff(app, StaffRole::Manager).await.get("/api/v1/bookings/me/export").await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body.to_string()
}

#[tokio::test]
async fn the_raw_row_holds_no_address_and_it_is_read_and_handed_out_all_the_same() {
    let (app, server) = (App::new().await, Server::start().await);
    given(&app, &server.at("/calendar.ics?secret=quillfeather")).await;
    let hex: String = "quillfeather".bytes().map(|byte| format!("{byte:02x}")).collect();
    let raw = raw(&app).await;
    assert!(!raw.contains("quillfeather") && !raw.contains(&hex) && !raw.contains(".ics"), "{raw}");
    assert_eq!(app.run(JOB).await, 1);
    assert_eq!(state(&app).await.calendar.unwrap().busy_spans, 1);
    assert!(exported(&app).await.contains("/calendar.ics?secret=quillfeather"));
}

#[tokio::test]
async fn an_address_from_before_addresses_were_sealed_is_read_and_sealed() {
    let (app, server) = (App::new().await, Server::start().await);
    given(&app, &server.at("/moved.ics")).await;
    let plain = "update bookings.external_calendar set address = $1, host = null, key_id = null, sealed_address = null";
    let mut conn = app.database.connect("bookings_migrate").await;
    sqlx::query(plain).bind(server.at("/calendar.ics")).execute(&mut conn).await.unwrap();
    assert!(raw(&app).await.contains("/calendar.ics"));
    let before = state(&app).await.calendar.unwrap();
    assert_eq!(app.run(JOB).await, 1);
    assert_eq!(app.run("bookings.seal_secrets").await, 1);
    assert_eq!(app.run("bookings.seal_secrets").await, 0);
    assert!(!raw(&app).await.contains("/calendar.ics"));
    app.advance(minutes(15));
    server.says("");
    assert_eq!(app.run(JOB).await, 1);
    let after = state(&app).await.calendar.unwrap();
    assert_eq!((&after.host, after.failure, after.busy_spans), (&before.host, None, 0));
}

#[tokio::test]
async fn an_address_whose_key_is_not_here_is_not_read_and_the_key_is_named() {
    let (mut app, server) = (App::new().await, Server::start().await);
    given(&app, &server.at("/calendar.ics?secret=quillfeather")).await;
    let missed: String = sqlx::query_scalar("select key_id from bookings.external_calendar")
        .fetch_one(&app.core.pool)
        .await
        .unwrap();
    app.restart(8, &[]).await;
    for job in [JOB, "bookings.seal_secrets"] {
        let why = app.failure(job).await;
        assert!(why.contains(&missed) && why.contains("HELLOMAPPER_BOOKINGS_KEYS"), "{job}: {why}");
        assert!(!why.contains("quillfeather"), "{why}");
    }
    assert_eq!(server.wholes(), 0);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty(), "when they are busy elsewhere is not known");
    assert!(exported(&app).await.contains("a secret that cannot be opened at the moment"));
    // With the key back it is sealed anew, and then the key can go.
    app.restart(8, &[KEY]).await;
    assert_eq!(app.run("bookings.seal_secrets").await, 1);
    app.restart(8, &[]).await;
    app.advance(minutes(10));
    assert_eq!(app.run(JOB).await, 1);
    assert_eq!(state(&app).await.calendar.unwrap().busy_spans, 1);
}
