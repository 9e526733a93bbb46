//! Cards that their holder removes while a booking needs them, or somebody is about to charge them.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::{Value, json};
use shared_types::{
    AccountId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    payments::quote::Collection,
    users::{Claims, Strength},
};
use uuid::Uuid;

use super::till::{BOOKING, GOOD_CARD, Till};

const HOLDER: AccountId = AccountId(Uuid::from_u128(0xAA));
const LEFT: &str = "select count(*)::text from payments.saved_card where removed_at is null";
/// A try is written down for the card, as whoever charges it does.
const CHARGED: &str = "insert into payments.intent (intent_id, payment_id, customer_id, saved_card_id, purpose, kind, status, \
     number, amount_cents, created_at, updated_at) select saved_card_id, payment_id, customer_id, saved_card_id, 'balance', \
     'charge', 'created', 1, 1000, now(), now() from payments.saved_card, payments.payment";

/// Somebody with an account paid like this, and keeps the card for other bookings too.
async fn kept(collection: Collection, days: i64) -> (Till, TokenIssuer, AppointmentFact) {
    let till = Till::open().await;
    let quote = till.quote(collection, days);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    for statement in [
        "update payments.customer set account_id = '00000000-0000-0000-0000-0000000000aa', booking_id = null",
        "update payments.saved_card set kept = true",
    ] {
        sqlx::query(statement).execute(&till.world.core.pool).await.unwrap();
    }
    let issuer = TokenIssuer::known_to(&till.world.core).await;
    (till, issuer, fact)
}

/// Its holder is signed in.
fn cookie(till: &Till, issuer: &TokenIssuer) -> String {
    let now = till.world.core.now();
    issuer.cookie(&Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: HOLDER,
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: now,
        expires_at: now + SignedDuration::from_mins(10),
    })
}

async fn remove(till: &Till, issuer: &TokenIssuer) -> (u16, Value) {
    let card = till.read("select saved_card_id::text from payments.saved_card").await;
    let request = Request::builder()
        .method(Method::DELETE)
        .uri(format!("/api/v1/payments/me/cards/{card}"))
        .header(header::COOKIE, cookie(till, issuer))
        .body(Body::empty())
        .unwrap();
    till.answer(request).await
}

/// It stays, and which booking it is for is said.
async fn stays(till: &Till, issuer: &TokenIssuer, why: &str) {
    let (status, problem) = remove(till, issuer).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/card-in-use")), "{why}: {problem}");
    assert!(problem["detail"].as_str().unwrap().contains(&BOOKING.to_string()), "{why}: {problem}");
    assert_eq!(till.read(LEFT).await, "1", "{why}");
}

async fn goes(till: &Till, issuer: &TokenIssuer, why: &str) {
    let (status, problem) = remove(till, issuer).await;
    assert_eq!((status, till.read(LEFT).await.as_str()), (204, "0"), "{why}: {problem}");
}

#[tokio::test]
async fn the_fees_of_a_booking_that_is_to_come_rest_on_its_card() {
    let (till, issuer, fact) = kept(Collection::Deposit, 30).await;
    stays(&till, &issuer, "not coming would cost more than the deposit").await;
    till.world.core.clock.advance(fact.start.duration_since(till.world.core.now()));
    till.world.core.clock.advance(SignedDuration::from_hours(13));
    stays(&till, &issuer, "nobody has marked yet whether they came").await;
    till.world.core.clock.advance(SignedDuration::from_hours(2));
    goes(&till, &issuer, "they came").await;
}

#[tokio::test]
async fn what_was_cancelled_in_time_or_is_paid_for_whole_needs_its_card_no_more() {
    let (till, issuer, fact) = kept(Collection::Deposit, 30).await;
    let cancelled = AppointmentFact { status: AppointmentStatus::CancelledByPatient, ..fact };
    till.world.receive(&till.world.cancelled(&cancelled)).await.unwrap();
    goes(&till, &issuer, "cancelled").await;
    let (till, issuer, _) = kept(Collection::Prepaid, 30).await;
    goes(&till, &issuer, "no fee is more than what was taken").await;
}

#[tokio::test]
async fn a_card_is_not_removed_while_it_is_being_charged() {
    let (till, issuer, fact) = kept(Collection::AfterVisit, 30).await;
    stays(&till, &issuer, "it pays for the visit").await;
    let over = AppointmentFact { status: AppointmentStatus::Completed, ..fact };
    let told = BookingsEvent::AppointmentChanged(over);
    till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
    till.run("payments.act_on_due").await;
    stays(&till, &issuer, "it is about to be charged").await;
    till.work().await;
    assert_eq!(till.standing().await["status"], "captured");
    goes(&till, &issuer, "it was charged").await;
}

#[tokio::test]
async fn who_removes_a_card_waits_for_whoever_is_just_about_to_charge_it() {
    let (till, issuer, _) = kept(Collection::Prepaid, 30).await;
    let mut charging = till.world.core.begin().await.unwrap();
    let held = "select saved_card_id from payments.saved_card where removed_at is null for share";
    sqlx::query(held).execute(&mut *charging).await.unwrap();
    let charges = async {
        let mut admin = till.world.database.administrator().await;
        let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        let waits = async {
            while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut admin).await.unwrap() == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), waits).await.unwrap();
        sqlx::query(CHARGED).execute(&mut *charging).await.unwrap();
        till.world.core.commit(charging).await.unwrap();
    };
    let ((status, problem), ()) = tokio::join!(remove(&till, &issuer), charges);
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/card-in-use")), "{problem}");
    assert_eq!(till.read(LEFT).await, "1");
}

/// Where one was removed all the same, as a night's clearing could, nothing is charged to it and another can be given.
#[tokio::test]
async fn a_card_that_was_removed_is_never_charged() {
    let (till, _, fact) = kept(Collection::AfterVisit, 30).await;
    let over = AppointmentFact { status: AppointmentStatus::Completed, ..fact };
    let told = BookingsEvent::AppointmentChanged(over);
    till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
    till.run("payments.act_on_due").await;
    let removed = "update payments.saved_card set removed_at = now(), kept = false";
    sqlx::query(removed).execute(&till.world.core.pool).await.unwrap();
    till.work().await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["failure"]), (&json!("failed"), &json!("declined")));
    assert_eq!(till.sandbox.charges(), []);
    assert!(standing["repair_until"].is_string(), "{standing}");
}

#[tokio::test]
async fn in_place_of_a_card_that_failed_its_holder_gives_one_that_is_kept_without_any_page() {
    let (till, issuer, _) = kept(Collection::AfterVisit, 30).await;
    let card = till.read("select saved_card_id::text from payments.saved_card").await;
    till.card_fails().await;
    let repair = async |cookie: Option<String>, key: u128| {
        let ticket = till.ticket(till.world.core.now() + SignedDuration::from_mins(60));
        let mut request = Request::post(format!("/api/v1/payments/bookings/{BOOKING}/payment/repair"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", Uuid::from_u128(key).to_string())
            .header("payment-ticket", ticket);
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        till.answer(request.body(Body::from(json!({"saved_card_id": card}).to_string())).unwrap()).await
    };
    let (status, problem) = repair(None, 8).await;
    assert_eq!(status, 404, "it is not everybody's who holds the booking: {problem}");
    let (status, checkout) = repair(Some(cookie(&till, &issuer)), 9).await;
    assert_eq!(
        (status, &checkout["status"], &checkout["address"]),
        (201, &json!("card_saved"), &Value::Null)
    );
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["failure"]), (&json!("card_saved"), &Value::Null));
    assert_eq!(till.entries("repair_payment").await, 1);
}
