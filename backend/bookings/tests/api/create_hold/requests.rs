//! Requests that come again, too often, from elsewhere or broken.

use axum::http::{Request, header};
use serde_json::json;
use shared_types::bookings::Hold;

use super::PATH;
use crate::app::{App, LONG, NOW, ROLE, minutes, monday, post, wanted};

#[tokio::test]
async fn an_address_that_asks_too_often_waits() {
    let app = App::with_burst(3).await;
    for _ in 0..3 {
        app.browser().hold(app.key(), ROLE, LONG, monday(10, 0)).await;
    }
    let reply = app.browser().hold(app.key(), ROLE, LONG, monday(11, 0)).await;
    reply.problem(429, "rate-limited");
    assert_eq!(reply.headers[header::RETRY_AFTER], "10");
    let mut neighbour = app.browser();
    neighbour.address = ([203, 0, 113, 9], 1).into();
    assert_eq!(neighbour.hold(app.key(), ROLE, LONG, monday(11, 0)).await.status, 201);
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_reply() {
    let app = App::new().await;
    let mut browser = app.browser();
    app.hold(&mut browser, monday(9, 0)).await;
    let key = app.key();
    let first = browser.hold(key, ROLE, LONG, monday(10, 0)).await;
    app.advance(minutes(3));
    let again = browser.hold(key, ROLE, LONG, monday(10, 0)).await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(app.count("select count(*) from bookings.hold").await, 2);
}

#[tokio::test]
async fn a_key_is_good_for_one_body_and_one_browser() {
    let app = App::new().await;
    let (mut browser, mut other) = (app.browser(), app.browser());
    app.hold(&mut browser, monday(9, 0)).await;
    app.hold(&mut other, monday(9, 30)).await;
    let key = app.key();
    assert_eq!(browser.hold(key, ROLE, LONG, monday(10, 0)).await.status, 201);
    browser.hold(key, ROLE, LONG, monday(11, 0)).await.problem(422, "idempotency-key-reused");
    other.hold(key, ROLE, LONG, monday(10, 0)).await.problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn a_refused_request_may_be_tried_again_with_its_key() {
    let app = App::new().await;
    let (mut first, mut second) = (app.browser(), app.browser());
    let hold = app.hold(&mut first, monday(10, 0)).await;
    let key = app.key();
    second.hold(key, ROLE, LONG, monday(10, 0)).await.problem(409, "time-taken");
    first.release(&hold).await;
    assert_eq!(second.hold(key, ROLE, LONG, monday(10, 0)).await.status, 201);
}

#[tokio::test]
async fn keys_are_forgotten_after_a_day() {
    let app = App::new().await;
    let mut browser = app.browser();
    let key = app.key();
    browser.hold(key, ROLE, LONG, monday(10, 0)).await;
    app.advance(jiff::SignedDuration::from_hours(24));
    app.run("bookings.forget_old").await;
    assert_eq!(app.count("select count(*) from bookings.idempotency").await, 1);
    app.advance(minutes(1));
    app.run("bookings.forget_old").await;
    assert_eq!(app.count("select count(*) from bookings.idempotency").await, 0);
}

#[tokio::test]
async fn a_request_without_a_proper_key_is_refused() {
    let app = App::new().await;
    let body = wanted(ROLE, LONG, monday(10, 0));
    app.browser().post(PATH, None, &body).await.problem(400, "idempotency-key-missing");
    for bad in ["", "1", "not-a-uuid"] {
        let request = Request::post(PATH)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", bad)
            .body(body.to_string().into())
            .unwrap();
        app.browser().send(request).await.problem(400, "idempotency-key-missing");
    }
}

#[tokio::test]
async fn bodies_that_are_not_a_request_are_refused_without_quoting_them() {
    let app = App::new().await;
    for (body, status, kind) in [
        ("{\"start\":".to_owned(), 400, "unreadable"),
        (String::new(), 400, "unreadable"),
        ("[]".to_owned(), 422, "invalid"),
        ("{}".to_owned(), 422, "invalid"),
        (
            json!({"practitioner_role_id": "Ada Nguyen", "appointment_type_id": LONG, "start": NOW})
                .to_string(),
            422,
            "invalid",
        ),
        (
            json!({"practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": "Ada Nguyen"})
                .to_string(),
            422,
            "invalid",
        ),
        (" ".repeat(70_000), 413, "too-large"),
    ] {
        let reply = app.browser().send(post(PATH, Some(app.key()), body)).await;
        let problem = reply.problem(status, kind);
        assert!(!format!("{problem:?}").contains("Nguyen"), "{problem:?}");
    }
    let request = Request::post(PATH).header("idempotency-key", app.key().to_string());
    let request = request.body(wanted(ROLE, LONG, monday(10, 0)).to_string().into()).unwrap();
    app.browser().send(request).await.problem(415, "unreadable");
}

#[tokio::test]
async fn a_form_on_another_site_cannot_hold_a_time() {
    let app = App::new().await;
    for (name, value, expected) in [
        ("sec-fetch-site", "cross-site", 403),
        ("origin", "https://evil.example", 403),
        ("origin", "http://localhost:8080", 201),
    ] {
        let mut request = post(PATH, Some(app.key()), wanted(ROLE, LONG, monday(10, 0)).to_string());
        request.headers_mut().insert(name, value.parse().unwrap());
        request.headers_mut().insert(header::HOST, "localhost:8080".parse().unwrap());
        let reply = app.browser().send(request).await;
        assert_eq!(reply.status, expected, "{name}: {value}: {}", reply.body);
        if expected == 403 {
            reply.problem(403, "forbidden-origin");
        }
    }
}

#[tokio::test]
async fn a_first_request_whose_reply_was_lost_is_repeated_with_its_key() {
    let app = App::new().await;
    let key = app.key();
    // The cookie went down with the first reply.
    let first: Hold = app.browser().hold(key, ROLE, LONG, monday(10, 0)).await.read();
    let mut again = app.browser();
    let hold: Hold = again.hold(key, ROLE, LONG, monday(10, 0)).await.read();
    assert_eq!(hold, first);
    assert_eq!(again.find_hold(&hold).await.status, 200);
    assert_eq!(app.count("select count(*) from bookings.hold").await, 1);
}
