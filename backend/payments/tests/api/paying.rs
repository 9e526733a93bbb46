//! Paying through the real client, at a sandbox that speaks like the processor.

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
    testing::{Database, TokenIssuer},
};
use payments::{Outside, ProcessorSettings};
use processor_sandbox::{Faults, Sandbox};
use secrecy::SecretString;
use serde_json::{Value, json};
use shared_types::{
    AudCents, BookingId, OrganizationId, PatientId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, Quote},
    payments::{
        funding::FundingMode,
        quote::{Collection, PaymentTicket, QuoteTerms, TaxCode, quote_message, ticket_message},
    },
    users::{Claims, ConsentText, Strength, UsersEvent},
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{World, appointment};

const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0xB1));
const BOOKING: Uuid = Uuid::from_u128(1);
const GOOD_CARD: &str = "4242424242424242";
/// What is paid with it can be paid out at once.
const PAYS_AT_ONCE: &str = "4000000000000077";

struct Till {
    world: World,
    sandbox: Sandbox,
    bookings: Signer,
}

impl Till {
    /// A practice that is ready, the text about cards, and bookings' key.
    async fn open() -> Self {
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
        let till = Self { world: World { database, core, service, home }, sandbox, bookings };
        till.prepare(&processor).await;
        till
    }

    async fn prepare(&self, processor: &ProcessorSettings) {
        let client = stripe_client::Client::new(&processor.key, processor.address.as_deref()).unwrap();
        let account = client.create_account("practice", &PRACTICE.to_string()).await.unwrap().id;
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
        let text = ConsentText {
            text: "card-storage".to_owned(),
            version: 1,
            title: "Your card".to_owned(),
            paragraphs: vec!["It is kept by the card processor.".to_owned()],
            statement: "I agree.".to_owned(),
            effective_on: "2026-11-22".parse().unwrap(),
        };
        let key = BookingsEvent::SigningKeyPublished(self.bookings.published("bookings"));
        for envelope in [
            self.world.envelope("users", &UsersEvent::ConsentTextPublished(text)),
            self.world.envelope("bookings", &key),
        ] {
            self.world.receive(&envelope).await.unwrap();
        }
    }

