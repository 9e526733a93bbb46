//! Where the reader is.

use hellomapper_tests::{Browser, Running};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_readers_place_is_rounded_before_it_leaves_the_browser() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    let origin = &running.settings.public_url;
    browser
        .devtools("Browser.grantPermissions", json!({"origin": origin, "permissions": ["geolocation"]}))
        .await;
    let place = json!({"latitude": -33.817_654_3, "longitude": 151.003_456_7, "accuracy": 5});
    browser.devtools("Emulation.setGeolocationOverride", place).await;
    browser.visit("/search?radius_m=50000").await;
    browser.requests().await;
    browser.click(".near-me").await;
    browser.arrives_at("lat=-33.82").await;
    browser.settled().await;
    browser.sees(".provider-card__why").await;
    assert!(browser.here().await.contains("lon=151"), "{}", browser.here().await);
    for text in browser.requests().await.into_iter().chain([browser.here().await]) {
        assert!(!text.contains("33.817") && !text.contains("151.003"), "{text}");
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_place_is_asked_for_in_words() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser
        .devtools(
            "Browser.grantPermissions",
            json!({"origin": running.settings.public_url, "permissions": []}),
        )
        .await;
    browser.visit("/search?near=Hobart").await;
    browser.click(".near-me").await;
    browser.reads("We could not find where you are").await;
    assert!(browser.here().await.contains("near=Hobart"), "{}", browser.here().await);
    browser.close().await;
}
