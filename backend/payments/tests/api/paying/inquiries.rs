//! A bank that only asks, and what becomes of it.

use jiff::SignedDuration;
use shared_types::payments::quote::Collection;

use super::till::{GOOD_CARD, Till, balances};

/// A paid visit that a bank asks about, as the comparison finds it; with the processor's name for what it asked, and the balances of
/// before.
async fn asked_about() -> (Till, String, Vec<(String, i64)>) {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    let before = balances(&till).await;
    let charge = till.sandbox.charges().remove(0).0;
    till.control(&format!("charges/{charge}/inquire"), "").await;
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    while till.run("payments.reconcile").await > 0 {}
    let asked = till.read("select processor_dispute from payments.chargeback").await;
    (till, asked, before)
}

/// The processor tells of it.
async fn told(till: &Till, event: &str, dispute: &str) {
    assert_eq!(till.tell(event, dispute, "whsec_sandbox").await, 204);
    while till.run("payments.apply_webhooks").await > 0 {}
}

/// Where the payment and the chargeback stand.
async fn standing(till: &Till) -> (String, String) {
    let chargeback = till.read("select status from payments.chargeback").await;
    (till.world.payments().await.remove(0).1, chargeback)
}

fn both(payment: &str, chargeback: &str) -> (String, String) {
    (payment.to_owned(), chargeback.to_owned())
}

#[tokio::test]
async fn a_bank_that_only_asks_has_taken_nothing() {
    let (till, asked, before) = asked_about().await;
    assert_eq!(standing(&till).await, both("captured", "needs_response"));
    assert_eq!(balances(&till).await, before);
    till.control(&format!("disputes/{asked}/drop"), "").await;
    for event in ["evt_1", "evt_2"] {
        told(&till, event, &asked).await;
        assert_eq!(standing(&till).await, both("captured", "closed"));
    }
    assert_eq!(balances(&till).await, before);
}

#[tokio::test]
async fn an_inquiry_that_becomes_a_dispute_takes_the_money_once_and_a_win_brings_all_of_it_back() {
    let (till, asked, before) = asked_about().await;
    till.control(&format!("disputes/{asked}/escalate"), "").await;
    for event in ["evt_1", "evt_2"] {
        told(&till, event, &asked).await;
        assert_eq!(standing(&till).await, both("disputed", "needs_response"));
    }
    let kept: Vec<_> =
        balances(&till).await.into_iter().filter(|(account, _)| account == "chargebacks").collect();
    assert_eq!(kept, [("chargebacks".to_owned(), 11_000)]);
    till.control(&format!("disputes/{asked}/win"), "").await;
    for event in ["evt_3", "evt_4"] {
        told(&till, event, &asked).await;
        assert_eq!(standing(&till).await, both("won", "won"));
    }
    assert_eq!(balances(&till).await, before);
}

#[tokio::test]
async fn an_inquiry_that_becomes_a_dispute_and_is_lost_costs_the_practice_its_share() {
    let (till, asked, _) = asked_about().await;
    till.control(&format!("disputes/{asked}/escalate"), "").await;
    told(&till, "evt_1", &asked).await;
    till.control(&format!("disputes/{asked}/lose"), "").await;
    for event in ["evt_2", "evt_3"] {
        told(&till, event, &asked).await;
        assert_eq!(standing(&till).await, both("lost", "lost"));
    }
    // What the processor kept for the payment and for the dispute is all that is left.
    let left = 217 + 2_500;
    assert_eq!(balances(&till).await, [("processor".to_owned(), -left), ("processor_fees".to_owned(), left)]);
    // The practice gives its share back, asked for once.
    let asked_back =
        "select count(*)::text from payments.processor_call where operation = 'reverse_transfer'";
    assert_eq!(till.read(asked_back).await, "1");
}

/// It is told once for all of it: whoever heard of the dispute first needs nothing of what it was before.
#[tokio::test]
async fn one_that_nobody_told_us_of_before_it_was_decided_ends_the_same() {
    for (decision, ends) in [("win", both("won", "won")), ("lose", both("lost", "lost"))] {
        let (till, asked, before) = asked_about().await;
        till.control(&format!("disputes/{asked}/escalate"), "").await;
        till.control(&format!("disputes/{asked}/{decision}"), "").await;
        told(&till, "evt_1", &asked).await;
        assert_eq!(standing(&till).await, ends);
        let kept = balances(&till).await;
        assert!(kept.iter().all(|(account, _)| account != "chargebacks"), "{kept:?}");
        assert_eq!(kept == before, decision == "win", "{kept:?}");
    }
}
