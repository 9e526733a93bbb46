//! A practice's staff and a patient at the service, for tests of bulk billing.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use kernel::testing::TokenIssuer;
use serde_json::{Value, json};
use shared_types::{
    OrganizationId, PatientId,
    bookings::{AppointmentFact, BookedPatient},
    users::{Claims, ConsentText, Membership, StaffRole, Strength, UsersEvent},
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{World, appointment, mbs};

pub const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0xB1));
pub const ADA: PatientId = PatientId(Uuid::from_u128(0xA1));
/// The role of [`appointment`].
pub const ROLE: Uuid = Uuid::from_u128(9);

pub struct Desk {
    pub world: World,
    pub issuer: TokenIssuer,
}

impl Desk {
    /// The schedule is in force, the texts are known, and the practice's practitioner has a provider number.
    pub async fn open() -> Self {
        let desk = Self::without_number().await;
        let setup = json!({"provider_number": "2447781L", "modified_monash": 1, "version": 0});
        let path = format!("/practices/{PRACTICE}/roles/{ROLE}/medicare");
        let (status, body) =
            desk.send(Method::PUT, &path, Some(&desk.staff(StaffRole::Billing)), setup).await;
        assert_eq!(status, 200, "{body}");
        desk
    }

    pub async fn without_number() -> Self {
        let world = World::new().await;
        mbs::in_force(&world).await;
        for text in ["assignment-pre", "assignment-post", "assignment-enduring", "assignment-verbal"] {
            let text = ConsentText {
                text: text.to_owned(),
                version: 1,
                title: "Agree".to_owned(),
                paragraphs: vec!["You pay nothing.".to_owned()],
                statement: "I assign the benefit.".to_owned(),
                effective_on: "2026-11-22".parse().unwrap(),
            };
            world.receive(&world.envelope("users", &UsersEvent::ConsentTextPublished(text))).await.unwrap();
        }
        let issuer = TokenIssuer::known_to(&world.core).await;
        Self { world, issuer }
    }

    fn claims(&self) -> Claims {
        let now = self.world.core.now();
        Claims {
            session_id: Uuid::from_u128(7).into(),
            account_id: Uuid::from_u128(8).into(),
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: Vec::new(),
            platform: Vec::new(),
            issued_at: now,
            expires_at: now + jiff::SignedDuration::from_mins(10),
        }
    }

    pub fn staff(&self, role: StaffRole) -> String {
        let memberships = vec![Membership { organization_id: PRACTICE, roles: vec![role] }];
        self.issuer.cookie(&Claims { memberships, ..self.claims() })
    }

    pub fn ada(&self) -> String {
        self.issuer.cookie(&Claims {
            patient_id: Some(ADA),
            account_id: Uuid::from_u128(0xAA).into(),
            ..self.claims()
        })
    }

    /// Sends with a new idempotency key.
    pub async fn send(&self, method: Method, path: &str, cookie: Option<&str>, body: Value) -> (u16, Value) {
        let key: Uuid = self.world.core.id();
        let (status, text) = self.send_with(method, path, cookie, body, key).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub async fn send_with(
        &self,
        method: Method,
        path: &str,
        cookie: Option<&str>,
        body: Value,
        key: Uuid,
    ) -> (u16, String) {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/payments{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "Mozilla/5.0 (iPhone) Mobile")
            .header("idempotency-key", key.to_string());
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let response = self.world.service.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Ada's bulk-billed visit is confirmed.
    pub async fn book(&self, booking: u128) -> AppointmentFact {
        let fact = bulk_billed(booking);
        self.world.receive(&self.world.confirmed(&fact)).await.unwrap();
        fact
    }

    /// The assignments of a booking, the latest first.
    pub async fn assignments(&self, booking: u128) -> Vec<Value> {
        let path = format!("/bookings/{}/assignments", Uuid::from_u128(booking));
        let (status, body) = self.send(Method::GET, &path, Some(&self.ada()), Value::Null).await;
        assert_eq!(status, 200, "{body}");
        body["items"].as_array().unwrap().clone()
    }

    /// The secrets of letters that were told, in order.
    pub async fn tokens(&self) -> Vec<String> {
        let told = self.world.told().await;
        told.iter().filter_map(|body| body["token"].as_str().map(str::to_owned)).collect()
    }
}

pub fn bulk_billed(booking: u128) -> AppointmentFact {
    let mut fact = appointment(booking);
    fact.bulk_billed = true;
    fact.price_cents = shared_types::AudCents::ZERO;
    fact.role.organization_id = Some(PRACTICE);
    fact.role.organization_name = Some("Harbour Practice".to_owned());
    fact.patient_id = Some(ADA);
    fact.account_id = Some(Uuid::from_u128(0xAA).into());
    fact.claimant = Some(BookedPatient {
        name: "Ada Example".to_owned().into(),
        date_of_birth: "1980-02-29".parse::<jiff::civil::Date>().unwrap().into(),
        mobile_ends_with: "006".to_owned().into(),
    });
    fact
}
