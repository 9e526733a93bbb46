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
    payments::{
        PaymentFailure, PaymentStatus,
        pay::PaymentStanding,
        quote::{Collection, PaymentTicket},
    },
};
use yew::Callback;

use crate::{
    canned::appointment,
    higher_charge::paid,
    money_back::quote,
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
    // For a higher price that the card said no to another one can be given too; afterwards it is between the practice and the patient.
    let asked = || PaymentStanding { fee_owed_cents: AudCents::ZERO, ..rest_of_fee() };
    let open = view(PaymentStanding { repair_until: Some(until), ..asked() }).await;
    in_order(&open, &[words, "Give another card on the booking’s own page."]);
    let over = view(asked()).await;
    assert!(!over.contains("was not charged"), "{over}");
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

/// Of what was paid when it was booked, a card says no to the rest of a higher price alone.
#[tokio::test]
async fn only_what_is_not_paid_yet_is_cancelled_once_nobody_gives_another_card() {
    let cancelled = "Otherwise the appointment is cancelled, without charge.";
    let settled = "Otherwise you settle it with the practice.";
    for (collection, otherwise) in
        [(Collection::AfterVisit, cancelled), (Collection::Deposit, settled), (Collection::Prepaid, settled)]
    {
        let not_charged = move || {
            let booked = appointment(Cancelling::WithoutCharge);
            let ticket = PaymentTicket {
                booking_id: booked.booking_id,
                account_id: None,
                patient_id: None,
                organization_id: None,
                expires_at: as_of(),
                kid: "k".to_owned(),
                signature: "s".to_owned(),
            };
            Appointment {
                quote: Some(quote(collection)),
                payment_failure: Some(PaymentFailure::Declined),
                repair_until: Some(as_of() + SignedDuration::from_hours(5)),
                payment_ticket: Some(ticket),
                ..booked
            }
        };
        let page = html::<RepairStep>(move || PayStepProps { appointment: Rc::new(not_charged()) }).await;
        in_order(&page, &["Your card was not charged", otherwise, "Give another card"]);
    }
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
