//! Every route states who may call it, and here it is stated once more: a new route does not pass until somebody has
//! written down who may call it.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod access;
mod matrix;
mod records;

use std::collections::BTreeSet;

use hellomapper_tests::{Person, Running};
use kernel::{
    Policy::{Account, Holder, Platform, Practice, Public},
    fhir,
};
use reqwest::Method;
use serde_json::Value;

#[tokio::test]
async fn every_route_states_who_may_call_it() {
    let running = Running::without_pages().await;
    let stated: BTreeSet<_> =
        access::all().map(|(method, path, policy)| (*path, (*method).to_owned(), *policy)).collect();
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
            // FHIR has one base, whichever service answers.
            let spoken = fhir::is_spoken_at(route.path);
            let own = route.path.starts_with(&format!("/api/v1/{service}/"));
            assert!(own || spoken && *service == "bookings", "{service}: {}", route.path);
            assert!(names.insert(route.operation), "{service} has two {}", route.operation);
        }
    }
}

#[tokio::test]
async fn a_stranger_is_told_that_what_belongs_to_somebody_is_not_there() {
    let running = Running::without_pages().await;
    for (method, path, policy) in access::all() {
        match policy {
            Holder => {}
            Public | Account | Practice(_) | Platform(_) => continue,
        }
        let path = filled(path);
        let method: Method = method.parse().unwrap();
        let stranger = Person::new(&running.settings.public_url);
        let reply = stranger.send(method.clone(), &path, None::<&Value>).await;
        assert_eq!(reply.status.as_u16(), 404, "{method} {path} without cookies: {}", reply.body);
        let problem: Value = serde_json::from_str(&reply.body).unwrap();
        let (media_type, kind, request) = if fhir::is_spoken_at(&path) {
            ("application/fhir+json", &problem["issue"][0]["details"]["coding"][0]["code"], &problem["id"])
        } else {
            ("application/problem+json", &problem["type"], &problem["instance"])
        };
        assert_eq!(reply.header("content-type"), media_type, "{method} {path}");
        let kind = kind.as_str().unwrap_or_default().trim_start_matches("/problems/");
        assert_eq!(kind, "not-found", "{method} {path}");
        assert_eq!(*request, reply.header("x-request-id"), "{method} {path}");
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
async fn a_stranger_is_asked_to_sign_in_where_an_account_is_needed() {
    let running = Running::without_pages().await;
    // Until the services have read their keys they cannot tell a bad token from a good one, and say so.
    for (_, path, _) in access::all().filter(|(method, _, policy)| *method == "GET" && *policy == Account) {
        hellomapper_tests::until_true("the services to know a key", || async {
            let stranger = Person::new(&running.settings.public_url);
            stranger.set_cookie("__Host-session", "e30.e30.e30");
            stranger.send(Method::GET, &filled(path), None::<&Value>).await.status != 503
        })
        .await;
    }
    for (method, path, policy) in access::all() {
        match policy {
            Account | Practice(_) | Platform(_) => {}
            Public | Holder => continue,
        }
        let path = filled(path);
        let method: Method = method.parse().unwrap();
        let stranger = Person::new(&running.settings.public_url);
        let reply = stranger.send(method.clone(), &path, None::<&Value>).await;
        assert_eq!(reply.status.as_u16(), 401, "{method} {path}: {}", reply.body);
        let problem: Value = serde_json::from_str(&reply.body).unwrap();
        let kind = if fhir::is_spoken_at(&path) {
            &problem["issue"][0]["details"]["coding"][0]["code"]
        } else {
            &problem["type"]
        };
        let kind = kind.as_str().unwrap_or_default().trim_start_matches("/problems/");
        assert_eq!(kind, "signed-out", "{method} {path}");
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
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let named = parameters.filter(|parameter| parameter["in"] == "path").count();
            assert_eq!(named, route.path.matches('{').count(), "{service}: {}", route.path);
        }
    }
}

#[tokio::test]
async fn an_unsafe_request_from_another_site_is_refused() {
    let running = Running::without_pages().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (method, path, _) in access::all().filter(|(method, ..)| *method != "GET") {
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
