//! Where a booking's payment stands, as its payer sees it: the amounts, when the card is charged, and which card.

use std::rc::Rc;

use shared_types::{
    AudCents,
    payments::{PaymentStatus, pay::PaymentStanding},
};
use yew::prelude::*;

use super::{
    booking_summary::pair,
    moment::Moment,
    money_words::{card_words, payment_words},
    pay_step::failure_words,
};

#[derive(Clone, PartialEq, Properties)]
pub struct PaymentViewProps {
    pub payment: Rc<PaymentStanding>,
}

/// The words and the sums; what is nothing is left out.
#[component]
pub fn PaymentView(props: &PaymentViewProps) -> Html {
    let payment = &props.payment;
    let amounts = [
        ("Taken", payment.paid_cents),
        ("Of it, a fee", payment.fee_cents),
        ("Gone back, or on its way", payment.refunded_cents),
        ("Held", payment.held_cents),
        ("Owed", payment.fee_owed_cents),
    ];
    let amounts = amounts.into_iter().filter(|(_, cents)| *cents > AudCents::ZERO);
    html! {
        <div class="stack">
            <p><strong>{ payment_words(payment.status) }</strong>{ format!(", {}", sum(payment)) }</p>
            <dl class="pairs">
                { for amounts.map(|(term, cents)| pair((term, cents.to_string(), None))) }
            </dl>
            if let Some(at) = payment.charged_at {
                <p>{ "Your card is charged " }<Moment {at} />{ "." }</p>
            }
            if let Some(words) = unpaid_words(payment) {
                <p>{ words }</p>
            }
            if let Some((brand, last_four)) = &payment.card {
                <p class="small muted">{ card_words(brand, last_four.expose()) }</p>
            }
        </div>
    }
}

/// That a card was not charged for what is owed, and what comes next; nothing where nothing is owed so.
fn unpaid_words(payment: &PaymentStanding) -> Option<String> {
    let is_owed = match payment.status {
        PaymentStatus::Failed | PaymentStatus::AuthExpired => true,
        // The rest of a higher price is owed here for as long as another card can be given for it.
        PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won => {
            payment.fee_owed_cents > AudCents::ZERO || payment.repair_until.is_some()
        }
        PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Refunded
        | PaymentStatus::Voided
        | PaymentStatus::Disputed
        | PaymentStatus::Lost => payment.fee_owed_cents > AudCents::ZERO,
    };
    let failure = failure_words(payment.failure.filter(|_| is_owed)?);
    let next = match payment.repair_until {
        Some(_) => "Give another card on the booking’s own page.",
        None => "The time to give another card is over: you settle it with the practice.",
    };
    Some(format!("Your card was not charged. {failure} {next}"))
}

/// The sum that the words are about: what was taken, once something was; of a deposit or a fee that is not the price.
fn sum(payment: &PaymentStanding) -> AudCents {
    if payment.paid_cents > AudCents::ZERO { payment.paid_cents } else { payment.total_cents }
}
