//! The payments service from outside: events in, rows and events out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod alone;
mod assignments;
mod balances;
mod bookings_events;
mod bulk_billed_after_all;
mod claims;
mod coverage;
mod demo_data;
mod desk;
mod differences;
mod fee_documents;
mod funding;
mod higher_price;
mod incentives;
mod ledger;
mod mbs;
mod money;
mod owed;
mod paying;
mod payout_holds;
mod repeated;
mod returned_refunds;
mod rights;
mod routes;
mod shut_out;
mod statuses;
mod users_events;

use kernel::{Core, Service, config::Settings, inbox, outbox::Envelope, testing::Database};
use shared_types::{
    AudCents, Zone,
    bookings::{AppointmentFact, AppointmentStatus, BookedRole, BookingsEvent, CancellationPolicy},
    users::{ConsentText, UsersEvent},
};
use uuid::Uuid;

/// The service on a database of its own.
pub struct World {
    pub database: Database,
    pub core: Core,
    pub service: Service,
    pub home: tempfile::TempDir,
}

impl World {
    pub async fn new() -> Self {
        let database = Database::new().await;
        let core = database.core("payments", "2026-11-22T00:00:00Z".parse().unwrap()).await;
        let home = tempfile::tempdir().unwrap();
        let settings = Settings { home: home.path().to_owned(), ..Settings::from_env().unwrap() };
        let service = payments::service(core.clone(), &settings).await.unwrap();
        Self { database, core, service, home }
    }

    /// Hands an event over as the relay does.
    pub async fn receive(&self, envelope: &Envelope) -> anyhow::Result<()> {
        inbox::receive(&self.core, &*self.service.subscriber, envelope).await
    }

    /// Each payment's booking, status and charge.
    pub async fn payments(&self) -> Vec<(Uuid, String, i64)> {
        sqlx::query_as(
            "select booking_id, status, patient_charge_cents from payments.payment order by created_at",
        )
        .fetch_all(&self.core.pool)
        .await
        .unwrap()
    }

    /// The bodies of events that wait, in order.
    pub async fn told(&self) -> Vec<serde_json::Value> {
        sqlx::query_scalar("select body from payments.outbox order by position")
            .fetch_all(&self.core.pool)
            .await
            .unwrap()
    }

    /// An event of another service, with an id of its own.
    pub fn envelope(&self, producer: &str, event: &impl serde::Serialize) -> Envelope {
        let event = serde_json::to_value(event).unwrap();
        Envelope {
            event_id: self.core.id(),
            producer: producer.to_owned(),
            name: event["name"].as_str().unwrap().to_owned(),
            version: 1,
            aggregate: "booking".to_owned(),
            aggregate_id: "1".to_owned(),
            aggregate_version: 1,
            occurred_at: self.core.now(),
            request_id: None,
            body: event["body"].clone(),
        }
    }

    /// Users publish the first version of a text that people agree to.
    pub async fn publish_text(&self, name: &str) {
        let text = ConsentText {
            text: name.to_owned(),
            version: 1,
            title: "What you agree to".to_owned(),
            paragraphs: vec!["What it means.".to_owned()],
            statement: "I agree.".to_owned(),
            effective_on: "2026-11-22".parse().unwrap(),
        };
        let published = self.envelope("users", &UsersEvent::ConsentTextPublished(text));
        self.receive(&published).await.unwrap();
    }

    pub fn confirmed(&self, fact: &AppointmentFact) -> Envelope {
        self.envelope("bookings", &BookingsEvent::AppointmentConfirmed(fact.clone()))
    }

    pub fn moved(&self, fact: &AppointmentFact) -> Envelope {
        self.envelope("bookings", &BookingsEvent::AppointmentMoved(fact.clone()))
    }

    pub fn cancelled(&self, fact: &AppointmentFact) -> Envelope {
        self.envelope("bookings", &BookingsEvent::AppointmentCancelled(fact.clone()))
    }
}

/// An appointment of the booking with that number.
pub fn appointment(booking: u128) -> AppointmentFact {
    AppointmentFact {
        booking_id: Uuid::from_u128(booking).into(),
        appointment_id: Uuid::from_u128(booking).into(),
        sequence: 0,
        status: AppointmentStatus::Confirmed,
        role: BookedRole {
            practitioner_role_id: Uuid::from_u128(9).into(),
            slug: "kim-lee-parramatta".to_owned(),
            name: "Kim Lee".to_owned(),
            profession_name: None,
            organization_id: None,
            organization_name: None,
            phone: None,
            address: "1 Example Street, Parramatta NSW 2150".to_owned(),
            time_zone: Zone::SYDNEY,
            bookable: true,
        },
        discreet: false,
        appointment_type_name: "Initial consultation".to_owned(),
        telehealth: false,
        start: "2026-11-23T22:15:00Z".parse().unwrap(),
        end: "2026-11-23T22:45:00Z".parse().unwrap(),
        quote_id: Uuid::from_u128(booking).into(),
        price_cents: AudCents(8500),
        policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(5000) },
        bulk_billed: false,
        patient_name: "Ada Example".to_owned().into(),
        email: "ada@example.org".to_owned().into(),
        manage_token: None,
        account_id: None,
        patient_id: None,
        reason: None,
        reply_by: None,
        quote: None,
        late_fee_cents: AudCents::ZERO,
        claimant: None,
        series_id: None,
        text_to: None,
    }
}
