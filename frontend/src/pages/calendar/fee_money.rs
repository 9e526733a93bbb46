//! Whether a card was charged for a fee, beside the calendar. It is asked when somebody wishes it and not before: it is the patient's
//! money, and each look is written down.

use shared_types::{AudCents, BookingId, OrganizationId, Zone, payments::unpaid::FeeStanding};
use yew::prelude::*;

use crate::{
    api::practice_money,
    components::{failed::Failed, moment::Moment},
    hooks::{use_private_api, use_version},
    pages::{
        account::loading,
        practice_desk::{calendar_path, desk_path},
    },
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FeeMoneyProps {
    pub booking_id: BookingId,
    pub organization_id: OrganizationId,
}

/// The question, and its answer.
#[component]
pub fn FeeMoney(props: &FeeMoneyProps) -> Html {
    let shows = use_state_eq(|| false);
    let onclick = {
        let shows = shows.clone();
        move |_: MouseEvent| shows.set(!*shows)
    };
    html! {
        <div class="stack">
            <div class="button-row">
                <button type="button" class="button button--plain" {onclick} aria-expanded={shows.to_string()}>
                    { "Was it charged?" }
                </button>
            </div>
            <div class="optional">
                if *shows {
                    <Answer ..props.clone() />
                }
            </div>
        </div>
    }
}

#[component]
fn Answer(props: &FeeMoneyProps) -> Html {
    let FeeMoneyProps { booking_id, organization_id } = props;
    let (version, on_again) = use_version();
    match use_private_api::<FeeStanding>(practice_money::find_fee(*organization_id, *booking_id), version) {
        None => loading(),
        Some(Err(problem)) if problem.is("not-found") => html! {
            <p>{ "It is not paid through HelloMapper: you settle it with the patient." }</p>
        },
        Some(Err(problem)) => {
            html! { <Failed {problem} here={calendar_path(*organization_id, "")} {on_again} /> }
        }
        Some(Ok(fee)) => html! { <FeeMoneyView organization_id={*organization_id} fee={*fee} /> },
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FeeMoneyViewProps {
    pub organization_id: OrganizationId,
    pub fee: FeeStanding,
}

/// What was charged, what is owed, what happens by itself, and the way to the page that has it.
#[component]
pub fn FeeMoneyView(props: &FeeMoneyViewProps) -> Html {
    let FeeMoneyViewProps { organization_id, fee } = props;
    let was_charged = fee.charged_cents > AudCents::ZERO;
    let is_owed = fee.owed_cents > AudCents::ZERO;
    // Transactions are listed by the days of Sydney.
    let day = fee.taken_at.map(|at| format!("?day={}", Zone::SYDNEY.date(at))).unwrap_or_default();
    let transactions = desk_path(*organization_id, &format!("/money{day}"));
    html! {
        <div class="stack">
            if was_charged {
                <p>
                    { format!("{} of it was charged, or is kept of what was paid before. ", fee.charged_cents) }
                    <a href={transactions}>{ "See it among your transactions" }</a>
                </p>
            }
            if is_owed {
                <p>{ format!("{} of it is owed. ", fee.owed_cents) }{ next(*organization_id, fee) }</p>
            }
            if !was_charged && !is_owed {
                <p>{ "Nothing of it was charged through HelloMapper, and no card will be." }</p>
            }
        </div>
    }
}

/// What happens to what is owed.
fn next(organization_id: OrganizationId, fee: &FeeStanding) -> Html {
    let unpaid = desk_path(organization_id, "/money/unpaid");
    match (fee.repair_until, fee.charged_at) {
        (Some(until), _) => html! {
            <>
                { "The patient’s card was not charged; they can give another one until " }<Moment at={until} />{ ". " }
                <a href={unpaid}>{ "See what is not paid" }</a>
            </>
        },
        (None, Some(at)) => html! { <>{ "The patient’s card is charged " }<Moment {at} />{ "." }</> },
        (None, None) => html! {
            <>
                { "Where a card is being charged, look again in some minutes. Otherwise nothing more is charged by itself. " }
                <a href={unpaid}>{ "See what is not paid" }</a>
            </>
        },
    }
}
