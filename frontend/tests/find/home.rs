//! `/`: the question, and who is free soon.

use shared_types::{Problem, providers::SearchReply};

use crate::support::{Canned, PROFESSIONS, SEARCH, get, reply, site, three};

#[tokio::test]
async fn the_question_is_a_form_that_works_without_scripts() {
    let page = get(&site(Canned::new().with(SEARCH, 200, &reply(three()))), "/").await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.has("<title>Find a health provider and book a time | HelloMapper</title>");
    page.has("<link rel=\"canonical\" href=\"https://hm.test/\">");
    page.has("\"@type\":\"WebSite\"");
    page.says("What do you need, and where?");
    page.pairs("id=\"ask\"", &["<form", "method=\"get\"", "action=\"/search\""]);
    page.pairs("value=\"physiotherapist\"", &["type=\"radio\"", "name=\"profession\""]);
    page.says("Free soon by video or phone");
    assert_eq!(page.count("<h3"), 3);
}

#[tokio::test]
async fn without_anybody_free_the_question_stands_alone() {
    let page =
        get(&site(Canned::new().with(SEARCH, 200, &SearchReply { place: None, ..reply(Vec::new()) })), "/")
            .await;
    page.is_sound();
    page.lacks("Free soon");
}

#[tokio::test]
async fn without_the_services_one_can_still_ask() {
    let services =
        Canned::new().with(SEARCH, 500, &Problem::internal()).with(PROFESSIONS, 500, &Problem::internal());
    let page = get(&site(services), "/").await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.says("Suburb or postcode");
    page.says("All professions");
}
