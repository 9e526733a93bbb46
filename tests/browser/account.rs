//! An account, from its sign-up to its sign-out: the password is worked on in the vault's worker, in a real browser.

use hellomapper_tests::{Browser, Running, mail};

use super::pages::violations;

const EMAIL: &str = "ada.account@example.org";
const PASSWORD: &str = "teal wombats count backwards";

#[tokio::test(flavor = "multi_thread")]
async fn somebody_opens_an_account_signs_in_and_out() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit("/account/sign-up").await;

    // What is missing is said before anything is sent.
    browser.sees("#consent").await;
    browser.click(".booking__form button[type=submit]").await;
    browser.sees(".error-summary").await;
    assert_eq!(violations(&browser).await, Vec::<String>::new());
    browser.fill("#email", EMAIL).await;
    browser.fill("#password", PASSWORD).await;
    browser.click("label.check:has(#consent)").await;
    browser.click(".booking__form button[type=submit]").await;
    browser.reads("Look for our e-mail").await;

    // The link shows that the address is theirs, by a click and not by being opened.
    let link = mail::arrives(&running, "Confirm your e-mail").await;
    browser.visit(&link.path_with_secret(&running.settings.public_url, "/account/verify")).await;
    browser.click("main button").await;
    browser.reads("Your e-mail is confirmed").await;

    // A wrong password is refused in the same words as an unknown address; a right one goes on to where one came from.
    sign_in(&browser, EMAIL, "teal wombats count forwards").await;
    browser.sees(".notice--danger").await;
    let wrong = browser.text().await;
    sign_in(&browser, "nobody.account@example.org", PASSWORD).await;
    browser.sees(".notice--danger").await;
    assert_eq!(browser.text().await, wrong);
    sign_in(&browser, EMAIL, PASSWORD).await;
    browser.arrives_at("/account/security").await;
    browser.reads("This browser").await;
    assert_eq!(violations(&browser).await, Vec::<String>::new());

    // A reload finds the session by its cookie; scripts cannot read it and storage holds no secret.
    browser.visit("/account").await;
    browser.reads(EMAIL).await;
    browser.is_true("return !document.cookie.includes('session')").await;
    browser.is_true("return Object.values(localStorage).every(kept => kept === 'true')").await;

    browser.click("main button").await;
    browser.arrives_at("/").await;
    browser.visit("/account").await;
    browser.reads("Sign in to see this page").await;
    browser.close().await;
}

async fn sign_in(browser: &Browser, email: &str, password: &str) {
    browser.visit("/account/sign-in?to=/account/security").await;
    browser.fill("#email", email).await;
    browser.fill("#password", password).await;
    browser.click(".booking__form button[type=submit]").await;
}
