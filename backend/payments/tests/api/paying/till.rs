//! A practice at the till: the real client, at a sandbox that speaks like the processor.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Chance,
    config::{Mode, Settings},
    keys::Signer,
    testing::Database,
};
use payments::{Outside, ProcessorSettings};
use processor_sandbox::Sandbox;
use secrecy::SecretString;
use serde_json::{Value, json};
use shared_types::{
    AudCents, BookingId,
    bookings::{AppointmentFact, BookingsEvent, Quote},
    payments::{
        funding::FundingMode,
        quote::{Collection, PaymentTicket, QuoteTerms, TaxCode, quote_message, ticket_message},
    },
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{World, appointment, desk::PRACTICE};

pub const BOOKING: Uuid = Uuid::from_u128(1);
pub const GOOD_CARD: &str = "4242424242424242";
/// What is paid with it can be paid out at once.
pub const PAYS_AT_ONCE: &str = "4000000000000077";

pub struct Till {
    pub world: World,
    pub sandbox: Sandbox,
    pub bookings: Signer,
    /// How the sandbox is reached.
    pub processor: ProcessorSettings,
    /// Speaks to the sandbox, as the service does.
    pub client: stripe_client::Client,
}

impl Till {
    /// A practice that is ready, the text about cards, and bookings' key.
    pub async fn open() -> Self {
        let database = Database::new().await;
        let core = database.core("payments", "2026-11-22T00:00:00Z".parse().unwrap()).await;
        let home = tempfile::tempdir().unwrap();
        let settings = Settings { home: home.path().to_owned(), ..Settings::from_env().unwrap() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let chance = Chance::seeded(42);
        let sandbox =
            Sandbox::new(Mode::Development, core.clock.clone(), chance, address.clone(), None).unwrap();
        tokio::spawn(axum::serve(listener, sandbox.router()).into_future());
        let processor = ProcessorSettings::sandbox(&address);
        let outside = Outside { processor: processor.clone(), medicare: None };
        let service = payments::service_with(core.clone(), &settings, &outside).await.unwrap();
        let bookings = Signer::generate(&Chance::seeded(7));
        let client = stripe_client::Client::new(&processor.key, processor.address.as_deref()).unwrap();
        let till =
            Self { world: World { database, core, service, home }, sandbox, bookings, processor, client };
        till.prepare().await;
        till
    }

    async fn prepare(&self) {
        let account = self.client.create_account("practice", &PRACTICE.to_string()).await.unwrap().id;
        self.control(&format!("accounts/{account}/onboard"), "").await;
        sqlx::query(
            "insert into payments.practice_account (organization_id, processor_account, status, created_at, updated_at) \
             values ($1, $2, 'ready', now(), now())",
        )
        .bind(PRACTICE.0)
        .bind(account)
        .execute(&self.world.core.pool)
        .await
        .unwrap();
        self.world.publish_text("card-storage").await;
        self.hear_bookings().await;
    }

    pub fn quote(&self, collection: Collection, days: i64) -> Quote {
        let now = self.world.core.now();
        let mut quote = Quote {
            quote_id: Uuid::from_u128(2).into(),
            booking_id: BOOKING.into(),
            fee_cents: AudCents(11_000),
            rebate_cents: AudCents(4_000),
            gap_cents: AudCents(7_000),
            expires_at: now + SignedDuration::from_mins(10),
            terms: Some(QuoteTerms {
                hold_id: Uuid::from_u128(3).into(),
                organization_id: PRACTICE,
                appointment_type_id: Uuid::from_u128(4).into(),
                start: now + SignedDuration::from_hours(24 * days),
                funding: FundingMode::Private,
                collection,
                tax_code: TaxCode::FreeHealth,
                total_cents: AudCents(11_000),
                deposit_cents: AudCents(2_000),
                late_fee_cents: AudCents(5_000),
                no_show_fee_cents: AudCents(11_000),
                free_until_hours: 24,
            }),
            kid: self.bookings.kid().to_owned(),
            signature: String::new(),
        };
        quote.signature = self.bookings.sign(quote_message(&quote).as_bytes());
        quote
    }

    pub fn ticket(&self, expires_at: Timestamp) -> String {
        self.ticket_for(BOOKING.into(), expires_at)
    }

    pub fn ticket_for(&self, booking_id: BookingId, expires_at: Timestamp) -> String {
        let mut ticket = PaymentTicket {
            booking_id,
            account_id: None,
            patient_id: None,
            organization_id: Some(PRACTICE),
            expires_at,
            kid: self.bookings.kid().to_owned(),
            signature: String::new(),
        };
        ticket.signature = self.bookings.sign(ticket_message(&ticket).as_bytes());
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&ticket).unwrap())
    }

    pub async fn start(&self, quote: &Quote, key: u128) -> (u16, Value) {
        let consent = json!({"text": "card-storage", "version": 1});
        let body = json!({"quote": quote, "consent": consent}).to_string();
        let request = Request::post(format!("/api/v1/payments/bookings/{BOOKING}/payment"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", Uuid::from_u128(key).to_string())
            .body(Body::from(body))
            .unwrap();
        self.answer(request).await
    }

    /// Sends something about the booking's payment, as who holds the booking.
    pub async fn send(&self, rest: &str, key: u128, body: &Value) -> (u16, Value) {
        let ticket = self.ticket(self.world.core.now() + SignedDuration::from_mins(60));
        let request = Request::post(format!("/api/v1/payments/bookings/{BOOKING}/payment{rest}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", Uuid::from_u128(key).to_string())
            .header("payment-ticket", ticket)
            .body(Body::from(body.to_string()))
            .unwrap();
        self.answer(request).await
    }

    /// Asks for a page on which another card is given.
    pub async fn repair(&self, key: u128) -> (u16, Value) {
        self.send("/repair", key, &json!({})).await
    }

    pub async fn standing(&self) -> Value {
        let ticket = self.ticket(self.world.core.now() + SignedDuration::from_mins(60));
        let request = Request::get(format!("/api/v1/payments/bookings/{BOOKING}/payment"))
            .header("payment-ticket", ticket)
            .body(Body::empty())
            .unwrap();
        let (status, body) = self.answer(request).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    pub async fn answer(&self, request: Request<Body>) -> (u16, Value) {
        let response = self.world.service.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Has something happen at the processor.
    pub async fn control(&self, path: &str, form: &str) {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/_sandbox/{path}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        let response = self.sandbox.router().oneshot(request).await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
    }

    pub async fn pay(&self, card: &str) {
        let session: String =
            sqlx::query_scalar("select checkout_session from payments.intent where status = 'page_open'")
                .fetch_one(&self.world.core.pool)
                .await
                .unwrap();
        self.control(&format!("sessions/{session}/pay"), &format!("card={card}")).await;
    }

    /// The card that is kept says no, and for a day another one can be given.
    pub async fn card_fails(&self) {
        sqlx::query(
            "update payments.payment set status = 'failed', failure = 'declined', repair_until = $1, due = null, \
             due_at = null",
        )
        .bind(jiff_sqlx::ToSqlx::to_sqlx(self.world.core.now() + SignedDuration::from_hours(24)))
        .execute(&self.world.core.pool)
        .await
        .unwrap();
    }

    pub async fn run(&self, job: &str) -> u64 {
        let job = self.world.service.jobs.iter().find(|it| it.name == job).unwrap();
        job.run_once().await.unwrap()
    }

    /// Does all that is due, again and again as long as nothing has to wait.
    pub async fn work(&self) {
        for job in ["payments.act_on_due", "payments.run_processor_calls"] {
            while self.run(job).await > 0 {}
        }
    }

    /// Bookings waits for the payment of a visit that is quoted so.
    pub async fn await_payment(&self, quote: &Quote) -> AppointmentFact {
        let start = quote.terms.as_ref().unwrap().start;
        let fact = AppointmentFact { quote: Some(quote.clone()), start, ..appointment(1) };
        let awaited = BookingsEvent::PaymentAwaited(fact.clone());
        self.world.receive(&self.world.envelope("bookings", &awaited)).await.unwrap();
        fact
    }

    /// Bookings tells something, so that all it told before has come.
    pub async fn hear_bookings(&self) {
        let key = BookingsEvent::SigningKeyPublished(self.bookings.published("bookings"));
        self.world.receive(&self.world.envelope("bookings", &key)).await.unwrap();
    }

    /// Whatever the database says, as text.
    pub async fn read(&self, query: &'static str) -> String {
        sqlx::query_scalar(query).fetch_one(&self.world.core.pool).await.unwrap()
    }

    /// Tells what the processor would, signed by it.
    pub async fn tell(&self, event: &str, object: &str, secret: &str) -> u16 {
        let raw =
            json!({"id": event, "type": "payment_intent.succeeded", "data": {"object": {"id": object}}});
        let raw = raw.to_string();
        let secret = SecretString::from(secret.to_owned());
        let signature = stripe_client::header(raw.as_bytes(), &secret, self.world.core.now());
        let request = Request::post("/api/v1/payments/processor/webhook")
            .header("stripe-signature", signature)
            .body(Body::from(raw))
            .unwrap();
        self.answer(request).await.0
    }

    /// How many entries of the log an act of somebody's has left.
    pub async fn entries(&self, action: &str) -> i64 {
        let by_people =
            "select count(*) from payments.audit_entry where action = $1 and actor_kind <> 'system'";
        let mut admin = self.world.database.administrator().await;
        sqlx::query_scalar(by_people).bind(action).fetch_one(&mut admin).await.unwrap()
    }

    /// How often we did something.
    pub async fn acts(&self, action: &str) -> i64 {
        let mut admin = self.world.database.administrator().await;
        let ours = "select count(*) from payments.audit_entry where action = $1 and actor_kind = 'system'";
        sqlx::query_scalar(ours).bind(action).fetch_one(&mut admin).await.unwrap()
    }

    pub async fn object(&self) -> String {
        sqlx::query_scalar("select processor_intent from payments.intent where processor_intent is not null")
            .fetch_one(&self.world.core.pool)
            .await
            .unwrap()
    }
}

/// What each account of the ledger has now, where that is something.
pub async fn balances(till: &Till) -> Vec<(String, i64)> {
    sqlx::query_as(
        "select kind, sum(amount_cents)::bigint from payments.entry join payments.account using (ledger_account_id) \
         group by kind having sum(amount_cents) <> 0 order by kind",
    )
    .fetch_all(&till.world.core.pool)
    .await
    .unwrap()
}

/// What is left of money that was taken and went back: the processor keeps its charge, 1.7% of $110 and 30 cents.
pub fn processors_charge() -> Vec<(String, i64)> {
    vec![("processor".to_owned(), -217), ("processor_fees".to_owned(), 217)]
}
