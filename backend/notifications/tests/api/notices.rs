//! What an account is told while it looks, and how it wants to be told of things.

use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream},
    http::{Method, Request},
};
use futures::StreamExt as _;
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::{Value, json};
use shared_types::{
    SessionId, Zone,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, NotTakenFact, ProposalFact},
    users::{Claims, LeaveEnded, OwnAccount, Revocation, Revoked, Strength, UsersEvent},
};
use tokio::time::timeout;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{World, appointment, envelope};

pub const ADA: u128 = 0xA;
pub const BO: u128 = 0xB;
/// Longer than two looks even where the machine has no time for us, and shorter than until something is said without news.
const SOON: Duration = Duration::from_secs(14);

fn session(account: u128) -> SessionId {
    Uuid::from_u128(account + 0x100).into()
}

async fn cookie(world: &World, account: u128) -> String {
    let claims = Claims {
        session_id: session(account),
        account_id: Uuid::from_u128(account).into(),
        patient_id: None,
        strength: Strength::Password,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: world.core.now(),
        expires_at: world.core.now() + SignedDuration::from_mins(10),
    };
    TokenIssuer::known_to(&world.core).await.cookie(&claims)
}

pub async fn send(world: &World, account: u128, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1/notifications/me/{path}"))
        .header("content-type", "application/json")
        .header("cookie", cookie(world, account).await);
    let (status, body) = world.call(request.body(Body::from(body.to_string())).unwrap()).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

pub async fn notices(world: &World, account: u128) -> Value {
    let (status, notices) = send(world, account, Method::GET, "notices", &Value::Null).await;
    assert_eq!(status, 200, "{notices}");
    notices
}

async fn open(world: &World, account: u128, last: Option<&str>) -> (u16, BodyDataStream) {
    let request =
        Request::get("/api/v1/notifications/me/stream").header("cookie", cookie(world, account).await);
    let request = last.into_iter().fold(request, |request, id| request.header("last-event-id", id));
    let response = world.service.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    if status == 200 {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
    }
    (status, response.into_body().into_data_stream())
}

/// What the stream says next: its id and how many are not read.
async fn news(stream: &mut BodyDataStream) -> (String, i64) {
    let chunk = timeout(SOON, stream.next()).await.expect("news in time").unwrap().unwrap();
    let text = String::from_utf8(chunk.to_vec()).unwrap();
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    assert_eq!(field("event:"), "notices");
    let data: Value = serde_json::from_str(&field("data:")).unwrap();
    (field("id:"), data["unread"].as_i64().unwrap())
}

/// Tuesday 1 December 2026, 2 pm in Sydney.
pub fn of(account: u128, booking: u128) -> AppointmentFact {
    AppointmentFact {
        start: "2026-12-01T03:00:00Z".parse().unwrap(),
        end: "2026-12-01T03:30:00Z".parse().unwrap(),
        account_id: Some(Uuid::from_u128(account).into()),
        ..appointment(booking)
    }
}

pub async fn confirm(world: &World, fact: AppointmentFact) {
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(fact))).await;
}

pub async fn cancel(world: &World, fact: AppointmentFact) {
    let fact = AppointmentFact { sequence: 9, status: AppointmentStatus::CancelledByProvider, ..fact };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentCancelled(fact))).await;
}

#[tokio::test]
async fn of_proposed_times_the_last_is_told_and_none_once_the_practice_takes_it_back() {
    let world = World::new().await;
    confirm(&world, of(ADA, 1)).await;
    for day in ["2026-12-02T03:00:00Z", "2026-12-03T03:00:00Z"] {
        let start: jiff::Timestamp = day.parse().unwrap();
        let fact = ProposalFact {
            appointment: of(ADA, 1),
            start,
            end: start + SignedDuration::from_mins(30),
            expires_at: "2026-11-24T00:00:00Z".parse().unwrap(),
        };
        world.core.clock.advance(SignedDuration::from_secs(1));
        world.receive(&envelope(&world.core, "bookings", &BookingsEvent::TimeProposed(fact))).await;
    }
    let told = async || -> Vec<(String, String)> {
        let items = notices(&world, ADA).await["items"].as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        items.iter().map(|item| (text(&item["kind"]), text(&item["start"]))).collect()
    };
    let confirmed = ("confirmed".to_owned(), "2026-12-01T03:00:00Z".to_owned());
    let proposed = ("time_proposed".to_owned(), "2026-12-03T03:00:00Z".to_owned());
    assert_eq!(told().await, [proposed, confirmed.clone()]);
    let withdrawn = BookingsEvent::ProposalWithdrawn { booking_id: Uuid::from_u128(1).into() };
    world.receive(&envelope(&world.core, "bookings", &withdrawn)).await;
    assert_eq!(told().await, [confirmed]);
}

