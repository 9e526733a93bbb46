//! Visits that were to be paid for and are bulk billed after all, wherever their money stands: it goes back or is let go first, and
//! bookings is told once that is done.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus},
    payments::quote::Collection,
    users::{Claims, Membership, StaffRole, Strength},
};
use uuid::Uuid;

use super::{
    staff::Staff,
    till::{BOOKING, GOOD_CARD, Till, balances, processors_charge},
};
use crate::{appointment, desk::PRACTICE, mbs};

/// What is given back with it arrives days later.
const REFUNDED_SLOWLY: &str = "4000000000007726";
pub(super) const FINISH: &str = "payments.finish_bulk_billing";
const FUNDING: &str = "select concat_ws(' ', status, funding, patient_charge_cents) from payments.payment";
pub(super) const TOLD: &str = "select count(*)::text from payments.outbox where name = 'booking_bulk_billed'";

/// The practice's billing staff.
async fn billing(till: &Till) -> String {
    let now = till.world.core.now();
    let issuer = TokenIssuer::known_to(&till.world.core).await;
    issuer.cookie(&Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: Uuid::from_u128(8).into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: vec![Membership { organization_id: PRACTICE, roles: vec![StaffRole::Billing] }],
        platform: Vec::new(),
        issued_at: now,
        expires_at: now + SignedDuration::from_mins(10),
    })
}

async fn post(till: &Till, rest: &str, key: u128, body: Value) -> (u16, Value) {
    let payment = till.read("select payment_id::text from payments.payment").await;
    let path = format!("/api/v1/payments/practices/{PRACTICE}/payments/{payment}/{rest}");
    let request = Request::post(path)
        .header(header::COOKIE, billing(till).await)
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", Uuid::from_u128(key).to_string())
        .body(Body::from(body.to_string()))
        .unwrap();
    till.answer(request).await
}

pub(super) async fn bulk_bill(till: &Till, key: u128) -> (u16, Value) {
    post(till, "bulk-bill", key, Value::Null).await
}

pub(super) fn kind(body: &Value) -> &str {
    body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/")
}

/// What is said beside the money that was taken.
async fn beside(till: &Till) -> Value {
    let path = format!("/api/v1/payments/practices/{PRACTICE}/transactions");
    let request = Request::get(path).header(header::COOKIE, billing(till).await).body(Body::empty()).unwrap();
    let (status, page) = till.answer(request).await;
    assert_eq!(status, 200, "{page}");
    let taken = page["items"].as_array().unwrap().iter().find(|item| item["cause"] == "capture");
    taken.unwrap()["bulk_billing"].clone()
}

/// What is said of the booking, wherever its money stands.
pub(super) async fn of_booking(till: &Till) -> (u16, Value) {
    let path = format!("/api/v1/payments/practices/{PRACTICE}/bookings/{BOOKING}/bulk-bill");
    let request = Request::get(path).header(header::COOKIE, billing(till).await).body(Body::empty()).unwrap();
    till.answer(request).await
}

/// The practice names an item for such visits.
pub(super) async fn names_an_item(till: &Till) {
    mbs::in_force(&till.world).await;
    for statement in [
        "insert into payments.funding (organization_id, appointment_type_id, version, updated_at) \
         values ($1, '00000000-0000-0000-0000-000000000004', 1, now())",
        "insert into payments.funding_rule (funding_rule_id, organization_id, appointment_type_id, cohort, mode, item_numbers, \
         fee_cents, collection, deposit_cents, no_show_fee_cents, tax_code) \
         values ('00000000-0000-0000-0000-00000000f001', $1, '00000000-0000-0000-0000-000000000004', 'anyone', 'private', \
         array['23'], 11000, 'prepaid', 0, 0, 'free_medical')",
    ] {
        sqlx::query(statement).bind(PRACTICE.0).execute(&till.world.core.pool).await.unwrap();
    }
}

pub(super) async fn has_a_number(till: &Till) {
    let statement = "insert into payments.role_setup (organization_id, practitioner_role_id, provider_number, modified_monash, \
                     version, updated_at) values ($1, $1, '2447781L', 1, 1, now())";
    sqlx::query(statement).bind(PRACTICE.0).execute(&till.world.core.pool).await.unwrap();
}

/// A practice that claims.
async fn claiming() -> Till {
    let till = Till::open().await;
    names_an_item(&till).await;
    has_a_number(&till).await;
    till
}

/// One, and a visit in so many days that is paid like this.
async fn paid(collection: Collection, days: i64, card: &str) -> Till {
    let till = claiming().await;
    till.start(&till.quote(collection, days), 1).await;
    till.pay(card).await;
    till.standing().await;
    till
}

