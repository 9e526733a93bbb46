//! A visit that was paid for with the booking and is bulk billed instead: from the question in the calendar, by way of the money that
//! goes back, to the patient who is asked for the benefit.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    desk::Desk,
    mail,
    till::{PROVIDER_NUMBER, Till, bulk_billed, private},
};
use jiff::Timestamp;
use serde_json::json;

use super::{super::pages::faults, are_sound, card_is_theirs, comes, give_card, money_moves, only_ours};

const PATIENT: &str = "mira.instead@example.org";
const NAME: &str = "Mira Okafor";
const CARD: &str = "4242424242424242";
/// Her Medicare card, as it is typed.
const MEDICARE: &str = "2123456701";
const QUESTION: &str = "Can it be bulk billed instead?";
const FINISH: &str = "payments.finish_bulk_billing";

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_visit_is_bulk_billed_from_the_calendar_its_money_goes_back_and_its_patient_is_asked() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let till = Till::open(&running).await;
    till.takes_cards(&running).await;
    till.prices(&running, &[private("prepaid", 0)]).await;
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/payments").await;
    browser.reads("You have paid nothing by card yet").await;
    // What was asked for before anybody was signed in is no fault of the pages that follow.
    browser.console_errors().await;
    let far = till.far_time().await;
    let (_, start) = far.rsplit_once("start=").unwrap();
    let start: Timestamp = start.parse().unwrap();
    let booked = pays(&running, &browser, &far).await;
    acts::sign_out(&browser).await;

    // A practice that names no item for such visits is told what to do first.
    let desk = Desk::open(&running, &browser, "olga.instead@example.org").await;
    desk.look_at(&browser, NAME, start).await;
    browser.click_on(QUESTION).await;
    browser.reads("No Medicare item is named for this visit").await;
    browser.reads("Under Who pays, name an item that is in force on its day.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    // The browser writes down that the answer was no.
    browser.console_errors().await;

    // Once there is one, what it means is said before the button that does it.
    till.claims(&running).await;
    till.prices(&running, &[bulk_billed(), private("prepaid", 0)]).await;
    browser.click_on("Try again").await;
    browser.click_on("Bulk bill this visit instead").await;
    browser.reads("$85 goes back to the patient first").await;
    browser.reads("A patient whose visit is still to come is asked for the Medicare benefit").await;
    browser.reads("Once bulk billed, it stays bulk billed.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    panel_is_sound_on_a_phone(&browser).await;
    browser.click_on("Give $85 back and bulk bill").await;
    browser.reads("This visit is being bulk billed").await;
    browser.is_true("return document.activeElement.matches('.beside .notice')").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());

    // The money goes back first; then the patient is asked, and the calendar has no price any more.
    goes_back(&running).await;
    let letter = mail::arrives_for(&running, PATIENT, "Your money is on its way back").await;
    let letter = letter.text();
    assert!(letter.contains("The visit is bulk billed: Medicare pays all of it."), "{letter}");
    mail::arrives_for(&running, PATIENT, "Your agreement to bulk billing").await;
    browser.click_on("Look again").await;
    browser.reads("This visit is bulk billed: what was paid is back").await;
    browser.is_true("return document.activeElement.matches('.beside p')").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    desk.look_at(&browser, NAME, start).await;
    browser.reads("No out-of-pocket cost").await;
    browser.reads("Ask for the bulk-bill agreement").await;
    assert!(!browser.text().await.contains(QUESTION), "nothing is charged for it any more");
    let money = format!("/practice/{}/money", desk.practice);
    comes(&browser, &money, "Refund: ").await;
    browser.reads("This visit is bulk billed: what was paid is back").await;
    are_sound(&browser, &[money, format!("/practice/{}/assignments", desk.practice)]).await;
    browser.reads(NAME).await;
    // What there is to choose from says so as well.
    let asked = "return [...document.querySelectorAll('article strong')].some(it => it.innerText === 'Not answered yet');";
    browser.is_true(asked).await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    // The patient sees that it is back, and agrees on the booking's own page.
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/payments").await;
    browser.reads("Refunded, $85").await;
    browser.reads("Gone back, or on its way $85").await;
    browser.console_errors().await;
    browser.visit(&booked).await;
    browser.reads("Bulk billed: Medicare pays all of it.").await;
    browser.click_on("Show what was paid").await;
    browser.reads("Refunded, $85").await;
    browser.reads("Your agreement to bulk billing is still needed").await;
    agrees(&browser).await;
    mail::arrives_for(&running, PATIENT, "Your bulk-bill agreement is kept").await;
    browser.visit(&booked).await;
    browser.reads("You agreed to bulk billing").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    let sent = only_ours(&browser, &running).await;
    card_is_theirs(&sent, &running, CARD);
    browser.close().await;
    running.quiet().await;
}

/// Takes a time and pays for it. Gives the booking's own page.
async fn pays(running: &Running, browser: &Browser, time: &str) -> String {
    browser.load(time).await;
    browser.arrives_at("/book/hold/").await;
    acts::fill_details(browser, NAME, PATIENT).await;
    acts::confirm_to_pay(browser).await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.click_on("Pay $85").await;
    browser.arrives_at("/pay/").await;
    give_card(browser, CARD).await;
    browser.arrives_at("/book/confirmed/").await;
    browser.reads("You are booked").await;
    // What the processor's page asked for is its own.
    browser.console_errors().await;
    let booked = browser.here().await;
    mail::arrives_for(running, PATIENT, "Appointment confirmed").await;
    money_moves(running).await;
    comes(browser, "/account/payments", "Paid, $85").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    booked
}

/// Gives back what was paid, and has the visit bulk billed once it is back.
async fn goes_back(running: &Running) {
    running.run_job(FINISH).await;
    money_moves(running).await;
    running.run_job(FINISH).await;
    running.quiet().await;
}

/// Axe finds nothing wrong in the panel beside the calendar as it lies over the list on a phone; the list that it half covers is not
/// looked at. The page has axe already.
async fn panel_is_sound_on_a_phone(browser: &Browser) {
    browser.width(360).await;
    let found = browser
        .eval_async(
            "const where = node => node.target.join(' ');
             const words = violation => violation.id + ': ' + violation.nodes.map(where).join(' | ');
             axe.run('.beside', {runOnly: {type: 'tag', values: ['wcag2a', 'wcag21a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}})
                 .then(found => done(found.violations.map(words)), error => done([String(error)]));",
        )
        .await;
    browser.width(1280).await;
    assert_eq!(found, json!([]));
}

/// Reads what is asked on the booking's page, and says yes.
async fn agrees(browser: &Browser) {
    browser.click_on("Read it and answer").await;
    browser.reads("What you are asked to agree to").await;
    browser.reads(PROVIDER_NUMBER).await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    for (field, text) in [
        ("dob-day", "27"),
        ("dob-month", "3"),
        ("dob-year", "1985"),
        ("claimant/family_name", "Okafor"),
        ("claimant/given_name", "Mira"),
        ("claimant/medicare_number", MEDICARE),
        ("claimant/medicare_irn", "1"),
    ] {
        browser.fill(&format!("[id='{field}']"), text).await;
    }
    browser.click_on("I agree").await;
    browser.reads("You agreed. You pay nothing for this visit").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
}