    fn quote(&self, collection: Collection, days: i64) -> Quote {
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

    fn ticket(&self, expires_at: Timestamp) -> String {
        self.ticket_for(BOOKING.into(), expires_at)
    }

    fn ticket_for(&self, booking_id: BookingId, expires_at: Timestamp) -> String {
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

    async fn start(&self, quote: &Quote, key: u128) -> (u16, Value) {
        let consent = json!({"text": "card-storage", "version": 1});
        let body = json!({"quote": quote, "consent": consent}).to_string();
        let request = Request::post(format!("/api/v1/payments/bookings/{BOOKING}/payment"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", Uuid::from_u128(key).to_string())
            .body(Body::from(body))
            .unwrap();
        self.answer(request).await
    }

    async fn standing(&self) -> Value {
        let ticket = self.ticket(self.world.core.now() + SignedDuration::from_mins(60));
        let request = Request::get(format!("/api/v1/payments/bookings/{BOOKING}/payment"))
            .header("payment-ticket", ticket)
            .body(Body::empty())
            .unwrap();
        let (status, body) = self.answer(request).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn answer(&self, request: Request<Body>) -> (u16, Value) {
        let response = self.world.service.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Has something happen at the processor.
    async fn control(&self, path: &str, form: &str) {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/_sandbox/{path}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        let response = self.sandbox.router().oneshot(request).await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
    }

    async fn pay(&self, card: &str) {
        let session: String =
            sqlx::query_scalar("select checkout_session from payments.intent where status = 'page_open'")
                .fetch_one(&self.world.core.pool)
                .await
                .unwrap();
        self.control(&format!("sessions/{session}/pay"), &format!("card={card}")).await;
    }

    async fn run(&self, job: &str) -> u64 {
        let job = self.world.service.jobs.iter().find(|it| it.name == job).unwrap();
        job.run_once().await.unwrap()
    }

    /// Bookings tells something, so that all it told before has come.
    async fn hear_bookings(&self) {
        let key = BookingsEvent::SigningKeyPublished(self.bookings.published("bookings"));
        self.world.receive(&self.world.envelope("bookings", &key)).await.unwrap();
    }

    /// Whatever the database says, as text.
    async fn read(&self, query: &'static str) -> String {
        sqlx::query_scalar(query).fetch_one(&self.world.core.pool).await.unwrap()
    }

    /// Tells what the processor would, signed by it.
    async fn tell(&self, event: &str, object: &str, secret: &str) -> u16 {
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
    async fn entries(&self, action: &str) -> i64 {
        let by_people =
            "select count(*) from payments.audit_entry where action = $1 and actor_kind <> 'system'";
        let mut admin = self.world.database.administrator().await;
        sqlx::query_scalar(by_people).bind(action).fetch_one(&mut admin).await.unwrap()
    }

    /// How often we did something.
    async fn acts(&self, action: &str) -> i64 {
        let mut admin = self.world.database.administrator().await;
        let ours = "select count(*) from payments.audit_entry where action = $1 and actor_kind = 'system'";
        sqlx::query_scalar(ours).bind(action).fetch_one(&mut admin).await.unwrap()
    }

    async fn object(&self) -> String {
        sqlx::query_scalar("select processor_intent from payments.intent where processor_intent is not null")
            .fetch_one(&self.world.core.pool)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_prepaid_visit_is_paid_on_the_processors_page() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    let (status, checkout) = till.start(&quote, 1).await;
    assert_eq!(status, 201, "{checkout}");
    assert!(checkout["address"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{checkout}");
    assert_eq!(till.standing().await["status"], "awaiting");
    till.pay(GOOD_CARD).await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(11_000)));
    assert_eq!(till.sandbox.charges().len(), 1);
}

#[tokio::test]
async fn every_sort_of_card_pays_the_same() {
    for (card, brand) in [
        (GOOD_CARD, "visa"),
        ("4000000360000006", "an Australian one"),
        ("5555555555554444", "mastercard"),
        ("378282246310005", "amex"),
    ] {
        let till = Till::open().await;
        till.start(&till.quote(Collection::Prepaid, 30), 1).await;
        till.pay(card).await;
        let standing = till.standing().await;
        assert_eq!(
            (&standing["status"], &standing["paid_cents"]),
            (&json!("captured"), &json!(11_000)),
            "{brand}"
        );
        let charged: Vec<_> = till.sandbox.charges().into_iter().map(|(_, cents, _)| cents).collect();
        assert_eq!(charged, [11_000], "{brand}");
    }
}

#[tokio::test]
async fn a_near_visit_is_held_and_a_far_one_keeps_a_card() {
    for (days, status) in [(3, "authorised"), (30, "card_saved")] {
        let till = Till::open().await;
        let (code, body) = till.start(&till.quote(Collection::AfterVisit, days), 1).await;
        assert_eq!(code, 201, "{body}");
        till.pay(GOOD_CARD).await;
        let standing = till.standing().await;
        assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!(status), &json!(0)));
        assert_eq!(standing["card"][1], "4242");
    }
}

#[tokio::test]
async fn asked_again_it_is_the_same_page() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    let first = till.start(&quote, 1).await;
    assert_eq!(till.start(&quote, 1).await, first);
    assert_eq!(till.start(&quote, 2).await, first);
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let (status, problem) = till.start(&quote, 3).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/already-paid")));
}

#[tokio::test]
async fn a_card_is_kept_only_with_leave_also_where_that_is_wished_for_later() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Deposit, 30);
    assert_eq!(till.start(&quote, 1).await.0, 201);
    let request = Request::post(format!("/api/v1/payments/bookings/{BOOKING}/payment"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", Uuid::from_u128(2).to_string())
        .body(Body::from(json!({"quote": quote, "keep_card": true}).to_string()))
        .unwrap();
    let (status, body) = till.answer(request).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/consent")), "{body}");
}

#[tokio::test]
async fn only_a_quote_that_bookings_signed_is_honoured() {
    let till = Till::open().await;
    let cheap = Quote { fee_cents: AudCents(1), ..till.quote(Collection::Prepaid, 30) };
    let (status, problem) = till.start(&cheap, 1).await;
    assert_eq!((status, &problem["type"]), (403, &json!("/problems/quote-signature")));
    let late = Quote { expires_at: till.world.core.now(), ..till.quote(Collection::Prepaid, 30) };
    let late = Quote { signature: till.bookings.sign(quote_message(&late).as_bytes()), ..late };
    let (status, problem) = till.start(&late, 2).await;
    assert_eq!((status, &problem["type"]), (410, &json!("/problems/quote-expired")));
    assert!(till.world.payments().await.is_empty());
}

/// One key of bookings' signs both.
#[tokio::test]
async fn a_quote_is_no_ticket_and_a_ticket_no_quote() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    assert_eq!(till.start(&quote, 1).await.0, 201);
    let good = till.ticket(till.world.core.now() + SignedDuration::from_mins(60));
    let ticket: PaymentTicket = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(good).unwrap()).unwrap();
    let other = Quote { signature: ticket.signature.clone(), ..quote.clone() };
    let (status, problem) = till.start(&other, 2).await;
    assert_eq!((status, &problem["type"]), (403, &json!("/problems/quote-signature")));
    let ticket = PaymentTicket { signature: quote.signature, ..ticket };
    let request = Request::get(format!("/api/v1/payments/bookings/{BOOKING}/payment"))
        .header("payment-ticket", URL_SAFE_NO_PAD.encode(serde_json::to_vec(&ticket).unwrap()))
        .body(Body::empty())
        .unwrap();
    assert_eq!(till.answer(request).await.0, 404);
}

#[tokio::test]
async fn a_bookings_money_is_shown_by_its_ticket_alone() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    let path = format!("/api/v1/payments/bookings/{BOOKING}/payment");
    let bare = Request::get(&path).body(Body::empty()).unwrap();
    assert_eq!(till.answer(bare).await.0, 404);
    let in_an_hour = till.world.core.now() + SignedDuration::from_mins(60);
    let tickets = [
        (till.ticket(till.world.core.now()), 404),
        (till.ticket_for(Uuid::from_u128(0xB2).into(), in_an_hour), 404),
        (till.ticket(in_an_hour), 200),
    ];
    for (ticket, status) in tickets {
        let request = Request::get(&path).header("payment-ticket", ticket).body(Body::empty()).unwrap();
        assert_eq!(till.answer(request).await.0, status);
    }
}

#[tokio::test]
async fn a_webhook_brings_what_nobody_looked_at_and_twice_is_once() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(GOOD_CARD).await;
    // The session's name is what we know; the processor is asked where it stands.
    let session: String = sqlx::query_scalar("select checkout_session from payments.intent")
        .fetch_one(&till.world.core.pool)
        .await
        .unwrap();
    for _ in 0..2 {
        assert_eq!(till.tell("evt_1", &session, "whsec_sandbox").await, 204);
    }
    assert_eq!(till.run("payments.apply_webhooks").await, 1);
    assert_eq!(till.world.payments().await[0].1, "captured");
    assert_eq!(till.tell("evt_2", &till.object().await, "whsec_sandbox").await, 204);
    till.run("payments.apply_webhooks").await;
    let postings: i64 = sqlx::query_scalar("select count(*) from payments.posting where cause = 'capture'")
        .fetch_one(&till.world.core.pool)
        .await
        .unwrap();
    assert_eq!(postings, 1);
}

#[tokio::test]
async fn a_forged_webhook_is_refused_and_kept_nowhere() {
    let till = Till::open().await;
    assert_eq!(till.tell("evt_1", "pi_1", "whsec_guessed").await, 400);
    let kept: i64 = sqlx::query_scalar("select count(*) from payments.webhook_received")
        .fetch_one(&till.world.core.pool)
        .await
        .unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn what_no_webhook_told_the_comparison_finds() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(GOOD_CARD).await;
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.world.payments().await[0].1, "captured");
    let found: Vec<(String, String)> = sqlx::query_as("select kind, action from payments.difference")
        .fetch_all(&till.world.core.pool)
        .await
        .unwrap();
    assert_eq!(found, [("webhook".to_owned(), "applied".to_owned())]);
}

