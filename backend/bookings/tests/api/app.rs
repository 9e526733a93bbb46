//! A practice on a database of its own, and browsers that visit it.

mod browser;
mod practice;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::Router;
use bookings::config::Settings;
use jiff::{SignedDuration, Timestamp, civil::Date};
use kernel::{
    Core, Subscriber, address::TrustedProxies, column_cipher::ColumnCipher, jobs::Job, keys::Signer, layers,
    outbound::Reach, testing::Database,
};
use serde_json::{Value, json};
use shared_types::{
    AppointmentTypeId, OrganizationId, PractitionerRoleId, ResourceId, Zone,
    bookings::{Appointment, AppointmentFact, BookingsEvent, Confirmation, Hold},
    users::ConsentText,
};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::browser::{Browser, Reply, post};

/// Where people reach us.
pub const PUBLIC_URL: &str = "http://localhost:8080";

/// Sunday, 11:00 am in Sydney.
pub const NOW: &str = "2026-11-22T00:00:00Z";

/// Dr Ada Nguyen at Harris Park: books Mondays to Fridays from nine to five.
pub const ROLE: PractitionerRoleId = PractitionerRoleId(Uuid::from_u128(0x11));
/// The same person at another practice.
pub const ELSEWHERE: PractitionerRoleId = PractitionerRoleId(Uuid::from_u128(0x12));
/// Somebody imported: listed, with no rules.
pub const IMPORTED: PractitionerRoleId = PractitionerRoleId(Uuid::from_u128(0x13));
/// A colleague at Harris Park.
pub const COLLEAGUE: PractitionerRoleId = PractitionerRoleId(Uuid::from_u128(0x14));

/// Thirty minutes for 85 dollars.
pub const LONG: AppointmentTypeId = AppointmentTypeId(Uuid::from_u128(0x21));
/// Fifteen minutes, bulk billed, with five minutes before and ten after.
pub const SHORT: AppointmentTypeId = AppointmentTypeId(Uuid::from_u128(0x22));
/// Thirty minutes at the other practice.
pub const LONG_ELSEWHERE: AppointmentTypeId = AppointmentTypeId(Uuid::from_u128(0x23));
/// Thirty minutes with the colleague.
pub const LONG_COLLEAGUE: AppointmentTypeId = AppointmentTypeId(Uuid::from_u128(0x24));

pub const RESOURCE: ResourceId = ResourceId(Uuid::from_u128(0x31));
pub const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(0x41));

/// The patient of [`details`].
pub const BORN: &str = "1980-02-29";

/// What seals is 32 times this.
pub const KEY: u8 = 7;

/// The service with its layers, on a database of its own.
pub struct App {
    pub database: Database,
    pub core: Core,
    pub router: Router,
    pub jobs: Vec<Job>,
    pub subscriber: Arc<dyn Subscriber>,
    people: AtomicU32,
}

impl App {
    pub async fn new() -> Self {
        Self::with_burst(300).await
    }

    /// With another limit of holds for each address.
    pub async fn with_burst(burst: u32) -> Self {
        Self::at(NOW.parse().unwrap(), burst).await
    }

    /// At another time.
    pub async fn at(now: Timestamp, burst: u32) -> Self {
        let database = Database::new().await;
        let core = database.core("bookings", now).await;
        practice::insert(&mut database.connect("bookings_migrate").await).await;
        let mut conn = core.pool.acquire().await.unwrap();
        let effective_on = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let text = ConsentText { effective_on, ..consent_text(1) };
        kernel::consent::keep_text(&mut conn, &text).await.unwrap();
        drop(conn);
        let (router, jobs, subscriber) = start(&core, burst, KEY, &[]).await;
        // What the start told is no test's business but its own.
        sqlx::query("delete from bookings.outbox").execute(&core.pool).await.unwrap();
        Self { database, core, router, jobs, subscriber, people: AtomicU32::new(0) }
    }

    /// Starts the service anew, with these keys for what is sealed: each is 32 times a byte.
    pub async fn restart(&mut self, newest: u8, older: &[u8]) {
        (self.router, self.jobs, self.subscriber) = start(&self.core, 300, newest, older).await;
    }

