//! `/search`: full, empty, in doubt, failing.

use shared_types::{
    Problem,
    problem::FieldError,
    providers::{Cluster, FacetCounts, Place, PlaceKind, SearchReply},
};

use crate::support::{Canned, PROFESSIONS, SEARCH, get, parramatta, reply, site, three};

#[tokio::test]
async fn results_are_listed_in_order_with_why_and_with_times_to_book() {
    let site = site(Canned::new().with(SEARCH, 200, &reply(three())));
    let page = get(&site, "/search?near=Parramatta&profession=physiotherapist").await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.has("<title>Physiotherapists near Parramatta NSW 2150 | HelloMapper</title>");
    page.says("Physiotherapists near Parramatta NSW 2150");
    page.says("3 results within 10 km. Times as of 9:00 am.");
    page.says("1.2 km, free tomorrow 9:15 am");
    page.says("1.9 km, free today 2:30 pm");
    page.says("3.1 km, not bookable here, call the practice");
    let places: Vec<_> = three()
        .iter()
        .map(|item| page.html.find(&format!("id=\"r-{}\"", item.practitioner_role_id)))
        .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    let priya = three()[0].practitioner_role_id;
    page.has(&format!("href=\"/book/{priya}?start=2026-11-23T22:15:00Z\""));
    page.has("aria-label=\"Book Priya Nairwood, Tomorrow 9:15 am\"");
    page.has("href=\"tel:0255501234\"");
    // At most three times on each card.
    assert_eq!(page.count("class=\"time\""), 3 + 1);
    page.lacks("rel=\"next\"");
}

#[tokio::test]
async fn who_makes_home_visits_says_where_to_and_not_how_far_away() {
    let found = SearchReply { radius_m: None, ..reply(three()) };
    let site = site(Canned::new().with(SEARCH, 200, &found));
    let page = get(&site, "/search?near=Parramatta&home_visit=true").await;
    page.is_sound();
    page.says("Comes to you in Parramatta, free tomorrow 9:15 am");
    page.says("Comes to you in Parramatta, not bookable here, call the practice");
    page.lacks("1.2 km");
    page.lacks("here or elsewhere");
    // Where to goes along with the time, so that it is not asked again.
    let priya = three()[0].practitioner_role_id;
    page.has(&format!("href=\"/book/{priya}?start=2026-11-23T22:15:00Z&amp;near=Parramatta+NSW+2150\""));
    // Looking through a window of the map asks nobody whether they come to it.
    let place = Place { kind: PlaceKind::Window, ..parramatta() };
    let found = SearchReply { radius_m: None, place: Some(place), ..reply(three()) };
    let site = crate::support::site(Canned::new().with(SEARCH, 200, &found));
    let page = get(&site, "/search?bbox=150.9,-33.9,151.1,-33.7&home_visit=true").await;
    page.says("1.2 km, free tomorrow 9:15 am");
    page.lacks("Comes to");
    page.says("make home visits, here or elsewhere. Search for a suburb or postcode to see who comes there.");
}

#[tokio::test]
async fn the_form_holds_the_whole_search_and_works_without_scripts() {
    let site = site(Canned::new().with(SEARCH, 200, &reply(three())));
    let page = get(
        &site,
        "/search?near=Parramatta&profession=physiotherapist&q=sports&bulk_billing=true&language=hi&radius_m=10000&order=soonest",
    )
    .await;
    page.pairs("id=\"search-form\"", &["<form", "method=\"get\"", "action=\"/search\""]);
    page.has("type=\"submit\"");
    page.pairs("id=\"near\"", &["name=\"near\"", "value=\"Parramatta\"", "role=\"combobox\""]);
    page.pairs("id=\"q\"", &["name=\"q\"", "value=\"sports\""]);
    page.pairs("name=\"bulk_billing\"", &[" checked", "value=\"true\""]);
    assert!(!page.tag("name=\"telehealth\"").contains(" checked"));
    for value in ["physiotherapist", "hi", "10000", "soonest"] {
        page.pairs(&format!("value=\"{value}\" selected"), &["<option"]);
    }
    page.has(
        "href=\"/search?q=sports&amp;profession=physiotherapist&amp;near=Parramatta&amp;order=soonest\"",
    );
}

#[tokio::test]
async fn filters_say_how_many_they_would_leave() {
    let facets = FacetCounts {
        counts: [("bulk_billing", 2), ("telehealth", 4), ("wheelchair", 1)]
            .map(|(name, count)| (name.to_owned(), count))
            .into(),
        at_least: false,
    };
    let counted = SearchReply { facets: Some(facets), ..reply(three()) };
    let page = get(&site(Canned::new().with(SEARCH, 200, &counted)), "/search?near=Parramatta").await;
    page.is_sound();
    page.says("Bulk billing 2 results");
    page.says("New patients 0 results");
    page.says("Step-free access 1 result ");
    // Video visits are looked for in the whole state: these counts say nothing of that.
    page.lacks("4<span class=\"visually-hidden\"> results");
}

#[tokio::test]
async fn the_next_page_is_a_link() {
    let first = SearchReply { next: Some("c 1".to_owned()), ..reply(three()) };
    let site = site(Canned::new().with(SEARCH, 200, &first));
    let page = get(&site, "/search?near=Parramatta").await;
    page.pairs("rel=\"next\"", &["href=\"/search?near=Parramatta&amp;cursor=c+1\""]);
    page.says("3 shown within 10 km, more below.");
    let next = get(&site, "/search?near=Parramatta&cursor=c+1").await;
    next.says("Back to the first");
}

