//! A practice's money: what patients paid, what was paid out, its documents and its account with the card processor; and who
//! pays for what, with the numbers by which it claims.

pub mod account;
pub mod ask_again;
pub mod ask_form;
pub mod bulk_bill_instead;
mod bulk_billing;
pub mod chargebacks;
pub mod days_fields;
pub mod eligible_types;
pub mod funding;
pub mod funding_form;
pub mod higher_price;
pub mod invoices;
pub mod item;
pub mod medicare;
pub mod no_item;
mod of_role;
pub mod payouts;
mod refund_form;
pub mod statement_view;
pub mod statements;
pub mod transactions;
pub mod unpaid;
pub mod visit_link;

use shared_types::OrganizationId;
use yew::prelude::*;

use super::desk_path;

/// Where these pages are, after a practice's own address.
const PAGES: [(&str, &str); 9] = [
    ("/money", "Transactions"),
    ("/money/unpaid", "Not paid"),
    ("/money/statements", "Statements"),
    ("/money/payouts", "Payouts"),
    ("/money/chargebacks", "Chargebacks"),
    ("/money/invoices", "Invoices"),
    ("/money/funding", "Who pays"),
    ("/money/medicare", "Medicare numbers"),
    ("/money/account", "Account and fees"),
];

/// The way between them.
fn money_pages(organization_id: OrganizationId, here: &str) -> Html {
    let link = |(rest, words): (&'static str, &'static str)| {
        let current = (rest == here).then_some("page");
        html! {
            <li key={rest}><a href={desk_path(organization_id, rest)} aria-current={current}>{ words }</a></li>
        }
    };
    html! {
        <nav class="no-print" aria-label="Money"><ul class="desk__pages">{ for PAGES.into_iter().map(link) }</ul></nav>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MoneyPageProps {
    pub organization_id: OrganizationId,
}

/// From one page of a list to the next older one, and back to the latest.
pub(in crate::pages) fn turning(cursor: &UseStateHandle<Option<String>>, next: Option<&String>) -> Html {
    turning_in(cursor, next, ["Older ones", "The latest"])
}

/// The same of a list in another order, which has its own words for the next page and for the way back to the first.
pub(in crate::pages) fn turning_in(
    cursor: &UseStateHandle<Option<String>>,
    next: Option<&String>,
    [on, back]: [&'static str; 2],
) -> Html {
    let further = next.cloned().map(|next| {
        let set = cursor.setter();
        let onclick = move |_: MouseEvent| set.set(Some(next.clone()));
        html! { <button type="button" class="button button--quiet" {onclick}>{ on }</button> }
    });
    let first = cursor.is_some().then(|| {
        let set = cursor.setter();
        let onclick = move |_: MouseEvent| set.set(None);
        html! { <button type="button" class="button button--plain" {onclick}>{ back }</button> }
    });
    html! { <div class="button-row no-print">{ for further }{ for first }</div> }
}
