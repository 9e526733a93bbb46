//! What can be booked and what it costs.

use shared_types::{PractitionerRoleId, providers::FeeLine};
use yew::prelude::*;

use super::booking_words::price_words;
use crate::forms::book_query::BookQuery;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FeesTableProps {
    pub fees: Vec<FeeLine>,
    /// Links each row to its times, when there are any to book.
    #[prop_or_default]
    pub role_id: Option<PractitionerRoleId>,
}

/// The table; on a phone each row becomes a block.
#[component]
pub fn FeesTable(props: &FeesTableProps) -> Html {
    html! {
        <table class="table table--stack">
            <caption>
                { "Whole prices. For those that are not bulk billed, ask the practice what Medicare or " }
                { "your fund pays back." }
            </caption>
            <thead><tr>
                <th scope="col">{ "Appointment" }</th>
                <th scope="col">{ "Length" }</th>
                <th scope="col" class="money">{ "Fee" }</th>
                <th scope="col" class="money">{ "You pay" }</th>
            </tr></thead>
            <tbody>{ for props.fees.iter().map(|fee| fee_row(fee, props.role_id)) }</tbody>
        </table>
    }
}

fn fee_row(fee: &FeeLine, role_id: Option<PractitionerRoleId>) -> Html {
    let name = match role_id {
        Some(role_id) => {
            let query = BookQuery { type_id: Some(fee.appointment_type_id), ..BookQuery::default() };
            html! { <a href={query.path(role_id)} rel="nofollow">{ &fee.name }</a> }
        }
        None => html! { &fee.name },
    };
    let channel = if fee.telehealth { ", by video or phone" } else { "" };
    let charged = if fee.bulk_billed { "Bulk billed".to_owned() } else { fee.price_cents.to_string() };
    html! {
        <tr key={fee.appointment_type_id.to_string()}>
            <th scope="row">{ name }</th>
            <td data-label="Length">{ format!("{} min{channel}", fee.duration_minutes) }</td>
            <td class="money" data-label="Fee">{ charged }</td>
            <td class="money" data-label="You pay">
                <strong>{ price_words(fee.price_cents, fee.bulk_billed) }</strong>
            </td>
        </tr>
    }
}
