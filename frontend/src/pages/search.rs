//! `/search`: list and map of one search, whose whole state is the address.

mod list;
mod widening;

use std::rc::Rc;

use shared_types::{
    PractitionerRoleId,
    providers::{Professions, SearchProviders, SearchReply},
};
use yew::prelude::*;
use yew_router::{hooks::use_location, hooks::use_navigator, query::Raw};

use self::list::ResultColumn;
use crate::{
    api::providers::list_professions,
    browser,
    components::{icon::Icon, map_panel::MapPanel, search_form::SearchForm},
    head::Head,
    hooks::{Live, More, use_api, use_head, use_live_api_if, use_more, use_places},
    json_ld,
    map::Frame,
    routes::Route,
    search,
};

/// The search page.
#[component]
pub fn SearchPage() -> HtmlResult {
    let query =
        use_location().map_or_else(String::new, |here| here.query_str().trim_start_matches('?').to_owned());
    let asked = search::read_query(&query).unwrap_or_default();
    let path = search::api_path(&query);
    let professions = use_api::<Professions>(list_professions())?;
    let live = use_live_api_if::<SearchReply>(path.clone())?;
    let more = use_more(path.unwrap_or_default());
    let onsearch = use_onsearch(query);
    let place_words = use_state_eq(String::new);
    let suggestions = use_places((*place_words).clone());
    let active = use_state_eq(|| None::<PractitionerRoleId>);
    let on_map = use_state_eq(|| false);

    let shown = Shown::of(&live, &more);
    let professions = professions.map(|known| known.items.clone()).unwrap_or_default();
    let reply = shown.reply.as_deref();
    let by_slug = professions.iter().find(|known| Some(&known.slug) == asked.profession.as_ref());
    let heading = search::heading(
        &asked,
        reply.and_then(|reply| reply.profession.as_ref()).or(by_slug),
        reply.and_then(|reply| reply.place.as_ref()),
    );
    use_head(head(&asked, &heading, &live));
    use_effect_with(!shown.items.is_empty(), |found| {
        // Before, the page was too short to be where it was left.
        if *found {
            browser::back_to_place();
        }
    });

    let onactive = use_callback((), {
        let active = active.setter();
        move |id, ()| active.set(id)
    });
    let onplace = use_callback((), {
        let words = place_words.setter();
        move |typed, ()| words.set(typed)
    });
    let onarea = {
        let (onsearch, asked) = (onsearch.clone(), asked.clone());
        move |(bbox, zoom)| onsearch.emit(search::in_window(&asked, bbox, zoom))
    };
    let toggle = {
        let on_map = on_map.clone();
        move |_: MouseEvent| on_map.set(!*on_map)
    };
    let as_of = reply.map(|reply| (reply.as_of, search::zone_of(&reply.items)));
    // Nothing to see on a map, unless one is on it already and wants to look elsewhere.
    let no_results = shown.items.is_empty() && !shown.loading && !*on_map;
    Ok(html! {
        <main id="main" tabindex="-1" class="search" data-view={if *on_map { "map" } else { "list" }}>
            <SearchForm search={asked.clone()} facets={reply.and_then(|reply| reply.facets.clone())}
                {professions} {as_of} show={shown.words()} {suggestions}
                {onplace} onsearch={onsearch.clone()} />
            <div class="search-layout">
                <ResultColumn search={asked.clone()} {heading} shown={shown.clone()} {more} active={*active}
                    onactive={onactive.clone()} {onsearch} />
                <MapPanel items={shown.items.clone()} as_of={as_of.map(|(as_of, _)| as_of)}
                    clusters={reply.and_then(|reply| reply.clusters.clone()).unwrap_or_default()}
                    frame={Frame::of(&asked, reply)} area={reply.and_then(area)} cards={*on_map} active={*active}
                    visits={search::visits(&asked, reply.and_then(|reply| reply.place.as_ref()))} {onactive} {onarea} />
            </div>
            <button type="button" class="button map-toggle js-only" hidden={no_results} aria-pressed={on_map.to_string()} onclick={toggle}>
                <Icon name={if *on_map { "list" } else { "map" }} />{ if *on_map { "List" } else { "Map" } }
            </button>
        </main>
    })
}

/// The circle that was searched.
fn area(reply: &SearchReply) -> Option<((f64, f64), u32)> {
    let place = reply.place.as_ref()?;
    Some(((place.lat, place.lon), reply.radius_m?))
}

/// What is on the screen: the first page and those added to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    reply: Option<Rc<SearchReply>>,
    problem: Option<shared_types::Problem>,
    items: Vec<shared_types::providers::ProviderSummary>,
    next: Option<String>,
    loading: bool,
}

impl Shown {
    fn of(live: &Live<SearchReply>, more: &More) -> Self {
        let reply = live.latest.as_ref().and_then(|latest| latest.as_ref().ok().cloned());
        let problem = live.latest.as_ref().and_then(|latest| latest.as_ref().err().cloned());
        let pages = || reply.as_deref().into_iter().chain(more.pages.iter());
        let items = pages().flat_map(|page| page.items.iter().cloned()).collect();
        let next = pages().last().and_then(|page| page.next.clone());
        Self { items, next, problem, loading: live.loading, reply }
    }

    /// For the button that closes the sheet of filters.
    fn words(&self) -> String {
        match (self.items.len(), self.next.is_some()) {
            (0, _) => "Show results".to_owned(),
            (1, false) => "Show 1 result".to_owned(),
            (count, more) => format!("Show {count}{} results", if more { "+" } else { "" }),
        }
    }
}

/// Replaces the address by another search, unless it is the same.
#[hook]
fn use_onsearch(query: String) -> Callback<SearchProviders> {
    let navigator = use_navigator();
    use_callback((query, navigator), |wanted: SearchProviders, (query, navigator)| {
        let wanted = wanted.to_query();
        let same = search::read_query(query).is_some_and(|search| search.to_query() == wanted);
        if let Some(navigator) = navigator.as_ref().filter(|_| !same) {
            // A raw query cannot fail to encode.
            let _ = navigator.replace_with_query(&Route::Search, Raw(wanted));
        }
    })
}

fn head(asked: &SearchProviders, heading: &str, live: &Live<SearchReply>) -> Head {
    let status = match &live.latest {
        Some(Err(problem)) if problem.status == 0 => 503,
        Some(Err(problem)) => problem.status,
        Some(Ok(_)) | None => 200,
    };
    let found = live.latest.as_ref().and_then(|latest| latest.as_ref().ok());
    Head {
        title: heading.to_owned(),
        description: format!(
            "{heading}: next free times, distance, languages and fees. Book without a phone call."
        ),
        // One address for searchers to remember; the landing pages are for search engines.
        canonical: Some("/search".to_owned()),
        robots_noindex: *asked != SearchProviders::default(),
        json_ld: found.and_then(|reply| json_ld::results(&reply.items)),
        status,
        ..Head::default()
    }
}
