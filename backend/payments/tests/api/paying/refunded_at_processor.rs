//! Somebody gives money back on the processor's own page, past us.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus},
    payments::quote::Collection,
};

use super::{
    staff::Staff,
    till::{GOOD_CARD, Till, balances, processors_charge},
};
use crate::appointment;

const REFUNDS: &str = "select string_agg(requested_as || ' ' || amount_cents || ' ' || status, ', ' \
                       order by requested_as, amount_cents) from payments.refund";
pub const ASKED_BACK: &str = "select coalesce(string_agg(status || ' ' || amount_cents, ', '), '') \
                          from payments.processor_call where operation = 'reverse_transfer'";
const TOLD_FAILED: &str = "select count(*)::text from payments.outbox where name = 'refund_failed'";
const TOLD: &str = "select count(*)::text from payments.outbox where name = 'refund_made'";

/// A visit of $110 that is paid, with its receipt; and the processor's name for the charge.
pub async fn paid() -> (Till, String) {
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
    (till, charge)
}

pub async fn told(till: &Till, event: &str, object: &str) {
    assert_eq!(till.tell(event, object, "whsec_sandbox").await, 204);
    while till.run("payments.apply_webhooks").await > 0 {}
}

/// What the practice is owed.
pub async fn owed(till: &Till) -> i64 {
    let all = balances(till).await;
    -all.into_iter().find(|(kind, _)| kind == "practice_balance").map_or(0, |(_, cents)| cents)
}

#[tokio::test]
async fn what_was_given_back_past_us_is_booked_once_told_and_written_about_and_limits_what_we_give_back() {
    let (till, charge) = paid().await;
    till.control(&format!("charges/{charge}/refund"), "amount=5000").await;
    told(&till, "evt_1", &charge).await;
    let refund = till.read("select processor_refund from payments.refund").await;
    told(&till, "evt_2", &refund).await;
    told(&till, "evt_3", &charge).await;
    assert_eq!(till.read(REFUNDS).await, "processor 5000 succeeded");
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["refunded_cents"]), (&json!("part_refunded"), &json!(5_000)));
    assert_eq!(till.read(TOLD).await, "1", "the patient is written to once");
    till.run("payments.issue_invoices").await;
    let issued = "select string_agg(kind || ' ' || total_cents, ', ' order by number) from payments.invoice";
    assert_eq!(till.read(issued).await, "tax_invoice 11000, adjustment_note 5000");
    // The practice's share of it is asked back, and the platform's fee goes back in proportion.
    till.work().await;
    assert_eq!((owed(&till).await, till.read(ASKED_BACK).await.as_str()), (5_700, "done 4750"));
    let staff = Staff::at(&till).await;
    let (status, problem) = staff.refund(&till, 6_001).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/too-much")), "{problem}");
    let (status, body) = staff.refund(&till, 6_000).await;
    assert_eq!(status, 201, "{body}");
    till.work().await;
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], processors_charge()));
}

#[tokio::test]
async fn one_that_nobody_told_us_of_the_comparison_finds_and_takes_no_share_that_went_back_with_it() {
    let (till, charge) = paid().await;
    till.control(&format!("charges/{charge}/refund"), "amount=5000&reverse_transfer=true").await;
    for _ in 0..2 {
        till.world.core.clock.advance(SignedDuration::from_hours(25));
        while till.run("payments.reconcile").await > 0 {}
        till.work().await;
    }
    assert_eq!(till.read(REFUNDS).await, "processor 5000 succeeded");
    assert_eq!(till.read(TOLD).await, "1");
    // All of it came from the practice, and the platform kept its fee.
    assert_eq!((owed(&till).await, till.read(ASKED_BACK).await.as_str()), (5_450, ""));
}

