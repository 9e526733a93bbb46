//! Visits at the patient's home: where a practice goes, the way there, and the address.

use jiff::Timestamp;
use serde_json::{Value, json};
use shared_types::{
    AppointmentTypeId,
    bookings::{
        BookingsEvent, Confirmation, Hold,
        home_visit::VisitArea,
        practice::CalendarAppointment,
        schedule::{RoleType, RoleTypes},
    },
    export::DataExport,
    users::{ErasureRequest, StaffRole, UsersEvent},
};
use uuid::Uuid;

use crate::{
    app::{App, BORN, Browser, LONG, MONDAY, ROLE, Reply, SHORT, monday},
    fhir,
    members::{ADA, ada, signed_in},
    practice::{at_practice, desk, staff},
};

/// A square around Harris Park, the longitude of each corner first.
const SQUARE: [(f64, f64); 5] =
    [(150.9, -33.9), (151.1, -33.9), (151.1, -33.7), (150.9, -33.7), (150.9, -33.9)];

fn polygon(corners: &[(f64, f64)]) -> Value {
    let corners: Vec<_> = corners.iter().map(|(lon, lat)| json!({"lat": lat, "lon": lon})).collect();
    json!({"by": "polygon", "corners": corners})
}

fn postcodes(postcodes: &[&str]) -> Value {
    json!({"by": "postcodes", "postcodes": postcodes})
}

/// Thirty minutes at home, five of them to be kept free after, and twenty minutes on the way.
fn draft(area: &Value) -> Value {
    json!({
        "name": "Home visit", "position": 3, "duration_minutes": 30, "buffer_before_minutes": 0,
        "buffer_after_minutes": 5, "price_cents": 14_000, "bulk_billed": false, "telehealth": false, "audience": "all",
        "home_visit": {"travel_minutes": 20, "area": area},
    })
}

async fn offer(app: &App, area: &Value) -> Reply {
    let path = at_practice(&format!("roles/{ROLE}/appointment-types"));
    staff(app, StaffRole::Manager).await.post(&path, Some(app.key()), &draft(area)).await
}

