//! The notifications service from outside: events in, messages out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod alone;
mod files;
mod forget_undelivered;
mod inbox;
mod rights;
mod routes;
mod send_messages;
mod smtp;
mod statuses;

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use kernel::{Core, Service, inbox as kernel_inbox, outbox::Envelope, testing::Database};
use notifications::{
    domain::sender::Sender,
    gateways::mail::{Letter, Mail, MailError},
};
use shared_types::{
    AudCents, Zone,
    bookings::{
        AppointmentFact, AppointmentStatus, BookedRole, BookingsEvent, CancellationPolicy, ManageCodeFact,
    },
};
use uuid::Uuid;

/// A gateway that keeps what it is given, or refuses it.
#[derive(Default)]
pub struct Recorder {
    pub sent: Mutex<Vec<Letter>>,
    pub refusing: Mutex<bool>,
}

impl Mail for Recorder {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        let result = if *self.refusing.lock().unwrap() {
            Err(MailError::Refused("450".to_owned()))
        } else {
            self.sent.lock().unwrap().push(letter.clone());
            Ok(())
        };
        Box::pin(std::future::ready(result))
    }
}

impl Recorder {
    /// The subjects of what went out, in order.
    pub fn subjects(&self) -> Vec<String> {
        self.sent.lock().unwrap().iter().map(|letter| letter.content.expose().subject.clone()).collect()
    }

    pub fn refuse(&self, refusing: bool) {
        *self.refusing.lock().unwrap() = refusing;
    }
}

/// The service on a database of its own, with a mail gateway that keeps everything.
pub struct World {
    pub database: Database,
    pub core: Core,
    pub mail: Arc<Recorder>,
    pub service: Service,
}

impl World {
    pub async fn new() -> Self {
        let mail = Arc::new(Recorder::default());
        let (database, core, service) = Self::with(mail.clone()).await;
        Self { database, core, mail, service }
    }

    /// The parts, with another gateway.
    pub async fn with(mail: Arc<dyn Mail>) -> (Database, Core, Service) {
        let database = Database::new().await;
        let core = database.core("notifications", "2026-11-22T00:00:00Z".parse().unwrap()).await;
        let service = notifications::with_mail(core.clone(), sender(), mail);
        (database, core, service)
    }

    /// Hands an event over as the relay does.
    pub async fn receive(&self, envelope: &Envelope) {
        receive(&self.core, &self.service, envelope).await;
    }

    /// One batch of the sending job.
    pub async fn send(&self) -> u64 {
        run(&self.service, "notifications.send_messages").await
    }

    /// Template and status of each message, oldest first.
    pub async fn messages(&self) -> Vec<(String, String)> {
        sqlx::query_as("select template, status from notifications.message order by created_at, message_id")
            .fetch_all(&self.core.pool)
            .await
            .unwrap()
    }
}

pub fn sender() -> Sender {
    Sender::new("HelloMapper <no-reply@example.org>", "https://hellomapper.example").unwrap()
}

pub async fn receive(core: &Core, service: &Service, envelope: &Envelope) {
    kernel_inbox::receive(core, &*service.subscriber, envelope).await.unwrap();
}

pub async fn run(service: &Service, job: &str) -> u64 {
    let job = service.jobs.iter().find(|candidate| candidate.name == job).unwrap();
    job.run_once().await.unwrap()
}

/// An event of another service, with an id of its own.
pub fn envelope(core: &Core, producer: &str, event: &impl serde::Serialize) -> Envelope {
    let event = serde_json::to_value(event).unwrap();
    Envelope {
        event_id: core.id(),
        producer: producer.to_owned(),
        name: event["name"].as_str().unwrap().to_owned(),
        version: 1,
        aggregate: "booking".to_owned(),
        aggregate_id: "1".to_owned(),
        aggregate_version: 1,
        occurred_at: core.now(),
        request_id: None,
        body: event["body"].clone(),
    }
}

pub fn confirmed(core: &Core, booking: u128) -> Envelope {
    envelope(core, "bookings", &BookingsEvent::AppointmentConfirmed(appointment(booking)))
}

pub fn moved(core: &Core, booking: u128) -> Envelope {
    let fact = AppointmentFact { sequence: 1, manage_token: None, ..appointment(booking) };
    envelope(core, "bookings", &BookingsEvent::AppointmentMoved(fact))
}

pub fn cancelled(core: &Core, booking: u128) -> Envelope {
    let status = AppointmentStatus::CancelledByPatient;
    let fact = AppointmentFact { sequence: 2, status, ..appointment(booking) };
    envelope(core, "bookings", &BookingsEvent::AppointmentCancelled(fact))
}

pub fn code_requested(core: &Core, booking: u128) -> Envelope {
    let fact = ManageCodeFact {
        booking_id: Uuid::from_u128(booking).into(),
        email: "ada@example.org".to_owned().into(),
        code: "012345".to_owned().into(),
        expires_at: "2026-11-22T00:10:00Z".parse().unwrap(),
    };
    envelope(core, "bookings", &BookingsEvent::ManageCodeRequested(fact))
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
            profession_name: Some("Physiotherapist".to_owned()),
            organization_id: None,
            organization_name: Some("Harbour Practice".to_owned()),
            phone: Some("(02) 5550 1234".to_owned()),
            address: "1 Example Street, Parramatta NSW 2150".to_owned(),
            time_zone: Zone::SYDNEY,
            bookable: true,
        },
        discreet: false,
        appointment_type_name: "Initial consultation".to_owned(),
        start: "2026-11-23T22:15:00Z".parse().unwrap(),
        end: "2026-11-23T22:45:00Z".parse().unwrap(),
        quote_id: Uuid::from_u128(booking).into(),
        price_cents: AudCents(8500),
        policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(5000) },
        bulk_billed: false,
        patient_name: "Ada Nguyen".to_owned().into(),
        email: "ada@example.org".to_owned().into(),
        manage_token: Some("0123456789abcdef0123456789abcdef".to_owned().into()),
        account_id: None,
        patient_id: None,
    }
}
