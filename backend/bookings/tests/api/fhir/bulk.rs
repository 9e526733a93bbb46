use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{HeaderName, Request, header},
};
use serde_json::{Value, json};
use shared_types::bookings::Hold;

use super::instant;
use crate::app::{App, COLLEAGUE, ELSEWHERE, LONG, MONDAY, PUBLIC_URL, ROLE, Reply, SHORT, minutes, monday};

const MANIFEST: &str = "/fhir/$bulk-publish";

/// The files of the feed: the type of their lines, their states, and their addresses as paths.
async fn files(app: &App) -> Vec<(String, Value, String)> {
    let reply = app.browser().get(MANIFEST).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
    let files = reply.body["output"].as_array().unwrap().iter().map(|file| {
        let text = |field: &str| file[field].as_str().unwrap().to_owned();
        let path = text("url").strip_prefix(PUBLIC_URL).unwrap().to_owned();
        (text("type"), file["extension"]["state"].clone(), path)
    });
    files.collect()
}

/// The lines of a file.
fn lines(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/fhir+ndjson");
    match &reply.body {
        Value::String(text) => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        // One line is JSON by itself.
        only => vec![only.clone()],
    }
}

/// Every line of one type.
pub async fn all(app: &App, kind: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for (of, _, path) in files(app).await {
        if of == kind {
            all.extend(lines(&app.browser().get(&path).await));
        }
    }
    all
}

async fn asked(app: &App, path: &str, name: HeaderName, value: &str) -> Reply {
    let request = Request::get(path).header(name, value).body(Body::empty()).unwrap();
    app.browser().send(request).await
}

#[tokio::test]
async fn the_feed_has_every_free_time_of_two_weeks_and_what_it_refers_to() {
    let app = App::new().await;
    app.change("update bookings.schedule set horizon_days = 2").await;
    let held: Hold = app.hold(&mut app.browser(), monday(10, 0)).await;
    let kinds: Vec<_> = files(&app).await.into_iter().map(|(kind, state, _)| (kind, state)).collect();
    assert_eq!(kinds, ["Location", "Schedule", "Slot"].map(|kind| (kind.to_owned(), json!(["NSW"]))));
    let slots = all(&app, "Slot").await;
    for of in [LONG, SHORT] {
        let of_type = slots.iter().filter(|slot| slot["serviceType"][0]["coding"][0]["code"] == json!(of));
        let starts: Vec<_> = of_type.map(|slot| instant(slot, "start")).collect();
        let mut free = app.free_on(ROLE, of, MONDAY).await;
        free.extend(app.free_on(ROLE, of, jiff::civil::date(2026, 11, 24)).await);
        assert_eq!(starts, free);
        assert!(!starts.contains(&held.start));
    }
    let ids = |resources: &[Value], kind: &str| -> BTreeSet<String> {
        resources.iter().map(|one| format!("{kind}/{}", one["id"].as_str().unwrap())).collect()
    };
    let (schedules, locations) = (all(&app, "Schedule").await, all(&app, "Location").await);
    let known = ids(&schedules, "Schedule");
    assert_eq!(known, [ROLE, ELSEWHERE, COLLEAGUE].map(|role| format!("Schedule/{role}")).into());
    assert!(slots.iter().all(|slot| known.contains(slot["schedule"]["reference"].as_str().unwrap())));
    let known = ids(&locations, "Location");
    for schedule in &schedules {
        let mut actors = schedule["actor"].as_array().unwrap().iter();
        assert!(actors.any(|actor| known.contains(actor["reference"].as_str().unwrap())), "{schedule}");
    }
    // One id for each, whenever it is asked.
    assert_eq!(ids(&slots, "Slot").len(), slots.len());
    assert_eq!(ids(&all(&app, "Slot").await, "Slot"), ids(&slots, "Slot"));
}

