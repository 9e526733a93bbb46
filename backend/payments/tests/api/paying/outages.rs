//! The processor does not answer for most of a day.

use jiff::SignedDuration;
use processor_sandbox::Faults;
use serde_json::json;
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    payments::quote::Collection,
};

use super::till::{GOOD_CARD, Till};

/// Longer than the longest pause before it is asked again.
const LATER: SignedDuration = SignedDuration::from_mins(90);

/// It is asked again and again and answers nothing; then it does.
async fn outage(till: &Till) {
    till.sandbox.set_faults(Faults { busy_percent: 100, ..Faults::default() });
    for _ in 0..12 {
        assert_eq!(till.run("payments.run_processor_calls").await, 1);
        till.world.core.clock.advance(LATER);
    }
    till.sandbox.set_faults(Faults::default());
    till.run("payments.run_processor_calls").await;
}

#[tokio::test]
async fn what_goes_back_goes_back_once_it_answers() {
    let till = Till::open().await;
    let quote = till.quote(Collection::Prepaid, 30);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "captured");
    let cancelled = AppointmentFact { status: AppointmentStatus::CancelledByProvider, ..fact };
    till.world.receive(&till.world.cancelled(&cancelled)).await.unwrap();
    outage(&till).await;
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!(till.sandbox.charges(), []);
}

#[tokio::test]
async fn what_is_held_is_taken_once_it_answers() {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 3);
    let fact = till.await_payment(&quote).await;
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "authorised");
    let over =
        BookingsEvent::AppointmentChanged(AppointmentFact { status: AppointmentStatus::Completed, ..fact });
    till.world.receive(&till.world.envelope("bookings", &over)).await.unwrap();
    while till.run("payments.act_on_due").await > 0 {}
    outage(&till).await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["paid_cents"]), (&json!("captured"), &json!(11_000)));
    assert_eq!(till.sandbox.charges().len(), 1);
}
