//! A higher price that was agreed to and that the card said no to is asked for again, with a consent of its own.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, FeeWaiver},
    payments::quote::Collection,
};

use super::{
    staff::Staff,
    till::{GOOD_CARD, Till},
};

const CARD_SAYS: [&str; 2] = [
    "update payments.saved_card set processor_card = 'pm_card_visa_chargeDeclined'",
    "update payments.saved_card set processor_card = 'pm_card_visa'",
];
const ASKED: &str = "select count(*)::text from payments.outbox where name = 'charge_asked'";
const RECEIPTS: &str = "select count(*)::text from payments.consent_receipt where text = 'higher-charge'";

/// A visit of $110 in three days that is over and paid.
async fn paid() -> (Till, Staff, AppointmentFact) {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 3);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let over = AppointmentFact { status: AppointmentStatus::Completed, ..fact.clone() };
    let told = BookingsEvent::AppointmentChanged(over);
    till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
    till.work().await;
    assert_eq!(till.standing().await["paid_cents"], 11_000);
    till.world.publish_text("higher-charge").await;
    let staff = Staff::at(&till).await;
    (till, staff, fact)
}

/// Its bank says this from now on: yes or no.
pub async fn card_agrees(till: &Till, agrees: bool) {
    let says = CARD_SAYS[usize::from(agrees)];
    sqlx::query(says).execute(&till.world.core.pool).await.unwrap();
}

pub async fn ask(till: &Till, staff: &Staff, total_cents: i64) -> (u16, Value) {
    let payment = till.read("select payment_id::text from payments.payment").await;
    let body = json!({"total_cents": total_cents, "reason": "It took an hour longer."});
    staff.send(till, Method::POST, &format!("/payments/{payment}/charge"), body).await
}

pub async fn agree(till: &Till, key: u128) -> (u16, Value) {
    let body = json!({"total_cents": 12_000, "consent": {"text": "higher-charge", "version": 1}});
    till.send("/consent", key, &body).await
}

pub async fn charged(till: &Till) -> Vec<i64> {
    let mut charged: Vec<_> = till.sandbox.charges().into_iter().map(|(_, cents, _)| cents).collect();
    charged.sort_unstable();
    charged
}

/// It was asked for and agreed to, and the card said no.
pub async fn declined() -> (Till, Staff) {
    let (till, staff, _) = paid().await;
    card_agrees(&till, false).await;
    assert_eq!(ask(&till, &staff, 12_000).await.0, 202);
    let (status, body) = agree(&till, 5).await;
    assert_eq!(status, 200, "{body}");
    till.work().await;
    let standing = till.standing().await;
    assert_eq!((&standing["paid_cents"], &standing["failure"]), (&json!(11_000), &json!("declined")));
    (till, staff)
}

#[tokio::test]
async fn what_the_card_said_no_to_is_agreed_to_anew_and_charged_once() {
    let (till, staff) = declined().await;
    assert_eq!(ask(&till, &staff, 12_000).await.0, 202);
    // Asked once more while it waits for its answer, it is the same question.
    assert_eq!(ask(&till, &staff, 12_000).await.0, 202);
    assert_eq!(till.read(ASKED).await, "2");
    let last = "select body ->> 'again' from payments.outbox where name = 'charge_asked' order by position desc limit 1";
    assert_eq!(till.read(last).await, "true");
    assert_eq!(charged(&till).await, [11_000], "nothing before it is agreed to anew");
    card_agrees(&till, true).await;
    assert_eq!(agree(&till, 6).await.0, 200);
    assert_eq!(till.read(RECEIPTS).await, "2", "a consent for each time");
    // One question has one answer, however often it is given.
    let (status, problem) = agree(&till, 7).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/nothing-due")), "{problem}");
    till.work().await;
    let standing = till.standing().await;
    assert_eq!((&standing["paid_cents"], &standing["failure"]), (&json!(12_000), &Value::Null));
    assert_eq!(charged(&till).await, [1_000, 11_000]);
}

#[tokio::test]
async fn while_it_is_being_charged_and_once_it_was_it_is_not_asked_for_again() {
    let (till, staff) = declined().await;
    card_agrees(&till, true).await;
    assert_eq!(ask(&till, &staff, 12_000).await.0, 202);
    assert_eq!(agree(&till, 6).await.0, 200);
    for _ in ["it is being charged", "it was charged"] {
        let (status, problem) = ask(&till, &staff, 12_000).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/total_cents")), "{problem}");
        till.work().await;
    }
    assert_eq!(charged(&till).await, [1_000, 11_000]);
}

