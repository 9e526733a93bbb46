//! C-50: reminders are no service messages, so whoever gets them can end them, at once, by mail program or page.

use axum::{
    body::Body,
    http::{Method, Request},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::bookings::{AppointmentFact, BookingsEvent};

use crate::{World, appointment, envelope, moved};

fn far(booking: u128) -> AppointmentFact {
    AppointmentFact {
        start: "2026-12-01T03:00:00Z".parse().unwrap(),
        end: "2026-12-01T03:30:00Z".parse().unwrap(),
        ..appointment(booking)
    }
}

/// Ada is reminded; gives the secret of the reminder's way out.
pub async fn reminded(world: &World) -> String {
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(far(1)))).await;
    world.send().await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    let sent = world.mail.sent.lock().unwrap();
    assert!(sent[0].unsubscribe.is_none(), "a service message has no way out");
    let body = &sent[0].content.expose().body_text;
    assert!(body.contains("it cannot be switched off"), "and says why: {body}");
    let link = sent[1].unsubscribe.as_ref().unwrap().expose();
    link.strip_prefix("https://hellomapper.example/api/v1/notifications/unsubscribe/").unwrap().to_owned()
}

pub async fn call(world: &World, method: Method, token: &str) -> u16 {
    let uri = format!("/api/v1/notifications/unsubscribe/{token}");
    // As RFC 8058 has mail programs post it.
    let request = Request::builder()
        .method(method)
        .uri(uri)
        .header("content-type", "application/x-www-form-urlencoded");
    world.call(request.body(Body::from("List-Unsubscribe=One-Click")).unwrap()).await.0
}

pub async fn stops(world: &World) -> i64 {
    let count = sqlx::query_scalar("select count(*) from notifications.reminder_stop");
    count.fetch_one(&world.core.pool).await.unwrap()
}

#[tokio::test]
async fn one_press_ends_reminders_and_nothing_else() {
    let world = World::new().await;
    let token = reminded(&world).await;
    assert_eq!(
        (call(&world, Method::POST, &token).await, call(&world, Method::POST, &token).await),
        (204, 204)
    );
    assert_eq!(stops(&world).await, 1);
    world.at("2026-12-01T00:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 0));
    assert_eq!(world.plans(1).await[1].3.as_deref(), Some("unwanted"));
    // Nor of another booking, with the address in other letters; what happens to it is still told.
    let other = AppointmentFact {
        start: "2026-12-09T03:00:00Z".parse().unwrap(),
        email: "Ada@Example.org".to_owned().into(),
        ..far(2)
    };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(other))).await;
    assert_eq!(world.send().await, 1);
    world.at("2026-12-07T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 0));
    world.receive(&moved(&world.core, 1)).await;
    assert_eq!(world.send().await, 1);
}

#[tokio::test]
async fn what_was_written_before_is_not_sent_after() {
    let world = World::new().await;
    let token = reminded(&world).await;
    world.at("2026-12-01T00:00:00Z");
    assert_eq!(world.remind().await, 1);
    assert_eq!(call(&world, Method::POST, &token).await, 204);
    assert_eq!(world.send().await, 0);
}

#[tokio::test]
async fn looking_changes_nothing_and_leads_to_the_page() {
    let world = World::new().await;
    let token = reminded(&world).await;
    let uri = format!("/api/v1/notifications/unsubscribe/{token}");
    for _ in 0..2 {
        use tower::ServiceExt as _;

        let request = Request::get(&uri).body(Body::empty()).unwrap();
        let response = world.service.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 303);
        let to = response.headers()["location"].to_str().unwrap();
        assert_eq!(to, format!("https://hellomapper.example/unsubscribe/{token}"));
    }
    assert_eq!(stops(&world).await, 0);
}

#[tokio::test]
async fn who_pressed_by_mistake_takes_it_back() {
    let world = World::new().await;
    let token = reminded(&world).await;
    call(&world, Method::POST, &token).await;
    assert_eq!(call(&world, Method::DELETE, &token).await, 204);
    world.at("2026-12-01T00:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
}

/// What the page learns of a link.
async fn state(world: &World, token: &str) -> Value {
    let uri = format!("/api/v1/notifications/unsubscribe/{token}/state");
    let (status, body) = world.call(Request::get(uri).body(Body::empty()).unwrap()).await;
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn whoever_comes_back_to_the_link_learns_what_holds() {
    let world = World::new().await;
    let token = reminded(&world).await;
    assert_eq!(state(&world, &token).await, json!({"stopped": false}));
    for (method, stopped) in [
        (Method::POST, true),
        (Method::POST, true),
        (Method::DELETE, false),
        (Method::DELETE, false),
        (Method::POST, true),
    ] {
        assert_eq!(call(&world, method, &token).await, 204);
        assert_eq!(state(&world, &token).await, json!({ "stopped": stopped }));
        assert_eq!(stops(&world).await, i64::from(stopped), "looking changes nothing");
    }
    assert_eq!(state(&world, "00000000000000000000000000000000").await, Value::Null);
    world.core.clock.advance(SignedDuration::from_hours(60 * 24));
    assert_eq!(state(&world, &token).await, Value::Null);
}

#[tokio::test]
async fn the_link_works_for_sixty_days_and_no_other_does() {
    let world = World::new().await;
    let token = reminded(&world).await;
    for other in ["0", "00000000000000000000000000000000"] {
        assert_eq!(call(&world, Method::POST, other).await, 404);
    }
    let stored: Vec<u8> = sqlx::query_scalar("select token_hash from notifications.unsubscribe_link")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(stored, kernel::chance::hash_secret(&token));
    world.core.clock.advance(SignedDuration::from_hours(59 * 24));
    assert_eq!(call(&world, Method::POST, &token).await, 204);
    world.core.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(call(&world, Method::POST, &token).await, 404);
    crate::run(&world.service, "notifications.destroy_expired").await;
    let left: i64 = sqlx::query_scalar("select count(*) from notifications.unsubscribe_link")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(left, 0);
}
