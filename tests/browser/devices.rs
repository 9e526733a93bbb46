//! Messages on a device: asked for after a press alone, and shown by a worker that stands between no page and the server.

use hellomapper_tests::{Browser, Running};
use serde_json::json;

use super::{account::open_account, pages::violations};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_for_messages_before_they_press_the_button() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    open_account(&running, &browser, "dot.devices@example.org").await;
    let permissions = json!({"origin": running.settings.public_url, "permissions": ["notifications"]});
    browser.devtools("Browser.grantPermissions", permissions).await;
    browser.visit("/account/notifications").await;
    browser.sees("#tell-me-here").await;
    browser.reads("It is shown on a locked screen").await;
    assert_eq!(violations(&browser).await, Vec::<String>::new());
    // Nothing is registered yet, and who is asked says no.
    browser.is_true("return navigator.serviceWorker.controller === null").await;
    let refusing = "window.asked = 0; Notification.requestPermission = async () => { window.asked += 1; return 'denied'; };";
    browser.eval(refusing).await;
    browser.is_true("return window.asked === 0").await;
    browser.click("#tell-me-here").await;
    browser.reads("Your browser was not allowed to show messages").await;
    browser.is_true("return window.asked === 1").await;
    assert_eq!(violations(&browser).await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_that_shows_messages_controls_no_page() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit("/search").await;
    let register = |scope: &str| {
        format!(
            "navigator.serviceWorker.register('/assets/push-worker.js', {{ scope: '{scope}' }})\
             .then(it => done(new URL(it.scope).pathname), error => done(error.name));"
        )
    };
    assert_eq!(browser.eval_async(&register("/")).await, json!("SecurityError"));
    assert_eq!(browser.eval_async(&register("/assets/")).await, json!("/assets/"));
    browser.visit("/search").await;
    browser.is_true("return navigator.serviceWorker.controller === null").await;
    browser.close().await;
}
