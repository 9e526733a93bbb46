//! Names, methods, sizes and kinds that nobody offered.

use hellomapper_tests::Running;
use reqwest::{Method, Response, header};
use serde_json::Value;

use crate::client;

const HOLDS: &str = "/api/v1/bookings/holds";

async fn problem(reply: Response) -> Value {
    assert_eq!(reply.headers()["content-type"], "application/problem+json");
    let id = reply.headers()["x-request-id"].to_str().unwrap().to_owned();
    let problem: Value = reply.json().await.unwrap();
    assert_eq!(problem["instance"], id);
    problem
}

/// A hold as somebody's program might ask for one.
async fn post(running: &Running, kind: &str, body: String) -> Response {
    client()
        .post(running.url(HOLDS))
        .header(header::CONTENT_TYPE, kind)
        .header("idempotency-key", "018f0000-0000-7000-8000-000000000001")
        .body(body)
        .send()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_served_under_a_name_that_is_not_ours() {
    let running = Running::without_bundle().await;
    let port = running.settings.addr.port();
    for path in ["/", "/api/v1/providers/professions", "/assets/leaflet.js"] {
        for host in ["old.hellomapper.example", "evil.test", "localhost.evil.test", "10.0.0.1"] {
            let reply = client().get(running.url(path)).header(header::HOST, host).send().await.unwrap();
            assert_eq!(reply.status().as_u16(), 421, "{path} at {host}");
            assert_eq!(problem(reply).await["type"], "/problems/other-host");
        }
    }
    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), "LOCALHOST".to_owned()] {
        let reply = client().get(running.url("/")).header(header::HOST, &host).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 200, "{host}");
    }
    // Whoever looks after the process asks it by its address.
    for path in ["/health", "/ready"] {
        let reply = client().get(running.url(path)).header(header::HOST, "10.0.0.1").send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_has_a_size_a_kind_and_a_depth() {
    let running = Running::without_bundle().await;
    for (kind, body, status) in [
        ("application/json", format!("\"{}\"", "a".repeat(kernel::layers::MAX_BODY)), 413),
        ("text/plain", "{}".to_owned(), 415),
        ("application/x-www-form-urlencoded", "a=b".to_owned(), 415),
        ("application/xml", "<a/>".to_owned(), 415),
        ("application/json", "[".repeat(10_000), 422),
        ("application/json", "{\"a\":".repeat(10_000), 400),
        ("application/json", "{\"start\":".to_owned(), 400),
        ("application/json", "{}".to_owned(), 422),
    ] {
        let shown = body.chars().take(20).collect::<String>();
        let reply = post(&running, kind, body).await;
        assert_eq!(reply.status().as_u16(), status, "{kind} {shown}");
        let problem = problem(reply).await;
        assert!(!problem.to_string().contains("aaaa"), "{problem}");
        assert_eq!(problem["type"] == "/problems/too-large", status == 413, "{problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_that_no_route_has_are_refused() {
    let running = Running::without_bundle().await;
    for method in [Method::TRACE, Method::PUT, Method::PATCH, Method::OPTIONS] {
        for path in ["/", HOLDS] {
            let request = client().request(method.clone(), running.url(path));
            let reply = request.header(header::ORIGIN, &running.settings.public_url).send().await.unwrap();
            assert_eq!(reply.status().as_u16(), 405, "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_served_that_was_not_meant_to_be() {
    let running = Running::without_bundle().await;
    for path in [
        "/.git/config",
        "/.env",
        "/Cargo.toml",
        "/index.html",
        "/metrics",
        "/assets/",
        "/assets/%2e%2e/index.html",
        "/assets/..%2findex.html",
        "/assets/%2e%2e/%2e%2e/keys/users-signing-key",
        "/assets//etc/passwd",
        "/..%2f..%2fetc/passwd",
    ] {
        let reply = client().get(running.url(path)).send().await.unwrap();
        assert!(matches!(reply.status().as_u16(), 301 | 400 | 404), "{path}: {}", reply.status());
        assert!(!reply.text().await.unwrap().contains("<!--body-->"), "{path}");
    }
}
