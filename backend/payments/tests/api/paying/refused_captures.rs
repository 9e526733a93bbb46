//! Held money that the processor does not take when it is asked to.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    payments::quote::Collection,
};

use super::till::{GOOD_CARD, Till};

/// So long after the second time it was refused it has been asked once more: 21 minutes after the first, 43 after the second.
const LATER: SignedDuration = SignedDuration::from_mins(45);

/// A visit in three days, for which the money is held, stands there now.
async fn held_and_then(status: AppointmentStatus) -> Till {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 3);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "authorised");
    let fact = AppointmentFact { status, late_fee_cents: AudCents(5_000), ..fact };
    let told = BookingsEvent::AppointmentChanged(fact);
    till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
    till
}

/// The processor refuses to take what is held by the newest try, so often.
async fn refuse(till: &Till, times: u32) {
    let newest = "select processor_intent from payments.intent where status = 'authorised'";
    let held = till.read(newest).await;
    till.control(&format!("payment_intents/{held}/refuse-captures"), &format!("times={times}")).await;
}

/// How the processor was asked to take it, in order.
async fn asked(till: &Till) -> Vec<String> {
    sqlx::query_scalar(
        "select status from payments.processor_call where operation = 'capture' order by created_at, idempotency_key",
    )
    .fetch_all(&till.world.core.pool)
    .await
    .unwrap()
}

/// What was told of cards that were not charged.
async fn failures(till: &Till) -> Vec<Value> {
    sqlx::query_scalar(
        "select body from payments.outbox where name = 'payment_step_failed' order by position",
    )
    .fetch_all(&till.world.core.pool)
    .await
    .unwrap()
}

/// The bank lets the held money go, and it shows when it is asked for once more.
async fn run_out(till: &Till) {
    let held = till.read("select processor_intent from payments.intent where status = 'authorised'").await;
    till.control(&format!("payment_intents/{held}/expire"), "").await;
    till.world.core.clock.advance(LATER);
    till.work().await;
}

/// Another card is given on a page.
async fn give_another_card(till: &Till) {
    let (status, checkout) = till.repair(9).await;
    assert_eq!(status, 201, "{checkout}");
    till.pay(GOOD_CARD).await;
    till.standing().await;
}

#[tokio::test]
async fn what_is_refused_twice_stays_held_and_is_taken_once_later() {
    let till = held_and_then(AppointmentStatus::Completed).await;
    refuse(&till, 2).await;
    for refused in [["refused", "due"].as_slice(), &["refused", "refused", "due"]] {
        till.work().await;
        assert_eq!(asked(&till).await, refused);
        assert_eq!(till.standing().await["status"], "authorised");
        till.world.core.clock.advance(LATER);
    }
    till.work().await;
    assert_eq!(asked(&till).await, ["refused", "refused", "done"]);
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(11_000)));
    let taken: Vec<_> = till.sandbox.charges().into_iter().map(|(_, cents, _)| cents).collect();
    assert_eq!(taken, [11_000]);
    assert!(failures(&till).await.is_empty(), "nobody was asked for another card");
}

#[tokio::test]
async fn a_visit_whose_hold_ran_out_meanwhile_is_paid_by_another_card_which_may_be_refused_as_well() {
    let till = held_and_then(AppointmentStatus::Completed).await;
    refuse(&till, 2).await;
    till.work().await;
    run_out(&till).await;
    assert_eq!(till.standing().await["status"], "auth_expired");
    let told = failures(&till).await;
    assert_eq!((told.len(), &told[0]["failure"], told[0].get("fee")), (1, &json!("hold_expired"), None));
    give_another_card(&till).await;
    assert_eq!(till.standing().await["status"], "authorised");
    refuse(&till, 1).await;
    till.work().await;
    assert_eq!(till.standing().await["status"], "authorised");
    till.world.core.clock.advance(LATER);
    till.work().await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(11_000)));
    assert_eq!(failures(&till).await.len(), 1, "the second refusal was no failure of the card's");
    assert_eq!(till.sandbox.charges().len(), 1);
}

#[tokio::test]
async fn a_fee_that_is_refused_twice_stays_owed_and_another_card_pays_it_once() {
    let till = held_and_then(AppointmentStatus::NoShowPatient).await;
    let fee = "select fee_owed_cents::text || ' owed, ' || fee_cents::text || ' taken' from payments.payment";
    refuse(&till, 2).await;
    till.work().await;
    till.world.core.clock.advance(LATER);
    till.work().await;
    assert_eq!(asked(&till).await, ["refused", "refused", "due"]);
    assert_eq!(till.read(fee).await, "5000 owed, 0 taken");
    run_out(&till).await;
    assert_eq!(till.standing().await["status"], "auth_expired");
    let told = failures(&till).await;
    let owed = json!({"kind": "no_show_fee", "cents": 5_000});
    assert_eq!((told.len(), &told[0]["fee"]), (1, &owed));
    give_another_card(&till).await;
    assert_eq!(till.read(fee).await, "0 owed, 5000 taken");
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(5_000)));
    let taken: Vec<_> = till.sandbox.charges().into_iter().map(|(_, cents, _)| cents).collect();
    assert_eq!(taken, [5_000]);
}
