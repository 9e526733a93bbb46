//! `/practice/{organization_id}/money/payouts`: money sent to the practice's bank.

use shared_types::{
    page::Page,
    payments::practice::{MONEY_STAFF, Payout},
    time,
};
use yew::prelude::*;

use super::{MoneyPageProps, money_pages, turning};
use crate::{
    api::practice_money,
    components::{failed::Failed, moment::Moment, money_words::payout_words},
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{Desk, DeskProps, ForStaff, desk_path},
    },
};

const TITLE: &str = "Payouts";
const REST: &str = "/money/payouts";

/// The page.
#[component]
pub fn PayoutsPage(props: &MoneyPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Payouts {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={MONEY_STAFF} {render} />
    }
}

#[component]
fn Payouts(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = practice_money::list_payouts(organization_id, cursor.as_deref());
    let page = match use_private_api::<Page<Payout>>(path, version) {
        None => return loading(),
        Some(Err(problem)) => {
            return html! { <Failed {problem} here={desk_path(organization_id, REST)} {on_again} /> };
        }
        Some(Ok(page)) => page,
    };
    let row = |one: &Payout| {
        let file = practice_money::export_payout(organization_id, one.payout_id);
        html! {
            <li key={one.payout_id.to_string()} class="card stack">
                <p>
                    <strong>{ one.amount_cents.to_string() }</strong>
                    { format!(": {}. Made ", payout_words(one.status)) }<Moment at={one.created_at} />{ "." }
                </p>
                if let Some(day) = one.arrives_on {
                    <p>{ format!("At your bank on {}.", time::long_date(day)) }</p>
                }
                if let Some(why) = &one.failure {
                    <p>{ format!("The card processor says: {why}.") }</p>
                }
                <p><a href={file} download="payout.csv">
                    { "What it is made of (CSV)" }
                    <span class="visually-hidden">{ format!(", {}", one.amount_cents) }</span>
                </a></p>
            </li>
        }
    };
    html! {
        <div class="stack">
            { money_pages(organization_id, REST) }
            if page.items.is_empty() {
                <p>{ "Nothing was paid out yet." }</p>
            }
            <ul class="stack" role="list">{ for page.items.iter().map(row) }</ul>
            { turning(&cursor, page.next.as_ref()) }
        </div>
    }
}
