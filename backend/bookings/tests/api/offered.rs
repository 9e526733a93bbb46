//! What a hold and its appointment keep of the moment at which their time was offered: on whose clocks, and by which version of
//! the rules.

use serde_json::{Value, json};
use shared_types::{
    Zone,
    bookings::{
        Appointment, BookingsEvent, Hold, PracticeAppointment,
        calendar_feed::{FeedDetail, FeedMade},
        proposal::Proposal,
    },
    page::Page,
};

use crate::{
    app::{App, COLLEAGUE, monday, wall},
    members::{ada, signed_in},
    practice::{at_practice, desk},
};

const CORRECTED: &str = "update bookings.role set time_zone = 'Australia/Perth'";

fn perth() -> Zone {
    "Australia/Perth".parse().unwrap()
}

/// Zone, version of the rules and version of the type, as the links of the only booking have them, the first one first.
async fn kept(app: &App) -> Vec<(String, i32, i32)> {
    sqlx::query_as(
        "select time_zone, rule_version, type_version from bookings.appointment order by sequence, created_at",
    )
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap()
}

fn in_sydney(rules: i32, of: i32) -> (String, i32, i32) {
    ("Australia/Sydney".to_owned(), rules, of)
}

#[tokio::test]
async fn correcting_a_zone_changes_no_wall_time_of_what_is_booked() {
    let app = App::new().await;
    let mut member = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut member, monday(10, 0)).await;
    let feed = member
        .post("/api/v1/bookings/me/calendar-feed", None, &json!({"detail": FeedDetail::Details}))
        .await
        .read::<FeedMade>();
    app.change(CORRECTED).await;

    let seen = member.appointment(booked.appointment_id).await;
    assert_eq!((seen.start, seen.role.time_zone), (monday(10, 0), Zone::SYDNEY));
    let file = member
        .get(&format!("/api/v1/bookings/appointments/{}/calendar.ics", booked.appointment_id))
        .await
        .body;
    let fed = app.browser().get(feed.path.expose()).await.body;
    for (what, text) in [("the file", file), ("the feed", fed)] {
        let text = text.as_str().unwrap();
        assert!(text.contains("DTSTART;TZID=Australia/Sydney:20261123T100000"), "{what}: {text}");
    }
    let fhir = member.get(&format!("/fhir/Appointment/{}", booked.appointment_id)).await;
    assert_eq!(fhir.body["start"], "2026-11-23T10:00:00+11:00", "{}", fhir.body);

    let path = at_practice("appointments?from=2026-11-23&to=2026-11-23");
    let listed: Page<PracticeAppointment> = desk(&app).await.get(&path).await.read();
    let zones: Vec<_> = listed.items.iter().map(|one| (one.booking_id, one.time_zone)).collect();
    assert_eq!(zones, [(booked.booking_id, Zone::SYDNEY)]);
    // The calendar is on the clocks of today, and says on which it was booked.
    let calendar = app.calendar("2026-11-23").await;
    let role = calendar.roles.iter().find(|role| !role.appointments.is_empty()).unwrap();
    assert_eq!((role.time_zone, role.appointments[0].booked_zone), (perth(), Some(Zone::SYDNEY)));

    assert_eq!(member.cancel(booked.appointment_id, 1).await.status, 200);
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((fact.start, fact.role.time_zone), (monday(10, 0), Zone::SYDNEY));
}

#[tokio::test]
async fn where_nothing_was_corrected_the_calendar_names_no_other_zone() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let calendar = app.calendar("2026-11-23").await;
    let entries = calendar.roles.iter().flat_map(|role| &role.appointments);
    assert_eq!(entries.map(|one| one.booked_zone).collect::<Vec<_>>(), [None::<Zone>]);
}

/// Half past two on Monday morning in Sydney is Sunday night in Perth: lists go by the day that was told.
#[tokio::test]
async fn a_practice_finds_it_on_the_day_that_was_told() {
    let app = App::new().await;
    app.change("update bookings.availability_rule set opens = '00:00', closes = '23:59'").await;
    app.book(&mut app.browser(), monday(2, 30)).await;
    app.change(CORRECTED).await;
    for (day, count) in [("2026-11-22", 0), ("2026-11-23", 1)] {
        let path = at_practice(&format!("appointments?from={day}&to={day}"));
        let listed: Page<PracticeAppointment> = desk(&app).await.get(&path).await.read();
        assert_eq!(listed.items.len(), count, "{day}");
    }
}

#[tokio::test]
async fn what_is_held_is_booked_on_the_clocks_that_it_was_shown_on() {
    let app = App::new().await;
    let mut browser = app.browser();
    let held = app.hold(&mut browser, monday(14, 0)).await;
    assert_eq!(held.role.time_zone, Zone::SYDNEY);
    app.change(CORRECTED).await;
    assert_eq!(browser.find_hold(&held).await.read::<Hold>().role.time_zone, Zone::SYDNEY);
    let confirmed = app.confirm(&mut browser, &held).await;
    let fact = app.confirmed(confirmed.booking_id.0).await;
    assert_eq!((fact.start, fact.role.time_zone), (monday(14, 0), Zone::SYDNEY));
    let next = app.hold(&mut app.browser(), monday(15, 0)).await;
    assert_eq!(next.role.time_zone, perth(), "what is offered now is offered in the corrected zone");
}

