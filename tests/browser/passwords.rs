//! Any password that somebody can type or paste is theirs, letter for letter.

use hellomapper_tests::{Browser, Running, acts, mail};
use serde_json::json;

const EMAIL: &str = "una.unusual@example.org";
/// Longer than 64 letters, with a space at either end, quotes, marks, and letters of several scripts.
const PASSWORD: &str =
    " Žluťoučký kůň; \"drop table\" 'n' <b>%00 ${x} \\ 日本語 🐨 and eighty letters more or less ";

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_masked_can_be_pasted_and_is_taken_as_it_is() {
    assert!(PASSWORD.chars().count() > 64);
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit("/account/sign-up").await;
    assert_eq!(field(&browser).await, ["password", "new-password"]);
    browser.fill("#email", EMAIL).await;
    paste(&browser, PASSWORD).await;
    browser.click("label.check:has(#consent)").await;
    browser.click_on("Open the account").await;
    browser.reads("Look for our e-mail").await;
    let link = mail::arrives_for(&running, EMAIL, "Confirm your e-mail").await;
    browser.visit(&link.path_with_secret(&running.settings.public_url, "/account/verify")).await;
    browser.click_on("Confirm my e-mail").await;
    browser.reads("Your e-mail is confirmed").await;

    for wrong in [PASSWORD.trim(), &PASSWORD.to_lowercase(), &PASSWORD[..PASSWORD.len() - 2]] {
        browser.visit("/account/sign-in").await;
        assert_eq!(field(&browser).await, ["password", "current-password"]);
        browser.fill("#email", EMAIL).await;
        paste(&browser, wrong).await;
        browser.click(".booking__form button[type=submit]").await;
        browser.reads("That does not match").await;
    }
    browser.visit("/account/sign-in?to=/account").await;
    browser.fill("#email", EMAIL).await;
    paste(&browser, PASSWORD).await;
    browser.click(".booking__form button[type=submit]").await;
    browser.is_at("/account").await;
    acts::sign_out(&browser).await;
    browser.close().await;
}

/// How the field for the password shows itself: masked, and what a password manager puts there.
async fn field(browser: &Browser) -> Vec<String> {
    browser.sees("#password").await;
    let shown =
        browser.eval("const f = document.querySelector('#password'); return [f.type, f.autocomplete]").await;
    serde_json::from_value(shown).unwrap()
}

/// Puts a text into the field in one piece, as pasting and password managers do; nothing on the page minds.
async fn paste(browser: &Browser, text: &str) {
    let minds = "const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
        const field = document.querySelector('#password');
        field.focus();
        return !field.dispatchEvent(paste);";
    assert_eq!(browser.eval(minds).await, json!(false), "the page refuses what is pasted");
    browser.devtools("Input.insertText", json!({ "text": text })).await;
}