#[tokio::test]
async fn what_was_proposed_for_an_appointment_is_not_told_any_more_once_it_is_moved_or_cancelled() {
    for is_moved in [true, false] {
        let world = World::new().await;
        confirm(&world, of(ADA, 1)).await;
        world.send().await;
        world.core.clock.advance(SignedDuration::from_secs(1));
        let proposed = BookingsEvent::TimeProposed(ProposalFact {
            appointment: of(ADA, 1),
            start: "2026-12-02T03:00:00Z".parse().unwrap(),
            end: "2026-12-02T03:30:00Z".parse().unwrap(),
            expires_at: "2026-11-24T00:00:00Z".parse().unwrap(),
        });
        world.receive(&envelope(&world.core, "bookings", &proposed)).await;
        assert!(notices(&world, ADA).await.to_string().contains("time_proposed"));
        world.core.clock.advance(SignedDuration::from_secs(1));
        if is_moved {
            let moved = BookingsEvent::AppointmentMoved(AppointmentFact { sequence: 1, ..of(ADA, 1) });
            world.receive(&envelope(&world.core, "bookings", &moved)).await;
        } else {
            cancel(&world, of(ADA, 1)).await;
        }
        let told = notices(&world, ADA).await.to_string();
        assert!(!told.contains("time_proposed"), "{told}");
        let messages = world.messages().await;
        assert!(messages.contains(&("time_proposed".to_owned(), "dropped".to_owned())), "{messages:?}");
    }
}

#[tokio::test]
async fn who_proposed_a_time_for_a_practice_is_told_that_the_patient_keeps_theirs_and_nobody_else_is() {
    let world = World::new().await;
    confirm(&world, of(ADA, 1)).await;
    let start: jiff::Timestamp = "2026-12-01T03:00:00Z".parse().unwrap();
    for (refused, kind) in [(true, "time_refused"), (false, "time_unanswered")] {
        world.core.clock.advance(SignedDuration::from_secs(1));
        let fact = NotTakenFact {
            booking_id: Uuid::from_u128(1).into(),
            proposed_by: Uuid::from_u128(BO).into(),
            refused,
            stands_at: start,
            time_zone: Zone::SYDNEY,
        };
        world.receive(&envelope(&world.core, "bookings", &BookingsEvent::TimeNotTaken(fact))).await;
        let told = notices(&world, BO).await;
        let newest = &told["items"][0];
        assert_eq!((&newest["kind"], &newest["start"]), (&json!(kind), &json!("2026-12-01T03:00:00Z")));
        // It is somebody else's booking: the notice leads to none.
        assert_eq!(newest["booking_id"], Value::Null);
    }
    assert_eq!(notices(&world, BO).await["unread"], 2);
    assert_eq!(notices(&world, ADA).await["items"].as_array().unwrap().len(), 1, "they know it");
}

#[tokio::test]
async fn an_account_is_told_its_own_and_without_names() {
    let world = World::new().await;
    confirm(&world, of(ADA, 1)).await;
    confirm(&world, of(BO, 2)).await;
    confirm(&world, appointment(3)).await;
    let told = notices(&world, ADA).await;
    assert_eq!((told["items"].as_array().unwrap().len(), &told["unread"]), (1, &json!(1)));
    let one = &told["items"][0];
    assert_eq!((&one["kind"], &one["start"]), (&json!("confirmed"), &json!("2026-12-01T03:00:00Z")));
    for private in ["Ada", "Kim", "Harbour", "Physio", "example.org"] {
        assert!(!told.to_string().contains(private), "{told}");
    }
    // Nobody reads another's.
    let theirs = json!({"up_to": notices(&world, BO).await["items"][0]["notice_id"]});
    assert_eq!(send(&world, ADA, Method::POST, "notices/read", &theirs).await.0, 204);
    assert_eq!(notices(&world, BO).await["unread"], 1);
    assert_eq!(
        send(&world, ADA, Method::POST, "notices/read", &json!({"up_to": one["notice_id"]})).await.0,
        204
    );
    let told = notices(&world, ADA).await;
    assert_eq!((&told["unread"], &told["items"][0]["read"]), (&json!(0), &json!(true)));
}

