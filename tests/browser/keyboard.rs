//! With the keyboard alone.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    browser::key,
    mail,
};

use super::pages::faults;

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_needs_no_mouse() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    let enter = key::ENTER.to_string();
    browser.visit("/search").await;

    // The first stop skips the header.
    browser.press(&key::TAB.to_string()).await;
    browser.is_true("return document.activeElement.matches('.skip-link')").await;
    browser.press(&enter).await;
    browser.is_true("return document.activeElement.id === 'main' || location.hash === '#main'").await;

    // The place box is a combobox: type, arrow down, enter.
    browser.tab_to("#near").await;
    browser.press("Melbourn").await;
    browser.sees("#near-list [role=option]").await;
    browser.press(&key::ARROW_DOWN.to_string()).await;
    browser.is_true("return !!document.querySelector('#near').getAttribute('aria-activedescendant')").await;
    browser.press(&enter).await;
    browser.arrives_at("near=Melbourn").await;
    // The address changes a moment before the page does: until then it shows the times of the search before.
    browser.reads("near Melbourne VIC").await;
    browser.settled().await;
    browser.sees(".provider-card .time").await;

    browser.tab_to(".provider-card .time").await;
    browser.press(&enter).await;
    browser.arrives_at("/book/hold/").await;
    browser.sees("#name").await;
    for (field, text) in [
        ("#name", "Grace Okafor"),
        ("#dob-day", "9"),
        ("#dob-month", "12"),
        ("#dob-year", "1971"),
        ("#email", "grace@example.org"),
        ("#mobile", "0491570156"),
    ] {
        browser.tab_to(field).await;
        browser.press(text).await;
    }
    browser.tab_to(".booking__form button[type=submit]").await;
    browser.press(&enter).await;
    browser.arrives_at("step=check").await;
    browser.sees("#consent").await;
    // The new step has the focus, so what comes next is announced from there.
    browser.is_true("return document.activeElement.id === 'step-title'").await;
    browser.tab_to("#consent").await;
    browser.press(&key::SPACE.to_string()).await;
    browser.is_true("return document.querySelector('#consent').checked").await;
    browser.tab_to(".booking__form button[type=submit]").await;
    browser.press(&enter).await;
    browser.arrives_at("/book/confirmed/").await;
    browser.is_true("return document.activeElement.id === 'done-title'").await;
    let message = mail::arrives(&running, "Appointment confirmed").await;
    assert!(message.header("To").contains("grace@example.org"));

    browser.visit(&message.manage_path(&running.settings.public_url)).await;
    for (field, text) in [("#dob-day", "9"), ("#dob-month", "12"), ("#dob-year", "1971")] {
        browser.tab_to(field).await;
        browser.press(text).await;
    }
    browser.press(&enter).await;
    browser.is_true("return document.activeElement.id === 'manage-title'").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_ones_own_and_a_practices_need_no_mouse() {
    const EMAIL: &str = "kim.keyboard@example.org";
    const BUTTON: &str = "main .button:not(.button--quiet):not(.button--plain)";
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.authenticator().await;
    let (enter, (_, practice)) = (key::ENTER.to_string(), acts::somebody_bookable(&running).await);
    acts::open_account(&running, &browser, EMAIL).await;
    browser.visit("/account/sign-in?to=/account/keys").await;
    browser.tab_to("#email").await;
    browser.press(EMAIL).await;
    browser.tab_to("#password").await;
    browser.press(PASSWORD).await;
    browser.press(&enter).await;
    browser.is_at("/account/keys").await;

    // What appears takes the focus, so that it is announced and the next stop is its own.
    browser.reads("Make my keys").await;
    browser.tab_to(BUTTON).await;
    browser.press(&enter).await;
    browser.sees("#last-group").await;
    browser.is_true("return document.activeElement.id === 'code-title'").await;
    let group = "return [...document.querySelectorAll('.sheet__code code')].at(-1).textContent";
    let group = browser.eval(group).await.as_str().unwrap().to_owned();
    browser.tab_to("#last-group").await;
    browser.press(&group).await;
    browser.press(&enter).await;
    browser.reads("Your keys are open in this tab").await;

    acts::add_passkey(&browser, "Front desk").await;
    acts::employ(&running, EMAIL, practice, "owner").await;
    acts::sign_out(&browser).await;
    browser.visit(&format!("/account/sign-in?to=/practice/{practice}/keys")).await;
    browser.tab_to("main .button--quiet").await;
    browser.press(&enter).await;
    browser.reads("Let patients write to you, sealed").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.tab_to(BUTTON).await;
    browser.press(&enter).await;
    browser.sees("#kept-apart").await;
    browser.is_true("return document.activeElement.textContent === 'Your three recovery sheets'").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.tab_to("#kept-apart").await;
    browser.press(&key::SPACE.to_string()).await;
    browser.tab_to(BUTTON).await;
    browser.press(&enter).await;
    browser.reads("Patients can write to your practice now").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sheet_of_filters_on_a_phone_keeps_the_focus_and_gives_it_back() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.width(360).await;
    browser.visit("/search?near=Sydney+NSW+2000").await;
    browser.tab_to("#filters-open").await;
    browser.press(&key::ENTER.to_string()).await;
    browser.is_true("return document.querySelector('#filters').contains(document.activeElement)").await;
    browser.is_true("return document.querySelector('#filters').getAttribute('role') === 'dialog'").await;
    let stops = "return document.querySelectorAll('#filters a, #filters button, #filters input, #filters select').length";
    let stops = browser.eval(stops).await.as_u64().unwrap();
    for _ in 0..=stops {
        browser.press(&key::TAB.to_string()).await;
        browser.is_true("return document.querySelector('#filters').contains(document.activeElement)").await;
    }
    browser.press(&key::ESCAPE.to_string()).await;
    browser.is_true("return document.activeElement.id === 'filters-open'").await;
    browser.is_true("return document.querySelector('#filters').dataset.open === 'false'").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_followed_to_takes_the_focus_and_one_gone_back_to_has_its_place() {
    const FIFTH: &str = ".results > li:nth-child(5) .provider-card__name a";
    const AT_MAIN: &str = "return document.activeElement.id === 'main' && !document.activeElement.ariaBusy";
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit("/search?near=Sydney+NSW+2000&radius_m=50000").await;
    browser.sees(FIFTH).await;
    browser.tab_to(FIFTH).await;
    browser.is_true("return window.scrollY > 0").await;
    browser.press(&key::ENTER.to_string()).await;
    browser.sees(".profile").await;
    browser.is_true(AT_MAIN).await;
    browser.is_true("return window.scrollY === 0").await;
    browser.eval("history.back()").await;
    browser.sees(FIFTH).await;
    browser.is_true(AT_MAIN).await;
    browser.is_true("return window.scrollY > 0").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_visit_of_one_search_has_a_place_of_its_own() {
    const FIRST: &str = ".results > li:first-child .provider-card__name a";
    const FIFTH: &str = ".results > li:nth-child(5) .provider-card__name a";
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit("/search?near=Sydney+NSW+2000&radius_m=50000").await;
    browser.sees(FIFTH).await;
    browser.tab_to(FIFTH).await;
    browser.is_true("return window.scrollY > 0").await;
    let left_at = browser.eval("return window.scrollY").await.as_f64().unwrap();
    browser.press(&key::ENTER.to_string()).await;
    browser.sees(".profile").await;

    // A link there leads to the same search once more, which is left from further up.
    let again = "const link = document.createElement('a');
                 link.href = '/search?near=Sydney+NSW+2000&radius_m=50000';
                 document.querySelector('.profile').append(link);
                 link.click();";
    browser.eval(again).await;
    browser.sees(FIRST).await;
    browser.tab_to(FIRST).await;
    browser.is_true(&format!("return window.scrollY < {left_at} - 2")).await;
    browser.press(&key::ENTER.to_string()).await;
    browser.sees(".profile").await;

    for arrived in [FIRST, ".profile", FIFTH] {
        browser.eval("history.back()").await;
        browser.sees(arrived).await;
    }
    browser.is_true(&format!("return Math.abs(window.scrollY - {left_at}) <= 2")).await;
    browser.close().await;
}
