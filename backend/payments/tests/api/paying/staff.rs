//! Staff of the practice at the till.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::Value;
use shared_types::users::{Claims, Membership, PlatformRole, StaffRole, Strength};
use uuid::Uuid;

use super::till::Till;
use crate::desk::PRACTICE;

/// Who does the practice's bills.
pub struct Staff(TokenIssuer);

impl Staff {
    pub async fn at(till: &Till) -> Self {
        Self(TokenIssuer::known_to(&till.world.core).await)
    }

    /// Sends with a new idempotency key, below the practice's own address.
    pub async fn send(&self, till: &Till, method: Method, rest: &str, body: Value) -> (u16, Value) {
        self.asked(till, method, &format!("/practices/{PRACTICE}{rest}"), body).await
    }

    /// The same as an administrator, below the platform's address.
    pub async fn of_platform(&self, till: &Till, method: Method, rest: &str) -> (u16, Value) {
        self.asked(till, method, &format!("/platform{rest}"), Value::Null).await
    }

    async fn asked(&self, till: &Till, method: Method, path: &str, body: Value) -> (u16, Value) {
        let core = &till.world.core;
        let (practices, roles) = if path.starts_with("/platform") {
            (Vec::new(), vec![PlatformRole::Administrator])
        } else {
            let billing = Membership { organization_id: PRACTICE, roles: vec![StaffRole::Billing] };
            (vec![billing], Vec::new())
        };
        let cookie = self.0.cookie(&Claims {
            session_id: Uuid::from_u128(7).into(),
            account_id: Uuid::from_u128(8).into(),
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: practices,
            platform: roles,
            issued_at: core.now(),
            expires_at: core.now() + SignedDuration::from_mins(10),
        });
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/payments{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", core.id::<Uuid>().to_string())
            .header(header::COOKIE, cookie)
            .body(Body::from(body.to_string()))
            .unwrap();
        till.answer(request).await
    }

    /// Gives so much back.
    pub async fn refund(&self, till: &Till, cents: i64) -> (u16, Value) {
        let payment = till.read("select payment_id::text from payments.payment").await;
        let body = serde_json::json!({"amount_cents": cents, "reason": "goodwill"});
        self.send(till, Method::POST, &format!("/payments/{payment}/refunds"), body).await
    }
}