#[tokio::test]
async fn who_may_act_for_somebody_no_longer_is_told_nothing_more_of_them() {
    let world = World::new().await;
    let child = Uuid::from_u128(0xC).into();
    confirm(&world, AppointmentFact { patient_id: Some(child), ..of(ADA, 1) }).await;
    confirm(&world, of(ADA, 2)).await;
    let ended = LeaveEnded { account_id: Uuid::from_u128(ADA).into(), patient_id: child, own: None };
    world.receive(&envelope(&world.core, "users", &UsersEvent::LeaveEnded(ended))).await;
    assert_eq!(notices(&world, ADA).await["items"].as_array().unwrap().len(), 1, "their own");
    world.at("2026-11-29T03:00:00Z");
    world.remind().await;
    let told = notices(&world, ADA).await;
    assert_eq!(told["items"].as_array().unwrap().len(), 2, "reminded of their own alone: {told}");
}

#[tokio::test]
async fn who_shut_a_parent_out_is_written_to_at_their_own_address() {
    let world = World::new().await;
    let young = Uuid::from_u128(0xC).into();
    let theirs = AppointmentFact { patient_id: Some(young), ..of(ADA, 1) };
    confirm(&world, theirs.clone()).await;
    let own =
        OwnAccount { account_id: Uuid::from_u128(BO).into(), email: "young@example.org".to_owned().into() };
    let ended = LeaveEnded { account_id: Uuid::from_u128(ADA).into(), patient_id: young, own: Some(own) };
    world.receive(&envelope(&world.core, "users", &UsersEvent::LeaveEnded(ended))).await;
    let letters = || -> Vec<String> {
        let sent = world.mail.sent.lock().unwrap();
        sent.iter().map(|letter| letter.recipient.expose().clone()).collect()
    };
    assert_eq!(world.send().await, 1);
    assert_eq!(letters(), ["young@example.org"], "what waited");
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!(notices(&world, BO).await["items"][0]["kind"], "reminder");
    cancel(&world, AppointmentFact { account_id: None, ..theirs }).await;
    assert_eq!(world.send().await, 1);
    assert_eq!(letters(), ["young@example.org"; 3], "and all that comes later");
    // The parent's own are still the parent's.
    confirm(&world, of(ADA, 2)).await;
    assert_eq!(world.send().await, 1);
    assert_eq!(letters()[3], "ada@example.org");
}

#[tokio::test]
async fn a_reminder_is_told_here_too_and_taken_back_with_its_appointment() {
    let world = World::new().await;
    confirm(&world, of(ADA, 1)).await;
    world.at("2026-11-29T03:00:00Z");
    world.remind().await;
    let kinds = async || -> Vec<String> {
        let told = notices(&world, ADA).await;
        let items = told["items"].as_array().unwrap().iter();
        items.map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds().await, ["reminder", "confirmed"]);
    world.core.clock.advance(SignedDuration::from_mins(1));
    cancel(&world, of(ADA, 1)).await;
    assert_eq!(kinds().await, ["cancelled", "confirmed"]);
}

#[tokio::test]
async fn news_that_come_late_are_not_told() {
    let world = World::new().await;
    cancel(&world, of(ADA, 1)).await;
    confirm(&world, of(ADA, 1)).await;
    let told = notices(&world, ADA).await;
    assert_eq!(
        (told["items"].as_array().unwrap().len(), &told["items"][0]["kind"]),
        (1, &json!("cancelled"))
    );
}

