//! Secrets: by which ones a request is signed, and how they are kept.

use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use serde_json::Value;
use shared_types::bookings::webhook::{DeliveryStatus, WebhookSecret};

use super::{Program, create, log, owner, path, signature, signed_with};
use crate::app::{App, KEY, minutes};

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
