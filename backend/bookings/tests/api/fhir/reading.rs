use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};
use shared_types::bookings::practice::CalendarAppointment;

use super::{found, instant, link, resource};
use crate::{
    app::{App, COLLEAGUE, ELSEWHERE, IMPORTED, LONG, MONDAY, PUBLIC_URL, ROLE, SHORT, monday},
    practice::{at_practice, desk},
};

#[tokio::test]
async fn the_statement_claims_what_the_routes_serve() {
    let app = App::new().await;
    let statement = resource(&app.browser().get("/fhir/metadata").await, "CapabilityStatement");
    let rest = &statement["rest"][0];
    let names = |list: &Value, name: &str| -> Vec<String> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
    };
    let claimed = rest["resource"].as_array().unwrap().iter().map(|of| {
        let kind = of["type"].as_str().unwrap().to_owned();
        let (interactions, operations) = (names(&of["interaction"], "code"), names(&of["operation"], "name"));
        (kind, interactions, operations, names(&of["searchParam"], "name"))
    });
    let claimed: Vec<_> = claimed.collect();
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let of = |kind: &str, interactions: &[&str], operations: &[&str], terms: &[&str]| {
        (kind.to_owned(), list(interactions), list(operations), list(terms))
    };
    let expected = [
        of("Appointment", &["read"], &["find", "hold", "book"], &[]),
        of("HealthcareService", &["read"], &[], &[]),
        of("Location", &["read"], &[], &[]),
        of("PractitionerRole", &["read"], &[], &[]),
        of("Schedule", &["search-type", "read"], &[], &["actor"]),
        of("Slot", &["search-type", "read"], &[], &["schedule", "start", "service-type", "status"]),
    ];
    assert_eq!(claimed, expected);
    assert_eq!(names(&rest["operation"], "name"), ["bulk-publish"]);
    assert_eq!(statement["implementation"]["url"], format!("{PUBLIC_URL}/fhir"));
}

#[tokio::test]
async fn a_schedule_says_what_can_be_booked_with_whom_and_how_far_ahead() {
    let app = App::new().await;
    let mut browser = app.browser();
    let schedule = resource(&browser.get(&format!("/fhir/Schedule/{ROLE}")).await, "Schedule");
    assert_eq!((&schedule["id"], &schedule["active"]), (&json!(ROLE), &json!(true)));
    let types = schedule["serviceType"].as_array().unwrap();
    assert_eq!(
        (&types[0]["text"], &types[1]["coding"][0]["code"]),
        (&json!("Standard consultation"), &json!(SHORT))
    );
    assert_eq!(schedule["planningHorizon"]["end"], "2027-01-21T11:00:00+11:00");
    let [person, place] = schedule["actor"].as_array().unwrap().as_slice() else { panic!("{schedule}") };
    for (actor, kind) in [(person, "PractitionerRole"), (place, "Location")] {
        let path = actor["reference"].as_str().unwrap();
        let read = resource(&browser.get(&format!("/fhir/{path}")).await, kind);
        assert_eq!(format!("{kind}/{}", read["id"].as_str().unwrap()), path);
        assert_eq!(read["telecom"][0], json!({"system": "phone", "value": "(02) 5550 1234"}));
    }
    let place = browser.get(&format!("/fhir/Location/{ROLE}")).await.body;
    let address = json!({
        "text": "1 Wigram Street, Harris Park NSW 2150", "line": ["1 Wigram Street"], "city": "Harris Park",
        "state": "NSW", "postalCode": "2150", "country": "AU",
    });
    assert_eq!(place["address"], address);
    let listed = resource(&browser.get(&format!("/fhir/Schedule/{IMPORTED}")).await, "Schedule");
    assert_eq!((&listed["active"], listed.get("planningHorizon")), (&json!(false), None));
    browser.get(&format!("/fhir/Schedule/{LONG}")).await.outcome(404, "not-found");
    browser.get("/fhir/Schedule/none").await.outcome(400, "unreadable");
}

