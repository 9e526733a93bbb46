//! Patients, those they look after, carers, staff, the platform's own people and their reasons.

mod patients;
mod staff;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use jiff::SignedDuration;
use kernel::{Subscriber, jobs::Job, testing::TokenIssuer};
use serde_json::{Value, json};
use shared_types::{
    PatientId,
    users::{ActsFor, Claims, DelegationScope, Membership, PlatformRole, StaffRole, Strength},
};
use uuid::Uuid;

use crate::World;

/// The service with some accounts.
pub struct People {
    pub world: World,
    pub router: Router,
    pub jobs: Vec<Job>,
    pub subscriber: Arc<dyn Subscriber>,
    issuer: TokenIssuer,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    #[track_caller]
    pub fn problem(self, status: u16, kind: &str) -> Value {
        assert_eq!(
            (self.status, self.body["type"].as_str()),
            (status, Some(&*format!("/problems/{kind}"))),
            "{}",
            self.body
        );
        self.body
    }
}

pub fn account(number: u128) -> Uuid {
    Uuid::from_u128(0xACC0 + number)
}

impl People {
    /// Accounts 1 to 6, each with the address `p1@example.org` and so on.
    pub async fn new() -> Self {
        let world = World::new().await;
        let service = world.start().await.unwrap();
        for number in 1..=6_u128 {
            sqlx::query(
                "insert into users.account (account_id, email, email_lower, email_verified_at, created_at, updated_at) \
                 values ($1, $2, $2, now(), now(), now())",
            )
            .bind(account(number))
            .bind(format!("p{number}@example.org"))
            .execute(&world.core.pool)
            .await
            .unwrap();
        }
        let issuer = TokenIssuer::known_to(&world.core).await;
        let (jobs, subscriber) = (service.jobs, service.subscriber);
        Self { router: service.router, jobs, subscriber, issuer, world }
    }

    /// What the account's next token says, from the tables, as a sign-in would read it.
    pub async fn claims(&self, number: u128) -> Claims {
        let mut admin = self.world.database.administrator().await;
        let patient_id: Option<Uuid> =
            sqlx::query_scalar("select patient_id from users.patient where account_id = $1")
                .bind(account(number))
                .fetch_optional(&mut admin)
                .await
                .unwrap();
        let leave: Vec<(Uuid, Vec<String>)> = sqlx::query_as(
            "select patient_id, scopes from users.delegation where account_id = $1 and ended_at is null",
        )
        .bind(account(number))
        .fetch_all(&mut admin)
        .await
        .unwrap();
        let at: Vec<(Uuid, Vec<String>)> =
            sqlx::query_as("select organization_id, roles from users.membership where account_id = $1")
                .bind(account(number))
                .fetch_all(&mut admin)
                .await
                .unwrap();
        let platform: Option<Vec<String>> =
            sqlx::query_scalar("select roles from users.platform_staff where account_id = $1")
                .bind(account(number))
                .fetch_optional(&mut admin)
                .await
                .unwrap();
        let now = self.world.core.now();
        Claims {
            session_id: Uuid::from_u128(number).into(),
            account_id: account(number).into(),
            patient_id: patient_id.map(Into::into),
            strength: Strength::Passkey,
            acts_for: leave
                .into_iter()
                .map(|(patient, scopes)| ActsFor {
                    patient_id: patient.into(),
                    scopes: scopes.iter().map(|scope| DelegationScope::from_code(scope).unwrap()).collect(),
                })
                .collect(),
            memberships: at
                .into_iter()
                .map(|(practice, roles)| Membership {
                    organization_id: practice.into(),
                    roles: roles.iter().map(|role| StaffRole::from_code(role).unwrap()).collect(),
                })
                .collect(),
            platform: platform
                .unwrap_or_default()
                .iter()
                .map(|role| PlatformRole::from_code(role).unwrap())
                .collect(),
            // A moment later than any revocation so far.
            issued_at: now + SignedDuration::from_millis(1),
            expires_at: now + SignedDuration::from_mins(10),
        }
    }

    /// A request of somebody who has just signed in.
    pub async fn send(&self, number: u128, method: Method, path: &str, body: Value) -> Reply {
        let claims = self.claims(number).await;
        self.send_as(&claims, method, path, body).await
    }

    /// A request with that token.
    pub async fn send_as(&self, claims: &Claims, method: Method, path: &str, body: Value) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/users{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", self.world.core.id::<Uuid>().to_string())
            .header(header::COOKIE, self.issuer.cookie(claims))
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = tower::ServiceExt::oneshot(self.router.clone(), request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Reply { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null) }
    }

    /// Somebody gives their own details.
    pub async fn patient(&self, number: u128, born: &str) -> PatientId {
        let reply = self.send(number, Method::PUT, "/me/patient", details(born, 0)).await;
        serde_json::from_value(reply.ok(200)["patient_id"].clone()).unwrap()
    }

    /// The secrets of letters that wait to be written, the oldest first.
    pub async fn letters(&self) -> Vec<Value> {
        sqlx::query_scalar("select body from users.outbox where name = 'invitation_made' order by position")
            .fetch_all(&self.world.core.pool)
            .await
            .unwrap()
    }

    /// Somebody accepts the newest letter.
    pub async fn accept(&self, number: u128) -> Reply {
        let letter = self.letters().await.pop().unwrap();
        self.send(number, Method::POST, "/invitations/accept", json!({"token": letter["token"]})).await
    }

    /// Whether tokens that the account had until now are dead here, and the others were told.
    pub async fn tokens_ended(&self, number: u128) -> bool {
        let here: bool = sqlx::query_scalar("select exists(select from users.revocation where of_id = $1)")
            .bind(account(number))
            .fetch_one(&self.world.core.pool)
            .await
            .unwrap();
        let told: bool = sqlx::query_scalar(
            "select exists(select from users.outbox where name = 'tokens_revoked' and aggregate_id = $1)",
        )
        .bind(account(number).to_string())
        .fetch_one(&self.world.core.pool)
        .await
        .unwrap();
        assert_eq!(here, told);
        here
    }

    /// Acts in the log, with whose record.
    pub async fn audited(&self) -> Vec<(String, Option<Uuid>)> {
        sqlx::query_as("select action, whose from users.audit_entry order by ctid")
            .fetch_all(&mut self.world.database.administrator().await)
            .await
            .unwrap()
    }
}

/// Somebody's details as sent.
pub fn details(born: &str, version: i32) -> Value {
    json!({
        "name": "Ada Nguyen",
        "pronouns": "she/her",
        "date_of_birth": born,
        "language": "en",
        "access_needs": ["step_free"],
        "contact_by": ["email"],
        "version": version,
        "consent": {"text": "patient-details", "version": 1},
    })
}

/// In a year.
pub fn in_a_year() -> &'static str {
    "2027-11-22T00:00:00Z"
}
