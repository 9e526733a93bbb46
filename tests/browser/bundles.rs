//! Pages of one bundle lead to those of another: the browser loads those, and the reader notices nothing.

use hellomapper_tests::{Browser, Running};

/// Marks the document that is shown now.
async fn mark(browser: &Browser) {
    browser.settled().await;
    browser.eval("window.sameDocument = true; return true").await;
}

/// Follows a link to a page, and says whether the document is still the one that was marked.
async fn stays_on_the_way_to(browser: &Browser, link: &str, path: &str) -> bool {
    browser.click(link).await;
    browser.is_at(path).await;
    browser.settled().await;
    browser.eval("return window.sameDocument === true").await == true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_loaded_where_another_bundle_has_the_page_and_nowhere_else() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit("/").await;
    mark(&browser).await;
    assert!(stays_on_the_way_to(&browser, ".site-nav a[href='/search']", "/search").await);
    assert!(!stays_on_the_way_to(&browser, ".account-slot a", "/account/sign-in").await);
    browser.sees("#email").await;
    // The pages of an account have all the others beside them.
    mark(&browser).await;
    assert!(stays_on_the_way_to(&browser, ".site-nav a[href='/search']", "/search").await);
    browser.sees("#near").await;
    assert!(stays_on_the_way_to(&browser, ".site-footer a[href='/privacy']", "/privacy").await);
    browser.page().back().await.unwrap();
    browser.is_at("/search").await;
    browser.sees("#near").await;

    // Pages of words run nothing, and lead on by themselves.
    browser.visit("/search").await;
    mark(&browser).await;
    assert!(!stays_on_the_way_to(&browser, ".site-footer a[href='/privacy']", "/privacy").await);
    assert!(!stays_on_the_way_to(&browser, ".account-slot a", "/account").await);
    browser.reads("Sign in").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
}
