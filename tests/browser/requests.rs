//! Visits that a practice answers first: one is asked for and accepted at the desk, another is declined and why is read.

use hellomapper_tests::{
    Browser, Running, acts,
    desk::{Desk, opened, stands},
    mail,
};

use super::pages::faults;

const PATIENT: &str = "ada.asks@example.org";
const WHO: &str = "Ada Nguyen";
const OTHER_PATIENT: &str = "grace.asks@example.org";
const OTHER: &str = "Grace Okafor";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_accepted_at_the_desk_and_another_is_declined_with_words() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let (provider, practice) = acts::somebody_bookable(&running).await;
    acts::answer_first(&running, &provider).await;

    // What is asked for is not called booked, neither on the page nor in the letter.
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, WHO, PATIENT).await;
    acts::request(&running, &browser).await;
    browser.reads("The time is kept for you until then. It answers by").await;
    let text = browser.text().await;
    assert!(!text.contains("You are booked") && !text.contains("Add to calendar"), "{text}");
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    let asked = mail::arrives_for(&running, PATIENT, "Appointment requested").await;
    assert!(asked.text().contains("The practice answers first."), "{}", asked.text());
    assert_eq!(asked.calendar(), Vec::<String>::new(), "what is not agreed to stands in no calendar");
    acts::open_by_letter(&running, &browser, &asked).await;
    browser.reads("Waiting for the practice").await;
    assert!(!browser.text().await.contains("Add to calendar"), "nor is it offered behind its link");
    assert_eq!(faults(&browser).await, Vec::<String>::new());

    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, OTHER, OTHER_PATIENT).await;
    acts::request(&running, &browser).await;
    let other_asked = mail::arrives_for(&running, OTHER_PATIENT, "Appointment requested").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());

    // The desk finds both among its requests, without knowing of which day they are.
    let desk = Desk::open_at(&running, &browser, "olga.answers@example.org", (&provider, practice)).await;
    let requests = desk.path("/requests");
    browser.visit(&requests).await;
    waits(&browser, WHO).await;
    waits(&browser, OTHER).await;
    browser.reads("Answer by").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on(&format!("Accept the request: {WHO}")).await;
    waits_no_more(&browser, WHO).await;
    waits(&browser, OTHER).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on(&format!("Open it in the calendar: {OTHER}")).await;
    opened(&browser, OTHER).await;
    stands(&browser, "Waits for your answer").await;
    browser.reads("After that the request ends by itself.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.visit(&requests).await;
    waits(&browser, OTHER).await;
    browser.click_on(&format!("Decline the request: {OTHER}")).await;
    // Without the word it needs it says so, and leads there.
    browser.click(".act__form button[type=submit]").await;
    browser.is_true("return document.activeElement.matches(\"select[id^='why-Decline-']\")").await;
    assert_eq!(browser.words_of("[id^='why-Decline-'][id$='-error']").await, "Choose why");
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.set("select[id^='why-Decline-']", "no_time").await;
    browser.click(".act__form button[type=submit]").await;
    waits_no_more(&browser, OTHER).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    // Each is told, and sees it behind the link that they have.
    let accepted = mail::arrives_for(&running, PATIENT, "Appointment confirmed").await;
    assert!(accepted.calendar().iter().any(|line| line == "METHOD:PUBLISH"), "{}", accepted.text());
    acts::open_by_letter(&running, &browser, &asked).await;
    browser.reads("Confirmed").await;
    browser.reads("Add to calendar").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    let refused = mail::arrives_for(&running, OTHER_PATIENT, "Request not taken").await;
    let words = "The practice could not take your request. There is nothing to pay.";
    assert!(refused.text().contains(words), "{}", refused.text());
    acts::open_by_letter(&running, &browser, &other_asked).await;
    browser.reads("The practice could not take it").await;
    browser.reads("There is no time for it").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// Waits until somebody is among those who wait for an answer.
async fn waits(browser: &Browser, who: &str) {
    browser.is_true(&format!("return {};", among(who))).await;
}

/// Waits until the list is there and somebody is not in it.
async fn waits_no_more(browser: &Browser, who: &str) {
    browser.is_true(&format!("return !!document.querySelector('#beside-title') && !({});", among(who))).await;
}

/// Whether somebody has a card on the page.
fn among(who: &str) -> String {
    format!("[...document.querySelectorAll('.card h3')].some(name => name.textContent === {who:?})")
}
