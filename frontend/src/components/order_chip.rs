//! Which results come first. It stands beside the heading and belongs to the search form.

use shared_types::providers::SearchProviders;
use yew::prelude::*;

use super::{search_form::read_form, select_chip::SelectChip};
use crate::{browser, search};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct OrderChipProps {
    pub search: SearchProviders,
    pub onsearch: Callback<SearchProviders>,
}

/// Nearest or soonest first; stands beside the heading and belongs to the form.
#[component]
pub fn OrderChip(props: &OrderChipProps) -> Html {
    let options: Vec<(AttrValue, AttrValue)> =
        search::ORDERS.iter().map(|(_, value, words)| ((*value).into(), (*words).into())).collect();
    let value = search::ORDERS
        .iter()
        .find(|(order, ..)| *order == props.search.order)
        .map_or("distance", |(_, v, _)| v);
    // The form does not hear a change outside of it.
    let onsearch = props.onsearch.clone();
    let onchange = move |()| {
        if let Some(search) = browser::form("search-form").and_then(|form| read_form(&form)) {
            onsearch.emit(search);
        }
    };
    html! { <SelectChip name="order" label="Sort" {options} value={value} form="search-form" {onchange} /> }
}
