//! What a practice sees of messages that did not arrive, and what it can do about them.

use axum::{
    body::Body,
    http::{Method, Request},
};
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::Value;
use shared_types::{
    OrganizationId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, LatenessFact, ProposalFact},
    users::{Claims, ContactChannel, Membership, PlatformRole, StaffRole, Strength},
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{
    World, appointment,
    by_text::{MOBILE, OTHER_MOBILE, hers, say, wants_texts},
    envelope, run,
};

pub const OURS: OrganizationId = OrganizationId(Uuid::from_u128(0xB1));

/// As somebody who works there and is an administrator.
pub async fn send(world: &World, method: Method, path: &str, at: OrganizationId) -> (u16, Value) {
    send_as(world, &[PlatformRole::Administrator], method, path, at).await
}

/// As somebody who works there and has those roles of the platform's.
pub async fn send_as(
    world: &World,
    platform: &[PlatformRole],
    method: Method,
    path: &str,
    at: OrganizationId,
) -> (u16, Value) {
    let claims = Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: Uuid::from_u128(8).into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: vec![Membership { organization_id: at, roles: vec![StaffRole::Reception] }],
        platform: platform.to_vec(),
        issued_at: world.core.now(),
        expires_at: world.core.now() + SignedDuration::from_mins(10),
    };
    let cookie = TokenIssuer::known_to(&world.core).await.cookie(&claims);
    let path = format!("/api/v1/notifications{path}");
    let request = Request::builder().method(method).uri(path).header("cookie", cookie);
    let response = world.service.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

pub async fn undelivered(world: &World) -> Vec<Value> {
    let (status, page) = send(world, Method::GET, &format!("/practices/{OURS}/undelivered"), OURS).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

async fn send_again(world: &World, message_id: &Value, at: OrganizationId) -> u16 {
    let path = format!("/practices/{at}/undelivered/{}/send-again", message_id.as_str().unwrap());
    send(world, Method::POST, &path, at).await.0
}

pub fn ours(booking: u128) -> AppointmentFact {
    let mut fact = appointment(booking);
    fact.role.organization_id = Some(OURS);
    fact
}

async fn confirm(world: &World, fact: AppointmentFact) {
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(fact))).await;
}

#[tokio::test]
async fn a_practice_sees_what_bounced_and_sends_it_again_once() {
    let world = World::new().await;
    confirm(&world, ours(1)).await;
    confirm(&world, appointment(2)).await;
    world.mail.bounce();
    assert_eq!(world.send().await, 2);
    let list = undelivered(&world).await;
    assert_eq!(list.len(), 1, "and nothing of another practice: {list:?}");
    assert_eq!(list[0]["template"], "appointment_confirmed");
    assert_eq!(list[0]["channel"], "email");
    assert_eq!(list[0]["reason"], "refused");
    assert_eq!(list[0]["why"], "the mail server refused with 550");
    assert_eq!(list[0]["attempts"], 1, "refused for good is not tried again");
    assert_eq!(list[0]["can_be_sent_again"], true);
    assert!(!list[0].to_string().contains("ada@"), "{}", list[0]);

    world.mail.refuse(false);
    let id = list[0]["message_id"].clone();
    assert_eq!(send_again(&world, &id, OrganizationId(Uuid::from_u128(0xB2))).await, 404, "not theirs");
    assert_eq!(send_again(&world, &id, OURS).await, 204);
    assert_eq!(send_again(&world, &id, OURS).await, 404, "it waits already");
    assert_eq!((world.send().await, world.send().await), (1, 0));
    assert_eq!(undelivered(&world).await, Vec::<Value>::new());
    let mut admin = world.database.administrator().await;
    let acts: Vec<String> = sqlx::query_scalar(
        "select action from notifications.audit_entry where organization_id is not null order by action",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(acts, ["list_undelivered", "send_again"]);
}

/// Whoever has been told by text message is not told once more.
#[tokio::test]
async fn a_letter_that_went_by_text_message_is_not_sent_again_unless_that_did_not_arrive_either() {
    let whose = |mut fact: AppointmentFact| {
        fact.role.organization_id = Some(OURS);
        fact
    };
    for (refused, status) in [(None, 404), (Some(400), 204)] {
        let world = World::new().await;
        wants_texts(&world).await;
        confirm(&world, whose(hers(1))).await;
        world.mail.bounce();
        *world.sms.refusing.lock().unwrap() = refused;
        assert_eq!((world.send().await, world.send().await), (1, 1));
        let list = undelivered(&world).await;
        let letter = list.iter().find(|message| message["channel"] == "email").unwrap();
        assert_eq!(letter["can_be_sent_again"], status == 204, "{list:?}");
        world.mail.refuse(false);
        *world.sms.refusing.lock().unwrap() = None;
        assert_eq!(send_again(&world, &letter["message_id"], OURS).await, status);
        // Nor on both ways at once.
        for other in list.iter().filter(|message| message["channel"] == "sms") {
            assert_eq!(send_again(&world, &other["message_id"], OURS).await, 404);
        }
        world.send().await;
        assert_eq!(world.mail.subjects().len() + world.sms.texts().len(), 1, "{refused:?}");
    }
}

#[tokio::test]
async fn what_is_forgotten_can_be_seen_and_not_sent_again() {
    let world = World::new().await;
    confirm(&world, ours(1)).await;
    world.mail.bounce();
    world.send().await;
    world.core.clock.advance(SignedDuration::from_hours(8 * 24));
    assert_eq!(run(&world.service, "notifications.forget_undelivered").await, 1);
    let list = undelivered(&world).await;
    assert_eq!(list[0]["can_be_sent_again"], false);
    assert_eq!(send_again(&world, &list[0]["message_id"], OURS).await, 404);
}

#[tokio::test]
async fn news_that_later_news_have_overtaken_are_not_sent_again() {
    let world = World::new().await;
    confirm(&world, ours(1)).await;
    world.mail.bounce();
    world.send().await;
    world.core.clock.advance(SignedDuration::from_secs(1));
    let gone = AppointmentFact { sequence: 1, status: AppointmentStatus::CancelledByPatient, ..ours(1) };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentCancelled(gone))).await;
    let list = undelivered(&world).await;
    assert_eq!((list.len(), &list[0]["can_be_sent_again"]), (1, &Value::Bool(false)));
    assert_eq!(send_again(&world, &list[0]["message_id"], OURS).await, 404);
}

