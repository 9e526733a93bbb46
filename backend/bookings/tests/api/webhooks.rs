//! Webhooks: what is sent to whom, signed how, tried how often, and what becomes of one that does not answer.

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
    bookings::{
        BookingsEvent,
        webhook::{
            DeliveryFailure, DeliveryStatus, Webhook, WebhookDeliveries, WebhookDelivery, WebhookSecret,
            WebhookStatus, Webhooks,
        },
    },
    payments::PaymentStep,
    users::StaffRole,
};
use uuid::Uuid;

use crate::{
    app::{App, Browser, KEY, minutes, monday},
    practice::{at_practice, staff, staff_of},
};

/// What a practice's own program was sent, and with what it answers.
#[derive(Clone, Default)]
struct Program {
    seen: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answers: Arc<AtomicU16>,
}

impl Program {
    /// Starts it. Says at which address it is.
    async fn start(&self, status: u16) -> String {
        self.answers.store(status, Ordering::SeqCst);
        let program = self.clone();
        let hook = post(move |headers: HeaderMap, body: String| async move {
            program.seen.lock().unwrap().push((headers, body));
            StatusCode::from_u16(program.answers.load(Ordering::SeqCst)).unwrap()
        });
        serve(hook).await
    }

    fn seen(&self) -> Vec<(HeaderMap, String)> {
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

async fn create(app: &App, address: &str) -> WebhookSecret {
    let reply =
        owner(app).await.post(&at_practice("webhooks"), Some(app.key()), &json!({"address": address})).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

fn path(of: &WebhookSecret, rest: &str) -> String {
    at_practice(&format!("webhooks/{}{rest}", of.webhook.webhook_id))
}

async fn webhook(app: &App) -> Webhook {
    let list: Webhooks = owner(app).await.get(&at_practice("webhooks")).await.read();
    list.items.into_iter().next().unwrap()
}

async fn log(app: &App, of: &WebhookSecret) -> Vec<WebhookDelivery> {
    owner(app).await.get(&path(of, "/deliveries")).await.read::<WebhookDeliveries>().items
}

/// Hands what bookings told to bookings, as the relay does, twice.
async fn carry(app: &App) {
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

/// The same answer with another key.
fn with_key(made: &WebhookSecret, key: [u8; 32]) -> WebhookSecret {
    WebhookSecret { secret: format!("whsec_{}", STANDARD.encode(key)).into(), ..made.clone() }
}

/// Sends a test, which must arrive.
async fn pinged(app: &App, of: &WebhookSecret, program: &Program) -> (HeaderMap, String) {
    assert_eq!(owner(app).await.post(&path(of, "/ping"), None, &Value::Null).await.status, 201);
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    program.seen().pop().unwrap()
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
async fn what_is_not_answered_is_tried_again_for_a_day_and_then_the_webhook_is_stopped() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(500).await).await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    carry(&app).await;
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    let first = log(&app, &made).await.remove(0);
    assert_eq!((first.status, first.response_status), (DeliveryStatus::Pending, Some(500)));
    assert_eq!(first.failure, Some(DeliveryFailure::Refused));
    assert_eq!(app.run("bookings.send_webhooks").await, 0, "not at once");
    let mut tries = 1;
    while let Some(due) = log(&app, &made).await[0].due_at {
        app.advance_to(due);
        assert_eq!(app.run("bookings.send_webhooks").await, 1);
        tries += 1;
        assert!(tries < 20);
    }
    let given_up = log(&app, &made).await.remove(0);
    assert_eq!((given_up.status, given_up.attempts), (DeliveryStatus::Failed, tries));
    let ids: Vec<_> = program.seen().iter().map(|(headers, _)| headers["webhook-id"].clone()).collect();
    assert!(ids.iter().all(|id| *id == given_up.webhook_delivery_id.to_string()), "{ids:?}");
    assert_eq!(webhook(&app).await.status, WebhookStatus::Stopped);
    let told = app.told("webhook_stopped").await;
    let [BookingsEvent::WebhookStopped(stopped)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(stopped.webhook_id, made.webhook.webhook_id);

    // Nobody is told while it is stopped; switched on, what was given up can be sent once more.
    app.book(&mut app.browser(), crate::app::wall(jiff::civil::date(2026, 11, 25), 10, 0)).await;
    carry(&app).await;
    assert_eq!(log(&app, &made).await.len(), 1);
    let on = owner(&app).await.post(&path(&made, "/active"), None, &json!({"active": true})).await;
    assert_eq!(on.read::<Webhook>().status, WebhookStatus::Active);
    program.answers.store(200, Ordering::SeqCst);
    let again = path(&made, &format!("/deliveries/{}/redeliver", given_up.webhook_delivery_id));
    assert_eq!(owner(&app).await.post(&again, None, &Value::Null).await.status, 200);
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    let delivered = log(&app, &made).await.remove(0);
    assert_eq!((delivered.status, delivered.attempts), (DeliveryStatus::Delivered, 1));
}

#[tokio::test]
async fn what_is_sent_once_more_keeps_its_id_and_what_came_of_the_tries_before() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(410).await).await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    owner(&app).await.post(&path(&made, "/active"), None, &json!({"active": true})).await;
    app.advance(minutes(10));
    let id = log(&app, &made).await[0].webhook_delivery_id;
    program.answers.store(204, Ordering::SeqCst);
    let again = path(&made, &format!("/deliveries/{id}/redeliver"));
    let queued: WebhookDelivery = owner(&app).await.post(&again, None, &Value::Null).await.read();
    assert_eq!((queued.status, queued.attempts, queued.tries.len()), (DeliveryStatus::Pending, 0, 1));
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    let delivered = log(&app, &made).await.remove(0);
    let tries: Vec<_> = delivered.tries.iter().map(|one| (one.response_status, one.failure)).collect();
    assert_eq!(tries, [(Some(410), Some(DeliveryFailure::Refused)), (Some(204), None)]);
    assert!(delivered.tries[0].attempted_at < delivered.tries[1].attempted_at);
    let ids: Vec<_> = program.seen().iter().map(|(headers, _)| headers["webhook-id"].clone()).collect();
    assert!(ids.len() == 2 && ids.iter().all(|sent| *sent == id.to_string()), "{ids:?}");
}

#[tokio::test]
async fn an_address_where_nobody_is_any_more_is_left_alone_at_once() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(410).await).await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    assert_eq!(log(&app, &made).await[0].status, DeliveryStatus::Failed);
    assert_eq!(webhook(&app).await.status, WebhookStatus::Stopped);
}