#[tokio::test]
async fn another_time_is_on_the_clocks_of_whoever_has_it() {
    let app = App::new().await;
    let mut browser = app.browser();
    let old = app.book(&mut browser, monday(10, 0)).await;
    app.change(CORRECTED).await;
    let moved: Appointment = browser.r#move(app.key(), old.appointment_id, 1, monday(14, 0)).await.read();
    assert_eq!((moved.start, moved.role.time_zone), (monday(14, 0), perth()));
    assert_eq!(browser.appointment(old.appointment_id).await.role.time_zone, Zone::SYDNEY);

    // The desk gives it to a colleague elsewhere.
    app.change("update bookings.role set time_zone = 'Australia/Brisbane' where slug = 'role-14'").await;
    let body = json!({
        "version": 1, "practitioner_role_id": COLLEAGUE, "start": monday(15, 0), "end": monday(15, 30), "fit_in": true,
        "patient_asked": false,
    });
    let path = at_practice(&format!("appointments/{}/reschedule", moved.appointment_id));
    let reply = desk(&app).await.post(&path, Some(app.key()), &body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let zones: Vec<_> = kept(&app).await.into_iter().map(|(zone, ..)| zone).collect();
    assert_eq!(zones, ["Australia/Sydney", "Australia/Perth", "Australia/Brisbane"]);
    let told = app.told("appointment_moved").await;
    let Some(BookingsEvent::AppointmentMoved(fact)) = told.last() else { panic!("{told:?}") };
    assert_eq!((fact.start, fact.role.time_zone.name()), (monday(15, 0), "Australia/Brisbane"));
}

#[tokio::test]
async fn the_version_of_the_rules_is_that_which_offered_the_time() {
    let app = App::new().await;
    app.change("update bookings.schedule set version = 4").await;
    app.change("update bookings.appointment_type set version = 7").await;
    let mut browser = app.browser();
    let held = app.hold(&mut browser, monday(10, 0)).await;
    let holds = "select count(*) from bookings.hold where rule_version = 4 and type_version = 7";
    assert_eq!(app.count(holds).await, 1);
    app.change("update bookings.schedule set version = 5").await;
    app.change("update bookings.appointment_type set version = 8").await;
    let confirmed = app.confirm(&mut browser, &held).await;
    assert_eq!(kept(&app).await, [in_sydney(4, 7)]);
    // Another time is one of the rules of today. The type moves along as it was booked.
    let moved = browser.r#move(app.key(), confirmed.appointment_id, 1, monday(14, 0)).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    assert_eq!(kept(&app).await, [in_sydney(4, 7), in_sydney(5, 7)]);
}

#[tokio::test]
async fn the_desk_books_by_the_rules_of_the_moment() {
    let app = App::new().await;
    app.change("update bookings.schedule set version = 3").await;
    app.change("update bookings.appointment_type set version = 2").await;
    let body = json!({
        "practitioner_role_id": crate::app::ROLE, "appointment_type_id": crate::app::LONG, "start": monday(11, 0),
        "patient": {"name": "Bo Lee", "date_of_birth": "1991-07-01"}, "fit_in": false,
    });
    let reply = desk(&app).await.post(&at_practice("appointments"), Some(app.key()), &body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(kept(&app).await, [in_sydney(3, 2)]);
}

#[tokio::test]
async fn a_proposed_time_is_agreed_to_as_it_was_proposed() {
    let app = App::new().await;
    let wednesday = jiff::civil::date(2026, 11, 25);
    let mut patient = app.browser();
    let booked = app.book(&mut patient, wall(wednesday, 10, 0)).await;
    app.change("update bookings.schedule set version = 2").await;
    let path = at_practice(&format!("appointments/{}/proposal", booked.appointment_id));
    let wanted = json!({"version": 1, "start": wall(wednesday, 14, 0)});
    let reply = desk(&app).await.post(&path, None, &wanted).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let proposal: Proposal = reply.read();
    app.change("update bookings.schedule set version = 9").await;
    app.change(CORRECTED).await;
    let path = format!("/api/v1/bookings/appointments/{}/proposal/answer", booked.appointment_id);
    let answer = json!({"proposal_id": proposal.proposal_id, "agree": true});
    let reply = patient.post(&path, None, &answer).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.read::<Appointment>().role.time_zone, Zone::SYDNEY);
    assert_eq!(kept(&app).await, [in_sydney(1, 1), in_sydney(2, 1)]);
}

/// While programs of two ages run, the older one writes these rows and knows nothing of the columns.
#[tokio::test]
async fn a_row_that_names_no_zone_has_that_of_its_role() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    app.change(CORRECTED).await;
    for statement in [
        "insert into bookings.hold (hold_id, booking_id, practitioner_role_id, appointment_type_id, guest_hash, starts_at, \
         ends_at, status, expires_at, appointment_type, policy, quote, created_at, account_id, cohort) \
         select gen_random_uuid(), gen_random_uuid(), practitioner_role_id, appointment_type_id, guest_hash, starts_at, ends_at, \
         'expired', expires_at, appointment_type, policy, quote, created_at, account_id, cohort from bookings.hold \
         returning jsonb_build_array(time_zone, rule_version, type_version)",
        "insert into bookings.appointment (appointment_id, booking_id, practitioner_role_id, appointment_type_id, starts_at, \
         ends_at, status, appointment_type, policy, quote_id, price_cents, bulk_billed, created_at, updated_at) \
         select gen_random_uuid(), gen_random_uuid(), practitioner_role_id, appointment_type_id, starts_at, ends_at, \
         'cancelled_by_patient', appointment_type, policy, quote_id, price_cents, bulk_billed, created_at, updated_at \
         from bookings.appointment returning jsonb_build_array(time_zone, rule_version, type_version)",
    ] {
        let written: Value = sqlx::query_scalar(statement).fetch_one(&app.core.pool).await.unwrap();
        assert_eq!(written, json!(["Australia/Perth", 0, 0]), "{statement}");
    }
}
