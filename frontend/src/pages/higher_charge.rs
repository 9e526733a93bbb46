//! A higher price that the practice asks for, on a booking's own pages and among somebody's payments: what was agreed to, what
//! is asked and why, and the box without which nothing more is charged.

use std::rc::Rc;

use shared_types::{
    AudCents,
    bookings::ConsentGiven,
    payments::{
        PaymentStatus,
        pay::{AgreeToCharge, PaymentStanding},
    },
    users::ConsentText,
};
use yew::prelude::*;

use super::account::Refused;
use crate::{
    api::{OwnBooking, payments, use_api_client},
    browser,
    components::{
        consent_box::ConsentBox,
        notice::{Notice, NoticeKind},
        problem_view::ProblemView,
    },
    hooks::{use_keyed, use_private_api_if},
};

#[derive(Clone, PartialEq, Properties)]
pub struct HigherChargeProps {
    pub payment: Rc<PaymentStanding>,
    /// As who holds it shows it; without it the session says whose it is.
    #[prop_or_default]
    pub booking: Option<OwnBooking>,
    pub on_agreed: Callback<()>,
}

/// The question, and what follows once it is agreed to; nothing where nobody asks.
#[component]
pub fn HigherCharge(props: &HigherChargeProps) -> Html {
    let HigherChargeProps { payment, booking, on_agreed } = props;
    let (client, keyed, notice) = (use_api_client(), use_keyed(), use_node_ref());
    // The price that the box was ticked for: another one is another question.
    let ticked = use_state_eq(|| None::<AudCents>);
    let agreed = use_state_eq(|| None::<AudCents>);
    let wanted = asked(payment).filter(|cents| *agreed != Some(*cents));
    let text = use_private_api_if::<ConsentText>(wanted.map(|_| payments::get_charge_consent()), 0);
    {
        let notice = notice.clone();
        // The button that had the focus is gone.
        use_effect_with(*agreed, move |agreed| {
            if agreed.is_some() {
                browser::focus_node(&notice);
            }
        });
    }
    let Some(total_cents) = wanted else {
        return agreed.map_or_else(Html::default, |cents| agreed_words(cents, notice));
    };
    let consent = text.clone().and_then(Result::ok).filter(|_| *ticked == Some(total_cents));
    let is_ready = consent.is_some();
    let onclick = {
        let (keyed, booking, on_agreed, agreed) =
            (keyed.clone(), booking.clone(), on_agreed.clone(), agreed.setter());
        let booking_id = payment.booking_id;
        move |_: MouseEvent| {
            let Some(consent) = &consent else { return };
            let consent = ConsentGiven { text: consent.text.clone(), version: consent.version };
            let (client, booking) = (client.clone(), booking.clone());
            let send = move |body: AgreeToCharge, key: String| {
                let (client, booking) = (client.clone(), booking.clone());
                async move { payments::agree_to_charge(&client, booking_id, &body, (booking.as_ref(), key)).await }
            };
            let (on_agreed, agreed) = (on_agreed.clone(), agreed.clone());
            keyed.run(AgreeToCharge { total_cents, consent }, send, move |_: PaymentStanding| {
                agreed.set(Some(total_cents));
                on_agreed.emit(());
            });
        }
    };
    let on_agree = {
        let ticked = ticked.setter();
        Callback::from(move |ticks: bool| ticked.set(ticks.then_some(total_cents)))
    };
    let id = format!("higher-charge-{}", payment.payment_id);
    let words = match text {
        None => Html::default(),
        Some(Ok(text)) => {
            html! { <ConsentBox {text} agreed={*ticked == Some(total_cents)} {on_agree} {id} /> }
        }
        Some(Err(problem)) => html! { <ProblemView {problem} /> },
    };
    html! {
        <div class="stack">
            <Notice kind={NoticeKind::Soon} title={heading(payment, total_cents)}>
                <p>{ sums(payment, total_cents) }</p>
                <p>{ reason_words(payment) }</p>
                <p>{ "You decide. Unless you agree, nothing more is charged than you agreed to." }</p>
            </Notice>
            <div class="optional">{ words }</div>
            <div class="button-row no-print">
                <button type="button" class="button" disabled={!is_ready} {onclick}
                    aria-busy={keyed.act.busy.to_string()}>
                    { format!("Agree to {total_cents}") }
                </button>
            </div>
            <Refused act={keyed.act.clone()} />
        </div>
    }
}

/// The price that waits for an answer. A payment that is over asks for nothing any more.
fn asked(payment: &PaymentStanding) -> Option<AudCents> {
    match payment.status {
        PaymentStatus::CardSaved
        | PaymentStatus::Authorised
        | PaymentStatus::Captured
        | PaymentStatus::PartRefunded
        | PaymentStatus::Won => payment.asked_cents,
        PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::Refunded
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Voided
        | PaymentStatus::Disputed
        | PaymentStatus::Lost => None,
    }
}

fn heading(payment: &PaymentStanding, asked: AudCents) -> String {
    match asked.checked_sub(payment.total_cents) {
        Some(more) if more > AudCents::ZERO => format!("Your practice asks for {more} more"),
        Some(AudCents::ZERO) => format!("Your practice asks for {asked} once more"),
        Some(_) | None => "Your practice asks for another amount".to_owned(),
    }
}

fn sums(payment: &PaymentStanding, asked: AudCents) -> String {
    if asked == payment.total_cents {
        let taken = payment.paid_cents;
        return format!(
            "You agreed to {asked} in all, and your card was not charged for it. {taken} is taken already."
        );
    }
    let price = format!("The price was {}. The new one is {asked} in all", payment.total_cents);
    if payment.paid_cents > AudCents::ZERO {
        return format!("{price}, of which {} is taken already.", payment.paid_cents);
    }
    format!("{price}.")
}

/// What was asked for before reasons were written down has none.
fn reason_words(payment: &PaymentStanding) -> String {
    match &payment.asked_reason {
        Some(reason) => format!("The practice’s reason: “{}”", reason.expose()),
        None => "The practice wrote no reason. Ask it why before you agree.".to_owned(),
    }
}

fn agreed_words(cents: AudCents, node_ref: NodeRef) -> Html {
    html! {
        <Notice kind={NoticeKind::Success} title={format!("You agreed to {cents}")} {node_ref}>
            <p>
                { "What was not taken yet is charged to the card that is kept for this booking, and you get a receipt. " }
                { "Where no card is kept, you settle it with the practice." }
            </p>
        </Notice>
    }
}
