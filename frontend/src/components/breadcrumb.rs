//! Where a page sits.

use shared_types::providers::{LocationSummary, SearchProviders};
use yew::prelude::*;

use crate::{json_ld::Crumb, search};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct BreadcrumbProps {
    /// The pages above this one: words and path, outermost first.
    pub above: Vec<(AttrValue, AttrValue)>,
    /// This page.
    pub here: AttrValue,
}

/// The way from the home page to here.
#[component]
pub fn Breadcrumb(props: &BreadcrumbProps) -> Html {
    let above = props.above.iter().map(|(words, path)| {
        html! { <li key={path.to_string()}><a href={path.clone()}>{ words }</a></li> }
    });
    html! {
        <nav class="breadcrumb" aria-label="Breadcrumb"><ol>
            { for above }
            <li key="here"><span aria-current="page">{ &props.here }</span></li>
        </ol></nav>
    }
}

/// The search for a profession (slug and name) around a place: one step above the people who are there.
pub fn search_crumb(profession: Option<(&str, &str)>, location: Option<&LocationSummary>) -> Option<Crumb> {
    let ((slug, name), location) = (profession?, location?);
    let around = SearchProviders {
        profession: Some(slug.to_owned()),
        near: Some(format!("{} {} {}", location.suburb, location.state, location.postcode)),
        ..SearchProviders::default()
    };
    Some((format!("{name} near {}", location.suburb), search::href(&around)))
}
