//! `/practice/{organization_id}/money/unpaid`: what no card was charged for, of visits that took place and of fees: why, what happens by
//! itself, and what the practice can do.

use std::rc::Rc;

use shared_types::{
    AudCents, OrganizationId,
    bookings::practice::CALENDAR_STAFF,
    page::Page,
    payments::{IntentPurpose, PaymentFailure, practice::MONEY_STAFF, unpaid::UnpaidPayment},
};
use yew::prelude::*;

use super::{
    MoneyPageProps, ask_again::AskAgain, ask_form::AskForm, bulk_bill_instead::BulkBillInstead,
    higher_price::HigherPriceView, money_pages, turning, visit_link::VisitLink,
};
use crate::{
    api::practice_money,
    components::{failed::Failed, moment::Moment},
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{Desk, DeskProps, ForStaff, desk_path},
    },
};

const TITLE: &str = "Not paid";
const REST: &str = "/money/unpaid";

/// The page.
#[component]
pub fn UnpaidPage(props: &MoneyPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Unpaid {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={MONEY_STAFF} {render} />
    }
}

#[component]
fn Unpaid(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = practice_money::list_unpaid_payments(organization_id, cursor.as_deref());
    let page = match use_private_api::<Page<UnpaidPayment>>(path, version) {
        None => return loading(),
        Some(Err(problem)) => {
            return html! { <Failed {problem} here={desk_path(organization_id, REST)} {on_again} /> };
        }
        Some(Ok(page)) => page,
    };
    let reads_calendar = props.desk.roles.iter().any(|role| CALENDAR_STAFF.contains(role));
    let card = |one: &UnpaidPayment| {
        html! {
            <UnpaidCard key={one.payment_id.to_string()} {organization_id} unpaid={Rc::new(one.clone())}
                {reads_calendar} on_changed={on_again.clone()} />
        }
    };
    html! {
        <div class="stack">
            { money_pages(organization_id, REST) }
            <p>
                { "Visits that took place, higher prices and fees that no card was charged for. What is paid at your desk is " }
                { "not known here, so a payment stays on this list until a card pays it, the fee is let go or the visit is " }
                { "bulk billed." }
            </p>
            if page.items.is_empty() {
                <p>{ "Nothing is open: every card that was to be charged was charged." }</p>
            }
            <ul class="stack" role="list">{ for page.items.iter().map(card) }</ul>
            { turning(&cursor, page.next.as_ref()) }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct UnpaidCardProps {
    pub organization_id: OrganizationId,
    pub unpaid: Rc<UnpaidPayment>,
    /// Whether the calendar is for them too.
    pub reads_calendar: bool,
    /// Looks at the list again.
    pub on_changed: Callback<()>,
}

/// One of them, with what can be done about it.
#[component]
pub fn UnpaidCard(props: &UnpaidCardProps) -> Html {
    let UnpaidCardProps { organization_id, unpaid, reads_calendar, on_changed } = props;
    let asks = use_state_eq(|| false);
    let on_ask = {
        let asks = asks.clone();
        move |_: MouseEvent| asks.set(!*asks)
    };
    let payment_id = unpaid.payment_id;
    html! {
        <li class="card stack">
            <p>
                <strong>{ unpaid.owed_cents.to_string() }</strong>{ format!(": {}. ", purpose_words(unpaid.purpose)) }
                <Moment at={unpaid.failed_at} />
            </p>
            <p>{ why_words(unpaid.failure) }{ " " }{ next(unpaid) }</p>
            <p>{ choice_words(unpaid.purpose) }</p>
            <div class="optional">
                if unpaid.paid_cents > AudCents::ZERO {
                    <p class="small muted">{ format!("{} of this booking was taken before.", unpaid.paid_cents) }</p>
                }
            </div>
            <div class="optional">
                if let Some(visit) = unpaid.visit {
                    <VisitLink organization_id={*organization_id} booking_id={unpaid.booking_id} {visit}
                        leads={*reads_calendar} />
                }
            </div>
            <div class="optional">
                if let Some(higher) = unpaid.higher.clone() {
                    <HigherPriceView {higher} />
                }
            </div>
            if unpaid.purpose == IntentPurpose::Balance {
                <div class="button-row">
                    <button type="button" class="button button--plain" onclick={on_ask} aria-expanded={asks.to_string()}>
                        { "Ask once more" }
                    </button>
                </div>
                <div class="optional">
                    if *asks {
                        <AskForm organization_id={*organization_id} {payment_id} paid={unpaid.paid_cents} />
                    }
                </div>
            }
            <div class="optional">
                if unpaid.can_ask_again {
                    <AskAgain organization_id={*organization_id} {payment_id} owed_cents={unpaid.owed_cents}
                        on_changed={on_changed.clone()} />
                }
            </div>
            <div class="optional">
                if let Some(standing) = unpaid.bulk_billing {
                    <BulkBillInstead organization_id={*organization_id} {payment_id} {standing}
                        on_changed={on_changed.clone()} />
                }
            </div>
        </li>
    }
}

fn purpose_words(purpose: IntentPurpose) -> &'static str {
    match purpose {
        IntentPurpose::Visit => "for the visit",
        IntentPurpose::Balance => "of a higher price that the patient agreed to",
        IntentPurpose::LateFee => "fee for cancelling late",
        IntentPurpose::NoShowFee => "fee for not coming",
    }
}

/// Why, as it is said to a practice.
fn why_words(failure: Option<PaymentFailure>) -> &'static str {
    match failure {
        None => "No card is kept that may be charged for it.",
        Some(PaymentFailure::Declined | PaymentFailure::InsufficientFunds) => "The patient’s bank said no.",
        Some(PaymentFailure::ExpiredCard) => "The patient’s card is out of date.",
        Some(PaymentFailure::AuthenticationRequired) => {
            "The patient’s bank wants them to show that it is them."
        }
        Some(PaymentFailure::NotFinished) => "The patient did not finish paying.",
        Some(PaymentFailure::HoldExpired) => "The bank let go of the held money before it was taken.",
        Some(PaymentFailure::ProcessorUnavailable) => "The card processor did not answer.",
    }
}

/// What happens by itself.
fn next(unpaid: &UnpaidPayment) -> Html {
    match unpaid.repair_until {
        Some(until) if unpaid.is_being_paid => html! {
            <>
                { "The patient is on the page where they give another card. They have until " }<Moment at={until} />
                { "; what they pay is then among your transactions." }
            </>
        },
        Some(until) => html! {
            <>
                { "The patient was told and can give another card until " }<Moment at={until} />
                { ". It is then charged by itself." }
            </>
        },
        None if unpaid.failure.is_some() => {
            html! { "The time to give another card is over: nothing more is charged by itself." }
        }
        None => html! { "Nothing more is charged by itself." },
    }
}

/// What the practice can do.
fn choice_words(purpose: IntentPurpose) -> &'static str {
    match purpose {
        IntentPurpose::Visit => {
            "You can settle it with the patient in another way, such as at your desk or by an invoice of your own."
        }
        IntentPurpose::Balance => {
            "You can ask the patient for the same price once more, or settle it in another way, such as at your desk."
        }
        IntentPurpose::LateFee | IntentPurpose::NoShowFee => {
            "You can settle it with the patient in another way, or let the fee go beside the visit in the calendar."
        }
    }
}
