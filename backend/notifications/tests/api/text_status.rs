//! What the gateway reports later of text messages that it took.

use serde_json::json;
use shared_types::bookings::{AppointmentFact, BookingsEvent, LatenessFact};
use uuid::Uuid;

use crate::{
    World,
    answers::{SECRET, post_to, signed},
    by_text::{ADA, confirm, hers, send_all, tell, wants_texts},
    notices::notices,
    practice::{OURS, undelivered},
};

/// A letter is to bounce, and a text to go in its place.
async fn bounced() -> World {
    let world = World::answered_by(Some(SECRET)).await;
    wants_texts(&world).await;
    world.mail.bounce();
    let mut fact: AppointmentFact = hers(1);
    fact.role.organization_id = Some(OURS);
    confirm(&world, fact).await;
    world
}

/// The gateway took the text in the place of a letter: the world, and the path for reports on it.
async fn texted() -> (World, String) {
    let world = bounced().await;
    assert_eq!(send_all(&world).await, 2);
    let path = path_of_text(&world).await;
    (world, path)
}

/// The path for reports on the only text, whichever try they are about.
async fn path_of_text(world: &World) -> String {
    let id: Uuid = sqlx::query_scalar("select message_id from notifications.message where channel = 'sms'")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    format!("/api/v1/notifications/texts/{id}/status")
}

fn form(status: &str, code: Option<&str>) -> Vec<(&'static str, String)> {
    let fields = [("MessageSid", "SM1"), ("To", "+61491570006"), ("MessageStatus", status)];
    let code = code.map(|code| ("ErrorCode", code.to_owned()));
    fields.map(|(name, value)| (name, value.to_owned())).into_iter().chain(code).collect()
}

async fn report(world: &World, path: &str, status: &str, code: Option<&str>) -> u16 {
    let form = form(status, code);
    post_to(world, path, &form, &signed(SECRET, path, &form)).await.0
}

/// The practice's list by its channels, and why each did not arrive.
async fn by_channel(world: &World) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let list = undelivered(world).await;
    let mut list: Vec<_> = list.iter().map(|one| (text(&one["channel"]), text(&one["why"]))).collect();
    list.sort();
    list
}

#[tokio::test]
async fn a_text_that_did_not_arrive_is_seen_by_the_practice_and_its_patient_is_told_on_the_site_once() {
    let (world, path) = texted().await;
    for status in ["queued", "sent", "delivered", "read"] {
        assert_eq!(report(&world, &path, status, None).await, 204, "{status}");
    }
    let letter = ("email".to_owned(), "the mail server refused with 550".to_owned());
    assert_eq!(by_channel(&world).await, std::slice::from_ref(&letter));
    let told = |notices: &serde_json::Value| {
        let items = notices["items"].as_array().unwrap();
        items.iter().filter(|one| one["kind"] == "letter_undelivered").count()
    };
    assert_eq!(told(&notices(&world, ADA.0.as_u128()).await), 0);
    for _ in 0..2 {
        assert_eq!(report(&world, &path, "undelivered", Some("30005")).await, 204);
    }
    assert_eq!(report(&world, &path, "delivered", None).await, 204);
    let text = ("sms".to_owned(), "the gateway reported undelivered, 30005".to_owned());
    assert_eq!(by_channel(&world).await, [letter, text]);
    assert_eq!(undelivered(&world).await.iter().filter(|one| one["reason"] == json!("refused")).count(), 2);
    assert_eq!(told(&notices(&world, ADA.0.as_u128()).await), 1);
    assert_eq!(send_all(&world).await, 0);
}

#[tokio::test]
async fn what_is_reported_of_a_try_counts_for_that_try_alone() {
    let world = bounced().await;
    *world.sms.refusing.lock().unwrap() = Some(503);
    assert_eq!(send_all(&world).await, 2);
    *world.sms.refusing.lock().unwrap() = None;
    world.core.clock.advance(jiff::SignedDuration::from_mins(1));
    assert_eq!(send_all(&world).await, 1);
    let path = path_of_text(&world).await;
    let (first, second) = (format!("{path}?try=1"), format!("{path}?try=2"));
    let failed = form("failed", None);
    assert_eq!(post_to(&world, &second, &failed, &signed(SECRET, &first, &failed)).await.0, 404);
    assert_eq!(report(&world, &first, "undelivered", Some("30003")).await, 204);
    assert_eq!(by_channel(&world).await.len(), 1, "the letter alone");
    assert_eq!(report(&world, &second, "undelivered", Some("30003")).await, 204);
    assert_eq!(by_channel(&world).await.len(), 2);
}

#[tokio::test]
async fn how_late_it_is_goes_by_mail_if_its_text_did_not_arrive_and_nothing_newer_was_said() {
    let world = World::answered_by(Some(SECRET)).await;
    wants_texts(&world).await;
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 1);
    world.at("2026-11-23T20:30:00Z");
    let mut paths = Vec::new();
    for minutes in [25, 0] {
        tell(&world, &BookingsEvent::LatenessSaid(LatenessFact { appointment: hers(1), minutes })).await;
        assert_eq!(send_all(&world).await, 1);
        let newest = "select message_id from notifications.message where channel = 'sms' order by created_at desc limit 1";
        let id: Uuid = sqlx::query_scalar(newest).fetch_one(&world.core.pool).await.unwrap();
        paths.push(format!("/api/v1/notifications/texts/{id}/status"));
        world.core.clock.advance(jiff::SignedDuration::from_mins(1));
    }
    assert_eq!(report(&world, &paths[0], "undelivered", Some("30003")).await, 204);
    assert_eq!((send_all(&world).await, world.mail.subjects().len()), (0, 1), "it is on time by now");
    assert_eq!(report(&world, &paths[1], "undelivered", Some("30003")).await, 204);
    assert_eq!((send_all(&world).await, world.mail.subjects().len()), (1, 2));
}

#[tokio::test]
async fn what_the_gateway_did_not_sign_changes_nothing() {
    let (world, path) = texted().await;
    let failed = form("failed", None);
    let other = format!("/api/v1/notifications/texts/{}/status", Uuid::from_u128(99));
    for (to, signature) in [
        (&path, String::new()),
        (&path, signed("another secret", &path, &failed)),
        (&path, signed(SECRET, &other, &failed)),
        (&path, signed(SECRET, &path, &form("delivered", None))),
        // Signed, and of no message that is there.
        (&other, signed(SECRET, &other, &failed)),
    ] {
        assert_eq!(post_to(&world, to, &failed, &signature).await.0, 404, "{to} {signature}");
    }
    assert_eq!(by_channel(&world).await.len(), 1);
    // A letter is not reported on by the gateway for texts.
    let letter: Uuid =
        sqlx::query_scalar("select message_id from notifications.message where channel = 'email'")
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
    let letter = format!("/api/v1/notifications/texts/{letter}/status");
    assert_eq!(report(&world, &letter, "failed", None).await, 404);
}
