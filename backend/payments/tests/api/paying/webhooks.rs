//! What the processor tells, and what the comparison with it finds where it told nothing.

use jiff::SignedDuration;
use payments::ledger_proof::verify;
use shared_types::payments::quote::Collection;

use super::till::{GOOD_CARD, PAYS_AT_ONCE, Till, balances, processors_charge};

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
async fn what_somebody_closed_stays_closed_where_a_page_is_compared_again() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(PAYS_AT_ONCE).await;
    till.standing().await;
    till.world.core.clock.advance(SignedDuration::from_hours(25));
    while till.run("payments.reconcile").await > 0 {}
    // As after a crash: the comparison goes on from the page that it had read.
    for statement in [
        "update payments.difference set action = 'settled', closed_at = now(), note = 'Paid out', \
         closed_by = '00000000-0000-0000-0000-0000000000ee'",
        "update payments.reconciliation set status = 'running', ended_at = null, cursor = 'balances:'",
    ] {
        sqlx::query(statement).execute(&till.world.core.pool).await.unwrap();
    }
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.read("select string_agg(action, ' ') from payments.difference").await, "settled");
    assert_eq!(till.read("select status from payments.reconciliation").await, "finished");
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
    // The processor keeps its charge, and the ledger has it so: both have the same balances, a practice's and the platform's.
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], processors_charge()));
    let proof = verify(&till.world.core, Some(&till.processor)).await.unwrap();
    assert!(proof.is_whole() && proof.asked_processor, "{proof:?}");
    assert_eq!(proof.at_processor, []);
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
