//! What the search page says and where its links go: pure functions of the query and the reply.

use jiff::{Timestamp, ToSpan, civil::Date};
use shared_types::{
    Bbox, GeoPoint, Metres, Zone,
    providers::{
        FacetCounts, Order, Place, PlaceKind, ProfessionRef, ProviderSummary, SearchProviders, SearchReply,
    },
    time::clock_words,
};
use yew::AttrValue;

use crate::{api, components::facts::language_name};

/// The radii one can choose, in metres.
pub const RADII_M: [u32; 7] = [2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 200_000];

/// Reads the page's query. Words win over a point, and a point over a window, so that typing a place ends a
/// search by map even where no script runs.
pub fn read_query(query: &str) -> Option<SearchProviders> {
    let mut search = SearchProviders::from_query(query).ok()?;
    if search.near.is_some() {
        search.point = None;
    }
    if search.near.is_some() || search.point.is_some() {
        (search.bbox, search.zoom) = (None, None);
    }
    Some(search)
}

/// The API's path for the page's query, counts beside the filters included; `None` while nothing is asked yet. A query that cannot be read goes on
/// as it is, and the service says what is wrong with it.
pub fn api_path(query: &str) -> Option<String> {
    match read_query(query) {
        Some(search) if is_blank(&search) => None,
        Some(search) => {
            Some(api::providers::search_providers(&SearchProviders { count_facets: true, ..search }))
        }
        None => Some(format!("{}?{query}", api::providers::search_providers(&SearchProviders::default()))),
    }
}

/// Whether nothing says who or where.
pub fn is_blank(search: &SearchProviders) -> bool {
    !search.has_place() && search.q.is_none() && search.profession.is_none()
}

/// The page's address for a search.
pub fn href(search: &SearchProviders) -> String {
    let query = search.to_query();
    if query.is_empty() { "/search".to_owned() } else { format!("/search?{query}") }
}

/// The same place and words without any filter.
pub fn cleared(search: &SearchProviders) -> SearchProviders {
    SearchProviders {
        near: search.near.clone(),
        point: search.point,
        bbox: search.bbox,
        zoom: search.zoom,
        profession: search.profession.clone(),
        q: search.q.clone(),
        order: search.order,
        ..SearchProviders::default()
    }
}

/// How many filters are on.
pub fn filters_on(search: &SearchProviders) -> usize {
    let chosen = [
        search.radius_m.is_some(),
        search.language.is_some(),
        search.gender.is_some(),
        search.before.is_some(),
    ];
    let flags = search.flags().into_iter().filter(|(_, on)| *on).count();
    flags + chosen.into_iter().filter(|on| *on).count()
}

/// The page's heading: `Physiotherapists near Parramatta NSW 2150`.
pub fn heading(
    search: &SearchProviders,
    profession: Option<&ProfessionRef>,
    place: Option<&Place>,
) -> String {
    let who = profession.map_or("Health providers", |profession| profession.plural.as_str());
    // "physio near Parramatta" was understood as a profession and a place: no words are left to match.
    let understood = search.profession.is_none() && profession.is_some();
    let words = search.q.as_ref().filter(|_| !understood);
    let words = words.map(|q| format!(" matching “{q}”")).unwrap_or_default();
    let wher = match place {
        Some(place) => match place.kind {
            PlaceKind::Locality | PlaceKind::Postcode => format!(" near {}", place.label),
            PlaceKind::Coordinates => " near you".to_owned(),
            PlaceKind::Window => " in this area".to_owned(),
        },
        None => search.near.as_ref().map(|near| format!(" near {near}")).unwrap_or_default(),
    };
    format!("{who}{words}{wher}")
}

/// Where the results of a search for home visits come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visits {
    /// Said instead of how far away a result is: `Comes to you in Parramatta`.
    pub words: AttrValue,
    /// Goes along with the choice of a time: `Parramatta NSW 2150`.
    pub near: Option<AttrValue>,
}

/// Where the results come to. In a window of the map nobody was asked whether they come to it.
pub fn visits(search: &SearchProviders, place: Option<&Place>) -> Option<Visits> {
    let place = place.filter(|_| search.home_visit)?;
    match place.kind {
        PlaceKind::Locality | PlaceKind::Postcode => Some(Visits {
            words: format!("Comes to you in {}", place.name).into(),
            near: Some(place.label.clone().into()),
        }),
        PlaceKind::Coordinates => Some(Visits { words: "Comes to where you are".into(), near: None }),
        PlaceKind::Window => None,
    }
}