async fn run_all(till: &Till, job: &str) {
    while till.run(job).await > 0 {}
}

/// Nothing was taken: what there is of it is let go first, and then bookings is told, once.
async fn is_let_go(till: &Till, what: &str) {
    assert_eq!(till.run(FINISH).await, 0, "{what}");
    assert_eq!(till.read(TOLD).await, "0", "{what}");
    till.work().await;
    assert_eq!((till.run(FINISH).await, till.run(FINISH).await), (1, 0), "{what}");
    assert_eq!(till.read(FUNDING).await, "voided bulk_billed 0", "{what}");
    assert_eq!((till.sandbox.charges(), till.read(TOLD).await.as_str()), (vec![], "1"), "{what}");
    costs_nothing_any_more(till, what).await;
}

/// No card can be given, and neither the visit's day nor cancelling it late brings a charge.
async fn costs_nothing_any_more(till: &Till, what: &str) {
    let (status, body) = till.repair(90).await;
    assert_eq!((status, kind(&body)), (409, "bulk-billed"), "{what}: {body}");
    let fact = AppointmentFact {
        status: AppointmentStatus::CancelledLate,
        late_fee_cents: AudCents(5_000),
        ..appointment(1)
    };
    till.world.receive(&till.world.cancelled(&fact)).await.unwrap();
    till.world.core.clock.advance(SignedDuration::from_hours(24 * 40));
    till.work().await;
    let left = "select concat_ws(' ', bulk_billed, fee_owed_cents, captured_cents - refunded_cents, due) from payments.payment";
    assert_eq!(till.read(left).await, "t 0 0", "{what}");
    assert_eq!(till.sandbox.charges(), [], "{what}");
}

/// The processor tells that a refund stands elsewhere.
async fn hear_of_refund(till: &Till, refund: &str, event: &str) {
    assert_eq!(till.tell(event, refund, "whsec_sandbox").await, 204);
    run_all(till, "payments.apply_webhooks").await;
}

#[tokio::test]
async fn what_was_paid_goes_back_first_and_then_bookings_is_told_once() {
    let till = paid(Collection::Prepaid, 30, GOOD_CARD).await;
    assert_eq!(beside(&till).await, json!({"status": "possible", "gives_back_cents": 11_000}));
    for _ in 0..2 {
        assert_eq!(bulk_bill(&till, 1).await.0, 202);
    }
    // Wished for once more, it is the same wish.
    assert_eq!(bulk_bill(&till, 2).await.0, 202);
    assert_eq!(beside(&till).await, json!({"status": "under_way", "gives_back_cents": 11_000}));
    assert_eq!(till.run(FINISH).await, 0);
    assert_eq!(till.run(FINISH).await, 0, "the money is not back yet");
    assert_eq!(till.read(FUNDING).await, "captured private 11000");
    let refunds =
        "select string_agg(concat_ws(' ', reason, amount_cents, status), ', ') from payments.refund";
    assert_eq!(till.read(refunds).await, "bulk_billed 11000 due");
    assert_eq!((till.read(TOLD).await.as_str(), bulk_bill(&till, 3).await.0), ("0", 202));
    run_all(&till, "payments.run_processor_calls").await;
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!(till.read(TOLD).await, "0");
    assert_eq!((till.run(FINISH).await, till.run(FINISH).await), (1, 0));
    assert_eq!(till.read(FUNDING).await, "refunded bulk_billed 0");
    assert_eq!(till.read(TOLD).await, "1");
    assert_eq!(till.read(refunds).await, "bulk_billed 11000 succeeded");
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], processors_charge()));
    assert_eq!(beside(&till).await, json!({"status": "done", "gives_back_cents": 0}));
    let (status, body) = bulk_bill(&till, 4).await;
    assert_eq!((status, kind(&body)), (409, "bulk-billed"), "{body}");
    assert_eq!((till.entries("move_to_bulk_billing").await, till.acts("move_to_bulk_billing").await), (3, 1));
    costs_nothing_any_more(&till, "paid").await;
}

#[tokio::test]
async fn what_is_held_or_kept_of_a_card_is_let_go() {
    for (days, status) in [(3, "authorised"), (30, "card_saved")] {
        let till = paid(Collection::AfterVisit, days, GOOD_CARD).await;
        assert_eq!(till.standing().await["status"], status);
        assert_eq!(bulk_bill(&till, 1).await.0, 202);
        is_let_go(&till, status).await;
    }
}

