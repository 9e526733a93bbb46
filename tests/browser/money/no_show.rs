//! A card that is kept, by which a visit is booked that nobody comes to: the fee, and letting it go.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    desk::{Desk, stands},
    mail,
    till::{Till, private, was_to_begin},
};
use jiff::SignedDuration;
use kernel::Clock;

use super::{super::pages::faults, comes, give_card, money_moves, only_ours};

const PATIENT: &str = "ada.keeps@example.org";
const NAME: &str = "Ada Nguyen";
const CARD: &str = "4242424242424242";

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_card_is_charged_for_not_coming_and_what_is_let_go_goes_back() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let till = Till::open(&running).await;
    till.takes_cards(&running).await;
    till.prices(&running, &[private("after_visit", 5_000)]).await;
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/cards").await;
    browser.reads("There are none").await;
    browser.console_errors().await;

    // A card is kept once somebody has agreed to it, and on the processor's page.
    browser.click_on("Add a card").await;
    browser.is_true("return document.activeElement.id === 'consent'").await;
    browser.click("label.check:has(#consent)").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.click_on("Add a card").await;
    browser.arrives_at("/pay/").await;
    give_card(&browser, CARD).await;
    browser.arrives_at("/account/cards").await;
    browser.reads("Visa ending in 4242").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.console_errors().await;

    // Nothing is taken when booking, and what may be later is agreed to first.
    browser.load(&till.far_time().await).await;
    browser.arrives_at("/book/hold/").await;
    acts::fill_details(&browser, NAME, PATIENT).await;
    acts::confirm_to_pay(&browser).await;
    browser.reads("Nothing. Your card is charged after the visit.").await;
    browser.reads("Not coming $50").await;
    let kept = browser.sees("#saved-card option:nth-of-type(2)").await.attr("value").await.unwrap();
    browser.set("#saved-card", &kept.unwrap()).await;
    browser.click("label.check:has(#card-consent)").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Give a card").await;
    // The page before says in the same words what is so once this is done.
    browser.is_true("return document.querySelector('#done-title')?.textContent === 'You are booked'").await;
    let booking = acts::booking_shown(&running, &browser).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    comes(&browser, "/account/payments", "Your card is kept, $85").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    // Nobody comes.
    running.quiet().await;
    was_to_begin(&running, booking, 20).await;
    let start = Clock::System.now() - SignedDuration::from_mins(20);
    let desk = Desk::open(&running, &browser, "kim.money@example.org").await;
    let money = format!("/practice/{}/money", desk.practice);
    desk.look_at(&browser, NAME, start).await;
    browser.click_on("Did not come").await;
    browser.click_on("The practice was ready").await;
    browser.click(".act__form button[type=submit]").await;
    stands(&browser, "The patient did not come").await;
    browser.reads("A fee of $50 was charged to the patient, or they owe it.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    money_moves(&running).await;
    comes(&browser, &money, "Payment: $").await;

    // The desk lets it go, and it goes back.
    desk.look_at(&browser, NAME, start).await;
    browser.click_on("Let the fee go").await;
    browser.is_true("return !document.body.innerText.includes('A fee of $50')").await;
    money_moves(&running).await;
    comes(&browser, &money, "Refund: ").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    acts::sign_out(&browser).await;
    mail::arrives_for(&running, PATIENT, "Your money is on its way back").await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/payments").await;
    browser.reads("Refunded, $50").await;
    browser.reads("Gone back, or on its way $50").await;
    only_ours(&browser, &running).await;
    browser.close().await;
    running.quiet().await;
}