#[tokio::test]
async fn when_nobody_matches_each_way_out_widens_one_thing_and_says_what_it_gives() {
    let wider = format!("{SEARCH}?near=Parramatta&radius_m=10000&bulk_billing=true&limit=50");
    let services = Canned::new().with(SEARCH, 200, &reply(Vec::new())).with(&wider, 200, &reply(three()));
    let page =
        get(&site(services), "/search?near=Parramatta&radius_m=10000&bulk_billing=true&language=hi").await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.says("Nobody matches all of that here");
    page.says("No results within 10 km.");
    page.has("href=\"/search?near=Parramatta&amp;radius_m=10000&amp;bulk_billing=true\"");
    page.says("Any language, not only Hindi");
    page.says("3 results");
    // Looked into as well, and nobody is there either.
    page.lacks("Within 25 km");
    page.lacks("class=\"results\"");
}

#[tokio::test]
async fn a_name_in_several_states_is_a_choice() {
    let richmond = |state: &str, postcode: &str| Place {
        label: format!("Richmond {state} {postcode}"),
        name: "Richmond".to_owned(),
        ..parramatta()
    };
    let places = vec![richmond("VIC", "3121"), richmond("NSW", "2753")];
    let asked = SearchReply { place: None, other_places: places.clone(), ..reply(Vec::new()) };
    let page = get(&site(Canned::new().with(SEARCH, 200, &asked)), "/search?near=Richmond").await;
    page.is_sound();
    page.says("Which Richmond?");
    page.says("Choose a place to see results.");
    page.has("href=\"/search?near=Richmond+NSW+2753\"");

    let chosen =
        SearchReply { place: Some(places[0].clone()), other_places: places[1..].to_vec(), ..reply(three()) };
    let page = get(&site(Canned::new().with(SEARCH, 200, &chosen)), "/search?near=Richmond").await;
    page.is_sound();
    page.says("Showing Richmond VIC 3121");
    page.says("Or did you mean:");
}

#[tokio::test]
async fn a_corrected_spelling_is_said() {
    let place = Place { corrected_from: Some("parramata".to_owned()), ..parramatta() };
    let found = SearchReply { place: Some(place), ..reply(three()) };
    let page = get(&site(Canned::new().with(SEARCH, 200, &found)), "/search?near=parramata").await;
    page.says("Showing Parramatta NSW 2150, not “parramata”");
}

#[tokio::test]
async fn before_anything_is_asked_the_page_asks() {
    let page = get(&site(Canned::new()), "/search").await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.says("Where are you looking?");
    page.lacks("noindex");
}

#[tokio::test]
async fn a_failure_keeps_the_search_and_offers_another_try() {
    let site = site(Canned::new().with(SEARCH, 500, &Problem::internal()));
    let page = get(&site, "/search?near=Parramatta").await;
    assert_eq!(page.status, 500);
    page.is_sound();
    page.has("role=\"alert\"");
    page.says("Something went wrong on our side");
    page.has("href=\"/search?near=Parramatta\"");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_query_that_cannot_be_read_says_what_is_wrong() {
    let problem = Problem::invalid(vec![FieldError::new("radius_m", "give whole metres from 100 to 200000")]);
    let page = get(&site(Canned::new().with(SEARCH, 422, &problem)), "/search?near=2150&radius_m=x").await;
    assert_eq!(page.status, 422);
    page.is_sound();
    page.says("Some of this needs another look");
    page.says("give whole metres from 100 to 200000");
}

#[tokio::test]
async fn the_page_lives_without_the_list_of_professions() {
    let services =
        Canned::new().with(SEARCH, 200, &reply(three())).with(PROFESSIONS, 500, &Problem::internal());
    let page = get(&site(services), "/search?near=Parramatta").await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.says("3 results within 10 km.");
}

#[tokio::test]
async fn a_window_with_many_is_listed_like_any_other() {
    let window = SearchReply {
        clusters: Some(vec![Cluster { lat: -33.8, lon: 151.0, count: 1200 }]),
        radius_m: None,
        ..reply(three())
    };
    let page =
        get(&site(Canned::new().with(SEARCH, 200, &window)), "/search?bbox=150.9,-33.9,151.1,-33.7&zoom=12")
            .await;
    page.is_sound();
    page.pairs("name=\"bbox\"", &["type=\"hidden\"", "value=\"150.90000,-33.90000,151.10000,-33.70000\""]);
    page.says("3 results. Times as of 9:00 am.");
}

#[tokio::test]
async fn words_of_a_listing_are_never_markup() {
    let mut items = three();
    items[0].name = "<img src=x onerror=alert(1)>".to_owned();
    let page = get(&site(Canned::new().with(SEARCH, 200, &reply(items))), "/search?near=%3Cscript%3E").await;
    page.is_sound();
    page.lacks("<img");
    let harmless =
        get(&site(Canned::new().with(SEARCH, 200, &reply(three()))), "/search?near=Parramatta").await;
    assert_eq!(page.count("<script"), harmless.count("<script"));
}