#[tokio::test]
async fn a_page_on_which_the_patient_is_to_pay_is_closed() {
    for collection in [Collection::Prepaid, Collection::AfterVisit] {
        let till = claiming().await;
        let quote = till.quote(collection, 30);
        till.start(&quote, 1).await;
        till.await_payment(&quote).await;
        assert_eq!(till.standing().await["status"], "awaiting");
        assert_eq!(bulk_bill(&till, 1).await.0, 202);
        is_let_go(&till, collection.code()).await;
    }
}

#[tokio::test]
async fn a_card_that_failed_is_asked_for_no_more_nor_is_another() {
    for gives_another in [false, true] {
        let till = paid(Collection::AfterVisit, 30, GOOD_CARD).await;
        till.await_payment(&till.quote(Collection::AfterVisit, 30)).await;
        till.card_fails().await;
        if gives_another {
            assert_eq!(till.repair(9).await.1["status"], "awaiting");
        }
        assert_eq!(bulk_bill(&till, 1).await.0, 202);
        is_let_go(&till, if gives_another { "another is given" } else { "failed" }).await;
    }
}

#[tokio::test]
async fn who_pays_before_the_page_is_closed_has_it_back_first() {
    let till = claiming().await;
    let quote = till.quote(Collection::Prepaid, 30);
    till.start(&quote, 1).await;
    till.await_payment(&quote).await;
    assert_eq!(bulk_bill(&till, 1).await.0, 202);
    assert_eq!(till.run(FINISH).await, 0);
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "captured");
    assert_eq!((till.run(FINISH).await, till.read(TOLD).await.as_str()), (0, "0"));
    till.work().await;
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!((till.run(FINISH).await, till.run(FINISH).await), (1, 0));
    assert_eq!(till.read(FUNDING).await, "refunded bulk_billed 0");
    assert_eq!(till.read(TOLD).await, "1");
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], processors_charge()));
    costs_nothing_any_more(&till, "paid meanwhile").await;
}

#[tokio::test]
async fn of_a_booking_it_is_read_whether_it_can_be_bulk_billed_instead_and_why_not() {
    let till = Till::open().await;
    let refused = async || {
        let (status, body) = of_booking(&till).await;
        (status, kind(&body).to_owned())
    };
    assert_eq!(refused().await, (404, "not-found".to_owned()));
    till.start(&till.quote(Collection::AfterVisit, 3), 1).await;
    assert_eq!(refused().await, (409, "wrong-state".to_owned()), "it is not booked yet");
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "authorised");
    assert_eq!(refused().await, (409, "no-item".to_owned()));
    names_an_item(&till).await;
    assert_eq!(refused().await, (409, "no-provider-number".to_owned()));
    has_a_number(&till).await;
    let payment = till.read("select payment_id::text from payments.payment").await;
    for (status, key) in [("possible", Some(1)), ("under_way", None)] {
        let bulk_billing = json!({"status": status, "gives_back_cents": 0});
        let expected = json!({"payment_id": payment, "bulk_billing": bulk_billing});
        assert_eq!(of_booking(&till).await, (200, expected));
        if let Some(key) = key {
            assert_eq!(bulk_bill(&till, key).await.0, 202);
        }
    }
    assert_eq!(till.entries("find_bulk_billing_instead").await, 2);
    is_let_go(&till, "authorised").await;
    let done = json!({"status": "done", "gives_back_cents": 0});
    assert_eq!(of_booking(&till).await.1["bulk_billing"], done);
}

#[tokio::test]
async fn a_visit_that_is_paid_at_the_practice_is_bulk_billed_at_once() {
    let till = claiming().await;
    let quote = till.quote(Collection::AtPractice, 30);
    let start = quote.terms.as_ref().unwrap().start;
    let fact = AppointmentFact { price_cents: AudCents(11_000), quote: Some(quote), start, ..appointment(1) };
    till.world.receive(&till.world.confirmed(&fact)).await.unwrap();
    assert_eq!(bulk_bill(&till, 1).await.0, 202);
    assert_eq!((till.run(FINISH).await, till.run(FINISH).await), (1, 0));
    assert_eq!(till.read(FUNDING).await, "not_required bulk_billed 0");
    assert_eq!(till.read(TOLD).await, "1");
    costs_nothing_any_more(&till, "paid at the practice").await;
}