#[tokio::test]
async fn a_balance_that_the_processor_has_otherwise_is_found() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(PAYS_AT_ONCE).await;
    till.standing().await;
    // At midnight the practice's share goes to its bank, and nobody tells us.
    till.world.core.clock.advance(SignedDuration::from_hours(25));
    while till.run("payments.reconcile").await > 0 {}
    let found: Vec<(String, String, String)> =
        sqlx::query_as("select kind, action, theirs from payments.difference")
            .fetch_all(&till.world.core.pool)
            .await
            .unwrap();
    assert_eq!(found, [("balance".to_owned(), "flagged".to_owned(), "0 cents".to_owned())]);
}

#[tokio::test]
async fn every_look_leaves_one_entry() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    till.start(&quote, 1).await;
    till.standing().await;
    assert_eq!((till.entries("start_payment").await, till.entries("find_payment").await), (1, 1));
    till.start(&quote, 1).await;
    till.standing().await;
    assert_eq!((till.entries("start_payment").await, till.entries("find_payment").await), (2, 2));
}

#[tokio::test]
async fn another_card_can_be_given_after_one_failed() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::AfterVisit, 30), 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    // Four days before the visit the card has no money.
    sqlx::query(
        "update payments.payment set status = 'failed', failure = 'declined', repair_until = $1, due = null, \
                 due_at = null",
    )
    .bind(jiff_sqlx::ToSqlx::to_sqlx(till.world.core.now() + SignedDuration::from_hours(24)))
    .execute(&till.world.core.pool)
    .await
    .unwrap();
    let ticket = till.ticket(till.world.core.now() + SignedDuration::from_mins(60));
    let request = Request::post(format!("/api/v1/payments/bookings/{BOOKING}/payment/repair"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", Uuid::from_u128(9).to_string())
        .header("payment-ticket", ticket)
        .body(Body::from("{}"))
        .unwrap();
    let (status, checkout) = till.answer(request).await;
    assert_eq!((status, &checkout["status"]), (201, &json!("awaiting")), "{checkout}");
    assert_eq!(till.entries("repair_payment").await, 1);
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    assert_eq!(till.entries("repair_payment").await, 1);
}

/// What each account of the ledger has now, where that is something.
async fn balances(till: &Till) -> Vec<(String, i64)> {
    sqlx::query_as(
        "select kind, sum(amount_cents)::bigint from payments.entry join payments.account using (ledger_account_id) \
         group by kind having sum(amount_cents) <> 0 order by kind",
    )
    .fetch_all(&till.world.core.pool)
    .await
    .unwrap()
}

/// What is left of money that was taken and went back: the processor keeps its charge, 1.7% of $110 and 30 cents.
fn processors_charge() -> Vec<(String, i64)> {
    vec![("processor".to_owned(), -217), ("processor_fees".to_owned(), 217)]
}

#[tokio::test]
async fn nothing_stays_held_or_taken_for_a_time_that_was_never_booked() {
    for (collection, days, pays, after) in [
        (Collection::AfterVisit, 3, true, "voided"),
        (Collection::AfterVisit, 30, true, "voided"),
        (Collection::Prepaid, 30, true, "refunded"),
        (Collection::Prepaid, 30, false, "voided"),
    ] {
        let till = Till::open().await;
        till.start(&till.quote(collection, days), 1).await;
        if pays {
            till.pay(GOOD_CARD).await;
            till.standing().await;
        }
        assert_eq!(till.run("payments.let_go_unbooked").await, 0, "it may be booked yet");
        till.world.core.clock.advance(SignedDuration::from_hours(3));
        assert_eq!(till.run("payments.let_go_unbooked").await, 0, "bookings' word of it may be on its way");
        till.hear_bookings().await;
        assert_eq!(till.run("payments.let_go_unbooked").await, 1);
        assert_eq!(till.run("payments.let_go_unbooked").await, 0, "once");
        for job in ["payments.act_on_due", "payments.run_processor_calls"] {
            while till.run(job).await > 0 {}
        }
        assert_eq!(till.standing().await["status"], after);
        let open: i64 = sqlx::query_scalar(
            "select count(*) from payments.intent where status in ('created', 'page_open', 'processing', 'authorised')",
        )
        .fetch_one(&till.world.core.pool)
        .await
        .unwrap();
        assert_eq!(open, 0, "{after}");
        assert_eq!(till.sandbox.charges(), []);
        assert_eq!(balances(&till).await, if after == "refunded" { processors_charge() } else { vec![] });
        assert_eq!(till.acts("let_go_unbooked_payment").await, 1);
    }
}

#[tokio::test]
async fn money_that_comes_after_it_was_let_go_goes_back() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(GOOD_CARD).await;
    // Nobody told us of the money until it was let go.
    till.world.core.clock.advance(SignedDuration::from_hours(3));
    till.hear_bookings().await;
    assert_eq!(till.run("payments.let_go_unbooked").await, 1);
    assert_eq!(till.standing().await["status"], "captured");
    while till.run("payments.run_processor_calls").await > 0 {}
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], processors_charge()));
}

