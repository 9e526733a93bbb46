//! What devices are told: a push service of our own takes it, and a browser's keys open it.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::users::{ErasureRequest, UsersEvent};
use uuid::Uuid;
use web_push_native::{
    Auth, decrypt,
    p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint as _},
};

use crate::{
    World, envelope,
    notices::{ADA, BO, cancel, confirm, notices, of, send},
    run,
};

const PATH: &str = "push-subscriptions";
const SECRET: [u8; 16] = [5; 16];

/// What a push service was sent.
struct Got {
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A push service on this machine.
pub struct PushService {
    address: SocketAddr,
    got: Mutex<Vec<Got>>,
    answers: Mutex<StatusCode>,
}

impl PushService {
    pub async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = Arc::new(Self {
            address: listener.local_addr().unwrap(),
            got: Mutex::default(),
            answers: Mutex::new(StatusCode::CREATED),
        });
        let router = Router::new().fallback(take).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        service
    }

    fn answer(&self, status: u16) {
        *self.answers.lock().unwrap() = StatusCode::from_u16(status).unwrap();
    }

    /// Has a browser of an account listen here, and gives what the server says of it.
    pub async fn browser(&self, world: &World, account: u128, number: u8) -> Value {
        let (status, kept) = send(world, account, Method::PUT, PATH, &self.wanted(number)).await;
        assert_eq!(status, 200, "{kept}");
        kept
    }

    fn wanted(&self, number: u8) -> Value {
        let public = secret(number).public_key().to_encoded_point(false);
        json!({
            "endpoint": format!("http://{}/{number}", self.address),
            "p256dh": URL_SAFE_NO_PAD.encode(public.as_bytes()),
            "auth": URL_SAFE_NO_PAD.encode(SECRET),
        })
    }

    /// What each browser shows of what has come since, by its number.
    fn shown(&self) -> Vec<(u8, Value)> {
        let mut shown: Vec<_> = self.got.lock().unwrap().drain(..).map(|got| got.opened()).collect();
        shown.sort_by_key(|(number, _)| *number);
        shown
    }

    /// The titles of that.
    pub fn titles(&self) -> Vec<String> {
        self.shown().into_iter().map(|(_, shown)| shown["title"].as_str().unwrap().to_owned()).collect()
    }
}

async fn take(
    State(service): State<Arc<PushService>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    assert_eq!(method, Method::POST);
    let status = *service.answers.lock().unwrap();
    if status.is_success() {
        let got = Got { path: uri.path().to_owned(), headers, body: body.to_vec() };
        service.got.lock().unwrap().push(got);
    }
    status
}