#[tokio::test]
async fn the_stream_says_how_many_are_not_read_as_it_changes() {
    let world = World::new().await;
    let (status, mut stream) = open(&world, ADA, None).await;
    assert_eq!(status, 200);
    assert_eq!(news(&mut stream).await, ("0".to_owned(), 0));
    confirm(&world, of(BO, 2)).await;
    confirm(&world, of(ADA, 1)).await;
    let (id, unread) = news(&mut stream).await;
    assert_eq!(unread, 1);
    drop(stream);
    // Who comes back with what they know is told when there is more.
    let (_, mut again) = open(&world, ADA, Some(&id)).await;
    assert!(timeout(Duration::from_secs(3), again.next()).await.is_err(), "nothing is new");
    cancel(&world, of(ADA, 1)).await;
    assert_eq!(news(&mut again).await.1, 2);
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let world = World::new().await;
    let (_, mut stream) = open(&world, ADA, None).await;
    news(&mut stream).await;
    let now = world.core.now();
    let revocation = Revocation {
        of: Revoked::Session(session(ADA)),
        issued_until: now,
        forget_at: now + SignedDuration::from_mins(10),
    };
    let mut conn = world.core.pool.acquire().await.unwrap();
    kernel::session::revoke(&mut conn, &revocation).await.unwrap();
    world.core.sessions.load(&world.core.pool).await.unwrap();
    assert!(timeout(SOON, stream.next()).await.expect("an end").is_none());
    // And with its token, which nobody refreshes from here.
    let (_, mut stream) = open(&world, BO, None).await;
    news(&mut stream).await;
    world.core.clock.advance(SignedDuration::from_mins(10));
    assert!(timeout(SOON, stream.next()).await.expect("an end").is_none());
}

#[tokio::test]
async fn an_account_watches_in_four_places_and_no_more() {
    let world = World::new().await;
    let mut open_streams = Vec::new();
    for _ in 0..4 {
        let (status, stream) = open(&world, ADA, None).await;
        assert_eq!(status, 200);
        open_streams.push(stream);
    }
    assert_eq!(open(&world, ADA, None).await.0, 429);
    assert_eq!(open(&world, BO, None).await.0, 200);
    open_streams.pop();
    assert_eq!(open(&world, ADA, None).await.0, 200);
}

#[tokio::test]
async fn what_an_account_wants_holds_from_then_on() {
    let world = World::new().await;
    let (status, first) = send(&world, ADA, Method::GET, "preferences", &Value::Null).await;
    assert_eq!((status, &first["version"], &first["names"]), (200, &json!(0), &json!("plain")));
    let wanted = json!({
        "version": 0, "in_app": false, "names": "none", "quiet_from": "18:00:00", "quiet_until": "10:00:00",
        "time_zone": "Australia/Perth",
    });
    let (status, kept) = send(&world, ADA, Method::PUT, "preferences", &wanted).await;
    assert_eq!((status, &kept["version"]), (200, &json!(1)), "{kept}");
    let (status, stale) = send(&world, ADA, Method::PUT, "preferences", &wanted).await;
    assert_eq!((status, stale["type"].as_str().unwrap()), (409, "/problems/stale-version"));
    let (status, _) = send(
        &world,
        BO,
        Method::PUT,
        "preferences",
        &json!({
            "version": 3, "in_app": true, "names": "all", "quiet_from": "21:00:00", "quiet_until": "08:00:00",
        }),
    )
    .await;
    assert_eq!(status, 409, "nobody begins with a later version");
    confirm(&world, of(ADA, 1)).await;
    world.send().await;
    assert_eq!(notices(&world, ADA).await["items"], json!([]));
    // Two days before is 11 am in Perth; three hours before is 8 am there, in the night that was asked for: so the evening
    // before at 5:30 pm.
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    world.at("2026-11-30T09:29:59Z");
    assert_eq!(world.remind().await, 0);
    world.at("2026-11-30T09:30:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    let sent = world.mail.sent.lock().unwrap();
    let body = &sent[1].content.expose().body_text;
    assert!(!body.contains("Kim Lee") && !body.contains("Harbour"), "{body}");
}

#[tokio::test]
async fn a_night_is_a_night() {
    let world = World::new().await;
    for (from, until) in [("12:00:00", "08:00:00"), ("21:00:00", "20:00:00"), ("21:00:30", "08:00:00")] {
        let wanted = json!({
            "version": 0, "in_app": true, "names": "plain", "quiet_from": from, "quiet_until": until, "time_zone": null,
        });
        let (status, problem) = send(&world, ADA, Method::PUT, "preferences", &wanted).await;
        assert_eq!(status, 422, "{from} {until}: {problem}");
    }
}