#[tokio::test]
async fn a_charge_whose_reply_was_lost_is_looked_for_once_its_key_is_forgotten() {
    for job in ["payments.run_processor_calls", "payments.recover_intents"] {
        let till = Till::open().await;
        let quote = till.quote(Collection::AfterVisit, 30);
        let start = quote.terms.as_ref().unwrap().start;
        let fact = AppointmentFact { quote: Some(quote.clone()), start, ..appointment(1) };
        let awaited = BookingsEvent::PaymentAwaited(fact.clone());
        till.world.receive(&till.world.envelope("bookings", &awaited)).await.unwrap();
        till.start(&quote, 1).await;
        till.pay(GOOD_CARD).await;
        assert_eq!(till.standing().await["status"], "card_saved");
        let over = AppointmentFact { status: AppointmentStatus::Completed, ..fact };
        let told = BookingsEvent::AppointmentChanged(over);
        till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
        till.sandbox.set_faults(Faults { lost_reply_percent: 100, ..Faults::default() });
        till.run("payments.act_on_due").await;
        till.run("payments.run_processor_calls").await;
        assert_eq!(till.sandbox.charges().len(), 1, "it was charged, and nobody was told");
        till.sandbox.set_faults(Faults::default());
        till.world.core.clock.advance(SignedDuration::from_hours(25));
        assert_eq!(till.run(job).await, 1);
        assert_eq!(till.standing().await["status"], "captured", "{job}");
        while till.run("payments.run_processor_calls").await > 0 {}
        assert_eq!(till.sandbox.agreed().len(), 1, "{job}: it was charged once");
    }
}

