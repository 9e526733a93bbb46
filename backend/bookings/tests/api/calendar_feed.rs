//! Calendars that people subscribe to, read as calendar programs do: without a cookie, by the address alone.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use jiff::SignedDuration;
use kernel::testing::read_by_others;
use serde_json::{Value, json};
use shared_types::{
    OrganizationId,
    bookings::{
        Appointment,
        calendar_feed::{FeedDetail, FeedMade, FeedState},
    },
    users::{StaffLeft, StaffRole, UsersEvent},
};
use uuid::Uuid;

use crate::{
    app::{
        App, Browser, COLLEAGUE, ELSEWHERE, LONG_COLLEAGUE, LONG_ELSEWHERE, ORGANIZATION, ROLE, Reply, monday,
    },
    members::{ada, signed_in},
    practice::{at_practice, desk, staff},
};

const MINE: &str = "/api/v1/bookings/me/calendar-feed";

fn of_role() -> String {
    at_practice(&format!("roles/{ROLE}/calendar-feed"))
}

async fn make(browser: &mut Browser, path: &str, detail: FeedDetail) -> FeedMade {
    let reply = browser.post(path, None, &json!({"detail": detail})).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

async fn delete(browser: &mut Browser, path: &str) -> Reply {
    let request = Request::builder().method(Method::DELETE).uri(path).body(Body::empty()).unwrap();
    browser.send(request).await
}

/// What a calendar program gets.
async fn read(app: &App, made: &FeedMade) -> (String, String) {
    let reply = app.browser().get(made.path.expose()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
    assert_eq!(reply.headers[header::CACHE_CONTROL], "private, no-cache");
    let tag = reply.headers[header::ETAG].to_str().unwrap().to_owned();
    (reply.body.as_str().unwrap().replace("\r\n", "\n"), tag)
}

async fn looks(app: &App) -> i64 {
    app.count("select count(*) from bookings.audit_entry where action = 'read_calendar_feed'").await
}

#[tokio::test]
async fn a_patient_subscribes_to_their_appointments_and_each_new_reading_is_written_down() {
    let app = App::new().await;
    let mut member = signed_in(&app, &ada(&app)).await;
    assert_eq!(member.get(MINE).await.read::<FeedState>().feed, None);
    let made = make(&mut member, MINE, FeedDetail::Times).await;
    let booked = app.book(&mut member, monday(10, 0)).await;
    let (text, tag) = read(&app, &made).await;
    for line in [
        "METHOD:PUBLISH",
        "X-WR-CALNAME:HelloMapper appointments",
        "DTSTART;TZID=Australia/Sydney:20261123T100000",
        "SUMMARY:Appointment",
        "STATUS:CONFIRMED",
        &format!("UID:{}@hellomapper", booked.booking_id),
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line} in {text}");
    }
    assert!(!text.contains("Nguyen") && !text.contains("Harris Park") && !text.contains("5550"), "{text}");
    assert_eq!(looks(&app).await, 1);
    // Who has it already is told so, and nothing else.
    let request = Request::get(made.path.expose()).header(header::IF_NONE_MATCH, format!("\"x\", {tag}"));
    let same = app.browser().send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((same.status, same.body.as_str()), (304, Some("")));
    assert_eq!(looks(&app).await, 1);
    let state: FeedState = member.get(MINE).await.read();
    assert_eq!(state.feed.unwrap().last_read_at, Some(app.core.now()));
    let whose: Option<Uuid> =
        sqlx::query_scalar("select whose from bookings.audit_entry where action = 'read_calendar_feed'")
            .fetch_one(&mut app.administrator().await)
            .await
            .unwrap();
    assert_eq!(whose, Some(crate::members::ADA.0));
}

#[tokio::test]
async fn names_and_places_are_told_only_to_who_chose_so_and_never_of_a_discreet_visit() {
    let app = App::new().await;
    let mut member = signed_in(&app, &ada(&app)).await;
    app.book(&mut member, monday(10, 0)).await;
    let made = make(&mut member, MINE, FeedDetail::Details).await;
    let (text, _) = read(&app, &made).await;
    assert!(text.contains("SUMMARY:Appointment with Dr Ada Nguyen\n"), "{text}");
    assert!(text.contains("LOCATION:Harris Park Allied Health"), "{text}");
    app.change("update bookings.role set discreet = true").await;
    let (text, _) = read(&app, &made).await;
    assert!(!text.contains("Nguyen") && !text.contains("Harris Park"), "{text}");
}

#[tokio::test]
async fn a_move_keeps_the_entry_and_a_cancellation_is_told_for_thirty_days() {
    let app = App::new().await;
    let mut member = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut member, monday(10, 0)).await;
    let made = make(&mut member, MINE, FeedDetail::Times).await;
    let moved = member.r#move(app.key(), booked.appointment_id, booked.version, monday(14, 0)).await;
    let moved: Appointment = moved.read();
    let (text, _) = read(&app, &made).await;
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "{text}");
    assert!(text.contains("SEQUENCE:1\n") && text.contains(":20261123T140000\n"), "{text}");
    assert_eq!(member.cancel(moved.appointment_id, moved.version).await.status, 200);
    let (text, _) = read(&app, &made).await;
    assert!(text.contains("STATUS:CANCELLED\n") && text.contains("SEQUENCE:2\n"), "{text}");
    assert!(text.contains(&format!("UID:{}@hellomapper\n", booked.booking_id)), "{text}");
    app.advance(SignedDuration::from_hours(24 * 31));
    assert!(!read(&app, &made).await.0.contains("VEVENT"));
}