/// What home visits in a window of the map are: those of practices in it, wherever they go. None for any other search.
pub fn window_words(search: &SearchProviders, place: Option<&Place>) -> Option<&'static str> {
    let place = place.filter(|_| search.home_visit)?;
    match place.kind {
        PlaceKind::Window => Some(
            "These work in this part of the map and make home visits, here or elsewhere. Search for a suburb or postcode \
             to see who comes there.",
        ),
        PlaceKind::Locality | PlaceKind::Postcode | PlaceKind::Coordinates => None,
    }
}

/// What stands under the heading: how many, how far, as of when.
pub fn status(reply: &SearchReply, shown: usize, more: bool) -> String {
    if shown == 0 && reply.place.is_none() && !reply.other_places.is_empty() {
        return "Choose a place to see results.".to_owned();
    }
    if shown == 0 {
        let within = reply.radius_m.map(|radius| format!(" within {}", whole_km(radius))).unwrap_or_default();
        return format!("No results{within}.");
    }
    let within = reply.radius_m.map(|radius| format!(" within {}", whole_km(radius))).unwrap_or_default();
    let count = match (shown, more) {
        (shown, true) => format!("{shown} shown{within}, more below"),
        (1, false) => format!("1 result{within}"),
        (shown, false) => format!("{shown} results{within}"),
    };
    format!("{count}. Times as of {}.", clock_words(zone_of(&reply.items).time(reply.as_of)))
}

/// `10 km`.
pub fn whole_km(metres: u32) -> String {
    if metres.is_multiple_of(1000) {
        format!("{} km", metres / 1000)
    } else {
        Metres(f64::from(metres)).to_string()
    }
}

/// The zone of the first result; results of one search mostly share it.
pub fn zone_of(items: &[ProviderSummary]) -> Zone {
    items.iter().find_map(|item| item.location.as_ref()).map_or(Zone::SYDNEY, |location| location.time_zone)
}

/// Choices for "free before": words and the last day.
pub fn free_by(as_of: Timestamp, zone: Zone) -> Vec<(&'static str, Date)> {
    let today = zone.date(as_of);
    [("today", 0), ("by tomorrow", 1), ("within 3 days", 3), ("within a week", 7), ("within a month", 30)]
        .into_iter()
        .filter_map(|(words, days)| Some((words, today.checked_add(days.days()).ok()?)))
        .collect()
}

/// One way to find somebody after all.
#[derive(Clone, Debug, PartialEq)]
pub struct Widening {
    /// The icon beside it.
    pub icon: &'static str,
    /// `Without home visits`.
    pub title: String,
    /// What stays.
    pub detail: String,
    /// The search with that one thing widened.
    pub search: SearchProviders,
}

/// Each of these gives up one thing, the likeliest first; at most five.
pub fn widenings(search: &SearchProviders, radius_m: Option<u32>) -> Vec<Widening> {
    let mut ways = Vec::new();
    let mut way = |icon, title: String, change: &dyn Fn(&mut SearchProviders)| {
        let mut wider = SearchProviders { cursor: None, ..search.clone() };
        change(&mut wider);
        let detail = if filters_on(&wider) == 0 { "Same search otherwise" } else { "Other filters kept" };
        ways.push(Widening { icon, title, detail: detail.to_owned(), search: wider });
    };
    if search.before.is_some() {
        way("calendar", "Free on any day".to_owned(), &|wider| wider.before = None);
    }
    if let Some(tag) = &search.language {
        way("language", format!("Any language, not only {}", language_name(tag)), &|wider| {
            wider.language = None
        });
    }
    for (name, on) in search.flags() {
        if on {
            let (icon, words) = flag_words(name);
            way(icon, format!("Without {}", words.to_lowercase()), &|wider| clear_flag(wider, name));
        }
    }
    if search.gender.is_some() {
        way("user", "Any gender".to_owned(), &|wider| wider.gender = None);
    }
    let radius = search.radius_m.or(radius_m).filter(|_| search.has_place());
    if let Some(next) = radius.and_then(|radius| RADII_M.into_iter().find(|wider| *wider >= radius * 2)) {
        way("map", format!("Within {}", whole_km(next)), &|wider| wider.radius_m = Some(next));
    }
    if let Some(q) = &search.q {
        way("search", format!("Without the words “{q}”"), &|wider| wider.q = None);
    }
    if search.bbox.is_some() || (search.profession.is_some() && (search.q.is_some() || search.has_place())) {
        way("user", "Any profession".to_owned(), &|wider| wider.profession = None);
    }
    ways.truncate(5);
    ways
}