#[tokio::test]
async fn what_was_booked_stays_paid() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let fact = AppointmentFact { quote: Some(quote), ..appointment(1) };
    let awaited = till.world.envelope("bookings", &BookingsEvent::PaymentAwaited(fact));
    till.world.receive(&awaited).await.unwrap();
    till.world.core.clock.advance(SignedDuration::from_hours(3));
    till.hear_bookings().await;
    assert_eq!(till.run("payments.let_go_unbooked").await, 0);
    assert_eq!(till.standing().await["status"], "captured");
}

#[tokio::test]
async fn what_is_cancelled_in_a_dispute_goes_back_once_it_is_won_days_later_and_nobody_tells() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let charge = till.sandbox.charges().remove(0).0;
    till.control(&format!("charges/{charge}/dispute"), "").await;
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.standing().await["status"], "disputed");
    let fact = AppointmentFact {
        status: AppointmentStatus::CancelledByProvider,
        quote: Some(quote),
        ..appointment(1)
    };
    let cancelled = BookingsEvent::AppointmentCancelled(fact);
    till.world.receive(&till.world.envelope("bookings", &cancelled)).await.unwrap();
    let dispute = till.read("select processor_dispute from payments.chargeback").await;
    till.control(&format!("disputes/{dispute}/win"), "").await;
    // Longer ago than a night's comparison covers.
    till.world.core.clock.advance(SignedDuration::from_hours(50));
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.read("select status from payments.chargeback").await, "won");
    while till.run("payments.run_processor_calls").await > 0 {}
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!(till.sandbox.charges(), []);
    // After two nights without one, the comparison began where the last had ended.
    let gaps = "select count(*)::text from payments.reconciliation later where from_time > \
                (select min(until_time) from payments.reconciliation)";
    assert_eq!(till.read(gaps).await, "0");
}

