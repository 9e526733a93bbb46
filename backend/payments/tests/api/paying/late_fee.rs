//! An appointment is cancelled late while its patient has the page open on which another card is given, in place of one that failed.

use serde_json::json;
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, FeeWaiver},
    payments::quote::Collection,
};

use super::till::{GOOD_CARD, Till};
use crate::appointment;

/// The card that was kept for a visit failed, the page for another one is open, and the appointment is cancelled late.
async fn cancelled_in_repair() -> (Till, AppointmentFact) {
    let till = Till::open().await;
    let quote = till.quote(Collection::AfterVisit, 30);
    till.start(&quote, 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    till.card_fails().await;
    let (status, checkout) = till.repair(2).await;
    assert_eq!((status, &checkout["status"]), (201, &json!("awaiting")), "{checkout}");
    let fact = AppointmentFact {
        status: AppointmentStatus::CancelledLate,
        late_fee_cents: AudCents(5_000),
        start: quote.terms.as_ref().unwrap().start,
        quote: Some(quote),
        ..appointment(1)
    };
    till.world.receive(&till.world.cancelled(&fact)).await.unwrap();
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["fee_owed_cents"]), (&json!("awaiting"), &json!(5_000)));
    (till, fact)
}

async fn open_pages(till: &Till) -> String {
    till.read("select count(*)::text from payments.intent where status = 'page_open'").await
}

/// The fee is taken, once, and nothing else is.
async fn is_taken(till: &Till) {
    let standing = till.standing().await;
    let amounts = ["status", "paid_cents", "fee_cents", "fee_owed_cents"].map(|field| &standing[field]);
    assert_eq!(amounts, [&json!("captured"), &json!(5_000), &json!(5_000), &json!(0)], "{standing}");
    let charged: Vec<_> = till.sandbox.charges().into_iter().map(|(_, cents, _)| cents).collect();
    assert_eq!(charged, [5_000]);
}

#[tokio::test]
async fn the_page_for_the_visit_is_closed_and_the_next_one_takes_the_fee() {
    let (till, fact) = cancelled_in_repair().await;
    till.work().await;
    assert_eq!(open_pages(&till).await, "0");
    let (status, checkout) = till.repair(3).await;
    assert_eq!(status, 201, "{checkout}");
    till.pay(GOOD_CARD).await;
    is_taken(&till).await;
    // Told once more, since money came for what does not stand, it changes nothing.
    till.world.receive(&till.world.cancelled(&fact)).await.unwrap();
    till.work().await;
    is_taken(&till).await;
}

#[tokio::test]
async fn a_card_that_is_given_all_the_same_is_charged_the_fee_at_the_start() {
    let (till, fact) = cancelled_in_repair().await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "card_saved");
    till.work().await;
    assert_eq!(till.sandbox.charges(), [], "until then somebody else may take the time");
    till.world.core.clock.advance(fact.start.duration_since(till.world.core.now()));
    till.work().await;
    is_taken(&till).await;
}

#[tokio::test]
async fn a_fee_that_is_let_go_lets_the_page_go_too() {
    let (till, fact) = cancelled_in_repair().await;
    let waived = BookingsEvent::LateFeeWaived { booking_id: fact.booking_id, waived_by: FeeWaiver::Practice };
    till.world.receive(&till.world.envelope("bookings", &waived)).await.unwrap();
    till.work().await;
    let standing = till.standing().await;
    assert_eq!((&standing["status"], &standing["fee_owed_cents"]), (&json!("voided"), &json!(0)));
    assert_eq!(open_pages(&till).await, "0");
    assert_eq!(till.sandbox.charges(), []);
}
