//! What one signs in with beside a password: a passkey, which opens what is sealed as well, and an authenticator app with
//! its codes for paper.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, App, PASSWORD},
};

use super::pages::faults;

const EMAIL: &str = "pia.passkey@example.org";
const WITH_APP: &str = "tom.totp@example.org";
const NEW_PASSWORD: &str = "amber otters whistle at noon";

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_in_and_opens_keys_without_a_password_until_it_is_removed() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.authenticator().await;
    acts::open_account(&running, &browser, EMAIL).await;
    acts::sign_in(&browser, EMAIL, PASSWORD, "/account/keys").await;
    browser.reads("What is sealed").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Make my keys").await;
    browser.reads("This is the only time it is shown").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    acts::keep_code(&browser).await;
    acts::add_passkey(&browser, "My phone").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    acts::sign_out(&browser).await;
    assert_eq!(left_behind(&browser).await, Vec::<String>::new());

    // Its secret opens the keys with the sign-in, and later by itself.
    acts::sign_in_with_passkey(&browser, "/account/keys").await;
    browser.reads("Your keys are open in this tab").await;
    browser.visit("/account/keys").await;
    browser.reads("Your keys are closed in this tab").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Use a passkey").await;
    browser.reads("Your keys are open in this tab").await;

    // Without the passkey a password is enough again, and the passkey for nothing.
    acts::go_to(&browser, "/account/security").await;
    browser.click_on("Remove the passkey My phone").await;
    browser.reads("You have none yet").await;
    acts::sign_out(&browser).await;
    browser.visit("/account/sign-in").await;
    browser.click_on("Use a passkey").await;
    browser.sees(".notice--danger").await;
    acts::sign_in(&browser, EMAIL, PASSWORD, "/account/keys").await;
    browser.reads("Your keys are open in this tab").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_password_a_code_is_asked_for_and_each_code_works_once() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    acts::open_account(&running, &browser, WITH_APP).await;
    acts::sign_in(&browser, WITH_APP, PASSWORD, "/account/security").await;
    let (mut app, codes) = App::set_up(&browser).await;
    assert_eq!(codes.len(), 10);
    browser.reads("You have 10 recovery codes left").await;
    acts::sign_out(&browser).await;

    acts::give_password(&browser, WITH_APP, PASSWORD, "/account").await;
    browser.sees("#code").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    // Only now: it is good for half a minute.
    let used = app.code();
    browser.fill("#code", &used).await;
    browser.click_on("Sign in").await;
    browser.is_at("/account").await;
    acts::sign_out(&browser).await;

    // The same code is refused, and so is a code for paper the second time.
    acts::give_password(&browser, WITH_APP, PASSWORD, "/account").await;
    refuses(&browser, &used).await;
    browser.click_on("Use a recovery code").await;
    give(&browser, &codes[0]).await;
    browser.is_at("/account").await;
    acts::sign_out(&browser).await;
    acts::give_password(&browser, WITH_APP, PASSWORD, "/account/security").await;
    browser.click_on("Use a recovery code").await;
    refuses(&browser, &codes[0]).await;
    give(&browser, &codes[1]).await;
    browser.is_at("/account/security").await;
    browser.reads("You have 8 recovery codes left").await;
    acts::sign_out(&browser).await;

    // A new password by mail goes round the old one, and not round the app.
    acts::reset_password(&running, &browser, WITH_APP, NEW_PASSWORD).await;
    acts::give_password(&browser, WITH_APP, NEW_PASSWORD, "/account").await;
    browser.click_on("Use a recovery code").await;
    refuses(&browser, &codes[1]).await;
    give(&browser, &codes[2]).await;
    browser.is_at("/account").await;
    browser.close().await;
}

/// What signing out has left in the browser of somebody: their words on the page, their cookies, and what is stored beside
/// the book, which is sealed by keys that are gone.
async fn left_behind(browser: &Browser) -> Vec<String> {
    let stored = "return [...Object.keys(localStorage).filter(name => !name.startsWith('hm.book.')),
        ...Object.keys(sessionStorage)]";
    let stored = browser.eval(stored).await;
    let stored = stored.as_array().into_iter().flatten().map(ToString::to_string);
    let cookies = browser.cookies().await.into_iter().map(|(name, _)| name);
    let words = browser.text().await;
    stored.chain(cookies).chain(Some(words).filter(|words| words.contains(EMAIL))).collect()
}

/// Enters a code.
async fn give(browser: &Browser, code: &str) {
    browser.sees("#code").await.clear().await.unwrap();
    browser.fill("#code", code).await;
    browser.click_on("Sign in").await;
}

/// Enters a code that does not let anybody in.
async fn refuses(browser: &Browser, code: &str) {
    give(browser, code).await;
    browser.reads("That does not match").await;
    assert!(browser.here().await.starts_with("/account/sign-in"), "{}", browser.here().await);
}
