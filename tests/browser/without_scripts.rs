//! Where scripts do not run.

use fantoccini::Locator;
use hellomapper_tests::{Browser, Running};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn search_and_profile_are_complete() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    browser.load("/search").await;
    assert!(browser.sees_nothing(".js-only").await, "what needs scripts is hidden");
    assert!(browser.sees_nothing(".map .leaflet-pane").await, "no script ran");

    // One plain form, submitted by its button.
    browser.fill("#near", "Sydney NSW 2000").await;
    browser.click(".search-bar__go").await;
    browser.arrives_at("near=Sydney").await;
    browser.sees(".provider-card .time").await;
    browser.click("label.chip:has(input[name=new_patients])").await;
    browser.click(".filter-bar > button.no-js-only").await;
    browser.arrives_at("new_patients=true").await;
    browser.sees("label.chip:has(input[name=new_patients]:checked)").await;
    assert!(browser.here().await.contains("near=Sydney"), "{}", browser.here().await);
    browser.sees(".provider-card__why").await;

    // The next page is a link.
    browser.load("/search?near=Sydney+NSW+2000&radius_m=50000").await;
    let first = browser.sees(".provider-card__name a").await.text().await.unwrap();
    browser.click(".pager a[rel=next]").await;
    browser.arrives_at("cursor=").await;
    let later = browser.sees(".provider-card__name a").await.text().await.unwrap();
    assert_ne!(first, later);

    browser.click(".provider-card:has(.time) .provider-card__name a").await;
    browser.arrives_at("/providers/").await;
    browser.sees("main h1").await;
    browser.sees(".times .times-day .time").await;
    for section in ["#facts", "#fees", "#where"] {
        browser.sees(section).await;
    }
    assert!(browser.sees_nothing(".js-only").await, "what needs scripts is hidden");

    // A time leads to a page that says what is needed to book it.
    browser.click(".times .times-day .time").await;
    browser.arrives_at("/book/").await;
    browser.reads("Booking here needs JavaScript").await;
    browser.sees(".times .times-day .time").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_public_page_has_a_heading_and_a_way_on() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    for (path, _) in super::pages::public_pages(&running).await {
        browser.load(&path).await;
        let headings = browser.page().find_all(Locator::Css("h1")).await.unwrap();
        assert_eq!(headings.len(), 1, "one h1 on {path}");
        browser.sees("h1").await;
        browser.sees(".site-nav a").await;
        assert!(browser.sees_nothing("[aria-busy=true]").await, "something waits for scripts on {path}");
    }
    browser.close().await;
}
