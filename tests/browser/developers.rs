//! The services' descriptions, which run no script.

use hellomapper_tests::{Browser, Running};

use super::pages::violations;

#[tokio::test(flavor = "multi_thread")]
async fn descriptions_are_read_without_scripts_and_by_everybody() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    let mut wrong = Vec::new();
    browser.load("/developers").await;
    wrong.extend(violations(&browser).await);
    browser.click("a[href='/developers/bookings']").await;
    browser.arrives_at("/developers/bookings").await;
    browser.fill("#q", "create hold").await;
    browser.click("form[role=search] button").await;
    browser.arrives_at("q=create").await;
    browser.click("#create_hold > summary").await;
    browser.reads("Idempotency-Key").await;
    browser.click("#create_hold a[href='#schema-CreateHold']").await;
    browser.sees("#schema-CreateHold").await;
    wrong.extend(violations(&browser).await);
    assert!(wrong.is_empty(), "{wrong:#?}");
    browser.close().await;
}
