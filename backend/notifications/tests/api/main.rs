//! The notifications service from outside: events in, messages out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod alone;
mod answers;
mod bounces;
mod bounces_late;
mod bulk_billed_after_all;
mod by_text;
mod by_text_true;
mod cuts;
mod desk_texts;
mod files;
mod forget_undelivered;
mod guest_lateness;
mod guest_texts;
mod inbox;
mod lateness;
mod mail_reminders;
mod mail_server;
mod mailed_calendars;
mod money;
mod money_back;
mod no_show;
mod notices;
mod own_details;
mod platform_undelivered;
mod practice;
mod presumed;
mod push;
mod reminders;
mod rights;
mod routes;
mod send_messages;
mod sequences;
mod series;
mod shut_out;
mod sms;
mod smtp;
mod statuses;
mod text_status;
mod unsubscribe;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use futures::future::BoxFuture;
use kernel::{
    Core, Service, inbox as kernel_inbox,
    outbound::{Outbound, Reach},
    outbox::Envelope,
    testing::Database,
};
use notifications::{
    domain::sender::Sender,
    gateways::{
        Gateways,
        bounce_address::BounceAddress,
        mail::{Letter, Mail, MailError},
        push_key::PushKey,
        sms::{Sms, SmsError, Text},
        web_push::WebPush,
    },
};
use shared_types::{
    AudCents, Zone,
    bookings::{
        AppointmentFact, AppointmentStatus, BookedRole, BookingsEvent, CancellationPolicy, ManageCodeFact,
    },
};
use tokio::net::TcpSocket;
use uuid::Uuid;

/// A gateway that keeps what it is given, or refuses it with a code.
#[derive(Default)]
pub struct Recorder {
    pub sent: Mutex<Vec<Letter>>,
    pub refusing: Mutex<Option<&'static str>>,
}

impl Mail for Recorder {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        let result = match *self.refusing.lock().unwrap() {
            Some(code) => Err(MailError::Refused(code.to_owned())),
            None => {
                self.sent.lock().unwrap().push(letter.clone());
                Ok(())
            }
        };
        Box::pin(std::future::ready(result))
    }
}

impl Recorder {
    /// The subjects of what went out, in order.
    pub fn subjects(&self) -> Vec<String> {
        self.sent.lock().unwrap().iter().map(|letter| letter.content.expose().subject.clone()).collect()
    }

    /// For now, as a mail server that is busy.
    pub fn refuse(&self, refusing: bool) {
        *self.refusing.lock().unwrap() = refusing.then_some("450");
    }

    /// For good, as for an address that nobody has.
    pub fn bounce(&self) {
        *self.refusing.lock().unwrap() = Some("550");
    }
}

/// A gateway for text messages that keeps what it is given, or refuses it with a status.
#[derive(Default)]
pub struct SmsRecorder {
    pub sent: Mutex<Vec<Text>>,
    pub refusing: Mutex<Option<u16>>,
}

impl Sms for SmsRecorder {
    fn send<'a>(&'a self, text: &'a Text) -> BoxFuture<'a, Result<(), SmsError>> {
        let result = match *self.refusing.lock().unwrap() {
            Some(status) => Err(SmsError::Refused(status)),
            None => {
                self.sent.lock().unwrap().push(text.clone());
                Ok(())
            }
        };
        Box::pin(std::future::ready(result))
    }
}

impl SmsRecorder {
    /// What went out, in order.
    pub fn texts(&self) -> Vec<String> {
        self.sent.lock().unwrap().iter().map(|text| text.text.expose().clone()).collect()
    }
}

/// The service on a database of its own, with gateways that keep everything.
pub struct World {
    pub database: Database,
    pub core: Core,
    pub mail: Arc<Recorder>,
    pub sms: Arc<SmsRecorder>,
    pub service: Service,
}

impl World {
    pub async fn new() -> Self {
        Self::answered_by(None).await
    }

    /// With a gateway for text messages that hands on what people answer, and signs it with that secret.
    pub async fn answered_by(secret: Option<&str>) -> Self {
        let (mail, sms) = (Arc::new(Recorder::default()), Arc::new(SmsRecorder::default()));
        let answers = secret.map(|secret| secret.to_owned().into());
        let bounces = Some(bounces());
        let gateways =
            Gateways { mail: mail.clone(), sms: Some(sms.clone()), answers, bounces, push: web_push() };
        let (database, core, service) = Self::through(&gateways).await;
        Self { database, core, mail, sms, service }
    }

    /// The parts, with another gateway for mail and none for text messages.
    pub async fn with(mail: Arc<dyn Mail>) -> (Database, Core, Service) {
        Self::through(&Gateways { mail, sms: None, answers: None, bounces: None, push: web_push() }).await
    }

    /// The parts, with other gateways.
    pub async fn through(gateways: &Gateways) -> (Database, Core, Service) {
        let database = Database::new().await;
        let core = database.core("notifications", "2026-11-22T00:00:00Z".parse().unwrap()).await;
        let service = notifications::with_gateways(core.clone(), sender(), gateways);
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

    /// One batch of the job that writes reminders.
    pub async fn remind(&self) -> u64 {
        run(&self.service, "notifications.write_reminders").await
    }

    /// Version, kind, state and why it is dropped, of each plan of a booking.
    pub async fn plans(&self, booking: u128) -> Vec<(i32, String, String, Option<String>)> {
        sqlx::query_as(
            "select version, kind, state, dropped_why from notifications.message_plan where booking_id = $1 \
             order by version, due_at",
        )
        .bind(Uuid::from_u128(booking))
        .fetch_all(&self.core.pool)
        .await
        .unwrap()
    }

    /// Lets the clock stand there.
    pub fn at(&self, instant: &str) {
        let instant: jiff::Timestamp = instant.parse().unwrap();
        self.core.clock.advance(instant.duration_since(self.core.now()));
    }

    /// What notifications told the others by that name, in order.
    pub async fn told(&self, name: &str) -> Vec<serde_json::Value> {
        sqlx::query_scalar("select body from notifications.outbox where name = $1 order by position")
            .bind(name)
            .fetch_all(&self.core.pool)
            .await
            .unwrap()
    }

    /// Sends a request as it is, and gives status and body.
    pub async fn call(&self, request: axum::http::Request<axum::body::Body>) -> (u16, String) {
        use tower::ServiceExt as _;

        let response = self.service.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Template and status of each message, oldest first.
    pub async fn messages(&self) -> Vec<(String, String)> {
        sqlx::query_as("select template, status from notifications.message order by created_at, message_id")
            .fetch_all(&self.core.pool)
            .await
            .unwrap()
    }
}

/// What carries messages to devices, also to a push service on this machine.
fn web_push() -> Arc<WebPush> {
    let outbound = Outbound::new(Reach::Local).unwrap();
    Arc::new(WebPush::new(push_key(), outbound, &sender().public_url))
}

fn push_key() -> PushKey {
    PushKey::from_secret(&[9; 32]).unwrap()
}

/// Where reports on letters come back to.
pub fn bounces() -> BounceAddress {
    BounceAddress::new("bounce@example.org".parse().unwrap(), &push_key()).unwrap()
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

/// An address that refuses everybody for as long as this is kept: nobody else is given its port meanwhile.
pub fn nobody_listens() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    socket
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
        telehealth: false,
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
        reason: None,
        reply_by: None,
        quote: None,
        late_fee_cents: AudCents::ZERO,
        claimant: None,
        series_id: None,
        text_to: None,
    }
}
