//! `/{profession}/{locality}`: full, empty, unknown.

use shared_types::{Problem, providers::Place};

use crate::support::{Canned, get, landing, parramatta, reply, site, three};

const LANDING: &str = "/api/v1/providers/landing/physiotherapist/parramatta-nsw-2150";
const PATH: &str = "/physiotherapist/parramatta-nsw-2150";

fn harris_park() -> Place {
    Place {
        label: "Harris Park NSW 2150".to_owned(),
        name: "Harris Park".to_owned(),
        slug: Some("harris-park-nsw-2150".to_owned()),
        ..parramatta()
    }
}

#[tokio::test]
async fn the_nearest_are_shown_with_words_for_search_engines() {
    let services = Canned::new().with(LANDING, 200, &landing(reply(three()), vec![harris_park()]));
    let page = get(&site(services), PATH).await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.has("<title>Physiotherapists in Parramatta NSW 2150 | HelloMapper</title>");
    page.has("<link rel=\"canonical\" href=\"https://hm.test/physiotherapist/parramatta-nsw-2150\">");
    page.says(
        "3 physiotherapists see patients within 10 km. 3 bulk bill. The next free time is today 2:30 pm.",
    );
    page.has("href=\"/search?profession=physiotherapist&amp;near=Parramatta+NSW+2150\"");
    page.has("href=\"/physiotherapist/harris-park-nsw-2150\"");
    page.has("aria-label=\"Breadcrumb\"");
    for part in [
        "BreadcrumbList",
        "ItemList",
        "https://hm.test/providers/priya-nairwood-1",
        "\"addressCountry\":\"AU\"",
    ] {
        page.has(part);
    }
    page.lacks("{public_url}");
    page.lacks("noindex");
}

#[tokio::test]
async fn a_place_without_anybody_is_not_for_search_engines() {
    let services = Canned::new().with(LANDING, 200, &landing(reply(Vec::new()), vec![harris_park()]));
    let page = get(&site(services), PATH).await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.says("We list no physiotherapists here yet.");
    page.has("noindex");
}

#[tokio::test]
async fn two_segments_that_name_nothing_are_no_page() {
    let services = Canned::new().with(LANDING, 404, &Problem::not_found("Landing page"));
    let page = get(&site(services), PATH).await;
    assert_eq!(page.status, 404);
    page.is_sound();
    page.says("We cannot find that page");
    page.has("noindex");
}

#[tokio::test]
async fn a_failure_is_said_and_not_cached() {
    let services = Canned::new().with(LANDING, 500, &Problem::internal());
    let page = get(&site(services), PATH).await;
    assert_eq!(page.status, 500);
    page.is_sound();
    assert_eq!(page.header("cache-control"), "no-store");
    page.has(&format!("href=\"{PATH}\""));
}