#[tokio::test]
async fn what_we_were_about_to_give_back_is_given_back_as_far_as_it_is_left() {
    let (till, charge) = paid().await;
    let quote = till.quote(Collection::Prepaid, 30);
    let status = AppointmentStatus::CancelledByProvider;
    let fact = AppointmentFact { status, quote: Some(quote), ..appointment(1) };
    till.world.receive(&till.world.cancelled(&fact)).await.unwrap();
    till.control(&format!("charges/{charge}/refund"), "amount=5000").await;
    told(&till, "evt_1", &charge).await;
    till.work().await;
    assert_eq!(till.read(REFUNDS).await, "processor 5000 succeeded, rule 6000 succeeded, rule 11000 failed");
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], processors_charge()));
}

#[tokio::test]
async fn what_is_given_back_past_us_before_anybody_hears_of_it_is_looked_for_and_the_rest_goes_back() {
    let (till, charge) = paid().await;
    till.control(&format!("charges/{charge}/refund"), "amount=5000").await;
    let quote = till.quote(Collection::Prepaid, 30);
    let status = AppointmentStatus::CancelledByProvider;
    let fact = AppointmentFact { status, quote: Some(quote), ..appointment(1) };
    till.world.receive(&till.world.cancelled(&fact)).await.unwrap();
    while till.run("payments.run_processor_calls").await > 0 {}
    told(&till, "evt_1", &charge).await;
    till.work().await;
    assert_eq!(till.read(REFUNDS).await, "processor 5000 succeeded, rule 6000 succeeded, rule 11000 failed");
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!(till.read(TOLD_FAILED).await, "0", "all of it comes");
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], processors_charge()));
}

#[tokio::test]
async fn a_fee_is_kept_where_what_was_to_go_back_beyond_it_was_given_back_past_us() {
    let (till, charge) = paid().await;
    let quote = till.quote(Collection::Prepaid, 30);
    let start = quote.terms.as_ref().unwrap().start;
    let fact = AppointmentFact {
        status: AppointmentStatus::CancelledLate,
        late_fee_cents: AudCents(5_000),
        start,
        quote: Some(quote),
        ..appointment(1)
    };
    till.world.receive(&till.world.cancelled(&fact)).await.unwrap();
    till.control(&format!("charges/{charge}/refund"), "amount=6000").await;
    told(&till, "evt_1", &charge).await;
    till.work().await;
    assert_eq!(till.read(REFUNDS).await, "processor 6000 succeeded, rule 6000 failed");
    till.world.core.clock.advance(start.duration_since(till.world.core.now()));
    till.work().await;
    let standing = till.standing().await;
    let amounts = ["refunded_cents", "fee_cents", "fee_owed_cents"].map(|field| &standing[field]);
    assert_eq!(amounts, [&json!(6_000), &json!(5_000), &json!(0)], "{standing}");
    assert_eq!(till.read(TOLD_FAILED).await, "0", "it came another way");
}

#[tokio::test]
async fn whoever_was_told_of_money_that_the_processor_refuses_to_give_back_is_told_that_it_does_not_come() {
    let (till, charge) = paid().await;
    let (status, body) = Staff::at(&till).await.refund(&till, 6_000).await;
    assert_eq!(status, 201, "{body}");
    till.control(&format!("charges/{charge}/refund"), "amount=6000").await;
    till.work().await;
    assert_eq!(till.read(REFUNDS).await, "practice 6000 failed, processor 6000 succeeded");
    assert_eq!((till.read(TOLD).await.as_str(), till.read(TOLD_FAILED).await.as_str()), ("2", "1"));
    assert_eq!(till.standing().await["refunded_cents"], 6_000);
}

