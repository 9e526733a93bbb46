//! A person's rights over what payments keeps of them.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use jiff::{SignedDuration, civil::date};
use kernel::testing::TokenIssuer;
use serde_json::{Value, json};
use shared_types::{
    PatientId,
    bookings::{AppointmentFact, BookingClaim, BookingsEvent},
    export::DataExport,
    page::Page,
    users::{
        Claims, ConsentHeld, ConsentText, ConsentWithdrawn, ErasureAnswer, ErasureRequest, Strength,
        UsersEvent,
    },
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{World, appointment};

const ADA: PatientId = PatientId(Uuid::from_u128(0xA));
const ACCOUNT: Uuid = Uuid::from_u128(1);
const CARD: &str = "4951525561";

/// Ada, signed in, with a text to agree to.
struct Ada {
    world: World,
    issuer: TokenIssuer,
}

impl Ada {
    async fn new() -> Self {
        let world = World::new().await;
        let text = ConsentText {
            text: "medicare-collection".to_owned(),
            version: 1,
            title: "How your card numbers are used".to_owned(),
            paragraphs: Vec::new(),
            statement: "I agree".to_owned(),
            effective_on: date(2026, 11, 22),
        };
        world.receive(&world.envelope("users", &UsersEvent::ConsentTextPublished(text))).await.unwrap();
        let issuer = TokenIssuer::known_to(&world.core).await;
        Self { world, issuer }
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Value {
        let claims = Claims {
            session_id: Uuid::from_u128(7).into(),
            account_id: ACCOUNT.into(),
            patient_id: Some(ADA),
            strength: Strength::Password,
            acts_for: Vec::new(),
            memberships: Vec::new(),
            platform: Vec::new(),
            issued_at: self.world.core.now(),
            expires_at: self.world.core.now() + SignedDuration::from_mins(10),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/payments/me/{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, self.issuer.cookie(&claims))
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = self.world.service.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    async fn cards(&self, version: i32) {
        let body = json!({
            "medicare": {"number": CARD, "irn": "1"},
            "version": version,
            "consent": {"text": "medicare-collection", "version": 1},
        });
        self.send(Method::PUT, &format!("coverage/{ADA}"), body).await;
    }

    async fn export(&self) -> DataExport {
        serde_json::from_value(self.send(Method::GET, "export", Value::Null).await).unwrap()
    }

    async fn consents(&self) -> Vec<ConsentHeld> {
        let page: Page<ConsentHeld> =
            serde_json::from_value(self.send(Method::GET, "consents", Value::Null).await).unwrap();
        page.items
    }

    /// The appointment of a booking that Ada made.
    fn booked(&self, booking: u128) -> AppointmentFact {
        AppointmentFact { account_id: Some(ACCOUNT.into()), patient_id: Some(ADA), ..appointment(booking) }
    }

    async fn count(&self, table: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from payments.{table}")))
            .fetch_one(&mut self.world.database.administrator().await)
            .await
            .unwrap()
    }

    async fn run(&self) -> u64 {
        let job = self.world.service.jobs.iter().find(|job| job.name == "payments.destroy_expired").unwrap();
        job.run_once().await.unwrap()
    }
}

fn rows<'e>(export: &'e DataExport, part: &str) -> &'e [Value] {
    &export.parts.iter().find(|one| one.name == part).unwrap_or_else(|| panic!("no part {part}")).rows
}

#[tokio::test]
async fn what_is_kept_is_handed_out_and_of_cards_the_last_digits() {
    let ada = Ada::new().await;
    ada.cards(0).await;
    ada.world.receive(&ada.world.confirmed(&ada.booked(1))).await.unwrap();
    // A stranger's, and one that a guest made and Ada claimed.
    ada.world.receive(&ada.world.confirmed(&appointment(2))).await.unwrap();
    ada.world.core.clock.advance(SignedDuration::from_secs(1));
    ada.world.receive(&ada.world.confirmed(&appointment(3))).await.unwrap();
    let claim =
        BookingClaim { booking_id: Uuid::from_u128(3).into(), account_id: ACCOUNT.into(), patient_id: ADA };
    ada.world.receive(&ada.world.envelope("bookings", &BookingsEvent::BookingClaimed(claim))).await.unwrap();

    let export = ada.export().await;
    let bookings: Vec<_> = rows(&export, "payment").iter().map(|row| row["booking_id"].clone()).collect();
    assert_eq!(bookings, [json!(Uuid::from_u128(1)), json!(Uuid::from_u128(3))]);
    assert_eq!(rows(&export, "coverage")[0]["medicare_ends_with"], "561");
    assert_eq!(rows(&export, "consent_receipt").len(), 1);
    assert!(!serde_json::to_string(&export).unwrap().contains(CARD));
}

#[tokio::test]
async fn a_withdrawal_shows_beside_what_was_agreed_to_and_ends_what_rested_on_it() {
    let ada = Ada::new().await;
    ada.cards(0).await;
    let held = ada.consents().await;
    assert_eq!((held.len(), held[0].withdrawable, held[0].withdrawn_at), (1, true, None));
    let withdrawn_at = ada.world.core.now();
    let fact = ConsentWithdrawn { patient_id: ADA, text: "medicare-collection".to_owned(), withdrawn_at };
    ada.world.receive(&ada.world.envelope("users", &UsersEvent::ConsentWithdrawn(fact))).await.unwrap();
    assert_eq!(ada.consents().await[0].withdrawn_at, Some(withdrawn_at));
    assert_eq!(ada.count("coverage").await, 0);
    // Agreed to anew, it stands again.
    ada.world.core.clock.advance(SignedDuration::from_secs(1));
    ada.cards(0).await;
    let standing: Vec<_> = ada.consents().await.iter().map(|held| held.withdrawn_at.is_none()).collect();
    assert_eq!(standing, [true, false]);
}

#[tokio::test]
async fn erasing_takes_the_cards_and_leaves_records_of_money_that_name_nobody() {
    let ada = Ada::new().await;
    ada.cards(0).await;
    ada.world.receive(&ada.world.confirmed(&ada.booked(1))).await.unwrap();
    sqlx::query("update payments.payment set asked_reason = 'It took an hour longer'")
        .execute(&ada.world.core.pool)
        .await
        .unwrap();
    assert_eq!(rows(&ada.export().await, "payment")[0]["asked_reason"], "It took an hour longer");
    let request = ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id: ACCOUNT.into(),
        patient_id: Some(ADA),
        dependants: Vec::new(),
        email: "ada@example.org".to_owned().into(),
    };
    let event = ada.world.envelope("users", &UsersEvent::ErasureRequested(request));
    for _ in 0..2 {
        ada.world.receive(&event).await.unwrap();
    }
    let told: Vec<Value> =
        sqlx::query_scalar("select body from payments.outbox where name = 'erasure_answered'")
            .fetch_all(&ada.world.core.pool)
            .await
            .unwrap();
    assert_eq!(told.len(), 1);
    let answer: ErasureAnswer = serde_json::from_value(told[0].clone()).unwrap();
    let gone: Vec<_> = answer.erased.iter().map(|one| (one.what.as_str(), one.rows)).collect();
    assert_eq!(gone, [("coverage", 1), ("booking_owner (the tie to the account)", 1)]);
    assert_eq!(answer.kept.len(), 3, "money, receipts and the log: {:?}", answer.kept);
    assert_eq!(answer.kept[0].until, Some(date(2033, 11, 22)));
    assert_eq!((ada.count("coverage").await, ada.count("booking_owner").await), (0, 0));
    assert_eq!(ada.count("payment").await, 1);
    assert_eq!(ada.count("payment where asked_reason is not null").await, 0);
    assert!(rows(&ada.export().await, "payment").is_empty());
}

#[tokio::test]
async fn records_of_money_go_after_seven_years_and_are_registered() {
    let ada = Ada::new().await;
    ada.cards(0).await;
    ada.world.receive(&ada.world.confirmed(&ada.booked(1))).await.unwrap();
    let until = |day: &str| {
        let day: jiff::civil::Date = day.parse().unwrap();
        shared_types::Zone::SYDNEY.start_of_day(day).duration_since(ada.world.core.now())
    };
    ada.world.core.clock.advance(until("2033-11-22"));
    assert_eq!(ada.run().await, 0, "the last of the seven years' days");
    ada.world.core.clock.advance(until("2033-11-23"));
    assert_eq!(ada.run().await, 3);
    assert_eq!(ada.run().await, 0);
    for table in ["payment", "booking_owner", "coverage", "consent_receipt"] {
        assert_eq!(ada.count(table).await, 0, "{table}");
    }
    let registered: Vec<(String, i64)> =
        sqlx::query_as("select record_class, row_count from payments.destruction order by record_class")
            .fetch_all(&ada.world.core.pool)
            .await
            .unwrap();
    let one = |class: &str| (class.to_owned(), 1);
    assert_eq!(registered, [one("consent_receipt"), one("coverage"), one("payment")]);
}
