//! An account, from its sign-up to its sign-out: the password is worked on in the vault's worker, in a real browser.

use hellomapper_tests::{Browser, Running, mail};
use serde_json::json;

use super::pages::{sideways, violations};

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
    browser.is_at("/account/security").await;
    browser.reads("This browser").await;
    assert_eq!(violations(&browser).await, Vec::<String>::new());

    // A reload finds the session by its cookie; scripts cannot read it and storage holds no secret.
    browser.visit("/account").await;
    browser.reads(EMAIL).await;
    browser.is_true("return !document.cookie.includes('session')").await;
    browser.is_true("return Object.values(localStorage).every(kept => kept === 'true')").await;

    // Whose sign-out never arrived is not told that they are signed out.
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", json!({"urls": ["*/api/v1/users/sign-out"]})).await;
    browser.click("#sign-out").await;
    browser.reads("You may still be signed in on this device").await;
    browser.devtools("Network.setBlockedURLs", json!({"urls": []})).await;
    browser.click("#sign-out").await;
    browser.is_at("/").await;
    browser.visit("/account").await;
    browser.reads("Sign in to see this page").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_reached_for_a_new_token_does_not_sign_anybody_out() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    let email = "dot.account@example.org";
    open_account(&running, &browser, email).await;
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", json!({"urls": ["*/api/v1/users/refresh"]})).await;
    let ended = json!({"name": "__Host-session", "url": running.settings.public_url});
    browser.devtools("Network.deleteCookies", ended).await;

    browser.visit("/account").await;
    browser.reads("We could not reach HelloMapper").await;
    browser.devtools("Network.setBlockedURLs", json!({"urls": []})).await;
    browser.click_on("Try again").await;
    browser.reads(&format!("You are signed in as {email}")).await;
    browser.close().await;
}

/// What stands before an account, and what strangers see of a practice's own pages.
pub const BEFORE: [&str; 6] = [
    "/account/sign-in",
    "/account/sign-up",
    "/account/forgotten",
    "/account/reset",
    "/account/verify",
    "/practice",
];

/// Every page of the account, for somebody who has just opened it.
pub const PAGES: [&str; 19] = [
    "/account",
    "/account/appointments",
    "/account/calendar-feed",
    "/account/waitlist",
    "/account/invitation",
    "/account/keys",
    "/practice",
    "/account/security",
    "/account/profile",
    "/account/family",
    "/account/payments",
    "/account/agreements",
    "/account/cards",
    "/account/coverage",
    "/account/consents",
    "/account/notifications",
    "/account/record",
    "/account/export",
    "/account/erasure",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_an_account_is_read_without_a_fault_on_a_phone_too() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.width(360).await;
    for path in BEFORE {
        browser.visit(path).await;
        assert_eq!(violations(&browser).await, Vec::<String>::new(), "{path}");
        browser.is_true("return document.documentElement.scrollWidth <= window.innerWidth").await;
    }
    open_account(&running, &browser, "bea.account@example.org").await;
    for path in PAGES {
        browser.visit(path).await;
        browser.reads("Account").await;
        assert_eq!(violations(&browser).await, Vec::<String>::new(), "{path}");
        assert_eq!(sideways(&browser).await, None);
        assert!(!browser.text().await.contains("Something went wrong"), "{path}");
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_and_signs_in_by_itself() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    open_account(&running, &browser, "cleo.account@example.org").await;
    browser.devtools("WebAuthn.enable", json!({})).await;
    let authenticator = json!({
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true, "hasPrf": true,
    });
    browser.devtools("WebAuthn.addVirtualAuthenticator", json!({ "options": authenticator })).await;

    browser.fill("#passkey_name", "My phone").await;
    browser.click("form:has(#passkey_name) button[type=submit]").await;
    browser.reads("My phone is added").await;
    assert_eq!(violations(&browser).await, Vec::<String>::new());

    browser.click("#account-menu").await;
    browser.click(".menu__link[href='/account']").await;
    browser.click("#sign-out").await;
    browser.is_at("/").await;
    browser.click(".account-slot a[href='/account/sign-in']").await;
    browser.is_at("/account/sign-in").await;
    browser.settled().await;
    browser.click_on("Use a passkey").await;
    browser.reads("You are signed in as cleo.account@example.org").await;
    browser.close().await;
}

/// Opens an account, confirms its address, and signs in to its security page.
pub async fn open_account(running: &Running, browser: &Browser, email: &str) {
    browser.visit("/account/sign-up").await;
    browser.fill("#email", email).await;
    browser.fill("#password", PASSWORD).await;
    browser.click("label.check:has(#consent)").await;
    browser.click(".booking__form button[type=submit]").await;
    browser.reads("Look for our e-mail").await;
    let link = mail::arrives(running, "Confirm your e-mail").await;
    browser.visit(&link.path_with_secret(&running.settings.public_url, "/account/verify")).await;
    browser.click("main button").await;
    browser.reads("Your e-mail is confirmed").await;
    sign_in(browser, email, PASSWORD).await;
    browser.is_at("/account/security").await;
    browser.reads("This browser").await;
}

async fn sign_in(browser: &Browser, email: &str, password: &str) {
    browser.visit("/account/sign-in?to=/account/security").await;
    browser.fill("#email", email).await;
    browser.fill("#password", password).await;
    browser.click(".booking__form button[type=submit]").await;
}