#[tokio::test]
async fn a_refund_that_fails_leaves_the_visit_as_it_was_and_it_can_be_tried_again() {
    let till = paid(Collection::Prepaid, 30, REFUNDED_SLOWLY).await;
    assert_eq!(bulk_bill(&till, 1).await.0, 202);
    till.run(FINISH).await;
    run_all(&till, "payments.run_processor_calls").await;
    assert_eq!(till.run(FINISH).await, 0);
    assert_eq!(beside(&till).await, json!({"status": "under_way", "gives_back_cents": 0}));
    let first = till.read("select processor_refund from payments.refund").await;
    till.control(&format!("refunds/{first}/fail"), "").await;
    hear_of_refund(&till, &first, "evt_1").await;
    assert_eq!(till.run(FINISH).await, 0);
    assert_eq!(till.read(FUNDING).await, "captured private 11000");
    assert_eq!(beside(&till).await, json!({"status": "not_refunded", "gives_back_cents": 11_000}));
    assert_eq!((till.run(FINISH).await, till.read(TOLD).await.as_str()), (0, "0"));
    assert_eq!(till.read("select count(*)::text from payments.refund").await, "1", "it is not sent for ever");

    till.world.core.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(bulk_bill(&till, 2).await.0, 202);
    till.run(FINISH).await;
    run_all(&till, "payments.run_processor_calls").await;
    let second = "select processor_refund from payments.refund where status = 'sent'";
    let second = till.read(second).await;
    till.control(&format!("refunds/{second}/settle"), "").await;
    hear_of_refund(&till, &second, "evt_2").await;
    assert_eq!(till.run(FINISH).await, 1);
    assert_eq!(till.read(FUNDING).await, "refunded bulk_billed 0");
    assert_eq!(till.read(TOLD).await, "1");
}

#[tokio::test]
async fn a_refund_that_comes_back_once_it_is_bulk_billed_is_owed_and_nothing_is_charged_for_it() {
    let till = paid(Collection::Prepaid, 30, GOOD_CARD).await;
    assert_eq!(bulk_bill(&till, 1).await.0, 202);
    till.run(FINISH).await;
    run_all(&till, "payments.run_processor_calls").await;
    assert_eq!(till.run(FINISH).await, 1);
    assert_eq!(till.read(FUNDING).await, "refunded bulk_billed 0");
    let refund = till.read("select processor_refund from payments.refund").await;
    till.control(&format!("refunds/{refund}/fail"), "").await;
    for event in ["evt_1", "evt_2"] {
        hear_of_refund(&till, &refund, event).await;
    }
    assert_eq!(till.read("select status from payments.refund").await, "failed");
    let told = "select count(*)::text || ' ' || min(body ->> 'reason') from payments.outbox where name = 'refund_failed'";
    assert_eq!(till.read(told).await, "1 bulk_billed");
    assert_eq!(till.read(FUNDING).await, "refunded bulk_billed 0");
    let (status, page) = Staff::at(&till).await.send(&till, Method::GET, "/transactions", Value::Null).await;
    assert_eq!(status, 200, "{page}");
    let taken = page["items"].as_array().unwrap().iter().find(|item| item["cause"] == "capture");
    assert_eq!(taken.unwrap()["not_returned_cents"], 11_000);
}

#[tokio::test]
async fn what_cannot_be_bulk_billed_says_why_and_nothing_is_changed() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    let refused = async |key: u128| {
        let (status, body) = bulk_bill(&till, key).await;
        assert_eq!(status, 409, "{body}");
        kind(&body).to_owned()
    };
    assert_eq!(refused(1).await, "wrong-state", "the patient is about to pay and has not booked");
    till.pay(GOOD_CARD).await;
    till.standing().await;
    assert_eq!(refused(2).await, "no-item");
    names_an_item(&till).await;
    assert_eq!(refused(3).await, "no-provider-number");
    assert_eq!(beside(&till).await, Value::Null, "what cannot be is not offered");
    has_a_number(&till).await;
    let some_of_it = json!({"amount_cents": 1_000, "reason": "goodwill"});
    assert_eq!(post(&till, "refunds", 4, some_of_it).await.0, 201);
    assert_eq!(refused(5).await, "refund-under-way");
    run_all(&till, "payments.run_processor_calls").await;
    assert_eq!(beside(&till).await, json!({"status": "possible", "gives_back_cents": 10_000}));
    let charge = till.sandbox.charges().remove(0).0;
    till.control(&format!("charges/{charge}/dispute"), "").await;
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    run_all(&till, "payments.reconcile").await;
    assert_eq!(till.standing().await["status"], "disputed");
    assert_eq!(refused(6).await, "wrong-state");
    assert_eq!((till.run(FINISH).await, till.read(TOLD).await.as_str()), (0, "0"));
    let wished = "select count(*)::text from payments.payment where bulk_bill_asked_at is not null";
    assert_eq!(till.read(wished).await, "0");
}