/// The type of home visits to an area, which must be one.
async fn offered(app: &App, area: &Value) -> RoleType {
    let reply = offer(app, area).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

fn address(postcode: &str, point: Option<(f64, f64)>) -> Value {
    let mut address =
        json!({"street": " 12  Example Street", "locality": "Harris Park NSW", "postcode": postcode});
    if let Some((lat, lon)) = point {
        address["point"] = json!({"lat": lat, "lon": lon});
    }
    address
}

async fn held(app: &App, browser: &mut Browser, of: AppointmentTypeId, start: Timestamp) -> Hold {
    let reply = browser.hold(app.key(), ROLE, of, start).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

/// Confirms a hold as somebody new who wants to be visited there.
async fn confirm(app: &App, browser: &mut Browser, hold: &Hold, visit: Value) -> Reply {
    let mut details = app.details();
    details["visit"] = visit;
    browser.confirm(app.key(), hold, &details).await
}

/// Books a home visit in postcode 2150.
async fn booked(app: &App, browser: &mut Browser, of: AppointmentTypeId, start: Timestamp) -> Confirmation {
    let hold = held(app, browser, of, start).await;
    let reply = confirm(app, browser, &hold, address("2150", None)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

#[tokio::test]
async fn a_place_outside_of_the_postcodes_is_refused_and_the_time_stays_held() {
    let app = App::new().await;
    let of = offered(&app, &postcodes(&["2151", "2150"])).await.appointment_type_id;
    let mut guest = app.browser();
    let hold = held(&app, &mut guest, of, monday(10, 0)).await;
    assert!(hold.appointment_type.home_visit);
    let refused =
        confirm(&app, &mut guest, &hold, address("2000", None)).await.problem(422, "outside-coverage");
    assert_eq!(refused.title, "This practice does not visit that place");
    assert!(refused.detail.unwrap().contains("call the practice on (02) 5550 1234"));
    assert_eq!(guest.find_hold(&hold).await.read::<Hold>().status, hold.status);
    assert_eq!(app.count("select count(*) from bookings.appointment_party").await, 0);
    let reply = confirm(&app, &mut guest, &hold, address("2150", None)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn an_area_that_is_drawn_goes_by_where_the_place_is() {
    let app = App::new().await;
    let circle = json!({
        "by": "circle", "center": {"lat": -33.82, "lon": 151.01}, "around": "Harris Park NSW 2150", "kilometres": 10,
    });
    for (hour, area) in [(10, polygon(&SQUARE)), (12, circle)] {
        let of = offered(&app, &area).await.appointment_type_id;
        let mut guest = app.browser();
        let hold = held(&app, &mut guest, of, monday(hour, 0)).await;
        let nowhere = confirm(&app, &mut guest, &hold, address("2150", None)).await.problem(422, "invalid");
        assert_eq!(nowhere.errors[0].pointer, "/visit/locality");
        let newcastle = address("2300", Some((-32.93, 151.78)));
        confirm(&app, &mut guest, &hold, newcastle).await.problem(422, "outside-coverage");
        let near = address("2150", Some((-33.81, 151.02)));
        assert_eq!(confirm(&app, &mut guest, &hold, near).await.status, 200);
    }
    // What was given comes back as it was given.
    let types = desk(&app).await.get(&at_practice(&format!("roles/{ROLE}/appointment-types"))).await;
    let types: RoleTypes = types.read();
    let areas = types.items.into_iter().filter_map(|of| of.draft.home_visit).map(|visit| visit.area);
    let drawn: Vec<_> = areas.filter(|area| matches!(area, VisitArea::Polygon { .. })).collect();
    assert_eq!(serde_json::to_value(drawn).unwrap(), json!([polygon(&SQUARE)]));
}

#[tokio::test]
async fn an_area_that_cannot_be_is_refused_by_what_is_wrong_with_it() {
    let app = App::new().await;
    let crossed = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]];
    let london = [(-0.1, 51.5), (0.1, 51.5), (0.1, 51.6), (-0.1, 51.5)];
    for (area, field, words) in [
        (polygon(&SQUARE[..4]), "corners", "Give at least three corners"),
        (polygon(&crossed), "corners", "The line meets itself near latitude -33.9"),
        (polygon(&london), "corners", "Latitude 51.5, longitude -0.1 is outside Australia"),
        (polygon(&[SQUARE[0]; 501]), "corners", "This has 501 corners"),
        (postcodes(&[]), "postcodes", "Give 1 to 200 postcodes"),
        (postcodes(&["215"]), "postcodes", "“215” is no postcode"),
    ] {
        let wrong = offer(&app, &area).await.problem(422, "invalid");
        assert_eq!(wrong.errors[0].pointer, format!("/home_visit/area/{field}"));
        assert!(wrong.errors[0].detail.starts_with(words), "{:?}", wrong.errors);
    }
    assert_eq!(app.count("select count(*) from bookings.coverage_area").await, 0);
}

impl App {
    /// Where the home visits of the role are made, as it was told last.
    async fn told_areas(&self) -> Vec<(AppointmentTypeId, VisitArea)> {
        self.change("update bookings.schedule set next_free_due_at = '2026-01-01T00:00:00Z'").await;
        self.run("bookings.publish_next_free").await;
        let mut facts = self.told("next_free_changed").await.into_iter().filter_map(|event| match event {
            BookingsEvent::NextFreeChanged(fact) if fact.practitioner_role_id == ROLE => Some(fact),
            _ => None,
        });
        let types = facts.next_back().unwrap().types.into_iter();
        types.filter_map(|of| Some((of.appointment_type_id, of.home_visit?))).collect()
    }
}

#[tokio::test]
async fn where_the_practice_goes_is_told_with_the_next_free_times() {
    let app = App::new().await;
    assert!(app.told_areas().await.is_empty());
    let mut told = Vec::new();
    for area in [postcodes(&["2150"]), polygon(&SQUARE)] {
        let of = offered(&app, &area).await.appointment_type_id;
        told.push((of, serde_json::from_value::<VisitArea>(area).unwrap()));
        let mut areas = app.told_areas().await;
        areas.sort_by_key(|(of, _)| told.iter().position(|(known, _)| known == of));
        assert_eq!(areas, told);
    }
    app.change("update bookings.appointment_type set active = false where travel_minutes is not null").await;
    assert!(app.told_areas().await.is_empty());
}

#[tokio::test]
async fn the_way_is_reserved_and_keeps_the_neighbours_away() {
    let app = App::new().await;
    let of = offered(&app, &postcodes(&["2150"])).await.appointment_type_id;
    booked(&app, &mut app.browser(), of, monday(10, 0)).await;
    // From 9:40, for the way, until 10:55: five minutes after it, and the way again.
    let taken = "select extract(epoch from upper(during) - lower(during))::bigint from bookings.reservation";
    assert_eq!(app.count(taken).await, 75 * 60);
    let at_practice = app.free_on(ROLE, LONG, MONDAY).await;
    let free = |hour, minute| at_practice.contains(&monday(hour, minute));
    assert!(free(9, 0) && !free(9, 15) && !free(10, 30) && !free(10, 45) && free(11, 0));
    // The next home visit has a way of its own.
    let at_home = app.free_on(ROLE, of, MONDAY).await;
    let free = |hour, minute| at_home.contains(&monday(hour, minute));
    assert!(!free(9, 0) && !free(11, 0) && free(11, 15));
    let mut other = app.browser();
    other.hold(app.key(), ROLE, LONG, monday(10, 30)).await.problem(409, "time-taken");
    booked(&app, &mut other, of, monday(11, 15)).await;
}

#[tokio::test]
async fn hours_for_home_visits_are_for_nothing_else() {
    let app = App::new().await;
    let of = offered(&app, &postcodes(&["2150"])).await.appointment_type_id;
    app.change("update bookings.availability_rule set audience = 'home_visit'").await;
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
    assert!(app.free_on(ROLE, SHORT, MONDAY).await.is_empty());
    assert_eq!(app.free_on(ROLE, of, MONDAY).await[0], monday(9, 0));
    app.change("update bookings.availability_rule set audience = 'new'").await;
    assert!(app.free_on(ROLE, of, MONDAY).await.is_empty());
}

#[tokio::test]
async fn the_practice_reads_the_address_in_its_calendar_and_nobody_else_is_told() {
    let app = App::new().await;
    let of = offered(&app, &postcodes(&["2150"])).await.appointment_type_id;
    let mut guest = app.browser();
    let booked = booked(&app, &mut guest, of, monday(10, 0)).await;
    let calendar = app.calendar("2026-11-23").await;
    let entry = calendar.roles.iter().flat_map(|role| &role.appointments).next().unwrap();
    let visit = entry.visit.as_ref().unwrap();
    assert_eq!((visit.line().as_str(), &visit.point), ("12 Example Street, Harris Park NSW 2150", &None));
    let acts = app.audited(booked.booking_id.0).await;
    assert!(acts.contains(&("find_calendar".to_owned(), "allowed".to_owned())), "{acts:?}");
    // What others are told sends nobody to the practice, and says not where the patient lives.
    let fact = app.confirmed(booked.booking_id.0).await;
    assert_eq!(fact.role.address, "at the address that was given when booking");
    let everything = "select count(*) from bookings.outbox where body::text like '%Example Street%'";
    assert_eq!(app.count(everything).await, 0);
    assert!(guest.appointment(booked.appointment_id).await.appointment_type.home_visit);
}

#[tokio::test]
async fn who_is_not_visited_gives_no_address_and_who_is_has_to() {
    let app = App::new().await;
    let of = offered(&app, &postcodes(&["2150"])).await.appointment_type_id;
    let mut guest = app.browser();
    let hold = app.hold(&mut guest, monday(14, 0)).await;
    assert_eq!(confirm(&app, &mut guest, &hold, address("2150", None)).await.status, 200);
    assert_eq!(app.count("select count(visit_street) from bookings.appointment_party").await, 0);
    let hold = held(&app, &mut guest, of, monday(10, 0)).await;
    let missing = app.confirm_without(&mut guest, &hold).await.problem(422, "invalid");
    assert_eq!(missing.errors[0].pointer, "/visit/street");
    let half = json!({"street": "", "locality": "Harris Park NSW", "postcode": "21"});
    let wrong = confirm(&app, &mut guest, &hold, half).await.problem(422, "invalid");
    let pointers: Vec<_> = wrong.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/visit/street", "/visit/postcode"]);
}

impl App {
    /// Confirms as somebody new who says nothing of where.
    async fn confirm_without(&self, browser: &mut Browser, hold: &Hold) -> Reply {
        browser.confirm(self.key(), hold, &self.details()).await
    }
}

#[tokio::test]
async fn the_desk_may_promise_to_go_anywhere_but_has_to_know_where() {
    let app = App::new().await;
    let of = offered(&app, &postcodes(&["2150"])).await.appointment_type_id;
    let mut call = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": of, "start": monday(10, 0),
        "patient": {"name": "Bo Lee", "date_of_birth": BORN},
    });
    let path = at_practice("appointments");
    let missing = desk(&app).await.post(&path, Some(app.key()), &call).await.problem(422, "invalid");
    assert_eq!(missing.errors[0].pointer, "/patient/visit/street");
    call["patient"]["visit"] = address("2000", None);
    let reply = desk(&app).await.post(&path, Some(app.key()), &call).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let made: CalendarAppointment = reply.read();
    assert_eq!(made.visit.unwrap().postcode.expose(), "2000");
    assert_eq!(made.takes, Some((monday(9, 40), monday(10, 55))));
}

#[tokio::test]
async fn an_address_is_exported_and_goes_with_the_account_once_the_visit_is_over() {
    let app = App::new().await;
    let of = offered(&app, &postcodes(&["2150"])).await.appointment_type_id;
    let mut patient = signed_in(&app, &ada(&app)).await;
    booked(&app, &mut patient, of, monday(10, 0)).await;
    app.advance_to(monday(12, 0));
    let mut patient = signed_in(&app, &ada(&app)).await;
    booked(&app, &mut patient, of, monday(15, 0)).await;
    let export: DataExport = patient.get("/api/v1/bookings/me/export").await.read();
    let party = export.parts.iter().find(|part| part.name == "appointment_party").unwrap();
    assert_eq!(party.rows[0]["visit_street"], "12 Example Street");
    app.users_tell(&UsersEvent::ErasureRequested(ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id: Uuid::from_u128(1).into(),
        patient_id: Some(ADA),
        dependants: Vec::new(),
        email: "ada@example.org".to_owned().into(),
    }))
    .await;
    let told = app.told("erasure_answered").await;
    let [BookingsEvent::ErasureAnswered(answer)] = told.as_slice() else { panic!("{told:?}") };
    let visits = answer.erased.iter().find(|one| one.what.contains("home visit")).unwrap();
    assert_eq!(visits.rows, 1);
    // Somebody is still to go to the other one.
    let known = "select count(visit_street) from bookings.appointment_party";
    assert_eq!(app.count(known).await, 1);
}

#[tokio::test]
async fn a_program_that_cannot_say_where_is_not_offered_a_visit_at_home() {
    let app = App::new().await;
    let of = offered(&app, &postcodes(&["2150"])).await.appointment_type_id;
    assert!(!app.free_on(ROLE, of, MONDAY).await.is_empty());
    assert!(fhir::proposals(&app, of, "2026-11-23").await.is_empty());
    let mut guest = app.browser();
    let hold = held(&app, &mut guest, of, monday(10, 0)).await;
    let details = fhir::details(&json!({"id": hold.hold_id}));
    fhir::operate(&mut guest, "book", json!(details)).await.outcome(409, "not-bookable");
    let service = guest.get(&format!("/fhir/HealthcareService/{ROLE}")).await;
    let service = fhir::resource(&service, "HealthcareService");
    assert_eq!(service["characteristic"], json!([{"text": "Home visits"}]));
}