/// What a resource refers to, however deep inside.
fn referred(resource: &Value) -> Vec<&str> {
    match resource {
        Value::Object(elements) => {
            let own = elements.get("reference").and_then(Value::as_str);
            own.into_iter().chain(elements.values().flat_map(referred)).collect()
        }
        Value::Array(items) => items.iter().flat_map(referred).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn each_reference_leads_to_what_is_read_here() {
    let app = App::new().await;
    let mut browser = app.browser();
    let mut followed = BTreeSet::new();
    for kind in ["HealthcareService", "Location", "PractitionerRole", "Schedule"] {
        let read = resource(&browser.get(&format!("/fhir/{kind}/{ROLE}")).await, kind);
        followed.extend(referred(&read).into_iter().map(str::to_owned));
    }
    let slots = found(&browser.get(&format!("/fhir/Slot?schedule=Schedule/{ROLE}&_count=1")).await);
    followed.extend(referred(&slots[0]).into_iter().map(str::to_owned));
    let kinds: Vec<_> = followed.iter().map(|path| path.split_once('/').unwrap().0).collect();
    assert_eq!(kinds, ["HealthcareService", "Location", "PractitionerRole", "Schedule"]);
    for (path, kind) in followed.iter().zip(kinds) {
        resource(&browser.get(&format!("/fhir/{path}")).await, kind);
    }
    // The practice itself is known by its name alone.
    let role = browser.get(&format!("/fhir/PractitionerRole/{ROLE}")).await.body;
    assert_eq!(role["organization"], json!({"display": "Harris Park Allied Health"}));
}

#[tokio::test]
async fn a_service_says_what_can_be_booked_and_how_else_than_at_the_practice() {
    let app = App::new().await;
    let mut browser = app.browser();
    let path = format!("/fhir/HealthcareService/{ROLE}");
    let service = resource(&browser.get(&path).await, "HealthcareService");
    let schedule = browser.get(&format!("/fhir/Schedule/{ROLE}")).await.body;
    assert_eq!((&service["type"], &service["active"]), (&schedule["serviceType"], &json!(true)));
    assert_eq!(service["providedBy"], json!({"display": "Harris Park Allied Health"}));
    assert_eq!(service.get("characteristic"), None);
    app.sees_by_video().await;
    let service = resource(&browser.get(&path).await, "HealthcareService");
    assert_eq!(service["characteristic"], json!([{"text": "By video or phone"}]));
    let listed = browser.get(&format!("/fhir/HealthcareService/{IMPORTED}")).await.body;
    assert_eq!((&listed["active"], listed.get("type")), (&json!(false), None));
    browser.get(&format!("/fhir/HealthcareService/{LONG}")).await.outcome(404, "not-found");
}

#[tokio::test]
async fn schedules_are_found_by_their_actors_and_all_of_them_in_pages() {
    let app = App::new().await;
    let mut browser = app.browser();
    for actor in
        [format!("PractitionerRole/{ROLE}"), format!("{PUBLIC_URL}/fhir/Location/{ROLE}"), ROLE.to_string()]
    {
        let schedules = found(&browser.get(&format!("/fhir/Schedule?actor={actor}")).await);
        assert_eq!(schedules.iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&json!(ROLE)], "{actor}");
    }
    let first = browser.get("/fhir/Schedule?_count=2").await;
    let second = browser.get(&link(&first, "next").unwrap()).await;
    assert_eq!(link(&second, "next"), None);
    let ids: Vec<_> = [found(&first), found(&second)].concat().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, [json!(ROLE), json!(ELSEWHERE), json!(COLLEAGUE)]);
    browser.get("/fhir/Schedule?actor=Patient/1").await.outcome(422, "invalid");
    browser.get("/fhir/Schedule?_count=many").await.outcome(422, "invalid");
}

#[tokio::test]
async fn free_slots_are_the_free_times_of_each_type() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let search =
        format!("/fhir/Slot?schedule=Schedule/{ROLE}&start=ge{MONDAY}&start=lt2026-11-24&status=free");
    for of in [LONG, SHORT] {
        let slots = found(&app.browser().get(&format!("{search}&service-type={of}")).await);
        let starts: Vec<Timestamp> = slots.iter().map(|slot| instant(slot, "start")).collect();
        assert_eq!(starts, app.free_on(ROLE, of, MONDAY).await);
    }
    let all = found(&app.browser().get(&search).await);
    let (long, short) = (app.free_on(ROLE, LONG, MONDAY).await, app.free_on(ROLE, SHORT, MONDAY).await);
    assert_eq!(all.len(), long.len() + short.len());
    assert!(all.is_sorted_by_key(|slot| instant(slot, "start")));
    let first = &all[0];
    assert_eq!((&first["status"], &first["start"]), (&json!("free"), &json!("2026-11-23T09:00:00+11:00")));
    let link = first["extension"][0]["valueUrl"].as_str().unwrap();
    assert!(link.starts_with(&format!("{PUBLIC_URL}/book/{ROLE}?type=")), "{link}");
    // The same, a few at a time.
    let mut paged = Vec::new();
    let mut next = Some(format!("{search}&_count=7"));
    while let Some(path) = next {
        let page = app.browser().get(&path).await;
        paged.extend(found(&page));
        next = super::link(&page, "next");
    }
    assert_eq!(paged, all);
}

