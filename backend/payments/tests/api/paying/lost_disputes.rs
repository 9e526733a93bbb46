//! A bank decides about one of the charges of a visit: what was taken by the other is left, and goes back as anything else.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    payments::quote::Collection,
};

use super::{
    staff::Staff,
    till::{GOOD_CARD, Till, balances},
};

/// What the processor keeps of $110 and of $10.
const PROCESSORS: i64 = 217 + 47;
/// And of a dispute.
const DISPUTE: i64 = 2_500;
const REFUNDS: &str = "select coalesce(string_agg(purpose || ' ' || refund.amount_cents || ' ' || refund.status, ', ' \
                       order by refund.amount_cents), '') from payments.refund join payments.intent using (intent_id)";

/// A visit for $110 that is over and paid, and $10 more that were agreed to and charged besides.
pub(super) async fn charged_twice() -> (Till, AppointmentFact) {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 3);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    tell(&till, &fact, AppointmentStatus::Completed).await;
    till.work().await;
    // What is charged later is given back first.
    till.world.core.clock.advance(SignedDuration::from_mins(1));
    till.world.publish_text("higher-charge").await;
    let asked = "update payments.payment set asked_cents = 12000";
    sqlx::query(asked).execute(&till.world.core.pool).await.unwrap();
    let body = json!({"total_cents": 12_000, "consent": {"text": "higher-charge", "version": 1}});
    let (status, body) = till.send("/consent", 5, &body).await;
    assert_eq!(status, 200, "{body}");
    till.work().await;
    assert_eq!(till.standing().await["paid_cents"], json!(12_000));
    (till, fact)
}

/// Bookings tells where the appointment stands now.
async fn tell(till: &Till, fact: &AppointmentFact, status: AppointmentStatus) {
    let told = BookingsEvent::AppointmentChanged(AppointmentFact { status, ..fact.clone() });
    till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
}

/// A bank wants back what the charge of so many cents took, or some of it; with the processor's name for the dispute.
async fn disputed(till: &Till, charged: i64, form: &str) -> String {
    let charge = till.sandbox.charges().into_iter().find(|(_, cents, _)| *cents == charged).unwrap().0;
    till.control(&format!("charges/{charge}/dispute"), form).await;
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.standing().await["status"], "disputed");
    till.read("select processor_dispute from payments.chargeback").await
}

/// Banks want back what both charges took; with the processor's names for the dispute about $110 and for the one about $10.
pub(super) async fn both_disputed(till: &Till) -> (String, String) {
    for (charge, _, _) in till.sandbox.charges() {
        till.control(&format!("charges/{charge}/dispute"), "").await;
    }
    hear_of_both(till).await
}

async fn hear_of_both(till: &Till) -> (String, String) {
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.standing().await["status"], "disputed");
    let first = "select processor_dispute from payments.chargeback where amount_cents = 11000";
    let second = "select processor_dispute from payments.chargeback where amount_cents = 1000";
    (till.read(first).await, till.read(second).await)
}

/// The bank decides, and it is told twice.
async fn decided(till: &Till, dispute: &str, decision: &str) {
    till.control(&format!("disputes/{dispute}/{decision}"), "").await;
    for event in ["evt_1", "evt_2"] {
        assert_eq!(till.tell(&format!("{event}_{dispute}"), dispute, "whsec_sandbox").await, 204);
        while till.run("payments.apply_webhooks").await > 0 {}
        till.work().await;
    }
}

/// The visit was a mistake, so that all that is left goes back.
async fn was_a_mistake(till: &Till, fact: &AppointmentFact) {
    tell(till, fact, AppointmentStatus::EnteredInError).await;
    till.work().await;
}

fn given_back(till: &Till) -> Vec<i64> {
    let mut cents: Vec<_> = till.sandbox.given_back().into_iter().map(|(_, cents)| cents).collect();
    cents.sort_unstable();
    cents
}

/// The practice and the platform have nothing of it any more: what is left is what the processor kept for itself.
async fn nobody_has_anything(till: &Till, processors: i64) {
    let left = [("processor".to_owned(), -processors), ("processor_fees".to_owned(), processors)];
    assert_eq!(balances(till).await, left);
}

#[tokio::test]
async fn of_two_charges_the_lost_one_is_gone_and_the_other_goes_back_and_no_more() {
    for (lost, other, purpose) in [(11_000, 1_000, "balance"), (1_000, 11_000, "visit")] {
        let (till, fact) = charged_twice().await;
        let dispute = disputed(&till, lost, "").await;
        decided(&till, &dispute, "lose").await;
        // The platform's fee was taken with the first charge, and goes with it alone.
        let kept = if other == 11_000 { -10_450 } else { -1_000 };
        let practice: Vec<_> =
            balances(&till).await.into_iter().filter(|(kind, _)| kind == "practice_balance").collect();
        assert_eq!(practice, [("practice_balance".to_owned(), kept)], "{lost} were lost");
        let staff = Staff::at(&till).await;
        let (status, problem) = staff.refund(&till, other + 1).await;
        assert_eq!((status, &problem["type"]), (409, &json!("/problems/too-much")), "{problem}");
        was_a_mistake(&till, &fact).await;
        assert_eq!(till.read(REFUNDS).await, format!("{purpose} {other} succeeded"));
        assert_eq!(given_back(&till), [other]);
        let standing = till.standing().await;
        assert_eq!((&standing["status"], &standing["refunded_cents"]), (&json!("lost"), &json!(other)));
        nobody_has_anything(&till, PROCESSORS + DISPUTE).await;
        let (status, problem) = staff.refund(&till, 1).await;
        assert_eq!((status, &problem["type"]), (409, &json!("/problems/too-much")), "{problem}");
    }
}

