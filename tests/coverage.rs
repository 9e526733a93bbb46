//! Every route states who may call it, and here it is stated once more: a new route does not pass until somebody has
//! written down who may call it.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::collections::BTreeSet;

use hellomapper_tests::{Person, Running};
use kernel::Policy::{self, Holder, Public};
use reqwest::Method;
use serde_json::Value;

/// Who may call what.
const ACCESS: &[(&str, &str, Policy)] = &[
    ("GET", "/api/v1/bookings/appointments/{appointment_id}", Holder),
    ("GET", "/api/v1/bookings/appointments/{appointment_id}/calendar.ics", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/cancel", Holder),
    ("POST", "/api/v1/bookings/appointments/{appointment_id}/move", Holder),
    ("GET", "/api/v1/bookings/consent-texts/{text}", Public),
    ("POST", "/api/v1/bookings/holds", Public),
    ("DELETE", "/api/v1/bookings/holds/{hold_id}", Holder),
    ("GET", "/api/v1/bookings/holds/{hold_id}", Holder),
    ("POST", "/api/v1/bookings/holds/{hold_id}/confirm", Holder),
    ("POST", "/api/v1/bookings/manage/codes", Public),
    ("POST", "/api/v1/bookings/manage/open", Public),
    ("GET", "/api/v1/bookings/roles/{practitioner_role_id}/appointment-types", Public),
    ("GET", "/api/v1/bookings/roles/{practitioner_role_id}/free-times", Public),
    ("GET", "/api/v1/providers/landing/{profession}/{locality}", Public),
    ("GET", "/api/v1/providers/places", Public),
    ("GET", "/api/v1/providers/practices/{slug}", Public),
    ("GET", "/api/v1/providers/professions", Public),
    ("GET", "/api/v1/providers/providers/{slug}", Public),
    ("GET", "/api/v1/providers/search", Public),
    ("GET", "/api/v1/providers/sitemap", Public),
    ("GET", "/api/v1/providers/sitemap/{page}", Public),
    ("GET", "/api/v1/users/consent-texts/{text}", Public),
];

#[tokio::test]
async fn every_route_states_who_may_call_it() {
    let running = Running::without_pages().await;
    let stated: BTreeSet<_> =
        ACCESS.iter().map(|(method, path, policy)| (*path, (*method).to_owned(), *policy)).collect();
    let found: Vec<_> = running.inventory.iter().flat_map(|(_, routes)| routes).collect();
    let routes: BTreeSet<_> =
        found.iter().map(|route| (route.path, route.method.clone(), route.policy)).collect();
    assert_eq!(routes.len(), found.len(), "a route is there twice");
    let unstated: Vec<_> = routes.difference(&stated).collect();
    assert!(unstated.is_empty(), "say in ACCESS who may call {unstated:#?}");
    let gone: Vec<_> = stated.difference(&routes).collect();
    assert!(gone.is_empty(), "ACCESS speaks of routes that are not there: {gone:#?}");
}

#[tokio::test]
async fn every_route_lies_under_its_services_prefix_and_has_a_name_of_its_own() {
    let running = Running::without_pages().await;
    for (service, routes) in &running.inventory {
        let mut names = BTreeSet::new();
        for route in routes {
            assert!(route.path.starts_with(&format!("/api/v1/{service}/")), "{service}: {}", route.path);
            assert!(names.insert(route.operation), "{service} has two {}", route.operation);
        }
    }
}

#[tokio::test]
async fn a_stranger_is_told_that_what_belongs_to_somebody_is_not_there() {
    let running = Running::without_pages().await;
    for (method, path, policy) in ACCESS {
        match policy {
            Holder => {}
            Public => continue,
        }
        let path = filled(path);
        let method: Method = method.parse().unwrap();
        let stranger = Person::new(&running.settings.public_url);
        let reply = stranger.send(method.clone(), &path, None::<&Value>).await;
        assert_eq!(reply.status.as_u16(), 404, "{method} {path} without cookies: {}", reply.body);
        assert_eq!(reply.header("content-type"), "application/problem+json", "{method} {path}");
        let problem: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(problem["type"], "/problems/not-found", "{method} {path}");
        assert_eq!(problem["instance"], reply.header("x-request-id"), "{method} {path}");
        assert_eq!(stranger.cookie_names(), Vec::<String>::new());
        if method == Method::GET || method == Method::DELETE {
            // A cookie that nobody gave is no better than none.
            for name in ["__Host-guest", "__Host-manage"] {
                let liar = Person::new(&running.settings.public_url);
                liar.set_cookie(name, &"0".repeat(64));
                let reply = liar.send(method.clone(), &path, None::<&Value>).await;
                assert_eq!(reply.status.as_u16(), 404, "{method} {path} with a false {name}: {}", reply.body);
            }
        }
    }
}

#[tokio::test]
async fn every_route_is_in_its_services_description() {
    let running = Running::without_pages().await;
    let person = Person::new(&running.settings.public_url);
    for (service, routes) in &running.inventory {
        let description: Value = person.get(&format!("/api/v1/{service}/openapi.json")).await;
        assert_eq!(description["openapi"], "3.1.0");
        for route in routes {
            let operation = &description["paths"][route.path][route.method.to_lowercase()];
            assert_eq!(
                operation["operationId"], route.operation,
                "{service}: {} {}",
                route.method, route.path
            );
            assert_eq!(operation["x-policy"], format!("{:?}", route.policy), "{service}: {}", route.path);
            let named = operation["parameters"].as_array().map_or(0, Vec::len);
            assert_eq!(named, route.path.matches('{').count(), "{service}: {}", route.path);
        }
    }
}

#[tokio::test]
async fn an_unsafe_request_from_another_site_is_refused() {
    let running = Running::without_pages().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (method, path, _) in ACCESS.iter().filter(|(method, ..)| *method != "GET") {
        let reply = http
            .request(method.parse().unwrap(), running.url(&filled(path)))
            .header("origin", "https://elsewhere.example")
            .header("sec-fetch-site", "cross-site")
            .header("idempotency-key", "00000000-0000-0000-0000-000000000001")
            .json(&serde_json::json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status().as_u16(), 403, "{method} {path}");
    }
}

/// The path with an id in each place.
fn filled(path: &str) -> String {
    let pieces = path.split(['{', '}']).enumerate();
    pieces
        .map(|(at, piece)| if at % 2 == 0 { piece } else { "018f0000-0000-7000-8000-000000000000" })
        .collect()
}