#[tokio::test]
async fn who_is_answered_after_somebody_else_began_anew_stops_nothing() {
    let app = Arc::new(App::new().await);
    let slow = Arc::clone(&app);
    let hook = post(move || async move {
        slow.change("update bookings.webhook_delivery set attempts = attempts + 1").await;
        StatusCode::GONE
    });
    let made = create(&app, &serve(hook).await).await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    assert_eq!(log(&app, &made).await[0].status, DeliveryStatus::Pending);
    assert_eq!(webhook(&app).await.status, WebhookStatus::Active);
}

#[tokio::test]
async fn two_secrets_sign_for_a_day_after_one_was_changed() {
    let app = App::new().await;
    let program = Program::default();
    let first = create(&app, &program.start(200).await).await;
    let second: WebhookSecret =
        owner(&app).await.post(&path(&first, "/secret"), None, &Value::Null).await.read();
    assert_ne!(first.secret, second.secret);
    assert_eq!(second.webhook.former_until, Some(app.core.now() + SignedDuration::from_hours(24)));
    let ping = async || {
        assert_eq!(owner(&app).await.post(&path(&first, "/ping"), None, &Value::Null).await.status, 201);
        assert_eq!(app.run("bookings.send_webhooks").await, 1);
        program.seen().pop().unwrap()
    };
    let both = ping().await;
    assert_eq!(signed_with(&both), [signature(&second, &both), signature(&first, &both)]);
    app.advance(SignedDuration::from_hours(24));
    let one = ping().await;
    assert_eq!(signed_with(&one), [signature(&second, &one)]);
    assert!(format!("{second:?}").contains("[personal]"), "a secret is in no log");
}