#[tokio::test]
async fn an_address_is_kept_as_its_hash_and_dies_when_it_is_replaced_or_switched_off() {
    let app = App::new().await;
    let mut member = signed_in(&app, &ada(&app)).await;
    let first = make(&mut member, MINE, FeedDetail::Times).await;
    let second = make(&mut member, MINE, FeedDetail::Times).await;
    assert_ne!(first.path, second.path);
    app.browser().get(first.path.expose()).await.problem(404, "not-found");
    read(&app, &second).await;
    let token = second.path.expose().split('/').nth(5).unwrap().to_owned();
    assert_eq!(token.len(), 32, "128 bits");
    let kept: String = sqlx::query_scalar("select calendar_feed::text from bookings.calendar_feed")
        .fetch_one(&mut app.administrator().await)
        .await
        .unwrap();
    assert!(!kept.contains(&token) && !format!("{second:?}").contains(&token), "{kept}");
    assert_eq!(delete(&mut member, MINE).await.status, 204);
    app.browser().get(second.path.expose()).await.problem(404, "not-found");
    assert_eq!(delete(&mut member, MINE).await.status, 204, "once more is no harm");
    app.browser().get(MINE).await.problem(401, "signed-out");
    app.browser().get("/api/v1/bookings/calendar-feeds/x/calendar.ics").await.problem(404, "not-found");
}

#[tokio::test]
async fn a_practitioners_feed_has_initials_or_nothing_and_is_made_by_who_keeps_the_schedule() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    desk(&app).await.post(&of_role(), None, &json!({"detail": "details"})).await.problem(403, "not-allowed");
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    practitioner.post(&of_role(), None, &json!({"detail": "details"})).await.problem(403, "not-allowed");
    let mut manager = staff(&app, StaffRole::Manager).await;
    let with_initials = make(&mut manager, &of_role(), FeedDetail::Details).await;
    let (text, _) = read(&app, &with_initials).await;
    assert!(text.contains("SUMMARY:Booked: AN\n"), "{text}");
    assert!(text.contains("X-WR-CALNAME:Dr Ada Nguyen (HelloMapper)\n"), "{text}");
    assert!(!text.contains("example.org") && !text.contains("consultation"), "{text}");
    let plain = make(&mut manager, &of_role(), FeedDetail::Times).await;
    let (text, _) = read(&app, &plain).await;
    assert!(text.contains("SUMMARY:Busy\n") && !text.contains("Booked"), "{text}");
    let state: FeedState = desk(&app).await.get(&of_role()).await.read();
    assert_eq!(state.feed.unwrap().detail, FeedDetail::Times);
    let elsewhere = at_practice(&format!("roles/{ELSEWHERE}/calendar-feed"));
    manager.post(&elsewhere, None, &json!({"detail": "times"})).await.problem(404, "not-found");
    assert_eq!(delete(&mut manager, &of_role()).await.status, 204);
    app.browser().get(plain.path.expose()).await.problem(404, "not-found");
}

#[tokio::test]
async fn who_works_at_a_practice_no_longer_reads_none_of_its_calendars() {
    let app = App::new().await;
    let mut manager = staff(&app, StaffRole::Manager).await;
    let left = |account: u128, organization_id: OrganizationId| {
        UsersEvent::StaffLeft(StaffLeft { account_id: Uuid::from_u128(account).into(), organization_id })
    };
    let made = make(&mut manager, &of_role(), FeedDetail::Details).await;
    let own = make(&mut manager, MINE, FeedDetail::Times).await;
    // Somebody else, and they themselves elsewhere.
    app.receive("users", 1, &left(51, ORGANIZATION)).await;
    app.receive("users", 2, &left(50, Uuid::from_u128(0x42).into())).await;
    read(&app, &made).await;
    app.receive("users", 3, &left(50, ORGANIZATION)).await;
    app.browser().get(made.path.expose()).await.problem(404, "not-found");
    read(&app, &own).await;
    // Who keeps a role's schedule has the address, too, whoever made it.
    let kept = make(&mut manager, &of_role(), FeedDetail::Times).await;
    sqlx::query(
        "insert into bookings.role_keeper (practitioner_role_id, account_id, given_at) \
         values ($1, $2, '2026-11-22T00:00:00Z')",
    )
    .bind(ROLE.0)
    .bind(Uuid::from_u128(51))
    .execute(&mut app.administrator().await)
    .await
    .unwrap();
    app.receive("users", 4, &left(51, ORGANIZATION)).await;
    app.browser().get(kept.path.expose()).await.problem(404, "not-found");
}