impl Got {
    /// As the browser opens it whose address it came to.
    fn opened(self) -> (u8, Value) {
        let number = self.path.trim_start_matches('/').parse().unwrap();
        let text = decrypt(self.body, &secret(number), &Auth::from(SECRET)).unwrap();
        (number, serde_json::from_slice(&text).unwrap())
    }

    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// A browser's own key.
fn secret(number: u8) -> SecretKey {
    SecretKey::from_slice(&[number; 32]).unwrap()
}

async fn push(world: &World) -> u64 {
    run(&world.service, "notifications.send_pushes").await
}

async fn listed(world: &World, account: u128) -> Value {
    let (status, list) = send(world, account, Method::GET, PATH, &Value::Null).await;
    assert_eq!(status, 200, "{list}");
    list
}

/// How many notices wait to be told on a device.
pub async fn waiting(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from notifications.push_message")
        .fetch_one(&world.core.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_notice_is_told_on_each_device_of_its_account_and_nobody_else_can_read_it() {
    let (world, service) = (World::new().await, PushService::start().await);
    for (account, number) in [(ADA, 1), (ADA, 2), (BO, 3)] {
        service.browser(&world, account, number).await;
    }
    confirm(&world, of(ADA, 1)).await;
    assert_eq!((push(&world).await, push(&world).await), (2, 0));
    let key = listed(&world, ADA).await["server_key"].as_str().unwrap().to_owned();
    {
        let got = service.got.lock().unwrap();
        let one = &got[0];
        for (name, value) in [
            ("content-encoding", "aes128gcm"),
            ("content-type", "application/octet-stream"),
            ("ttl", "86400"),
            ("urgency", "normal"),
        ] {
            assert_eq!(one.header(name), value);
        }
        let known_by = one.header("authorization");
        assert!(known_by.starts_with("vapid t=") && known_by.ends_with(&format!(", k={key}")), "{known_by}");
        assert_eq!(one.header("topic").len(), 32);
        assert_ne!(one.header("topic"), got[1].header("topic"), "nobody sees that both are one person's");
        assert_eq!(one.body.len(), got[1].body.len());
        assert!(!one.body.windows(11).any(|bytes| bytes == b"appointment"));
    }
    let shown = service.shown();
    assert_eq!(shown.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2]);
    let (_, first) = &shown[0];
    assert_eq!(
        (&first["title"], &first["body"], &first["path"]),
        (
            &json!("Your appointment is confirmed"),
            &json!("Tue 1 Dec, 2:00 pm, Sydney time"),
            &json!("/account/appointments")
        )
    );
    assert_eq!(first.as_object().unwrap().len(), 4, "and by what it is replaced: {first}");
}

#[tokio::test]
async fn a_browser_that_takes_no_messages_any_more_is_forgotten() {
    for status in [404, 410] {
        let (world, service) = (World::new().await, PushService::start().await);
        service.browser(&world, ADA, 1).await;
        confirm(&world, of(ADA, 1)).await;
        service.answer(status);
        assert_eq!((push(&world).await, push(&world).await), (1, 0));
        assert_eq!((&listed(&world, ADA).await["items"], waiting(&world).await), (&json!([]), 0));
        let mut admin = world.database.administrator().await;
        let noted: i64 = sqlx::query_scalar(
            "select count(*) from notifications.audit_entry where action = 'forget_push_subscription'",
        )
        .fetch_one(&mut admin)
        .await
        .unwrap();
        assert_eq!(noted, 1);
    }
}

#[tokio::test]
async fn what_did_not_get_through_is_tried_again_as_mail_is() {
    let (world, service) = (World::new().await, PushService::start().await);
    service.browser(&world, ADA, 1).await;
    confirm(&world, of(ADA, 1)).await;
    service.answer(503);
    for wait in [1, 5, 30, 120].map(SignedDuration::from_mins) {
        assert_eq!(push(&world).await, 1);
        world.core.clock.advance(wait - SignedDuration::from_secs(1));
        assert_eq!(push(&world).await, 0, "too early: {wait}");
        world.core.clock.advance(SignedDuration::from_secs(1));
    }
    service.answer(201);
    assert_eq!(push(&world).await, 1);
    assert_eq!((service.titles().len(), waiting(&world).await), (1, 0));
}

#[tokio::test]
async fn what_is_refused_for_good_is_given_up_and_the_browser_stays() {
    let (world, service) = (World::new().await, PushService::start().await);
    service.browser(&world, ADA, 1).await;
    confirm(&world, of(ADA, 1)).await;
    service.answer(413);
    assert_eq!((push(&world).await, waiting(&world).await), (1, 0));
    assert_eq!(listed(&world, ADA).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn devices_are_silent_at_night() {
    let (world, service) = (World::new().await, PushService::start().await);
    service.browser(&world, ADA, 1).await;
    // 9:30 pm in Sydney.
    world.at("2026-11-22T10:30:00Z");
    confirm(&world, of(ADA, 1)).await;
    world.at("2026-11-22T20:59:59Z");
    assert_eq!(push(&world).await, 0);
    world.at("2026-11-22T21:00:00Z");
    assert_eq!((push(&world).await, service.titles().len()), (1, 1));
}

#[tokio::test]
async fn what_was_read_is_not_shown_and_what_has_changed_takes_the_place_of_what_waits() {
    let (world, service) = (World::new().await, PushService::start().await);
    service.browser(&world, ADA, 1).await;
    confirm(&world, of(ADA, 1)).await;
    let newest = notices(&world, ADA).await["items"][0]["notice_id"].clone();
    assert_eq!(send(&world, ADA, Method::POST, "notices/read", &json!({"up_to": newest})).await.0, 204);
    assert_eq!((push(&world).await, waiting(&world).await), (0, 0));

    confirm(&world, of(ADA, 2)).await;
    service.answer(503);
    assert_eq!(push(&world).await, 1);
    cancel(&world, of(ADA, 2)).await;
    service.answer(201);
    world.core.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(push(&world).await, 1);
    assert_eq!(service.titles(), ["Your appointment does not take place"]);
}

#[tokio::test]
async fn without_the_bell_no_device_is_told() {
    let (world, service) = (World::new().await, PushService::start().await);
    service.browser(&world, ADA, 1).await;
    let silent = json!({
        "version": 0, "in_app": false, "names": "plain", "quiet_from": "21:00:00", "quiet_until": "08:00:00",
        "time_zone": null,
    });
    assert_eq!(send(&world, ADA, Method::PUT, "preferences", &silent).await.0, 200);
    confirm(&world, of(ADA, 1)).await;
    assert_eq!((push(&world).await, waiting(&world).await), (0, 0));
}

#[tokio::test]
async fn who_wants_no_notices_any_more_is_not_told_in_the_morning_what_waited_for_the_night() {
    let (world, service) = (World::new().await, PushService::start().await);
    service.browser(&world, ADA, 1).await;
    // 9:30 pm in Sydney.
    world.at("2026-11-22T10:30:00Z");
    confirm(&world, of(ADA, 1)).await;
    assert_eq!(waiting(&world).await, 1);
    let silent = json!({
        "version": 0, "in_app": false, "names": "plain", "quiet_from": "21:00:00", "quiet_until": "08:00:00",
        "time_zone": null,
    });
    assert_eq!(send(&world, ADA, Method::PUT, "preferences", &silent).await.0, 200);
    world.at("2026-11-22T21:00:00Z");
    assert_eq!((push(&world).await, waiting(&world).await), (0, 0));
    assert!(service.titles().is_empty());
}

#[tokio::test]
async fn a_browser_is_one_accounts_at_a_time_and_an_account_has_ten() {
    let (world, service) = (World::new().await, PushService::start().await);
    let first = service.browser(&world, ADA, 1).await;
    assert_eq!(service.browser(&world, ADA, 1).await, first, "the same again");
    confirm(&world, of(ADA, 1)).await;
    service.browser(&world, BO, 1).await;
    assert_eq!(listed(&world, ADA).await["items"], json!([]));
    assert_eq!((push(&world).await, waiting(&world).await), (0, 0), "Bo does not see what Ada is told");

    for number in 2..=11 {
        service.browser(&world, ADA, number).await;
    }
    let (status, problem) = send(&world, ADA, Method::PUT, PATH, &service.wanted(12)).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/endpoint")));
    assert_eq!(service.browser(&world, ADA, 11).await["endpoint"], service.wanted(11)["endpoint"]);

    let of_bo = listed(&world, BO).await["items"][0]["push_subscription_id"].as_str().unwrap().to_owned();
    let path = format!("{PATH}/{of_bo}");
    assert_eq!(send(&world, ADA, Method::DELETE, &path, &Value::Null).await.0, 404);
    assert_eq!(send(&world, BO, Method::DELETE, &path, &Value::Null).await.0, 204);
    assert_eq!(listed(&world, BO).await["items"], json!([]));
}

#[tokio::test]
async fn what_is_no_browser_is_refused_and_the_field_named() {
    let (world, service) = (World::new().await, PushService::start().await);
    for (field, wrong) in [
        ("endpoint", "ftp://push.example/1".to_owned()),
        ("endpoint", "push".to_owned()),
        ("p256dh", "not base64!".to_owned()),
        ("p256dh", URL_SAFE_NO_PAD.encode([4; 65])),
        ("auth", URL_SAFE_NO_PAD.encode([0; 15])),
    ] {
        let mut wanted = service.wanted(1);
        wanted[field] = json!(wrong);
        let (status, problem) = send(&world, ADA, Method::PUT, PATH, &wanted).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(format!("/{field}"))), "{wrong}");
    }
    assert_eq!(listed(&world, ADA).await["items"], json!([]));
}

#[tokio::test]
async fn devices_are_handed_out_without_their_secrets_and_erased_with_what_waits() {
    let (world, service) = (World::new().await, PushService::start().await);
    for (account, number) in [(ADA, 1), (BO, 2)] {
        service.browser(&world, account, number).await;
    }
    confirm(&world, of(ADA, 1)).await;
    let (status, export) = send(&world, ADA, Method::GET, "export", &Value::Null).await;
    assert_eq!(status, 200, "{export}");
    let parts = export["parts"].as_array().unwrap();
    let part = parts.iter().find(|part| part["name"] == "push_subscription").unwrap();
    assert_eq!(part["rows"].as_array().unwrap().len(), 1, "none of a stranger's");
    assert_eq!(part["rows"][0]["endpoint"], service.wanted(1)["endpoint"]);
    assert_eq!(part["rows"][0]["auth"], "a secret of your browser's");

    let request = ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id: Uuid::from_u128(ADA).into(),
        patient_id: None,
        dependants: Vec::new(),
        email: "ada@example.org".to_owned().into(),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::ErasureRequested(request))).await;
    let left: Vec<Uuid> = sqlx::query_scalar("select account_id from notifications.push_subscription")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!((left, waiting(&world).await), (vec![Uuid::from_u128(BO)], 0));
}
