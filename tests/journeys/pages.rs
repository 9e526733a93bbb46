//! Pages as browsers, caches and search engines ask for them.

use std::collections::BTreeSet;

use hellomapper_tests::{Person, Running};
use reqwest::{Client, Method, header, redirect::Policy};
use serde_json::Value;
use shared_types::providers::SearchReply;

fn client() -> Client {
    Client::builder().no_proxy().redirect(Policy::none()).build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomers_words_find_physiotherapists_near_parramatta() {
    let running = Running::start().await;
    let person = Person::new(&running.settings.public_url);
    let words = "q=physio+near+Parramatta&radius_m=50000";
    let reply: SearchReply = person.get(&format!("/api/v1/providers/search?{words}")).await;
    assert_eq!(reply.profession.unwrap().slug, "physiotherapist");
    assert_eq!(reply.place.unwrap().label, "Parramatta NSW 2150");
    assert!(!reply.items.is_empty());
    assert!(reply.items.iter().all(|item| item.profession.as_deref() == Some("physiotherapist")));
    let page = person.send(Method::GET, &format!("/search?{words}"), None::<&Value>).await;
    assert!(page.body.contains("Physiotherapists near Parramatta NSW 2150"), "{}", page.body);
    for item in &reply.items {
        assert!(
            page.body.contains(&format!("href=\"/providers/{}\"", item.slug)),
            "{} is not listed",
            item.slug
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_seen_before_is_not_sent_again() {
    let running = Running::start().await;
    for path in ["/", "/privacy", "/search?near=Hobart"] {
        let first = client().get(running.url(path)).send().await.unwrap();
        let tag = first.headers()[header::ETAG].clone();
        // The tag is the page's, to the minute: asking twice at most crosses one.
        let mut statuses = BTreeSet::new();
        let mut tag = tag;
        for _ in 0..2 {
            let again =
                client().get(running.url(path)).header(header::IF_NONE_MATCH, &tag).send().await.unwrap();
            statuses.insert(again.status().as_u16());
            tag = again.headers()[header::ETAG].clone();
        }
        assert!(statuses.contains(&304), "{path}: {statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_one_spelling() {
    let running = Running::start().await;
    for (path, to) in [
        ("/privacy/", "/privacy"),
        ("//privacy", "/privacy"),
        ("/search/?near=Hobart", "/search?near=Hobart"),
        ("/Physiotherapist/Parramatta-NSW-2150", "/physiotherapist/parramatta-nsw-2150"),
    ] {
        let reply = client().get(running.url(path)).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 301, "{path}");
        assert_eq!(reply.headers()[header::LOCATION], to, "{path}");
    }
    for path in ["/providers/nobody-at-all", "/practices/nowhere", "/wizard/parramatta-nsw-2150", "/a/b/c"] {
        let reply = client().get(running.url(path)).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 404, "{path}");
    }
    let reply = client().get(running.url("/api/v1/nothing")).send().await.unwrap();
    assert_eq!(reply.status().as_u16(), 404);
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "application/problem+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_of_the_sitemap_is_a_page() {
    let running = Running::start().await;
    let person = Person::new(&running.settings.public_url);
    let text = async |path: &str| {
        let reply = person.send(Method::GET, path, None::<&Value>).await;
        assert_eq!(reply.status.as_u16(), 200, "{path}: {}", reply.body);
        reply.body
    };
    let robots = text("/robots.txt").await;
    assert!(robots.contains(&format!("Sitemap: {}", running.url("/sitemap.xml"))), "{robots}");
    let parts = locations(&text("/sitemap.xml").await, &running);
    assert!(!parts.is_empty());
    let mut pages = Vec::new();
    for part in parts {
        let listed = locations(&text(&part).await, &running);
        assert!(listed.len() <= 50_000, "{part}");
        pages.extend(listed);
    }
    let distinct: BTreeSet<_> = pages.iter().collect();
    assert_eq!(distinct.len(), pages.len(), "an address is listed twice");
    assert!(pages.len() > 1_000, "every role has a page: {}", pages.len());
    // One in fifty of them, each kind among them.
    let kind = |path: &str| path.split('/').nth(1).unwrap_or_default().to_owned();
    let first_of_kind =
        pages.iter().scan(BTreeSet::new(), |seen, path| Some((seen.insert(kind(path)), path)));
    let chosen = first_of_kind.enumerate().filter(|(at, (new, _))| *new || at % 50 == 0);
    for (_, (_, path)) in chosen.take(120) {
        let body = text(path).await;
        let canonical = format!("<link rel=\"canonical\" href=\"{}\"", running.url(path));
        assert!(body.contains(&canonical), "{path} names another address as its own");
    }
}

/// The paths in a sitemap or its index.
fn locations(xml: &str, running: &Running) -> Vec<String> {
    let urls = xml.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next());
    urls.map(|url| {
        let path = url.strip_prefix(&running.settings.public_url);
        path.unwrap_or_else(|| panic!("{url} is not ours")).to_owned()
    })
    .collect()
}
