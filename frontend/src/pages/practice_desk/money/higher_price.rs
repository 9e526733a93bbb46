//! A higher price that the practice asked for, beside the payment that it is of: why, what the patient says, and what nobody charges.

use shared_types::{AudCents, payments::practice::HigherPrice};
use yew::prelude::*;

use crate::components::notice::{Notice, NoticeKind};

#[derive(Clone, PartialEq, Properties)]
pub struct HigherPriceViewProps {
    pub higher: HigherPrice,
}

/// How it stands. What was agreed to and is charged to no card has to be seen.
#[component]
pub fn HigherPriceView(props: &HigherPriceViewProps) -> Html {
    let HigherPrice { asked_cents, agreed_cents, reason, uncollected_cents } = &props.higher;
    html! {
        <div class="stack">
            if let Some(cents) = agreed_cents {
                <p>{ format!("The patient agreed to {cents} in all.") }</p>
            }
            if let Some(cents) = asked_cents {
                <p>{ format!("You asked for {cents} in all. The patient has not agreed yet.") }</p>
            }
            if let Some(reason) = reason {
                <p>{ format!("Your reason: “{}”", reason.expose()) }</p>
            }
            if *uncollected_cents > AudCents::ZERO {
                <Notice kind={NoticeKind::Soon} title={format!("{uncollected_cents} of it is not charged")}>
                    <p>{ "No card that may be charged for it is kept, or the card said no. Ask for the same price once more, or settle it with the patient." }</p>
                </Notice>
            }
        </div>
    }
}
