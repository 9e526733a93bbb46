//! Somebody with an account and no window: what a browser would derive of a password is made up.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared_types::users::Kdf;

use crate::{Person, Running, acts::App, mail, running::SERVICES, until, until_true};

/// Where one signs in.
const SIGN_IN: &str = "/api/v1/users/sign-in";

/// Opens an account, confirms its address, and signs in with the password alone.
pub async fn open(running: &Running, email: &str) -> Person {
    let person = Person::new(&running.settings.public_url);
    let (memory_kib, passes, lanes) = Kdf::USUAL_COST;
    let salt = URL_SAFE_NO_PAD.encode([7; 16]);
    let account = json!({
        "email": email,
        "kdf": {"salt": salt, "memory_kib": memory_kib, "passes": passes, "lanes": lanes},
        "auth_key": auth_key(),
        "consent": consent(&person, "users", "account-collection").await,
    });
    post(&person, "/api/v1/users/accounts", &account, 202).await;
    let letter = mail::arrives_for(running, email, "Confirm your e-mail").await;
    let link = letter.path_with_secret(&running.settings.public_url, "/account/verify");
    let (_, secret) = link.split_once('#').expect("a link with a secret");
    post(&person, "/api/v1/users/email/verify", &json!({"token": secret}), 204).await;
    sign_in(running, email).await
}

/// Signs in with the password, in a browser of its own.
pub async fn sign_in(running: &Running, email: &str) -> Person {
    let person = Person::new(&running.settings.public_url);
    post(&person, SIGN_IN, &json!({"email": email, "auth_key": auth_key()}), 200).await;
    // They are told of the key that signs, and look once a second.
    for service in SERVICES {
        let path = format!("/api/v1/{service}/me/audit");
        until_true(&format!("{service} to know the key that signs"), || async {
            person.send(Method::GET, &path, None::<&Value>).await.status == StatusCode::OK
        })
        .await;
    }
    person
}

/// Sets up an authenticator app, and signs in with both proofs in a browser of its own.
pub async fn sign_in_with_app(running: &Running, email: &str) -> Person {
    let person = sign_in(running, email).await;
    let started = post(&person, "/api/v1/users/totp/start", &Value::Null, 200).await;
    let mut app = App::new(started["secret"].as_str().expect("a secret"));
    post(&person, "/api/v1/users/totp/confirm", &json!({"code": app.code()}), 200).await;
    let person = Person::new(&running.settings.public_url);
    post(&person, SIGN_IN, &json!({"email": email, "auth_key": auth_key()}), 200).await;
    post(&person, &format!("{SIGN_IN}/code"), &json!({"code": app.code()}), 200).await;
    person
}

/// The version of a text that a service has people agree to, once it knows it.
pub async fn consent(person: &Person, service: &str, text: &str) -> Value {
    let path = format!("/api/v1/{service}/consent-texts/{text}");
    let found = until("a text to agree to", || async {
        let reply = person.send(Method::GET, &path, None::<&Value>).await;
        (reply.status == StatusCode::OK).then_some(reply.body)
    })
    .await;
    let read: Value = serde_json::from_str(&found).expect("a text is JSON");
    json!({"text": read["text"], "version": read["version"]})
}

/// Sends something, and gives what comes back.
///
/// # Panics
/// When the status is another.
pub async fn post(person: &Person, path: &str, body: &Value, status: u16) -> Value {
    let reply = person.send(Method::POST, path, Some(body)).await;
    assert_eq!(reply.status.as_u16(), status, "{path}: {}", reply.body);
    serde_json::from_str(&reply.body).unwrap_or(Value::Null)
}

/// What a browser would make of everybody's password: thirty-two bytes.
fn auth_key() -> String {
    URL_SAFE_NO_PAD.encode([0xA7; 32])
}
