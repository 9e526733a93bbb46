//! Webhooks: what is sent to whom, signed how, tried how often, and what becomes of one that does not answer.

mod secrets;
mod tries;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
    routing::{MethodRouter, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use jiff::SignedDuration;
use kernel::{inbox, outbox::Envelope};
use serde_json::{Value, json};
use sha2::Sha256;
use shared_types::{
    bookings::webhook::{DeliveryStatus, WebhookDeliveries, WebhookDelivery, WebhookSecret, Webhooks},
    payments::PaymentStep,
    users::StaffRole,
};
use uuid::Uuid;

use crate::{
    app::{App, Browser, minutes, monday},
    practice::{at_practice, staff, staff_of},
};

/// What a practice's own program was sent, and with what it answers.
#[derive(Clone, Default)]
pub(super) struct Program {
    seen: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answers: Arc<AtomicU16>,
}

impl Program {
    /// Starts it. Says at which address it is.
    pub(super) async fn start(&self, status: u16) -> String {
        self.answers.store(status, Ordering::SeqCst);
        let program = self.clone();
        let hook = post(move |headers: HeaderMap, body: String| async move {
            program.seen.lock().unwrap().push((headers, body));
            StatusCode::from_u16(program.answers.load(Ordering::SeqCst)).unwrap()
        });
        serve(hook).await
    }

    pub(super) fn seen(&self) -> Vec<(HeaderMap, String)> {
        self.seen.lock().unwrap().clone()
    }
}

/// Says at which address it is.
async fn serve(hook: MethodRouter) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", hook);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

async fn owner(app: &App) -> Browser {
    staff(app, StaffRole::Owner).await
}

pub(super) async fn create(app: &App, address: &str) -> WebhookSecret {
    let reply =
        owner(app).await.post(&at_practice("webhooks"), Some(app.key()), &json!({"address": address})).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

fn path(of: &WebhookSecret, rest: &str) -> String {
    at_practice(&format!("webhooks/{}{rest}", of.webhook.webhook_id))
}

pub(super) async fn log(app: &App, of: &WebhookSecret) -> Vec<WebhookDelivery> {
    owner(app).await.get(&path(of, "/deliveries")).await.read::<WebhookDeliveries>().items
}

/// Hands what bookings told to bookings, as the relay does, twice.
pub(super) async fn carry(app: &App) {
    let told: Vec<(Uuid, String, String, Value, jiff_sqlx::Timestamp)> = sqlx::query_as(
        "select event_id, name, aggregate, body, occurred_at from bookings.outbox order by position",
    )
    .fetch_all(&app.core.pool)
    .await
    .unwrap();
    for (event_id, name, aggregate, body, occurred_at) in told.iter().chain(&told) {
        let envelope = Envelope {
            event_id: (*event_id).into(),
            producer: "bookings".to_owned(),
            name: name.clone(),
            version: 1,
            aggregate: aggregate.clone(),
            aggregate_id: "test".to_owned(),
            aggregate_version: 1,
            occurred_at: occurred_at.to_jiff(),
            request_id: None,
            body: body.clone(),
        };
        inbox::receive(&app.core, &*app.subscriber, &envelope).await.unwrap();
    }
}

/// The signature of a request under a secret as it was shown.
fn signature(secret: &WebhookSecret, (headers, body): &(HeaderMap, String)) -> String {
    let key = STANDARD.decode(secret.secret.expose().strip_prefix("whsec_").unwrap()).unwrap();
    let header = |name: &str| headers[name].to_str().unwrap();
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn signed_with(request: &(HeaderMap, String)) -> Vec<&str> {
    request.0["webhook-signature"].to_str().unwrap().split(' ').collect()
}

#[tokio::test]
async fn a_practice_is_told_of_its_appointments_once_signed_and_without_a_name() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(204).await).await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    carry(&app).await;
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    assert_eq!(app.run("bookings.send_webhooks").await, 0);
    let seen = program.seen();
    let [request] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!(signed_with(request), [signature(&made, request)]);
    assert_eq!(request.0["webhook-timestamp"], app.core.now().as_second().to_string());
    let body: Value = serde_json::from_str(&request.1).unwrap();
    assert_eq!(body["type"], "appointment.confirmed");
    assert_eq!(body["data"]["appointment_id"], booked.appointment_id.to_string());
    assert_eq!(
        (&body["data"]["status"], &body["data"]["start"]),
        (&json!("confirmed"), &json!(monday(10, 0)))
    );
    for personal in ["Ada", "Nguyen", "example.org", "0491", "Psychologist", "consultation", "token"] {
        assert!(!request.1.contains(personal), "{personal}: {}", request.1);
    }
    let log = log(&app, &made).await;
    assert_eq!(log.len(), 1);
    assert_eq!(
        (log[0].status, log[0].attempts, log[0].response_status),
        (DeliveryStatus::Delivered, 1, Some(204))
    );
    assert_eq!(request.0["webhook-id"], log[0].webhook_delivery_id.to_string());
    // What happens with another practice is not theirs to know.
    let elsewhere =
        app.browser().hold(app.key(), crate::app::ELSEWHERE, crate::app::LONG_ELSEWHERE, monday(14, 0)).await;
    assert_eq!(elsewhere.status, 201);
    carry(&app).await;
    assert_eq!(app.run("bookings.send_webhooks").await, 0);
}

#[tokio::test]
async fn what_was_never_paid_for_is_told_to_nobody_and_an_end_is_told_once() {
    let app = App::new().await;
    let program = Program::default();
    create(&app, &program.start(204).await).await;
    app.collects_after_visits().await;
    let unpaid = app.awaiting(&mut app.browser(), monday(10, 0)).await;
    app.advance(minutes(35));
    assert_eq!(app.run("bookings.give_up_awaiting").await, 1);
    app.paid(&unpaid, PaymentStep::Captured).await;
    carry(&app).await;
    assert_eq!(app.run("bookings.send_webhooks").await, 0);
    let mut browser = app.browser();
    let paid = app.awaiting(&mut browser, monday(14, 0)).await;
    app.paid(&paid, PaymentStep::CardSaved).await;
    assert_eq!(browser.cancel(paid.appointment_id, 2).await.status, 200);
    // Money that comes late is told of once more to who gives it back.
    app.paid(&paid, PaymentStep::Captured).await;
    carry(&app).await;
    while app.run("bookings.send_webhooks").await > 0 {}
    let bodies = program.seen().into_iter().map(|(_, body)| serde_json::from_str::<Value>(&body).unwrap());
    let mut names: Vec<_> = bodies.map(|body| body["type"].as_str().unwrap().to_owned()).collect();
    names.sort_unstable();
    assert_eq!(names, ["appointment.cancelled", "appointment.confirmed"]);
}

#[tokio::test]
async fn addresses_are_looked_at_first_and_five_are_enough() {
    let app = App::new().await;
    let list = at_practice("webhooks");
    let mut browser = owner(&app).await;
    for refused in ["desk.example", "ftp://desk.example/", "https://user:word@desk.example/", ""] {
        let reply = browser.post(&list, Some(app.key()), &json!({"address": refused})).await;
        assert_eq!(reply.problem(422, "invalid").errors[0].pointer, "/address", "{refused}");
    }
    let (key, wanted) = (app.key(), json!({"address": "https://desk.example/1"}));
    let first: WebhookSecret = browser.post(&list, Some(key), &wanted).await.read();
    let repeat: WebhookSecret = browser.post(&list, Some(key), &wanted).await.read();
    assert_eq!(first, repeat);
    for nth in 2..=5 {
        create(&app, &format!("https://desk.example/{nth}")).await;
    }
    let sixth = browser.post(&list, Some(app.key()), &json!({"address": "https://desk.example/6"})).await;
    sixth.problem(422, "invalid");
    let delete = Request::delete(path(&first, "")).body(Body::empty()).unwrap();
    assert_eq!(browser.send(delete).await.status, 204);
    let left: Webhooks = browser.get(&list).await.read();
    assert_eq!(left.items.len(), 4);
}

#[tokio::test]
async fn webhooks_are_for_those_who_answer_for_the_practice() {
    let app = App::new().await;
    let made = create(&app, "https://desk.example/").await;
    let list = at_practice("webhooks");
    for role in [StaffRole::Reception, StaffRole::Practitioner, StaffRole::Billing] {
        staff(&app, role).await.get(&list).await.problem(403, "not-allowed");
    }
    let another = Uuid::from_u128(0x42);
    let mut others = staff_of(&app, another.into(), StaffRole::Owner).await;
    let theirs = format!("/api/v1/bookings/practices/{another}/webhooks/{}", made.webhook.webhook_id);
    others.get(&format!("{theirs}/deliveries")).await.problem(404, "not-found");
    others.post(&format!("{theirs}/secret"), None, &Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn what_was_told_is_forgotten_after_a_month() {
    let app = App::new().await;
    let made = create(&app, "https://desk.example/").await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    app.advance(SignedDuration::from_hours(24 * 30));
    app.run("bookings.forget_old").await;
    assert_eq!(log(&app, &made).await.len(), 1);
    app.advance(minutes(1));
    app.run("bookings.forget_old").await;
    assert!(log(&app, &made).await.is_empty());
}
