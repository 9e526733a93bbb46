//! What was asked of a card while it was owed, and is not any more when the processor is asked or answers.

use jiff::SignedDuration;
use processor_sandbox::Faults;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, FeeWaiver},
    payments::quote::Collection,
};

use super::till::{GOOD_CARD, Till, balances};

const CALLS: &str = "payments.run_processor_calls";

/// A visit that is paid like this, and its money has been asked for.
async fn paid(collection: Collection, days: i64) -> (Till, AppointmentFact) {
    let till = Till::open().await;
    let quote = till.quote(collection, days);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    till.standing().await;
    (till, fact)
}

/// Bookings tells where the appointment stands now.
async fn tell(till: &Till, fact: &AppointmentFact, status: AppointmentStatus) {
    let told = BookingsEvent::AppointmentChanged(AppointmentFact { status, ..fact.clone() });
    till.world.receive(&till.world.envelope("bookings", &told)).await.unwrap();
}

async fn run_all(till: &Till, job: &str) {
    while till.run(job).await > 0 {}
}

/// The practice has asked for $120 instead of $110.
async fn ask_for_more(till: &Till) {
    till.world.publish_text("higher-charge").await;
    sqlx::query("update payments.payment set asked_cents = 12000")
        .execute(&till.world.core.pool)
        .await
        .unwrap();
}

async fn agree(till: &Till) -> (u16, Value) {
    let body = json!({"total_cents": 12_000, "consent": {"text": "higher-charge", "version": 1}});
    till.send("/consent", 5, &body).await
}

#[tokio::test]
async fn what_is_held_is_not_taken_once_the_visit_was_a_mistake() {
    let (till, fact) = paid(Collection::AfterVisit, 3).await;
    tell(&till, &fact, AppointmentStatus::Completed).await;
    run_all(&till, "payments.act_on_due").await;
    tell(&till, &fact, AppointmentStatus::EnteredInError).await;
    // The processor is asked for the money before the hold is let go.
    run_all(&till, CALLS).await;
    till.work().await;
    assert_eq!(till.standing().await["status"], "voided");
    // Not even the processor's own charge is lost.
    assert_eq!((till.sandbox.charges(), balances(&till).await), (vec![], vec![]));
}

#[tokio::test]
async fn a_higher_price_is_not_charged_for_a_visit_that_was_a_mistake_and_goes_back_where_it_was() {
    for reply_is_lost in [false, true] {
        let (till, fact) = paid(Collection::AfterVisit, 3).await;
        tell(&till, &fact, AppointmentStatus::Completed).await;
        till.work().await;
        ask_for_more(&till).await;
        let (status, body) = agree(&till).await;
        assert_eq!((status, &body["paid_cents"]), (200, &json!(11_000)), "{body}");
        if reply_is_lost {
            till.sandbox.set_faults(Faults { lost_reply_percent: 100, ..Faults::default() });
            till.run(CALLS).await;
            till.sandbox.set_faults(Faults::default());
            assert_eq!(till.sandbox.charges().len(), 2, "it was charged, and nobody was told");
        }
        tell(&till, &fact, AppointmentStatus::EnteredInError).await;
        till.world.core.clock.advance(SignedDuration::from_mins(15));
        till.work().await;
        run_all(&till, "payments.reconcile").await;
        till.work().await;
        assert_eq!(till.sandbox.charges(), [], "{reply_is_lost}");
        assert_eq!(till.standing().await["status"], "refunded", "{reply_is_lost}");
    }
}

#[tokio::test]
async fn nobody_agrees_to_a_higher_price_for_what_does_not_take_place() {
    let (till, fact) = paid(Collection::Prepaid, 30).await;
    ask_for_more(&till).await;
    assert_eq!(till.standing().await["asked_cents"], json!(12_000));
    let cancelled = AppointmentFact { status: AppointmentStatus::CancelledByProvider, ..fact };
    till.world.receive(&till.world.cancelled(&cancelled)).await.unwrap();
    assert_eq!(till.standing().await["asked_cents"], Value::Null);
    let (status, problem) = agree(&till).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/nothing-due")), "{problem}");
    till.work().await;
    assert_eq!(till.sandbox.charges(), []);
    assert_eq!(till.standing().await["status"], "refunded");
}

#[tokio::test]
async fn the_rest_of_a_fee_is_not_charged_once_the_fee_is_waived() {
    let (till, fact) = paid(Collection::Deposit, 30).await;
    let late =
        AppointmentFact { status: AppointmentStatus::CancelledLate, late_fee_cents: AudCents(5_000), ..fact };
    till.world.receive(&till.world.cancelled(&late)).await.unwrap();
    till.world.core.clock.advance(late.start.duration_since(till.world.core.now()));
    run_all(&till, "payments.act_on_due").await;
    let rest = "select concat_ws(' ', status, amount_cents) from payments.intent where purpose = 'late_fee'";
    assert_eq!(till.read(rest).await, "created 3000");
    let waived = BookingsEvent::LateFeeWaived { booking_id: late.booking_id, waived_by: FeeWaiver::Practice };
    till.world.receive(&till.world.envelope("bookings", &waived)).await.unwrap();
    till.work().await;
    assert_eq!(till.read(rest).await, "expired 3000");
    assert_eq!(till.sandbox.charges(), []);
    assert_eq!(till.standing().await["status"], "refunded");
}

#[tokio::test]
async fn a_fee_that_is_too_little_for_a_card_is_not_owed() {
    let (till, fact) = paid(Collection::AfterVisit, 30).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    let late =
        AppointmentFact { status: AppointmentStatus::CancelledLate, late_fee_cents: AudCents(49), ..fact };
    till.world.receive(&till.world.cancelled(&late)).await.unwrap();
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["fee_owed_cents"]), (&json!("voided"), &json!(0)));
}
