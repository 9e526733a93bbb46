//! One practitioner in an empty country, on a clock that is moved by hand. Events are carried and jobs run when the test says so,
//! between bookings and notifications alone: nothing is paid through us here, and nobody has an account.

use std::{io, net::SocketAddr};

use axum::Router;
use hellomapper_tests::{
    Person,
    mail::{self, Mail},
    running::{count, pools, settings},
};
use jiff::{SignedDuration, civil::date};
use kernel::{
    Chance, Clock, Service,
    address::TrustedProxies,
    config::Settings,
    consent,
    jobs::Job,
    layers,
    relay::Relay,
    run,
    testing::{Database, TokenIssuer},
};
use shared_types::{
    AppointmentTypeId, OrganizationId, PractitionerRoleId,
    users::{Claims, ConsentText, Membership, StaffRole, Strength},
};
use sqlx::PgPool;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Sunday, 11:00 am in Sydney.
const NOW: &str = "2026-11-22T00:00:00Z";

/// Books Mondays to Fridays from nine to five, by the half hour.
pub const ROLE: PractitionerRoleId = PractitionerRoleId(Uuid::from_u128(0x11));
/// Half an hour, booked at once.
pub const AT_ONCE: AppointmentTypeId = AppointmentTypeId(Uuid::from_u128(0x21));
/// Half an hour for which the practice is asked first.
pub const ON_REQUEST: AppointmentTypeId = AppointmentTypeId(Uuid::from_u128(0x22));
/// The practice.
pub const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0x41));
/// What patients agree to, in its first version.
pub const CONSENT: &str = "booking-collection";

const CALENDAR: [&str; 5] = [
    "insert into bookings.resource (resource_id) values ('00000000-0000-0000-0000-000000000031')",
    "insert into bookings.role (practitioner_role_id, resource_id, organization_id, slug, name, discreet, \
         organization_name, phone, address, time_zone, holiday_scopes, bookable, aggregate_version) \
     values ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000031', \
         '00000000-0000-0000-0000-000000000041', 'kim-lee', 'Kim Lee', false, 'Harbour Practice', '(02) 5550 1234', \
         '1 Example Street, Parramatta NSW 2150', 'Australia/Sydney', '{}', true, 1)",
    "insert into bookings.schedule (practitioner_role_id, step_minutes, notice_minutes, horizon_days, free_until_hours, \
         late_fee_cents) \
     values ('00000000-0000-0000-0000-000000000011', 30, 60, 60, 24, 5000)",
    "insert into bookings.availability_rule (availability_rule_id, practitioner_role_id, weekdays, opens, closes) \
     values ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000011', 31, '09:00', '17:00')",
    "insert into bookings.appointment_type (appointment_type_id, practitioner_role_id, position, name, duration_minutes, \
         buffer_before_minutes, buffer_after_minutes, price_cents, bulk_billed, needs_acceptance) \
     values ('00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000011', 1, 'Consultation', 30, \
             0, 0, 8500, false, false), \
         ('00000000-0000-0000-0000-000000000022', '00000000-0000-0000-0000-000000000011', 2, 'First visit', 30, \
             0, 0, 8500, false, true)",
];

/// The services, answering over HTTP until dropped.
pub struct Stage {
    /// Their clock.
    pub clock: Clock,
    database: Database,
    settings: Settings,
    relay: Relay,
    jobs: Vec<Job>,
    notifications: PgPool,
    issuer: TokenIssuer,
    server: JoinHandle<io::Result<()>>,
    _home: TempDir,
}

impl Stage {
    /// Over a database of its own.
    pub async fn set() -> Self {
        let (database, home) = (Database::new().await, tempfile::tempdir().unwrap());
        let mut calendar = database.connect("bookings_migrate").await;
        for statement in CALENDAR {
            sqlx::query(statement).execute(&mut calendar).await.unwrap();
        }
        let listener = run::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let settings = settings(&home, listener.local_addr().unwrap());
        let clock = Clock::manual(NOW.parse().unwrap());
        let pools = pools(&database).await;
        let services = hellomapper::assemble(&settings, &pools, &clock, &Chance::system()).await.unwrap();
        let heard = |service: &Service| ["bookings", "notifications"].contains(&service.name);
        let services: Vec<_> = services.into_iter().filter(heard).collect();
        let api = services.iter().fold(Router::new(), |api, service| api.merge(service.router.clone()));
        let proxies = TrustedProxies::default();
        let api = layers::apply(api, clock.clone(), Chance::system(), proxies, &settings.public_url).unwrap();
        let api = api.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, api).await });
        let bookings = services.iter().find(|service| service.name == "bookings").unwrap();
        consent::keep_text(&mut bookings.core.pool.acquire().await.unwrap(), &consent_text()).await.unwrap();
        Self {
            issuer: TokenIssuer::known_to(&bookings.core).await,
            relay: Relay::new(&services),
            jobs: services.iter().flat_map(|service| service.jobs.clone()).collect(),
            notifications: pools.notifications,
            clock,
            database,
            settings,
            server,
            _home: home,
        }
    }

    /// Somebody's browser.
    pub fn stranger(&self) -> Person {
        Person::new(&self.settings.public_url)
    }

    /// Signs in who owns the practice: time passes here, and sessions end.
    pub fn sign_in(&self, owner: &Person) {
        let now = self.clock.now();
        let claims = Claims {
            session_id: Uuid::from_u128(0x51).into(),
            account_id: Uuid::from_u128(0x52).into(),
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: vec![Membership { organization_id: PRACTICE, roles: vec![StaffRole::Owner] }],
            platform: Vec::new(),
            issued_at: now,
            expires_at: now + SignedDuration::from_mins(10),
        };
        let cookie = self.issuer.cookie(&claims);
        let (name, value) = cookie.split_once('=').unwrap();
        owner.set_cookie(name, value);
    }

    /// Everybody is told what there is to tell.
    pub async fn carry(&self) {
        self.relay.drain().await.unwrap();
    }

    /// Runs a job until nothing is due.
    pub async fn run(&self, job: &str) {
        let job = self.jobs.iter().find(|known| known.name == job).unwrap();
        while job.run_once().await.unwrap() > 0 {}
    }

    /// Every letter there is.
    pub fn letters(&self) -> Vec<Mail> {
        mail::all(&self.settings.home.join("mail"))
    }

    /// How many messages are still to be sent, and how many were sent more often than once: a repeat has the file of the first.
    pub async fn unsent_and_repeated(&self) -> (i64, i64) {
        sqlx::query_as(
            "select count(*) filter (where status = 'queued'), count(*) filter (where attempts > 1) \
             from notifications.message",
        )
        .fetch_one(&self.notifications)
        .await
        .unwrap()
    }

    /// Takes the database away: nothing comes after this.
    pub async fn discard(&self) {
        self.database.discard().await;
    }

    /// How many events nobody was told of.
    pub async fn untold(&self) -> i64 {
        let mut admin = self.database.administrator().await;
        count(&mut admin, "bookings.outbox").await + count(&mut admin, "notifications.outbox").await
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn consent_text() -> ConsentText {
    ConsentText {
        text: CONSENT.to_owned(),
        version: 1,
        title: "How your details are used".to_owned(),
        paragraphs: vec!["The practice you are booking with collects these details.".to_owned()],
        statement: "I agree.".to_owned(),
        effective_on: date(2026, 11, 22),
    }
}