#[tokio::test]
async fn what_is_called_off_while_a_bank_decides_about_one_charge_gives_the_other_back_once_that_is_lost() {
    let (till, fact) = charged_twice().await;
    let dispute = disputed(&till, 11_000, "").await;
    was_a_mistake(&till, &fact).await;
    assert_eq!(given_back(&till), [0_i64; 0]);
    decided(&till, &dispute, "lose").await;
    assert_eq!(given_back(&till), [1_000]);
    nobody_has_anything(&till, PROCESSORS + DISPUTE).await;
}

#[tokio::test]
async fn of_two_charges_of_which_one_was_disputed_and_won_both_go_back() {
    let (till, fact) = charged_twice().await;
    let dispute = disputed(&till, 11_000, "").await;
    decided(&till, &dispute, "win").await;
    was_a_mistake(&till, &fact).await;
    assert_eq!(given_back(&till), [1_000, 11_000]);
    assert_eq!(till.standing().await["status"], "refunded");
    nobody_has_anything(&till, PROCESSORS).await;
}

/// All of it has gone back, each charge once.
async fn all_of_both_is_back(till: &Till) {
    assert_eq!(given_back(till), [1_000, 11_000]);
    assert_eq!(till.standing().await["status"], "refunded");
    nobody_has_anything(till, PROCESSORS).await;
}

#[tokio::test]
async fn of_two_that_are_disputed_each_goes_back_once_it_is_won_whenever_the_visit_is_called_off() {
    for large_first in [false, true] {
        for decided_before in [false, true] {
            let (till, fact) = charged_twice().await;
            let (large, small) = both_disputed(&till).await;
            let (first, second, cents) =
                if large_first { (large, small, 11_000) } else { (small, large, 1_000) };
            if decided_before {
                decided(&till, &first, "win").await;
                assert_eq!(till.standing().await["status"], "won", "a bank has the other");
                was_a_mistake(&till, &fact).await;
            } else {
                was_a_mistake(&till, &fact).await;
                assert_eq!(given_back(&till), [0_i64; 0]);
                decided(&till, &first, "win").await;
            }
            assert_eq!(given_back(&till), [cents]);
            decided(&till, &second, "win").await;
            all_of_both_is_back(&till).await;
        }
    }
}

#[tokio::test]
async fn what_is_called_off_before_anybody_hears_of_two_disputes_goes_back_as_each_is_won() {
    let (till, fact) = charged_twice().await;
    for (charge, _, _) in till.sandbox.charges() {
        till.control(&format!("charges/{charge}/dispute"), "").await;
    }
    was_a_mistake(&till, &fact).await;
    assert_eq!(till.read(REFUNDS).await, "balance 1000 failed, visit 11000 failed");
    let (large, small) = hear_of_both(&till).await;
    decided(&till, &small, "win").await;
    assert_eq!(given_back(&till), [1_000]);
    decided(&till, &large, "win").await;
    all_of_both_is_back(&till).await;
}

#[tokio::test]
async fn of_two_that_are_disputed_all_beyond_a_fee_goes_back_in_the_end() {
    for large_first in [false, true] {
        let (till, fact) = charged_twice().await;
        let (large, small) = both_disputed(&till).await;
        let absent = AppointmentFact { late_fee_cents: AudCents(5_000), ..fact };
        tell(&till, &absent, AppointmentStatus::NoShowPatient).await;
        let (first, second) = if large_first { (&large, &small) } else { (&small, &large) };
        decided(&till, first, "win").await;
        decided(&till, second, "win").await;
        assert_eq!(given_back(&till), [1_000, 6_000], "{large_first}");
        let standing = till.standing().await;
        let amounts = ["paid_cents", "refunded_cents", "fee_cents"].map(|field| &standing[field]);
        assert_eq!(amounts, [&json!(12_000), &json!(7_000), &json!(5_000)], "{standing}");
    }
}

#[tokio::test]
async fn what_is_called_off_once_one_is_lost_gives_the_other_back_once_that_is_won() {
    let (till, fact) = charged_twice().await;
    let (large, small) = both_disputed(&till).await;
    decided(&till, &large, "lose").await;
    was_a_mistake(&till, &fact).await;
    assert_eq!(given_back(&till), [0_i64; 0]);
    decided(&till, &small, "win").await;
    assert_eq!(given_back(&till), [1_000]);
    assert_eq!(till.standing().await["status"], "lost");
    nobody_has_anything(&till, PROCESSORS + DISPUTE).await;
}

#[tokio::test]
async fn a_share_that_went_back_with_a_refund_is_not_taken_back_again_when_the_rest_is_lost() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let staff = Staff::at(&till).await;
    let (status, body) = staff.refund(&till, 5_000).await;
    assert_eq!(status, 201, "{body}");
    till.work().await;
    let dispute = disputed(&till, 11_000, "amount=6000").await;
    decided(&till, &dispute, "lose").await;
    let (status, body) = staff.send(&till, Method::GET, "/transactions", Value::Null).await;
    assert_eq!(status, 200, "{body}");
    let mut listed: Vec<_> = body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["cause"].as_str().unwrap(), it["net_cents"].as_i64().unwrap()))
        .collect();
    listed.sort_unstable();
    assert_eq!(listed, [("capture", 10_450), ("chargeback_lost", -5_700), ("refund", -4_750)]);
    let share = "select status || ' ' || reversed_cents || ' ' || fee_reversed_cents from payments.transfer";
    assert_eq!(till.read(share).await, "reversed 11000 550");
    let asked_back = "select string_agg(status || ' ' || amount_cents, ', ') from payments.processor_call \
                      where operation = 'reverse_transfer'";
    assert_eq!(till.read(asked_back).await, "done 5700");
    nobody_has_anything(&till, 217 + DISPUTE).await;
}
