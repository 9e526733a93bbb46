//! A browser before users' router: it keeps the cookies it is given, and what a mail would have told its owner is read
//! from the outbox.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Core, Service};
use serde_json::{Value, json};
use shared_types::users::PutIdentity;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{World, keys::Keys};

pub const ADA: &str = "ada@example.org";

/// What came back.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The last part of the problem's type.
    pub fn problem(&self) -> String {
        let json = self.json();
        json["type"].as_str().unwrap().trim_start_matches("/problems/").to_owned()
    }
}

/// One browser.
pub struct Browser {
    router: Router,
    core: Core,
    agent: &'static str,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(world: &World, service: &Service) -> Self {
        Self {
            router: service.router.clone(),
            core: world.core.clone(),
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
            cookies: Mutex::default(),
        }
    }

    pub fn named(self, agent: &'static str) -> Self {
        Self { agent, ..self }
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.insert(name.to_owned(), value.to_owned());
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    /// Sends to a path below `/api/v1/users/`. What was revoked is known first, as it is everywhere within a second.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        self.core.sessions.load(&self.core.pool).await.unwrap();
        let path = format!("/api/v1/users/{path}");
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let sent: Vec<_> = cookies
            .iter()
            .filter(|(name, _)| *name != "__Secure-refresh" || path.ends_with("/refresh"))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, sent.join("; "))
            .header(header::USER_AGENT, self.agent)
            .header("idempotency-key", self.core.id::<Uuid>().to_string())
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        self.keep(response.headers());
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Reply { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    fn keep(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            assert!(line.contains("; Secure; HttpOnly; SameSite="), "{line}");
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if line.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn sign_in(&self, email: &str, key: u8) -> Reply {
        self.post("sign-in", json!({"email": email, "auth_key": auth_key(key)})).await
    }

    pub async fn refresh(&self) -> Reply {
        self.send(Method::POST, "refresh", None).await
    }

    /// Status and problem of `GET me`: whether one is signed in.
    pub async fn is_signed_in(&self) -> bool {
        self.get("me").await.status == 200
    }
}

/// The auth key of a password: 32 times the same byte.
pub fn auth_key(byte: u8) -> String {
    URL_SAFE_NO_PAD.encode([byte; 32])
}

pub fn kdf() -> Value {
    json!({"salt": URL_SAFE_NO_PAD.encode([9; 16]), "memory_kib": 65536, "passes": 3, "lanes": 1})
}

pub fn sign_up_body(email: &str) -> Value {
    json!({
        "email": email,
        "kdf": kdf(),
        "auth_key": auth_key(1),
        "consent": {"text": "account-collection", "version": 1},
    })
}

impl World {
    /// Somebody who signed up with that address and auth key 1, and is signed in.
    pub async fn account(&self, service: &Service, email: &str) -> Browser {
        let browser = Browser::new(self, service);
        assert_eq!(browser.post("accounts", sign_up_body(email)).await.status, 202);
        let token = self.mails(email).await.pop().unwrap().1.unwrap();
        assert_eq!(browser.post("email/verify", json!({"token": token})).await.status, 204);
        assert_eq!(browser.sign_in(email, 1).await.status, 200);
        browser
    }

    /// The same with keys, which the password and a recovery code open; with what was sent to publish them.
    pub async fn account_with_keys(&self, service: &Service, email: &str) -> (Browser, PutIdentity) {
        let browser = self.account(service, email).await;
        let account_id: Uuid = sqlx::query_scalar("select account_id from users.account where email = $1")
            .bind(email)
            .fetch_one(&self.core.pool)
            .await
            .unwrap();
        let mut keys = Keys::new(account_id.into(), 1);
        let mut body = keys.first(self.core.now());
        body.keys.account_key.insert(0, keys.by_password());
        let reply = browser.send(Method::PUT, "me/identity", Some(json!(body))).await;
        assert_eq!(reply.status, 204, "{}", reply.text);
        (browser, body)
    }

    /// What was written to an address, oldest first: what about, and the secret of the link.
    pub async fn mails(&self, email: &str) -> Vec<(String, Option<String>)> {
        sqlx::query_as(
            "select body->>'mail', body->>'token' from users.outbox \
             where name = 'mail_requested' and body->>'email' = $1 order by position",
        )
        .bind(email)
        .fetch_all(&self.core.pool)
        .await
        .unwrap()
    }

    /// What the last mail to an address is about.
    pub async fn last_mail(&self, email: &str) -> String {
        self.mails(email).await.pop().unwrap().0
    }

    /// Who did that by the log, and how it ended; what was allowed first.
    pub async fn audited(&self, action: &str) -> Vec<(String, String)> {
        let mut admin = self.database.administrator().await;
        sqlx::query_as("select actor_kind, outcome from users.audit_entry where action = $1 order by outcome, actor_kind")
            .bind(action)
            .fetch_all(&mut admin)
            .await
            .unwrap()
    }

    pub fn pass(&self, seconds: i64) {
        self.core.clock.advance(jiff::SignedDuration::from_secs(seconds));
    }
}