#[tokio::test]
async fn whoever_dies_while_sending_leaves_it_to_the_next_one() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(200).await).await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    // Claimed, and then nothing more was heard of it.
    app.change("update bookings.webhook_delivery set attempts = 1, due_at = '2026-11-22T00:02:00Z'").await;
    assert_eq!(app.run("bookings.send_webhooks").await, 0);
    app.advance(minutes(2));
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    assert_eq!(log(&app, &made).await[0].attempts, 2);
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

#[tokio::test]
async fn the_raw_row_holds_no_secret_and_both_sign_all_the_same() {
    let app = App::new().await;
    let program = Program::default();
    let first = create(&app, &program.start(200).await).await;
    let second: WebhookSecret =
        owner(&app).await.post(&path(&first, "/secret"), None, &Value::Null).await.read();
    let raw: String = sqlx::query_scalar("select webhook::text from bookings.webhook")
        .fetch_one(&mut app.administrator().await)
        .await
        .unwrap();
    for shown in [&first, &second] {
        let words = shown.secret.expose().strip_prefix("whsec_").unwrap();
        let key = STANDARD.decode(words).unwrap();
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(key.len(), 32);
        assert!(!raw.contains(&hex) && !raw.contains(words), "{raw}");
    }
    let told = pinged(&app, &first, &program).await;
    assert_eq!(signed_with(&told), [signature(&second, &told), signature(&first, &told)]);
}

#[tokio::test]
async fn a_secret_from_before_secrets_were_sealed_signs_and_is_sealed() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(200).await).await;
    app.change(
        "update bookings.webhook set secret = decode(repeat('73', 32), 'hex'), sealed_secret = null, key_id = null, \
         former_secret = decode(repeat('74', 32), 'hex'), former_until = '2026-11-23T00:00:00Z'",
    )
    .await;
    let (secret, former) = (with_key(&made, [0x73; 32]), with_key(&made, [0x74; 32]));
    let told = pinged(&app, &made, &program).await;
    assert_eq!(signed_with(&told), [signature(&secret, &told), signature(&former, &told)]);
    assert_eq!(app.run("bookings.seal_secrets").await, 1);
    assert_eq!(app.run("bookings.seal_secrets").await, 0);
    let plain = "select count(*) from bookings.webhook where num_nonnulls(secret, former_secret) > 0";
    assert_eq!(app.count(plain).await, 0);
    let told = pinged(&app, &made, &program).await;
    assert_eq!(signed_with(&told), [signature(&secret, &told), signature(&former, &told)]);
}

#[tokio::test]
async fn after_a_change_of_keys_secrets_sign_as_before() {
    let mut app = App::new().await;
    let program = Program::default();
    let first = create(&app, &program.start(200).await).await;
    let second: WebhookSecret =
        owner(&app).await.post(&path(&first, "/secret"), None, &Value::Null).await.read();
    app.restart(8, &[KEY]).await;
    assert_eq!(app.run("bookings.seal_secrets").await, 1);
    assert_eq!(app.run("bookings.seal_secrets").await, 0);
    // The older key can go.
    app.restart(8, &[]).await;
    assert_eq!(app.run("bookings.seal_secrets").await, 0);
    let told = pinged(&app, &first, &program).await;
    assert_eq!(signed_with(&told), [signature(&second, &told), signature(&first, &told)]);
}

#[tokio::test]
async fn a_key_that_went_too_early_is_named_and_nothing_goes_out_unsigned() {
    let mut app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(200).await).await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    let missed: String =
        sqlx::query_scalar("select key_id from bookings.webhook").fetch_one(&app.core.pool).await.unwrap();
    app.restart(8, &[]).await;
    for job in ["bookings.send_webhooks", "bookings.seal_secrets"] {
        let why = app.failure(job).await;
        assert!(why.contains(&missed) && why.contains("HELLOMAPPER_BOOKINGS_KEYS"), "{job}: {why}");
    }
    assert!(program.seen().is_empty());
    assert_eq!(log(&app, &made).await[0].status, DeliveryStatus::Pending);
    owner(&app).await.post(&path(&made, "/secret"), None, &Value::Null).await.problem(500, "internal");
    // Nothing is lost: with the key back it is told, and signed.
    app.restart(8, &[KEY]).await;
    app.advance(minutes(2));
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    let told = program.seen().pop().unwrap();
    assert_eq!(signed_with(&told), [signature(&made, &told)]);
}
