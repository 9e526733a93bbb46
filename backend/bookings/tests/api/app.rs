//! A practice on a database of its own, and browsers that visit it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, header},
};
use bookings::config::Settings;
use jiff::{SignedDuration, Timestamp, civil::Date};
use kernel::{
    Core, Subscriber, address::TrustedProxies, column_cipher::ColumnCipher, jobs::Job, keys::Signer, layers,
    outbound::Reach, testing::Database,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, AppointmentTypeId, OrganizationId, PractitionerRoleId, Problem, ResourceId, Zone,
    bookings::{Appointment, AppointmentFact, BookingsEvent, Confirmation, Hold},
    users::ConsentText,
};
use sqlx::PgConnection;
use tower::ServiceExt as _;
use uuid::Uuid;

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
        practice(&mut database.connect("bookings_migrate").await).await;
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
        let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        let stopped = async {
            while self.count(waiting).await == 0 {
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

/// Somebody's browser: it keeps cookies, and that is all it is known by.
#[derive(Clone)]
pub struct Browser {
    router: Router,
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

/// Two practices, three people, four roles.
async fn practice(conn: &mut PgConnection) {
    let statements = [
        "insert into bookings.resource (resource_id) select ('00000000-0000-0000-0000-0000000000' || n)::uuid \
         from unnest(array['31', '32', '33']) n",
        "insert into bookings.role (practitioner_role_id, resource_id, organization_id, slug, name, profession_name, \
             discreet, organization_name, phone, address, time_zone, holiday_scopes, bookable, aggregate_version) \
         select ('00000000-0000-0000-0000-0000000000' || role)::uuid, ('00000000-0000-0000-0000-0000000000' || resource)::uuid, \
             ('00000000-0000-0000-0000-0000000000' || organization)::uuid, 'role-' || role, name, 'Psychologist', false, \
             'Harris Park Allied Health', '(02) 5550 1234', '1 Wigram Street, Harris Park NSW 2150', 'Australia/Sydney', \
             array['AU', 'NSW'], bookable, 1 \
         from (values ('11', '31', '41', 'Dr Ada Nguyen', true), ('12', '31', '42', 'Dr Ada Nguyen', true), \
             ('13', '32', '41', 'Bo Imported', false), ('14', '33', '41', 'Cy Colleague', true)) \
             as given (role, resource, organization, name, bookable)",
        "insert into bookings.schedule (practitioner_role_id, step_minutes, notice_minutes, horizon_days, \
             free_until_hours, late_fee_cents) \
         select practitioner_role_id, 15, 60, 60, 24, 5000 from bookings.role where bookable",
        "insert into bookings.availability_rule (availability_rule_id, practitioner_role_id, weekdays, opens, closes) \
         select practitioner_role_id, practitioner_role_id, 31, '09:00', '17:00' from bookings.schedule",
        "insert into bookings.appointment_type (appointment_type_id, practitioner_role_id, position, name, \
             duration_minutes, buffer_before_minutes, buffer_after_minutes, price_cents, bulk_billed) \
         select ('00000000-0000-0000-0000-0000000000' || type)::uuid, ('00000000-0000-0000-0000-0000000000' || role)::uuid, \
             position, name, length, before, after, price, price = 0 \
         from (values ('21', '11', 1, 'Standard consultation', 30, 0, 0, 8500), ('22', '11', 2, 'Short review', 15, 5, 10, 0), \
             ('23', '12', 1, 'Standard consultation', 30, 0, 0, 9500), ('24', '14', 1, 'Standard consultation', 30, 0, 0, 8500)) \
             as given (type, role, position, name, length, before, after, price)",
    ];
    for statement in statements {
        sqlx::query(statement).execute(&mut *conn).await.unwrap();
    }
}