#[tokio::test]
async fn the_feed_says_nothing_of_who_comes() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    app.change("update bookings.schedule set horizon_days = 2").await;
    for (_, _, path) in files(&app).await {
        let text = app.browser().get(&path).await.body.to_string();
        assert!(!text.contains("@example.org") && !text.contains("0491"), "{path}");
        assert!(!text.contains("busy") && !text.contains("Appointment/"), "{path}");
    }
}

#[tokio::test]
async fn what_was_fetched_within_ten_minutes_is_not_sent_again() {
    let app = App::new().await;
    app.change("update bookings.schedule set horizon_days = 2").await;
    let (_, _, file) = files(&app).await.remove(2);
    for path in [MANIFEST, file.as_str()] {
        let first = app.browser().get(path).await;
        assert_eq!(first.headers[header::CACHE_CONTROL], "public, max-age=600", "{path}");
        let text = |name: HeaderName| first.headers[name].to_str().unwrap().to_owned();
        let (tag, modified) = (text(header::ETAG), text(header::LAST_MODIFIED));
        for (name, value, status) in [
            (header::IF_NONE_MATCH, tag.as_str(), 304),
            (header::IF_NONE_MATCH, "\"other\"", 200),
            (header::IF_MODIFIED_SINCE, modified.as_str(), 304),
            (header::IF_MODIFIED_SINCE, "Sat, 21 Nov 2026 00:00:00 GMT", 200),
        ] {
            let reply = asked(&app, path, name.clone(), value).await;
            assert_eq!(reply.status, status, "{path} {name}: {value}");
            assert_eq!(reply.headers[header::ETAG], tag, "{path}");
        }
        app.advance(minutes(10));
        let later = asked(&app, path, header::IF_NONE_MATCH, &tag).await;
        assert_eq!(later.status, 200, "{path}");
        assert_ne!(later.headers[header::ETAG], tag, "{path}");
    }
}

#[tokio::test]
async fn no_file_has_more_than_five_hundred_schedules_and_all_of_them_are_in_one() {
    let app = App::new().await;
    let many = "insert into bookings.role (practitioner_role_id, resource_id, organization_id, slug, name, discreet, address, \
             time_zone, holiday_scopes, bookable, aggregate_version) \
         select gen_random_uuid(), '00000000-0000-0000-0000-000000000031', null, 'many-' || n, 'Somebody', false, \
             'Perth WA 6000', 'Australia/Perth', array['AU', 'WA'], true, 1 from generate_series(1, 501) n";
    app.change(many).await;
    app.change(
        "insert into bookings.schedule (practitioner_role_id, step_minutes, notice_minutes, horizon_days, free_until_hours, \
             late_fee_cents) \
         select practitioner_role_id, 15, 60, 60, 24, 0 from bookings.role where slug like 'many-%'",
    )
    .await;
    let mut schedules = Vec::new();
    for (kind, state, path) in files(&app).await {
        if kind == "Schedule" && state == json!(["WA"]) {
            let lines = lines(&app.browser().get(&path).await);
            let ids: Vec<_> = lines.into_iter().map(|line| line["id"].clone().to_string()).collect();
            schedules.push(ids);
        }
    }
    assert_eq!(schedules.iter().map(Vec::len).collect::<Vec<_>>(), [500, 1]);
    assert_eq!(schedules.into_iter().flatten().collect::<BTreeSet<_>>().len(), 501);
}

#[tokio::test]
async fn what_is_no_file_is_not_there() {
    let app = App::new().await;
    for path in [
        format!("/fhir/bulk/Patient/NSW/{ROLE}"),
        format!("/fhir/bulk/Slot/AU/{ROLE}"),
        format!("/fhir/bulk/Slot/VIC/{ROLE}"),
        "/fhir/bulk/Slot/NSW".to_owned(),
    ] {
        app.browser().get(&path).await.outcome(404, "not-found");
    }
    app.browser().get("/fhir/bulk/Slot/NSW/all").await.outcome(400, "unreadable");
}