#[tokio::test]
async fn what_is_taken_is_told_to_nobody() {
    let app = App::new().await;
    let mut browser = app.browser();
    let search = format!("/fhir/Slot?schedule=Schedule/{ROLE}&start={MONDAY}");
    let slots = found(&browser.get(&format!("{search}&service-type={LONG}")).await);
    let at_ten = slots.iter().find(|slot| instant(slot, "start") == monday(10, 0)).unwrap();
    let path = format!("/fhir/Slot/{}", at_ten["id"].as_str().unwrap());
    assert_eq!(resource(&browser.get(&path).await, "Slot"), *at_ten);
    app.hold(&mut app.browser(), monday(10, 0)).await;
    browser.get(&path).await.outcome(404, "not-found");
    for nothing in [
        format!("{search}&status=busy"),
        format!("{search}&service-type=57"),
        format!("/fhir/Slot?schedule=Schedule/{IMPORTED}"),
    ] {
        assert_eq!(found(&browser.get(&nothing).await), Vec::<Value>::new(), "{nothing}");
    }
    for path in ["/fhir/Slot/none", "/fhir/Slot/1.1.1", "/fhir/Nothing", "/fhir/Patient/1"] {
        browser.get(path).await.outcome(404, "not-found");
    }
    for wrong in [
        "/fhir/Slot".to_owned(),
        "/fhir/Slot?schedule=Schedule/1".to_owned(),
        format!("{search}&start=soon"),
        format!("{search}&cursor=1"),
    ] {
        browser.get(&wrong).await.outcome(422, "invalid");
    }
}

#[tokio::test]
async fn a_search_that_is_not_understood_as_it_is_meant_is_refused_by_the_name_of_its_term() {
    let app = App::new().await;
    let mut browser = app.browser();
    let slots = format!("/fhir/Slot?schedule=Schedule/{ROLE}");
    let find = format!("/fhir/Appointment/$find?practitioner=PractitionerRole/{ROLE}");
    for (search, name) in [
        (format!("{slots}&start={MONDAY},2026-11-24"), "start"),
        (format!("{slots}&start=ge{MONDAY}&start=lt2026-11-24,lt2026-11-25"), "start"),
        (format!("{slots}&start:missing=true"), "start:missing"),
        (format!("{slots}&service-type:not={LONG}"), "service-type:not"),
        (format!("{slots},Schedule/{COLLEAGUE}"), "schedule"),
        (format!("{slots}&schedule=Schedule/{COLLEAGUE}"), "schedule"),
        (format!("/fhir/Schedule?actor:PractitionerRole={ROLE}"), "actor:PractitionerRole"),
        (format!("{find}&start={MONDAY},2026-11-24"), "start"),
        (format!("{find}&start={MONDAY}&start=2026-11-24"), "start"),
        (format!("{find}&end:missing=true"), "end:missing"),
    ] {
        let reply = browser.get(&search).await;
        reply.outcome(422, "invalid");
        assert_eq!(reply.body["issue"][1]["expression"], json!([name]), "{search}: {}", reply.body);
    }
    // What narrows a search and what widens a choice stay.
    let search =
        format!("{slots}&start=ge{MONDAY}&start=lt2026-11-24&service-type={LONG},{SHORT}&status=free,busy");
    let both = app.free_on(ROLE, LONG, MONDAY).await.len() + app.free_on(ROLE, SHORT, MONDAY).await.len();
    assert_eq!(found(&browser.get(&search).await).len(), both);
}

#[tokio::test]
async fn what_starts_after_a_day_starts_on_a_later_one() {
    let app = App::new().await;
    let search = format!("/fhir/Slot?schedule=Schedule/{ROLE}&service-type={LONG}&start=sa{MONDAY}");
    let slots = found(&app.browser().get(&format!("{search}&_count=1")).await);
    assert_eq!(slots[0]["start"], json!("2026-11-24T09:00:00+11:00"));
}

#[tokio::test]
async fn an_appointment_takes_as_many_minutes_as_the_practice_gave_it() {
    let app = App::new().await;
    let mut patient = app.browser();
    let booked = app.book(&mut patient, monday(10, 0)).await;
    let longer = json!({"version": 1, "start": monday(10, 0), "end": monday(10, 45)});
    let path = at_practice(&format!("appointments/{}/reschedule", booked.appointment_id));
    let moved: CalendarAppointment = desk(&app).await.post(&path, Some(app.key()), &longer).await.read();
    let path = format!("/fhir/Appointment/{}", moved.appointment_id);
    let read = resource(&patient.get(&path).await, "Appointment");
    assert_eq!((instant(&read, "end"), &read["minutesDuration"]), (monday(10, 45), &json!(45)));
}
