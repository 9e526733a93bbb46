//! The sandbox, black box: what a client of the processor sees over HTTP.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod accounts;
mod cards;
mod conservation;
mod disputes;
mod idempotency;
mod pages;
mod production;
mod refunds;
mod time;
mod webhooks;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
};
use jiff::SignedDuration;
use kernel::{Chance, Clock, config::Mode};
use processor_sandbox::{KEY, Sandbox};
use serde_json::Value;
use tower::ServiceExt as _;

/// A sandbox of a test's own, whose time stands until it is moved.
pub struct Processor {
    pub sandbox: Sandbox,
    pub clock: Clock,
}

impl Processor {
    pub fn open() -> Self {
        let clock = Clock::manual("2026-11-26T01:00:00Z".parse().unwrap());
        let address = "http://sandbox.test".to_owned();
        let sandbox =
            Sandbox::new(Mode::Development, clock.clone(), Chance::seeded(7), address, None).unwrap();
        Self { sandbox, clock }
    }

    /// Any request, as a browser or a client sends it.
    pub async fn send(&self, request: Request<Body>) -> Response {
        self.sandbox.router().oneshot(request).await.unwrap()
    }

    /// A request of a client with more headers.
    pub async fn ask_with(
        &self,
        method: &str,
        path: &str,
        form: &str,
        headers: &[(&str, &str)],
    ) -> (StatusCode, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.send(request.body(Body::from(form.to_owned())).unwrap()).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// A request that is done.
    pub async fn post(&self, path: &str, form: &str) -> Value {
        let (status, body) = self.ask_with("POST", path, form, &[]).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// What is there.
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask_with("GET", path, "", &[]).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// A request that is refused: its status and its code.
    pub async fn refused(&self, path: &str, form: &str) -> (u16, String) {
        let (status, body) = self.ask_with("POST", path, form, &[]).await;
        assert!(!status.is_success(), "{path}: {body}");
        (status.as_u16(), body["error"]["code"].as_str().unwrap_or_default().to_owned())
    }

    /// A payment from a test card, held or taken.
    pub async fn pay(&self, card: &str, more: &str) -> Value {
        let form = format!("amount=11000&currency=aud&payment_method={card}&confirm=true&{more}");
        self.post("/v1/payment_intents", &form).await
    }

    /// An account that may be paid.
    pub async fn practice(&self) -> String {
        let form = "type=express&capabilities[transfers][requested]=true";
        let account = id(&self.post("/v1/accounts", form).await);
        self.post(&format!("/_sandbox/accounts/{account}/onboard"), "").await;
        account
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// How often something happened.
    pub async fn happened(&self, name: &str) -> usize {
        self.get(&format!("/v1/events?type={name}&limit=100")).await["data"].as_array().unwrap().len()
    }

    /// The sum of all movements on the balance of the platform, or of an account.
    pub async fn balance(&self, account: Option<&str>) -> i64 {
        let headers: Vec<(&str, &str)> =
            account.map(|account| ("stripe-account", account)).into_iter().collect();
        let (_, balance) = self.ask_with("GET", "/v1/balance", "", &headers).await;
        balance["available"][0]["amount"].as_i64().unwrap()
            + balance["pending"][0]["amount"].as_i64().unwrap()
    }
}

/// The id of an object.
pub fn id(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}