#[tokio::test]
async fn one_that_the_bank_did_not_take_moved_nothing() {
    let (till, charge) = paid().await;
    till.control(&format!("charges/{charge}/refund"), "amount=5000").await;
    told(&till, "evt_1", &charge).await;
    let refund = till.read("select processor_refund from payments.refund").await;
    till.control(&format!("refunds/{refund}/fail"), "").await;
    told(&till, "evt_2", &refund).await;
    assert_eq!(till.read(REFUNDS).await, "processor 5000 failed");
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["refunded_cents"]), (&json!("captured"), &json!(0)));
    till.work().await;
    assert_eq!((owed(&till).await, till.read(ASKED_BACK).await.as_str()), (10_450, "refused 4750"));
}

/// The shares that wait to be asked for again, as an administrator reads them.
pub async fn refused_shares(till: &Till, staff: &Staff) -> Vec<Value> {
    let (status, page) = staff.of_platform(till, Method::GET, "/shares").await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_share_that_is_refused_is_asked_for_again_by_itself_after_longer_and_longer_or_at_once() {
    for by_hand in [false, true] {
        let (till, charge) = paid().await;
        let staff = Staff::at(&till).await;
        let transfer = till.read("select processor_transfer from payments.transfer").await;
        // As long as it has another name here, the processor knows no such share.
        let called = async |name: &str| {
            let rename = "update payments.transfer set processor_transfer = $1";
            sqlx::query(rename).bind(name).execute(&till.world.core.pool).await.unwrap();
        };
        called("tr_none").await;
        till.control(&format!("charges/{charge}/refund"), "amount=5000").await;
        told(&till, "evt_1", &charge).await;
        till.work().await;
        till.world.core.clock.advance(SignedDuration::from_hours(1));
        till.work().await;
        let again_at = till.world.core.now() + SignedDuration::from_hours(2);
        let [share]: [Value; 1] = refused_shares(&till, &staff).await.try_into().unwrap();
        let shown = ["to", "legal_name", "amount_cents", "times", "why", "asked_at"];
        let expected = [
            json!("reverse_transfer"),
            json!("Harbour Pty Ltd"),
            json!(4_750),
            json!(2),
            json!("the processor knows no such object"),
            json!(again_at),
        ];
        assert_eq!(shown.map(|field| share[field].clone()), expected, "{share}");
        called(&transfer).await;
        till.work().await;
        assert_eq!(refused_shares(&till, &staff).await.len(), 1, "it is not time yet");
        let again = format!("/shares/{}/ask-again", share["processor_call_id"].as_str().unwrap());
        if by_hand {
            let (status, asked) = staff.of_platform(&till, Method::POST, &again).await;
            assert_eq!((status, &asked["asked_at"]), (200, &json!(till.world.core.now())), "{asked}");
            assert_eq!(till.entries("ask_again_for_share").await, 1);
        } else {
            till.world.core.clock.advance(SignedDuration::from_hours(2));
        }
        till.work().await;
        assert_eq!(refused_shares(&till, &staff).await, Vec::<Value>::new());
        let asked = "select string_agg(concat_ws(' ', status, amount_cents), ', ' order by created_at) \
                     from payments.processor_call where operation = 'reverse_transfer'";
        assert_eq!(till.read(asked).await, "refused 4750, refused 4750, done 4750");
        let (status, problem) = staff.of_platform(&till, Method::POST, &again).await;
        assert_eq!((status, &problem["type"]), (409, &json!("/problems/wrong-state")), "{problem}");
    }
}

#[tokio::test]
async fn a_share_whose_name_nobody_told_is_looked_for_and_taken_back() {
    let (till, charge) = paid().await;
    let transfer = till.read("select processor_transfer from payments.transfer").await;
    sqlx::query("update payments.transfer set processor_transfer = null")
        .execute(&till.world.core.pool)
        .await
        .unwrap();
    till.control(&format!("charges/{charge}/refund"), "amount=5000").await;
    told(&till, "evt_1", &charge).await;
    till.work().await;
    assert_eq!((owed(&till).await, till.read(ASKED_BACK).await.as_str()), (5_700, "done 4750"));
    assert_eq!(till.read("select processor_transfer from payments.transfer").await, transfer);
}