#[tokio::test]
async fn a_card_that_says_no_a_second_time_may_be_asked_a_third() {
    let (till, staff) = declined().await;
    for key in [6, 7] {
        assert_eq!(ask(&till, &staff, 12_000).await.0, 202, "{key}");
        assert_eq!(agree(&till, key).await.0, 200, "{key}");
        till.work().await;
        assert_eq!(till.standing().await["failure"], "declined", "{key}");
    }
    let tries = "select string_agg(number || ' ' || status, ', ' order by number) from payments.intent \
                 where purpose = 'balance'";
    assert_eq!(till.read(tries).await, "1 failed, 2 failed, 3 failed");
    assert_eq!(charged(&till).await, [11_000]);
}

#[tokio::test]
async fn where_no_card_is_left_it_has_failed_so_that_another_can_be_given_and_it_can_be_asked_anew() {
    let (till, staff) = declined().await;
    let removed = "update payments.saved_card set removed_at = now()";
    sqlx::query(removed).execute(&till.world.core.pool).await.unwrap();
    assert_eq!(ask(&till, &staff, 12_000).await.0, 202);
    let (status, standing) = agree(&till, 6).await;
    assert_eq!((status, &standing["failure"]), (200, &json!("declined")), "{standing}");
    let told = "select count(*)::text from payments.outbox where name = 'payment_step_failed'";
    assert_eq!(till.read(told).await, "2", "whoever agreed is told that a card is needed");
    till.work().await;
    assert_eq!(charged(&till).await, [11_000]);
    assert_eq!(ask(&till, &staff, 12_000).await.0, 202);
    assert_eq!(agree(&till, 7).await.0, 200);
    assert_eq!(till.repair(9).await.0, 201);
    till.pay(GOOD_CARD).await;
    let standing = till.standing().await;
    assert_eq!((&standing["paid_cents"], &standing["failure"]), (&json!(12_000), &Value::Null));
    assert_eq!(charged(&till).await, [1_000, 11_000]);
}

/// Neither by asking for a price, nor by a try that somebody writes down.
#[tokio::test]
async fn what_was_waived_is_charged_by_nobody() {
    let (till, staff, fact) = paid().await;
    let late =
        AppointmentFact { status: AppointmentStatus::NoShowPatient, late_fee_cents: AudCents(5_000), ..fact };
    let told = BookingsEvent::AppointmentChanged(late.clone());
    till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
    let waived = BookingsEvent::LateFeeWaived { booking_id: late.booking_id, waived_by: FeeWaiver::Practice };
    till.world.receive(&till.world.envelope("bookings", &waived)).await.unwrap();
    let (status, problem) = ask(&till, &staff, 12_000).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/wrong-state")), "{problem}");
    let written = "insert into payments.intent (intent_id, payment_id, purpose, kind, status, number, amount_cents, \
                   created_at, updated_at) select booking_id, payment_id, 'no_show_fee', 'charge', 'created', 1, $1, now(), \
                   now() from payments.payment";
    let refused = sqlx::query(written).bind(5_000_i64).execute(&till.world.core.pool).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("intent_fee_is_owed"));
    till.work().await;
    assert_eq!(charged(&till).await, Vec::<i64>::new());
    // Nor more of it than is owed, nor what is bulk billed.
    for (statement, cents, constraint) in [
        (
            "update payments.payment set fee_kind = 'no_show_fee', fee_owed_cents = 4999",
            5_000_i64,
            "intent_fee_is_owed",
        ),
        (
            "update payments.payment set fee_kind = 'late_fee', fee_owed_cents = 5000",
            5_000,
            "intent_fee_is_owed",
        ),
        (
            "update payments.payment set bulk_billed = true, funding = 'bulk_billed', patient_charge_cents = 0, \
             fee_owed_cents = 0, platform_fee_cents = 0, platform_fee_gst_cents = 0, asked_cents = null, agreed_cents = null, collection = 'at_practice'",
            5_000,
            "intent_bulk_billed",
        ),
    ] {
        sqlx::query(statement).execute(&till.world.core.pool).await.unwrap();
        let refused = sqlx::query(written).bind(cents).execute(&till.world.core.pool).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(constraint), "{statement}");
    }
}
