//! What a patient reads of a card that was not charged, while another can be given and once the time for one is over.

use std::rc::Rc;

use frontend::{
    components::{
        pay_step::{PayStepProps, RepairStep},
        payment_view::{PaymentView, PaymentViewProps},
    },
    pages::higher_charge::{HigherCharge, HigherChargeProps},
};
use jiff::SignedDuration;
use shared_types::{
    AudCents,
    bookings::{Appointment, AppointmentStatus, Cancelling},
    payments::{PaymentFailure, PaymentStatus, pay::PaymentStanding},
};
use yew::Callback;

use crate::{
    canned::appointment,
    higher_charge::paid,
    parts::{html, in_order},
    support::as_of,
};

/// A deposit was taken, and the card said no to the rest of a fee.
fn rest_of_fee() -> PaymentStanding {
    PaymentStanding {
        fee_owed_cents: AudCents(3_000),
        failure: Some(PaymentFailure::ExpiredCard),
        ..paid(PaymentStatus::Captured, None)
    }
}

async fn view(payment: PaymentStanding) -> String {
    html::<PaymentView>(move || PaymentViewProps { payment: Rc::new(payment) }).await
}

#[tokio::test]
async fn a_fee_that_was_not_charged_says_why_and_what_comes_next() {
    let words = "Your card was not charged. The card is out of date.";
    let until = as_of() + SignedDuration::from_hours(5);
    let open = view(PaymentStanding { repair_until: Some(until), ..rest_of_fee() }).await;
    in_order(&open, &[words, "Give another card on the booking’s own page."]);
    let over = view(rest_of_fee()).await;
    in_order(&over, &[words, "The time to give another card is over: you settle it with the practice."]);
    assert!(!over.contains("Give another card on"), "{over}");
    // A higher price that the card said no to is between the practice and the patient, and no other card is asked for.
    let asked = view(PaymentStanding { fee_owed_cents: AudCents::ZERO, ..rest_of_fee() }).await;
    assert!(!asked.contains("was not charged"), "{asked}");
}

#[tokio::test]
async fn once_the_time_for_another_card_is_over_the_booking_says_what_happened_instead() {
    let not_charged = || Appointment {
        status: AppointmentStatus::Completed,
        payment_failure: Some(PaymentFailure::Declined),
        ..appointment(Cancelling::WithoutCharge)
    };
    let page = html::<RepairStep>(move || PayStepProps { appointment: Rc::new(not_charged()) }).await;
    in_order(
        &page,
        &[
            "Your card was not charged",
            "The time to give another card is over",
            "You settle it with the practice.",
        ],
    );
    assert!(!page.contains("<button") && !page.contains("Give another card by"), "{page}");
}

#[tokio::test]
async fn a_price_that_the_card_said_no_to_is_asked_for_once_more_in_so_many_words() {
    let again =
        PaymentStanding { total_cents: AudCents(13_000), ..paid(PaymentStatus::Captured, Some(13_000)) };
    let page = html::<HigherCharge>(move || HigherChargeProps {
        payment: Rc::new(again),
        booking: None,
        on_agreed: Callback::noop(),
    })
    .await;
    in_order(
        &page,
        &[
            "Your practice asks for $130 once more",
            "You agreed to $130 in all, and your card was not charged for it. $110 is taken already.",
            "Agree to $130",
        ],
    );
}