    /// Somebody who was never here.
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: Vec::new(), address: ([127, 0, 0, 1], 1).into() }
    }

    /// A key made for one act.
    pub fn key(&self) -> Uuid {
        self.core.id()
    }

    pub fn advance(&self, by: SignedDuration) {
        self.core.clock.advance(by);
    }

    /// Moves the clock to an instant.
    pub fn advance_to(&self, instant: Timestamp) {
        self.advance(instant.duration_since(self.core.now()));
    }

    /// One batch of a job.
    pub async fn run(&self, job: &str) -> u64 {
        let job = self.jobs.iter().find(|known| known.name == job).unwrap();
        job.run_once().await.unwrap()
    }

    /// Why a job fails.
    pub async fn failure(&self, job: &str) -> String {
        let job = self.jobs.iter().find(|known| known.name == job).unwrap();
        format!("{:#}", job.run_once().await.unwrap_err())
    }

    /// A connection that sees everything.
    pub async fn administrator(&self) -> PgConnection {
        self.database.administrator().await
    }

    /// Waits until a request waits for what somebody else holds.
    pub async fn somebody_waits(&self) {
        self.so_many_wait(1).await;
    }

    /// Waits until so many requests do.
    pub async fn so_many_wait(&self, many: i64) {
        let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        let stopped = async {
            while self.count(waiting).await < many {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), stopped).await.unwrap();
    }

    /// How many rows a statement counts.
    pub async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(&mut self.administrator().await).await.unwrap()
    }

    /// Changes the practice's own data.
    pub async fn change(&self, statement: &'static str) {
        let mut conn = self.database.connect("bookings_migrate").await;
        let changed = sqlx::query(statement).execute(&mut conn).await.unwrap();
        assert_ne!(changed.rows_affected(), 0, "{statement}");
    }

    /// Waiting events of one name, in order.
    pub async fn told(&self, name: &str) -> Vec<BookingsEvent> {
        let rows: Vec<Value> = sqlx::query_scalar(
            "select jsonb_build_object('name', name, 'body', body) from bookings.outbox where name = $1 order by position",
        )
        .bind(name)
        .fetch_all(&self.core.pool)
        .await
        .unwrap();
        rows.into_iter().map(|row| serde_json::from_value(row).unwrap()).collect()
    }

    /// The confirmation event of a booking.
    pub async fn confirmed(&self, booking: Uuid) -> AppointmentFact {
        let facts = self.told("appointment_confirmed").await.into_iter().filter_map(|event| match event {
            BookingsEvent::AppointmentConfirmed(fact) if fact.booking_id.0 == booking => Some(fact),
            _ => None,
        });
        let facts: Vec<_> = facts.collect();
        assert_eq!(facts.len(), 1);
        facts.into_iter().next().unwrap()
    }

    /// The secret of a booking's manage link, which only the confirmation carries.
    pub async fn manage_token(&self, booking: Uuid) -> String {
        self.confirmed(booking).await.manage_token.unwrap().expose().clone()
    }

    /// What the audit log says of a booking: action and outcome, in the order of writing (rows never move).
    pub async fn audited(&self, booking: Uuid) -> Vec<(String, String)> {
        sqlx::query_as(
            "select action, outcome from bookings.audit_entry where resource_id = $1 order by ctid",
        )
        .bind(booking.to_string())
        .fetch_all(&mut self.administrator().await)
        .await
        .unwrap()
    }

    /// Details of somebody who has not booked yet.
    pub fn details(&self) -> Value {
        details(self.people.fetch_add(1, Ordering::SeqCst))
    }

    /// Holds a long appointment with [`ROLE`], which must work.
    pub async fn hold(&self, browser: &mut Browser, start: Timestamp) -> Hold {
        let reply = browser.hold(self.key(), ROLE, LONG, start).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.read()
    }

    /// Confirms a hold as somebody new, which must work.
    pub async fn confirm(&self, browser: &mut Browser, hold: &Hold) -> Confirmation {
        let reply = browser.confirm(self.key(), hold, &self.details()).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.read()
    }

    /// Books a long appointment with [`ROLE`].
    pub async fn book(&self, browser: &mut Browser, start: Timestamp) -> Appointment {
        let hold = self.hold(browser, start).await;
        let confirmation = self.confirm(browser, &hold).await;
        browser.appointment(confirmation.appointment_id).await
    }

    /// The starts offered of a type on a day.
    pub async fn free_on(
        &self,
        role: PractitionerRoleId,
        of: AppointmentTypeId,
        day: Date,
    ) -> Vec<Timestamp> {
        let path =
            format!("/api/v1/bookings/roles/{role}/free-times?appointment_type={of}&from={day}&to={day}");
        let reply = self.browser().get(&path).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        serde_json::from_value(reply.body["starts"].clone()).unwrap()
    }
}

/// The service with its layers.
async fn start(core: &Core, burst: u32, newest: u8, older: &[u8]) -> (Router, Vec<Job>, Arc<dyn Subscriber>) {
    let signer = Signer::generate(&core.chance);
    let older: Vec<_> = older.iter().map(|byte| [*byte; 32]).collect();
    let cipher = ColumnCipher::of(&[newest; 32], &older);
    let settings = Settings { reach: Reach::Local, ..Settings::plain(PUBLIC_URL, burst) };
    let service = bookings::service(core.clone(), signer, cipher, &settings).await.unwrap();
    let (clock, chance) = (core.clock.clone(), core.chance.clone());
    let router = layers::apply(service.router, clock, chance, TrustedProxies::default(), PUBLIC_URL).unwrap();
    (router, service.jobs, service.subscriber)
}

pub fn wanted(role: PractitionerRoleId, of: AppointmentTypeId, start: Timestamp) -> Value {
    json!({"practitioner_role_id": role, "appointment_type_id": of, "start": start})
}

/// Somebody's details, consent included; every number is somebody else.
pub fn details(person: u32) -> Value {
    json!({
        "name": format!("Ada Nguyen {person}"),
        "preferred_name": "Ada",
        "date_of_birth": BORN,
        "email": format!("ada{person}@example.org"),
        "mobile": format!("0491{person:06}"),
        "consent": {"text": "booking-collection", "version": 1},
    })
}

pub fn consent_text(version: i32) -> ConsentText {
    ConsentText {
        text: "booking-collection".to_owned(),
        version,
        title: "How your details are used".to_owned(),
        paragraphs: vec!["The practice you are booking with collects these details.".to_owned()],
        statement: "I agree.".to_owned(),
        effective_on: jiff::civil::date(2026, 11, 22),
    }
}

/// A time on the wall in Sydney.
pub fn wall(day: Date, hour: i8, minute: i8) -> Timestamp {
    day.at(hour, minute, 0, 0).to_zoned(Zone::SYDNEY.time_zone()).unwrap().timestamp()
}

/// The first day one can book: Monday 23 November 2026.
pub const MONDAY: Date = jiff::civil::date(2026, 11, 23);

/// A time on [`MONDAY`] in Sydney.
pub fn monday(hour: i8, minute: i8) -> Timestamp {
    wall(MONDAY, hour, minute)
}

pub fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}
