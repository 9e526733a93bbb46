//! An account's pages: the same for everybody as the server sends them, whoever asks.

use crate::support::{Canned, get, site};

const PAGES: [(&str, &str); 9] = [
    ("/account", "Your account"),
    ("/account/sign-in", "Sign in"),
    ("/account/sign-up", "Open an account"),
    ("/account/verify", "Confirm your e-mail"),
    ("/account/forgotten", "Forgotten password"),
    ("/account/reset", "Choose a new password"),
    ("/account/security", "Where you are signed in"),
    ("/account/appointments", "Your appointments"),
    ("/account/invitation", "Your invitation"),
];

#[tokio::test]
async fn no_page_of_an_account_is_kept_or_indexed_and_each_has_its_heading() {
    for (path, heading) in PAGES {
        let page = get(&site(Canned::new()), path).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{path}");
        page.is_sound();
        page.has("noindex");
        page.has(&format!("<h1>{heading}</h1>"));
        page.says("This page needs JavaScript");
    }
}

#[tokio::test]
async fn the_sign_in_form_is_there_before_any_script_and_names_its_fields_for_password_managers() {
    let page = get(&site(Canned::new()), "/account/sign-in?to=/account/security").await;
    for part in [
        "id=\"email\"",
        "autocomplete=\"username\"",
        "autocomplete=\"current-password\"",
        "type=\"password\"",
    ] {
        page.has(part);
    }
    // Sent by a browser without scripts, a password must not land in an address.
    page.has("method=\"post\"");
}

#[tokio::test]
async fn the_header_keeps_a_place_for_whoever_is_signed_in_and_the_server_leaves_it_empty() {
    let page = get(&site(Canned::new()), "/").await;
    page.has("<div class=\"account-slot\"></div>");
}