#[tokio::test]
async fn a_reminder_whose_time_is_over_is_not_sent_again() {
    let world = World::new().await;
    confirm(&world, ours(1)).await;
    world.send().await;
    world.mail.bounce();
    // Three hours before 9:15 am is night: the evening before.
    world.at("2026-11-23T09:30:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    let list = undelivered(&world).await;
    assert_eq!(list[0]["template"], "reminder_three_hours");
    assert_eq!(list[0]["can_be_sent_again"], true);
    world.at("2026-11-23T21:15:00Z");
    assert_eq!(undelivered(&world).await[0]["can_be_sent_again"], false);
    assert_eq!(send_again(&world, &list[0]["message_id"], OURS).await, 404);
}

#[tokio::test]
async fn a_reminder_is_sent_again_to_the_number_that_its_patient_has_by_then_or_not_at_all() {
    for (contact_by, numbers) in
        [(vec![ContactChannel::Sms], vec![OTHER_MOBILE]), (vec![ContactChannel::Email], vec![])]
    {
        let world = World::new().await;
        say(&world, 1, &[ContactChannel::Sms], Some(MOBILE)).await;
        let start: jiff::Timestamp = "2026-12-01T03:00:00Z".parse().unwrap();
        let mut fact = AppointmentFact { start, end: start + SignedDuration::from_mins(30), ..hers(1) };
        fact.role.organization_id = Some(OURS);
        confirm(&world, fact).await;
        assert_eq!(world.send().await, 1);
        *world.sms.refusing.lock().unwrap() = Some(400);
        world.at("2026-11-29T03:00:00Z");
        assert_eq!((world.remind().await, world.send().await), (1, 1));
        let list = undelivered(&world).await;
        assert_eq!((list.len(), &list[0]["can_be_sent_again"]), (1, &Value::Bool(true)));
        *world.sms.refusing.lock().unwrap() = None;
        say(&world, 2, &contact_by, Some(OTHER_MOBILE)).await;
        let status = if numbers.is_empty() { 404 } else { 204 };
        assert_eq!(send_again(&world, &list[0]["message_id"], OURS).await, status);
        world.send().await;
        let sent = world.sms.sent.lock().unwrap();
        let found: Vec<_> = sent.iter().map(|text| text.recipient.expose().as_str()).collect();
        assert_eq!(found, numbers, "{contact_by:?}");
    }
}

#[tokio::test]
async fn how_late_it_is_cannot_be_sent_again_once_it_should_have_begun() {
    let world = World::new().await;
    confirm(&world, ours(1)).await;
    assert_eq!(world.send().await, 1);
    world.at("2026-11-23T20:30:00Z");
    let late = BookingsEvent::LatenessSaid(LatenessFact { appointment: ours(1), minutes: 25 });
    world.receive(&envelope(&world.core, "bookings", &late)).await;
    world.mail.bounce();
    assert_eq!(world.send().await, 1);
    let list = undelivered(&world).await;
    assert_eq!((list.len(), &list[0]["can_be_sent_again"]), (1, &Value::Bool(true)));
    world.at("2026-11-23T22:15:00Z");
    assert_eq!(undelivered(&world).await[0]["can_be_sent_again"], false);
    assert_eq!(send_again(&world, &list[0]["message_id"], OURS).await, 404);
}

#[tokio::test]
async fn a_proposed_time_that_is_over_is_not_told_again() {
    let world = World::new().await;
    let start: jiff::Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
    let proposed = ProposalFact {
        appointment: ours(1),
        start,
        end: start + SignedDuration::from_mins(30),
        expires_at: "2026-11-22T06:00:00Z".parse().unwrap(),
    };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::TimeProposed(proposed))).await;
    world.mail.bounce();
    assert_eq!(world.send().await, 1);
    let list = undelivered(&world).await;
    assert_eq!(list[0]["can_be_sent_again"], true);
    world.at("2026-11-22T06:00:00Z");
    assert_eq!(undelivered(&world).await[0]["can_be_sent_again"], false);
    assert_eq!(send_again(&world, &list[0]["message_id"], OURS).await, 404);
}

#[tokio::test]
async fn whoever_answers_for_the_words_can_read_them() {
    let world = World::new().await;
    let (status, page) = send(&world, Method::GET, "/platform/previews", OURS).await;
    assert_eq!(status, 200, "{page}");
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 73);
    for item in items {
        assert_eq!(item["locale"], "en-AU");
        assert!(item["body_html"].as_str().unwrap().starts_with("<!doctype html>"), "{item}");
    }
    // A practice reads the same, at its own address alone.
    let (status, practices) = send(&world, Method::GET, &format!("/practices/{OURS}/previews"), OURS).await;
    assert_eq!((status, practices), (200, page));
    let elsewhere = OrganizationId(Uuid::from_u128(0xB2));
    assert_eq!(send(&world, Method::GET, &format!("/practices/{OURS}/previews"), elsewhere).await.0, 404);
}