/// Sydney, Lord Howe with its half hour, and Perth, each before and after the clocks are put back in April 2027.
#[tokio::test]
async fn two_independent_readers_understand_the_same_over_changes_of_the_clock() {
    let app = App::new().await;
    app.change("update bookings.role set time_zone = 'Australia/Lord_Howe' where slug = 'role-14'").await;
    app.change("update bookings.role set time_zone = 'Australia/Perth' where slug = 'role-12'").await;
    let mut member = signed_in(&app, &ada(&app)).await;
    let made = make(&mut member, MINE, FeedDetail::Details).await;
    let none = read_by_others(app.browser().get(made.path.expose()).await.body.as_str().unwrap());
    assert_eq!(none["icalendar"]["events"], json!([]));
    let mut booked = vec![app.book(&mut member, monday(10, 0)).await];
    for (role, of, start) in
        [(COLLEAGUE, LONG_COLLEAGUE, monday(11, 0)), (ELSEWHERE, LONG_ELSEWHERE, monday(14, 0))]
    {
        let hold = member.hold(app.key(), role, of, start).await;
        assert_eq!(hold.status, 201, "{}", hold.body);
        let made = app.confirm(&mut member, &hold.read()).await;
        booked.push(member.appointment(made.appointment_id).await);
    }
    for (start, end, statement) in [
        (
            "2027-04-02T22:00:00Z",
            "2027-04-02T22:30:00Z",
            "update bookings.appointment set starts_at = '2027-04-02T22:00:00Z', ends_at = '2027-04-02T22:30:00Z'",
        ),
        (
            "2027-04-04T23:00:00Z",
            "2027-04-04T23:30:00Z",
            "update bookings.appointment set starts_at = '2027-04-04T23:00:00Z', ends_at = '2027-04-04T23:30:00Z'",
        ),
    ] {
        app.change(statement).await;
        let reply = app.browser().get(made.path.expose()).await;
        let understood = read_by_others(reply.body.as_str().unwrap());
        for reader in ["icalendar", "vobject"] {
            let read = &understood[reader];
            assert_eq!(
                (&read["method"], &read["name"]),
                (&json!("PUBLISH"), &json!("HelloMapper appointments"))
            );
            assert_eq!(read["zones"].as_array().unwrap().len(), 3, "{read}");
            let events = read["events"].as_array().unwrap();
            assert_eq!(events.len(), 3, "{read}");
            for event in events {
                assert_eq!(
                    (&event["start"], &event["end"]),
                    (&json!(start), &json!(end)),
                    "{reader}: {event}"
                );
                assert_eq!(
                    (&event["status"], &event["sequence"]),
                    (&json!("CONFIRMED"), &json!(0)),
                    "{event}"
                );
            }
        }
        for one in &booked {
            let event = downloaded(&mut member, one, "PUBLISH").await;
            assert_eq!((&event["start"], &event["end"]), (&json!(start), &json!(end)), "{event}");
            assert_eq!((&event["status"], &event["sequence"]), (&json!("CONFIRMED"), &json!(0)), "{event}");
        }
    }
    // And what takes it out again.
    let first = &booked[0];
    assert_eq!(member.cancel(first.appointment_id, first.version).await.status, 200);
    let event = downloaded(&mut member, first, "CANCEL").await;
    assert_eq!((&event["status"], &event["sequence"]), (&json!("CANCELLED"), &json!(1)), "{event}");
}

/// The one event in the file of an appointment, which both readers understand alike.
async fn downloaded(member: &mut Browser, of: &Appointment, method: &str) -> Value {
    let path = format!("/api/v1/bookings/appointments/{}/calendar.ics", of.appointment_id);
    let reply = member.get(&path).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let understood = read_by_others(reply.body.as_str().unwrap());
    let read = &understood["icalendar"];
    assert_eq!(read["events"], understood["vobject"]["events"]);
    assert_eq!((&read["method"], &understood["vobject"]["method"]), (&json!(method), &json!(method)));
    assert_eq!(read["zones"].as_array().unwrap().len(), 1, "{read}");
    let [event] = read["events"].as_array().unwrap().as_slice() else { panic!("{read}") };
    assert_eq!(event["uid"], format!("{}@hellomapper", of.booking_id));
    event.clone()
}