#[tokio::test]
async fn a_lost_dispute_corrects_the_invoice_once_however_often_it_is_told_and_a_won_one_never() {
    for (decision, status, documents) in
        [("lose", "lost", "tax_invoice, adjustment_note"), ("win", "won", "tax_invoice")]
    {
        let till = Till::open().await;
        sqlx::query("update payments.practice_account set legal_name = 'Harbour Pty Ltd'")
            .execute(&till.world.core.pool)
            .await
            .unwrap();
        till.start(&till.quote(Collection::Prepaid, 30), 1).await;
        till.pay(GOOD_CARD).await;
        till.standing().await;
        assert_eq!(till.run("payments.issue_invoices").await, 1);
        let charge = till.sandbox.charges().remove(0).0;
        till.control(&format!("charges/{charge}/dispute"), "").await;
        till.world.core.clock.advance(SignedDuration::from_mins(15));
        while till.run("payments.reconcile").await > 0 {}
        assert_eq!(till.run("payments.issue_invoices").await, 0, "nobody has lost it yet");
        let dispute = till.read("select processor_dispute from payments.chargeback").await;
        till.control(&format!("disputes/{dispute}/{decision}"), "").await;
        for event in ["evt_1", "evt_2"] {
            assert_eq!(till.tell(event, &dispute, "whsec_sandbox").await, 204);
            while till.run("payments.apply_webhooks").await > 0 {}
            till.run("payments.issue_invoices").await;
        }
        assert_eq!(till.read("select status from payments.chargeback").await, status);
        let issued = "select string_agg(kind, ', ' order by number) from payments.invoice";
        assert_eq!(till.read(issued).await, documents);
    }
}

#[tokio::test]
async fn money_for_a_booking_that_owes_none_goes_back() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    let nothing = "update payments.payment set status = 'not_required', patient_charge_cents = 0, due = null, due_at = null";
    sqlx::query(nothing).execute(&till.world.core.pool).await.unwrap();
    till.pay(GOOD_CARD).await;
    let session = till.read("select checkout_session from payments.intent").await;
    assert_eq!(till.tell("evt_1", &session, "whsec_sandbox").await, 204);
    till.run("payments.apply_webhooks").await;
    while till.run("payments.run_processor_calls").await > 0 {}
    assert_eq!(till.read("select status from payments.webhook_received").await, "applied");
    assert_eq!(till.read("select status from payments.refund").await, "succeeded");
    assert_eq!(till.world.payments().await[0].1, "not_required");
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], vec![]));
}

#[tokio::test]
async fn a_card_that_was_given_for_one_visit_is_forgotten_with_it() {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 30);
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    let kept = "select count(*)::text from payments.saved_card where removed_at is null";
    assert_eq!((till.run("payments.forget_cards").await, till.read(kept).await.as_str()), (0, "1"));
    let status = AppointmentStatus::CancelledByProvider;
    let fact = AppointmentFact { status, quote: Some(quote), ..appointment(1) };
    let cancelled = BookingsEvent::AppointmentCancelled(fact);
    till.world.receive(&till.world.envelope("bookings", &cancelled)).await.unwrap();
    assert_eq!(till.run("payments.forget_cards").await, 1);
    assert_eq!((till.run("payments.forget_cards").await, till.read(kept).await.as_str()), (0, "0"));
    while till.run("payments.run_processor_calls").await > 0 {}
    let forgotten = "select status from payments.processor_call where operation = 'detach_card'";
    assert_eq!(till.read(forgotten).await, "done");
}

#[tokio::test]
async fn what_is_told_of_an_unknown_payment_is_looked_at_again_before_it_is_ignored() {
    let till = Till::open().await;
    assert_eq!(till.tell("evt_1", "pi_unknown", "whsec_sandbox").await, 204);
    for tries in 1..=5 {
        assert_eq!(till.read("select status from payments.webhook_received").await, "received", "{tries}");
        assert_eq!(till.run("payments.apply_webhooks").await, 1);
        till.world.core.clock.advance(SignedDuration::from_mins(5));
    }
    assert_eq!(till.read("select status from payments.webhook_received").await, "ignored");
}

