//! The left half of the search page: heading, results, and every state they can be in.

use shared_types::{
    PractitionerRoleId,
    providers::{PlaceKind, SearchProviders, SearchReply},
};
use yew::prelude::*;

use super::{Shown, widening::Widenings};
use crate::{
    api::providers::search_providers,
    browser,
    components::{
        notice::{Notice, NoticeKind},
        order_chip::OrderChip,
        problem_view::ProblemView,
        results::{AskFirst, PlaceChoice, ResultList, ResultSkeletons},
    },
    hooks::More,
    search,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ResultColumnProps {
    pub search: SearchProviders,
    pub heading: AttrValue,
    pub shown: Shown,
    pub more: More,
    pub active: Option<PractitionerRoleId>,
    pub onactive: Callback<Option<PractitionerRoleId>>,
    pub onsearch: Callback<SearchProviders>,
}

/// Heading, notice, list, pager.
#[component]
pub fn ResultColumn(props: &ResultColumnProps) -> Html {
    let shown = &props.shown;
    use_focus_on_added(props);
    let status = match (&shown.reply, &shown.problem, shown.loading) {
        (_, _, true) => "Looking…".to_owned(),
        (Some(reply), ..) => search::status(reply, shown.items.len(), shown.next.is_some()),
        (None, Some(_), _) => "The results did not load.".to_owned(),
        (None, None, _) => String::new(),
    };
    html! {
        <section class="search-list" aria-labelledby="results-title" aria-busy={shown.loading.to_string()}>
            <div class="search-list__head">
                <h1 id="results-title">{ &props.heading }</h1>
                <p class="muted small" role="status" aria-live="polite">{ status }</p>
                <div class="order" hidden={shown.items.is_empty() && !shown.loading}>
                    <OrderChip search={props.search.clone()} onsearch={props.onsearch.clone()} />
                </div>
            </div>
            <div class="search-notice">{ notice(props) }</div>
            <div class="search-body">{ body(props) }</div>
            <div class="pager">{ pager(props) }</div>
        </section>
    }
}

fn body(props: &ResultColumnProps) -> Html {
    let shown = &props.shown;
    match (&shown.reply, &shown.problem) {
        (_, Some(problem)) => {
            html! { <ProblemView key="problem" problem={problem.clone()} retry={search::href(&props.search)} /> }
        }
        (None, None) if shown.loading => html! { <ResultSkeletons key="loading" /> },
        (None, None) => html! { <AskFirst key="ask" /> },
        (Some(reply), _) if shown.items.is_empty() => nobody(props, reply),
        (Some(reply), _) => html! {
            <ResultList key="results" items={shown.items.clone()} as_of={reply.as_of} active={props.active}
                visits={search::visits(&props.search, reply.place.as_ref())} onactive={props.onactive.clone()} />
        },
    }
}

fn nobody(props: &ResultColumnProps, reply: &SearchReply) -> Html {
    let search = props.search.clone();
    if reply.place.is_none() && !reply.other_places.is_empty() {
        let words = search.near.clone().unwrap_or_default();
        return html! { <PlaceChoice key="choice" {search} {words} places={reply.other_places.clone()} /> };
    }
    let key = search.to_query();
    html! { <Widenings {key} {search} radius_m={reply.radius_m} /> }
}

/// How the place was understood, when it could have been meant otherwise; and what home visits in a window of the map are.
fn notice(props: &ResultColumnProps) -> Html {
    let Some(reply) = &props.shown.reply else { return Html::default() };
    if let Some(words) = search::window_words(&props.search, reply.place.as_ref()) {
        return html! { <p class="small">{ words }</p> };
    }
    let Some(place) =
        reply.place.as_ref().filter(|place| matches!(place.kind, PlaceKind::Locality | PlaceKind::Postcode))
    else {
        return Html::default();
    };
    if place.corrected_from.is_none() && reply.other_places.is_empty() {
        return Html::default();
    }
    let title = match &place.corrected_from {
        Some(typed) => format!("Showing {}, not “{typed}”", place.label),
        None => format!("Showing {}", place.label),
    };
    let others = reply.other_places.iter().map(|other| {
        let href = search::href(&search::at_place(&props.search, other));
        html! { <li key={other.label.clone()}><a class="chip" {href}>{ &other.label }</a></li> }
    });
    html! {
        <Notice kind={NoticeKind::Info} {title}>
            if !reply.other_places.is_empty() {
                <p>{ "Or did you mean:" }</p>
                <ul class="chip-row">{ for others }</ul>
            }
        </Notice>
    }
}

/// "Show more": a link to the next page that a script turns into adding it here.
fn pager(props: &ResultColumnProps) -> Html {
    let back = props.search.cursor.is_some().then(|| {
        let first = SearchProviders { cursor: None, ..props.search.clone() };
        html! { <a key="first" class="button button--plain" href={search::href(&first)}>{ "Back to the first" }</a> }
    });
    let next = props.shown.next.clone().filter(|_| !props.shown.loading).map(|cursor| {
        let next = SearchProviders { cursor: Some(cursor), ..props.search.clone() };
        let (load, path) = (props.more.load.clone(), search_providers(&next));
        let onclick = move |event: MouseEvent| {
            event.prevent_default();
            load.emit(path.clone());
        };
        let words = match (props.more.loading, props.more.failed) {
            (true, _) => "Loading more…",
            (false, true) => "That did not load. Try again",
            (false, false) => "Show more",
        };
        html! {
            <a key="next" class="button button--quiet" rel="next" href={search::href(&next)} {onclick}
                aria-busy={props.more.loading.to_string()}>{ words }</a>
        }
    });
    html! { <>{ for back }{ for next }</> }
}

/// After a page was added, the focus goes to its first result, where reading goes on.
#[hook]
fn use_focus_on_added(props: &ResultColumnProps) {
    let added =
        props.more.pages.last().and_then(|page| page.items.first()).map(|item| item.practitioner_role_id);
    use_effect_with(added, |added| {
        if let Some(id) = added {
            browser::focus_link_in(&format!("r-{id}"));
        }
    });
}
