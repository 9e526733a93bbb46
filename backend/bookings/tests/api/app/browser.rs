//! What people use to reach the service, and what comes back.

use std::net::SocketAddr;

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, header},
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, AppointmentTypeId, PractitionerRoleId, Problem,
    bookings::{Appointment, Hold},
};
use tower::ServiceExt as _;
use uuid::Uuid;

use super::wanted;

/// Somebody's browser: it keeps cookies, and that is all it is known by.
#[derive(Clone)]
pub struct Browser {
    pub(super) router: Router,
    pub cookies: Vec<(String, String)>,
    pub address: SocketAddr,
}

impl Browser {
    pub async fn send(&mut self, request: Request<Body>) -> Reply {
        let (mut parts, body) = request.into_parts();
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            parts.headers.insert(header::COOKIE, pairs.join("; ").parse().unwrap());
        }
        parts.extensions.insert(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(Request::from_parts(parts, body)).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for line in headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Reply { status, headers, body }
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, key: Option<Uuid>, body: &Value) -> Reply {
        self.send(post(path, key, body.to_string())).await
    }

    pub async fn hold(
        &mut self,
        key: Uuid,
        role: PractitionerRoleId,
        of: AppointmentTypeId,
        start: Timestamp,
    ) -> Reply {
        self.post("/api/v1/bookings/holds", Some(key), &wanted(role, of, start)).await
    }

    pub async fn release(&mut self, hold: &Hold) -> Reply {
        let path = format!("/api/v1/bookings/holds/{}", hold.hold_id);
        let request = Request::builder().method(Method::DELETE).uri(path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    pub async fn find_hold(&mut self, hold: &Hold) -> Reply {
        self.get(&format!("/api/v1/bookings/holds/{}", hold.hold_id)).await
    }

    pub async fn confirm(&mut self, key: Uuid, hold: &Hold, details: &Value) -> Reply {
        self.post(&format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id), Some(key), details).await
    }

    pub async fn find(&mut self, appointment: AppointmentId) -> Reply {
        self.get(&format!("/api/v1/bookings/appointments/{appointment}")).await
    }

    /// An appointment that this browser may see.
    pub async fn appointment(&mut self, appointment: AppointmentId) -> Appointment {
        let reply = self.find(appointment).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.read()
    }

    pub async fn cancel(&mut self, appointment: AppointmentId, version: i32) -> Reply {
        let path = format!("/api/v1/bookings/appointments/{appointment}/cancel");
        self.post(&path, None, &json!({"version": version})).await
    }

    pub async fn r#move(
        &mut self,
        key: Uuid,
        appointment: AppointmentId,
        version: i32,
        start: Timestamp,
    ) -> Reply {
        let path = format!("/api/v1/bookings/appointments/{appointment}/move");
        self.post(&path, Some(key), &json!({"version": version, "start": start})).await
    }

    pub async fn open(&mut self, token: &str, proof: Value) -> Reply {
        self.post("/api/v1/bookings/manage/open", None, &json!({"token": token, "proof": proof})).await
    }

    pub async fn send_code(&mut self, token: &str) -> Reply {
        self.post("/api/v1/bookings/manage/codes", None, &json!({"token": token})).await
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Reply {
    /// The body as what it should be.
    pub fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.body.clone()).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The first issue of the operation outcome that the body must be.
    pub fn outcome(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/fhir+json");
        assert_eq!(self.body["resourceType"], "OperationOutcome", "{}", self.body);
        assert_eq!(self.body["id"].as_str(), self.headers["x-request-id"].to_str().ok());
        let issue = &self.body["issue"][0];
        assert_eq!(issue["details"]["coding"][0]["code"], kind, "{}", self.body);
        issue.clone()
    }

    /// The body as the problem it must be.
    pub fn problem(&self, status: u16, kind: &str) -> Problem {
        assert_eq!(self.status, status, "{}", self.body);
        let problem: Problem = self.read();
        assert!(problem.is(kind), "expected {kind}, got {}", self.body);
        assert_eq!(problem.status, status);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(problem.instance.as_deref(), self.headers["x-request-id"].to_str().ok());
        problem
    }
}

/// A POST with a JSON body as written.
pub fn post(path: &str, key: Option<Uuid>, body: String) -> Request<Body> {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let request = match key {
        Some(key) => request.header("idempotency-key", key.to_string()),
        None => request,
    };
    request.body(Body::from(body)).unwrap()
}