/// What was done about a patient's money, by name.
async fn acts_about(till: &Till, patient_id: PatientId) -> Vec<String> {
    sqlx::query_scalar("select distinct action from payments.audit_entry where whose = $1 order by action")
        .bind(patient_id.0)
        .fetch_all(&mut till.world.database.administrator().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_was_taken_and_what_went_back_is_in_the_patients_log() {
    const ADA: PatientId = PatientId(Uuid::from_u128(0xA1));
    for (collection, days, status, expected) in [
        (
            Collection::Prepaid,
            30,
            AppointmentStatus::CancelledByProvider,
            ["take_payment", "begin_refund", "finish_refund"],
        ),
        (
            Collection::AfterVisit,
            3,
            AppointmentStatus::Completed,
            ["hold_payment", "ask_to_take_payment", "take_payment"],
        ),
    ] {
        let till = Till::open().await;
        let quote = till.quote(collection, days);
        let fact = AppointmentFact { quote: Some(quote.clone()), patient_id: Some(ADA), ..appointment(1) };
        let awaited = BookingsEvent::PaymentAwaited(fact.clone());
        till.world.receive(&till.world.envelope("bookings", &awaited)).await.unwrap();
        till.start(&quote, 1).await;
        till.pay(GOOD_CARD).await;
        till.standing().await;
        let after = AppointmentFact { status, ..fact };
        let told = if status == AppointmentStatus::Completed {
            BookingsEvent::AppointmentChanged(after)
        } else {
            BookingsEvent::AppointmentCancelled(after)
        };
        till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
        for job in ["payments.act_on_due", "payments.run_processor_calls"] {
            while till.run(job).await > 0 {}
        }
        till.standing().await;
        let acts = acts_about(&till, ADA).await;
        for act in expected {
            assert!(acts.iter().any(|noted| noted == act), "{act} not in {acts:?}");
        }
    }
}

#[tokio::test]
async fn who_agrees_to_more_is_in_the_log_once() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::AfterVisit, 30), 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    let text = ConsentText {
        text: "higher-charge".to_owned(),
        version: 1,
        title: "A higher price".to_owned(),
        paragraphs: vec!["It is more than was quoted.".to_owned()],
        statement: "I agree.".to_owned(),
        effective_on: "2026-11-22".parse().unwrap(),
    };
    let published = till.world.envelope("users", &UsersEvent::ConsentTextPublished(text));
    till.world.receive(&published).await.unwrap();
    sqlx::query("update payments.payment set asked_cents = 12000")
        .execute(&till.world.core.pool)
        .await
        .unwrap();
    let agreed = json!({"total_cents": 12_000, "consent": {"text": "higher-charge", "version": 1}});
    let request = Request::post(format!("/api/v1/payments/bookings/{BOOKING}/payment/consent"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", Uuid::from_u128(9).to_string())
        .header("payment-ticket", till.ticket(till.world.core.now() + SignedDuration::from_mins(60)))
        .body(Body::from(agreed.to_string()))
        .unwrap();
    let (status, standing) = till.answer(request).await;
    assert_eq!((status, &standing["status"]), (200, &json!("card_saved")), "{standing}");
    assert_eq!(till.entries("agree_to_charge").await, 1);
}

#[tokio::test]
async fn to_keep_a_card_without_paying_is_in_the_log_once() {
    let till = Till::open().await;
    let now = till.world.core.now();
    let claims = Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: Uuid::from_u128(8).into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: now,
        expires_at: now + SignedDuration::from_mins(10),
    };
    let consent = json!({"consent": {"text": "card-storage", "version": 1}});
    let request = Request::post("/api/v1/payments/me/cards")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, TokenIssuer::known_to(&till.world.core).await.cookie(&claims))
        .header("idempotency-key", Uuid::from_u128(9).to_string())
        .body(Body::from(consent.to_string()))
        .unwrap();
    let (status, page) = till.answer(request).await;
    assert_eq!(status, 201, "{page}");
    assert!(page["address"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{page}");
    assert_eq!(till.entries("add_card").await, 1);
}
