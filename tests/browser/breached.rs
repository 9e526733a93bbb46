//! A password that was stolen somewhere is not taken: the browser finds it, and the server never hears it.

use std::fs;

use hellomapper_tests::{Browser, Running};

const STOLEN: &str = "teal wombats count sideways";
/// printf 'teal wombats count sideways' | sha1sum, in capitals.
const HASH: &str = "BD42ADCED96178CDD89A437E6D873DECB1001C83";

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_password_cannot_be_chosen_and_is_told_to_nobody() {
    let running = Running::with(|settings| {
        let list = settings.home.join("stolen.txt");
        fs::write(&list, format!("{HASH}:3\r\n")).unwrap();
        settings.breached_passwords = Some(list);
    })
    .await;
    let browser = Browser::open(&running).await;
    browser.visit("/account/sign-up").await;
    browser.fill("#email", "ada.stolen@example.org").await;
    browser.fill("#password", STOLEN).await;
    browser.click("label.check:has(#consent)").await;
    browser.requests().await;
    browser.click(".booking__form button[type=submit]").await;
    browser.reads("This password is in a list of stolen ones").await;
    let asked = browser.requests().await;
    assert!(
        asked.iter().any(|url| url.ends_with(&format!("/breached-passwords/{}", &HASH[..5]))),
        "{asked:?}"
    );
    assert!(!asked.iter().any(|url| url.ends_with("/api/v1/users/accounts")), "{asked:?}");

    // What is wrong takes the focus first. One more word, and nobody has stolen it.
    browser.is_true("return document.activeElement.matches('.error-summary')").await;
    browser.fill("#password", " slowly").await;
    browser.click(".booking__form button[type=submit]").await;
    browser.reads("Look for our e-mail").await;
    browser.close().await;
}