/// Icon and words of a yes-or-no filter.
pub fn flag_words(name: &str) -> (&'static str, &'static str) {
    match name {
        "bulk_billing" => ("bulk-billing", "Bulk billing"),
        "telehealth" => ("telehealth", "Telehealth"),
        "home_visit" => ("home-visit", "Home visits"),
        "wheelchair" => ("wheelchair", "Step-free access"),
        _ => ("new-patients", "New patients"),
    }
}

/// How many results a yes-or-no filter would leave; `None` where that cannot be told from those of now, since the
/// filter looks in another region.
pub fn flag_count(facets: Option<&FacetCounts>, name: &str, on: bool) -> Option<String> {
    let elsewhere = matches!(name, "telehealth" | "home_visit") && !on;
    facets.filter(|_| !elsewhere).map(|facets| facets.words(name))
}

fn clear_flag(search: &mut SearchProviders, name: &str) {
    match name {
        "bulk_billing" => search.bulk_billing = false,
        "telehealth" => search.telehealth = false,
        "home_visit" => search.home_visit = false,
        "wheelchair" => search.wheelchair = false,
        _ => search.new_patients = false,
    }
}

/// The search at one of the other places that the words could have meant.
pub fn at_place(search: &SearchProviders, place: &Place) -> SearchProviders {
    SearchProviders {
        near: Some(place.label.clone()),
        point: None,
        bbox: None,
        zoom: None,
        cursor: None,
        ..search.clone()
    }
}

/// The search around a point.
pub fn at_point(search: &SearchProviders, (lat, lon): (f64, f64)) -> SearchProviders {
    SearchProviders {
        near: None,
        point: GeoPoint::new(lat, lon).ok(),
        bbox: None,
        zoom: None,
        cursor: None,
        ..search.clone()
    }
}

/// The search in a window of the map; a radius means nothing there.
pub fn in_window(search: &SearchProviders, bbox: Bbox, zoom: u8) -> SearchProviders {
    SearchProviders {
        near: None,
        point: None,
        bbox: Some(bbox),
        zoom: Some(zoom),
        radius_m: None,
        cursor: None,
        ..search.clone()
    }
}

/// Orders and their words.
pub const ORDERS: [(Order, &str, &str); 2] =
    [(Order::Distance, "distance", "Nearest"), (Order::Soonest, "soonest", "Soonest")];

#[cfg(test)]
mod tests {
    use shared_types::providers::SearchProviders;

    use super::{FacetCounts, api_path, filters_on, flag_count, href, read_query, widenings};

    #[test]
    fn words_win_over_a_window() {
        let search = read_query("near=Parramatta&bbox=150,-34,151,-33&zoom=9").unwrap();
        assert_eq!(href(&search), "/search?near=Parramatta");
    }

    #[test]
    fn nothing_is_asked_of_nobody() {
        assert_eq!(api_path("near=&order=soonest"), None);
        assert_eq!(api_path("near=2150").as_deref(), Some("/api/v1/providers/search?near=2150&facets=true"));
        assert_eq!(api_path("radius_m=1").as_deref(), Some("/api/v1/providers/search?radius_m=1"));
    }

    #[test]
    fn a_filter_says_how_many_it_would_leave_where_that_is_known() {
        let counted = |at_least| {
            let counts = [("bulk_billing".to_owned(), 12), ("telehealth".to_owned(), 3)].into();
            FacetCounts { counts, at_least }
        };
        let (all, nearest) = (counted(false), counted(true));
        for (facets, name, on, expected) in [
            (Some(&all), "bulk_billing", false, Some("12")),
            (Some(&nearest), "bulk_billing", true, Some("12+")),
            (Some(&all), "wheelchair", false, Some("0")),
            (Some(&all), "telehealth", false, None),
            (Some(&all), "telehealth", true, Some("3")),
            (Some(&all), "home_visit", false, None),
            (None, "bulk_billing", false, None),
        ] {
            assert_eq!(flag_count(facets, name, on).as_deref(), expected, "{name} {on}");
        }
    }

    #[test]
    fn each_way_out_gives_up_one_thing() {
        let search = SearchProviders::from_query(
            "near=2880&profession=physiotherapist&home_visit=true&language=hi&radius_m=10000&cursor=x",
        )
        .unwrap();
        let ways = widenings(&search, None);
        let titles: Vec<_> = ways.iter().map(|way| way.title.as_str()).collect();
        assert_eq!(
            titles,
            ["Any language, not only Hindi", "Without home visits", "Within 25 km", "Any profession"]
        );
        assert!(ways.iter().all(|way| way.search.cursor.is_none()));
        assert_eq!(filters_on(&ways[0].search), filters_on(&search) - 1);
    }
}
