//! The list of results, and what stands in its place while it is fetched or when nobody matches.

use jiff::Timestamp;
use shared_types::{
    PractitionerRoleId,
    providers::{Place, ProviderSummary, SearchProviders},
};
use yew::prelude::*;

use super::{icon::Icon, provider_card::ProviderCard, skeleton::CardSkeleton};
use crate::search;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ResultListProps {
    pub items: Vec<ProviderSummary>,
    pub as_of: Timestamp,
    /// Where each of them comes to, in a search for home visits.
    #[prop_or_default]
    pub visits: Option<search::Visits>,
    /// The result that is set apart here and on the map.
    pub active: Option<PractitionerRoleId>,
    pub onactive: Callback<Option<PractitionerRoleId>>,
}

/// `ol.results`, keyed by role.
#[component]
pub fn ResultList(props: &ResultListProps) -> Html {
    let results = props.items.iter().map(|item| {
        let id = item.practitioner_role_id;
        let onactive = props.onactive.reform(move |on: bool| on.then_some(id));
        html! {
            <li key={id.to_string()} class="result" id={format!("r-{id}")}>
                <ProviderCard provider={item.clone()} as_of={props.as_of} active={props.active == Some(id)}
                    visits={props.visits.clone()} {onactive} />
            </li>
        }
    });
    html! { <ol class="results">{ for results }</ol> }
}

/// Six cards without words.
#[component]
pub fn ResultSkeletons() -> Html {
    html! { <ol class="results">{ for (0..6).map(|at| html! { <li key={at} class="result"><CardSkeleton /></li> }) }</ol> }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PlaceChoiceProps {
    pub search: SearchProviders,
    /// What was typed.
    pub words: AttrValue,
    pub places: Vec<Place>,
}

/// Several places have this name: which one?
#[component]
pub fn PlaceChoice(props: &PlaceChoiceProps) -> Html {
    let places = props.places.iter().map(|place| {
        let href = search::href(&search::at_place(&props.search, place));
        html! {
            <li key={place.label.clone()}><a class="choice" {href}>
                <Icon name="pin" />
                <span><span class="choice__title">{ &place.label }</span></span>
                <Icon name="chevron-right" />
            </a></li>
        }
    });
    html! {
        <div class="state">
            <h2>{ format!("Which {}?", props.words) }</h2>
            <p>{ "Several places have this name." }</p>
            <ul class="choice-list">{ for places }</ul>
        </div>
    }
}

/// Before anything was asked.
#[component]
pub fn AskFirst() -> Html {
    html! {
        <div class="state">
            <h2>{ "Where are you looking?" }</h2>
            <p>{ "Type a suburb or postcode above, choose a profession, or use your location. You can also move the map and search what it shows." }</p>
            <p><a href="#near">{ "Go to the place box" }</a></p>
        </div>
    }
}
