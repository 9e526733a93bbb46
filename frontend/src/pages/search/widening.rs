//! When nobody matches: ways that each give up one thing, with how many that would find.

use shared_types::providers::{SearchProviders, SearchReply};
use yew::prelude::*;

use crate::{
    api::providers::search_providers,
    components::icon::Icon,
    hooks::use_live_api,
    search::{self, Widening},
};

/// More than this many are not counted.
const COUNTED: u8 = 50;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WideningsProps {
    pub search: SearchProviders,
    /// The radius that was used.
    pub radius_m: Option<u32>,
}

/// The empty state.
#[component]
pub fn Widenings(props: &WideningsProps) -> Html {
    let ways = search::widenings(&props.search, props.radius_m);
    let words = if ways.is_empty() {
        "Try another place, or fewer words."
    } else {
        "Changing one thing may find someone. What would find nobody is left out."
    };
    let ways = ways.into_iter().map(|way| {
        let key = way.search.to_query();
        html! { <Suspense {key}><WayOut {way} /></Suspense> }
    });
    html! {
        <div class="state">
            <h2>{ "Nobody matches all of that here" }</h2>
            <p>{ words }</p>
            <ul class="choice-list">{ for ways }</ul>
            <p class="muted">{ "Or " }<a href="#near">{ "search another place" }</a>{ "." }</p>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct WayOutProps {
    way: Widening,
}

/// One way, unless it leads to nobody either; it counts by itself, so that the others do not wait for it.
#[component]
fn WayOut(props: &WayOutProps) -> HtmlResult {
    let way = &props.way;
    let counted = SearchProviders { limit: Some(COUNTED), ..way.search.clone() };
    let found = use_live_api::<SearchReply>(search_providers(&counted))?;
    let count = match found.latest {
        None => return Ok(html! { <li hidden=true></li> }),
        Some(Ok(reply)) if reply.items.is_empty() => return Ok(html! { <li hidden=true></li> }),
        Some(Ok(reply)) if reply.next.is_some() => format!("more than {} results", reply.items.len()),
        Some(Ok(reply)) if reply.items.len() == 1 => "1 result".to_owned(),
        Some(Ok(reply)) => format!("{} results", reply.items.len()),
        // What could not be counted is worth a try.
        Some(Err(_)) => String::new(),
    };
    Ok(html! {
        <li>
            <a class="choice" href={search::href(&way.search)}>
                <Icon name={way.icon} />
                <span>
                    <span class="choice__title">{ &way.title }</span>
                    <span class="choice__detail">{ &way.detail }</span>
                </span>
                <span class="choice__end">{ count }</span>
            </a>
        </li>
    })
}
