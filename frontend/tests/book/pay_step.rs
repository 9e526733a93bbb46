//! What a patient reads before they pay for a booking: what is taken now, and for what their card is kept beyond it.

use std::rc::Rc;

use frontend::components::pay_step::{CardSelect, CardSelectProps, PayStep, PayStepProps};
use jiff::civil::date;
use shared_types::{
    AudCents, SavedCardId,
    bookings::{Appointment, AppointmentStatus, Cancelling, Quote},
    payments::{
        pay::{SavedCard, SavedCards},
        quote::{Collection, QuoteTerms},
    },
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    canned::appointment,
    money_back::quote,
    parts::{html, in_order},
    support::as_of,
};

/// The step of a quote with these fees for cancelling late and for not coming.
async fn step(collection: Collection, (late, no_show): (i64, i64)) -> String {
    html::<PayStep>(move || {
        let quoted = quote(collection);
        let fees = |terms: QuoteTerms| QuoteTerms {
            late_fee_cents: AudCents(late),
            no_show_fee_cents: AudCents(no_show),
            ..terms
        };
        let awaiting = Appointment {
            status: AppointmentStatus::AwaitingPayment,
            quote: Some(Quote { terms: quoted.terms.clone().map(fees), ..quoted }),
            ..appointment(Cancelling::WithoutCharge)
        };
        PayStepProps { appointment: Rc::new(awaiting) }
    })
    .await
}

#[tokio::test]
async fn a_deposit_below_a_fee_says_how_much_more_its_card_may_be_charged_and_waits_for_leave() {
    let page = step(Collection::Deposit, (4_000, 5_000)).await;
    in_order(
        &page,
        &[
            "Pay the deposit to finish your booking",
            "$30",
            "Your card is kept for this booking, since a fee can be more than what you pay now.",
            "At most $20 more is charged to it",
            "if you cancel in the last 24 hours, at the time of the visit",
            "or if you do not come, once the practice says so",
            "It is kept for nothing else unless you ask for that.",
            "<button",
            "disabled",
            "Pay $30",
        ],
    );
    let no_show = step(Collection::Deposit, (3_000, 5_000)).await;
    assert!(!no_show.contains("if you cancel in the last"), "the deposit pays for that: {no_show}");
    let late = step(Collection::Deposit, (4_000, 0)).await;
    in_order(&late, &["At most $10 more", "if you cancel in the last 24 hours"]);
    assert!(!late.contains("if you do not come"), "{late}");
}

#[tokio::test]
async fn where_no_fee_is_above_what_is_paid_now_no_card_is_kept_and_no_leave_is_asked_for() {
    for (collection, fees) in [(Collection::Deposit, (3_000, 2_000)), (Collection::Prepaid, (5_000, 12_000))]
    {
        let page = step(collection, fees).await;
        assert!(!page.contains("Your card is kept"), "{page}");
        let button = page.split_once("<button").unwrap().1;
        assert!(!button.split_once('>').unwrap().0.contains("disabled"), "{page}");
    }
}

#[tokio::test]
async fn cards_that_are_kept_are_to_choose_from_beside_another_one() {
    let kept = SavedCardId(Uuid::from_u128(5));
    let page = html::<CardSelect>(move || {
        let card = SavedCard {
            saved_card_id: kept,
            brand: "visa".to_owned(),
            last_four: "4242".to_owned().into(),
            good_until: date(2030, 1, 1),
            created_at: as_of(),
        };
        CardSelectProps {
            cards: Rc::new(SavedCards { items: vec![card] }),
            chosen: Some(kept),
            on_choose: Callback::noop(),
        }
    })
    .await;
    in_order(&page, &["saved-card", "Another one", &kept.to_string(), "Visa ending in 4242"]);
}
