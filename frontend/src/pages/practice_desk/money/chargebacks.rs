//! `/practice/{organization_id}/money/chargebacks`: charges that cardholders dispute at their bank.

use shared_types::{
    page::Page,
    payments::{ChargebackStatus, platform::Chargeback, practice::MONEY_STAFF},
};
use yew::prelude::*;

use super::{MoneyPageProps, money_pages, turning};
use crate::{
    api::practice_money,
    components::{failed::Failed, moment::Moment, money_words::chargeback_words},
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{Desk, DeskProps, ForStaff, desk_path},
    },
};

const TITLE: &str = "Chargebacks";
const REST: &str = "/money/chargebacks";

/// The page.
#[component]
pub fn ChargebacksPage(props: &MoneyPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Chargebacks {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={MONEY_STAFF} {render} />
    }
}

#[component]
fn Chargebacks(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = practice_money::list_practice_chargebacks(organization_id, cursor.as_deref());
    let list = match use_private_api::<Page<Chargeback>>(path, version) {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={desk_path(organization_id, REST)} {on_again} /> }
        }
        Some(Ok(page)) => html! {
            <>
                <ChargebackList items={page.items.clone()} />
                { turning(&cursor, page.next.as_ref()) }
            </>
        },
    };
    html! {
        <div class="stack">
            { money_pages(organization_id, REST) }
            <p>
                { "A cardholder has asked their bank for the money back. HelloMapper answers the bank: that the visit was \
                   booked and took place, and never why. Until the bank decides, it keeps the money; if it decides for the \
                   cardholder, your balance goes down by it." }
            </p>
            <div class="optional">{ list }</div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ChargebackListProps {
    pub items: Vec<Chargeback>,
}

/// Those that wait for an answer first.
#[component]
pub fn ChargebackList(props: &ChargebackListProps) -> Html {
    if props.items.is_empty() {
        return html! { <p>{ "No bank has asked for money back." }</p> };
    }
    html! { <ul class="stack" role="list">{ for props.items.iter().map(row) }</ul> }
}

fn row(one: &Chargeback) -> Html {
    let due = one.evidence_due_at.filter(|_| one.status == ChargebackStatus::NeedsResponse);
    html! {
        <li key={one.chargeback_id.to_string()} class="card stack">
            <p>
                <strong>{ one.amount_cents.to_string() }</strong>
                { format!(": {}. Opened ", chargeback_words(one.status)) }<Moment at={one.opened_at} />{ "." }
            </p>
            <p>{ format!("The bank’s reason: {}.", one.reason.replace('_', " ")) }</p>
            if let Some(at) = due {
                <p>{ "The bank takes evidence until " }<Moment {at} />{ "." }</p>
            }
            <p class="small muted">{ format!("Payment {}", one.payment_id) }</p>
        </li>
    }
}
