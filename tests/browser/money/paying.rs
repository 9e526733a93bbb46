//! A card at booking: it says no, then its bank asks, then it is charged; the receipt; and the money back.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    desk::{Desk, opened},
    mail,
    running::count,
    till::{Till, private},
    until_true,
};
use serde_json::json;

use super::{super::pages::faults, are_sound, card_is_theirs, comes, give_card, money_moves, only_ours};

const PATIENT: &str = "ada.pays@example.org";
/// Cards of the sandbox: one that says no, and one whose bank asks who one is.
const DECLINED: &str = "4000000000000002";
const ASKS: &str = "4000002760003184";
/// A booking that this window does not know.
const ELSEWHERE: &str = "01234567-89ab-7def-8123-456789abcdef";
/// A practice's pages about money.
const PAGES: [&str; 9] = [
    "/money",
    "/money/unpaid",
    "/money/statements",
    "/money/payouts",
    "/money/chargebacks",
    "/money/invoices",
    "/money/funding",
    "/money/medicare",
    "/money/account",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_declined_another_is_asked_about_and_charged_and_its_money_goes_back() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let till = Till::open(&running).await;
    till.takes_cards(&running).await;
    till.prices(&running, &[private("prepaid", 0)]).await;
    let (provider, _) = acts::somebody_bookable(&running).await;
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/payments").await;
    browser.reads("You have paid nothing by card yet").await;
    // What was asked for before anybody was signed in is no fault of the pages that follow.
    browser.console_errors().await;

    // What is due is said before anything is asked for, and the card is given on the processor's page.
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Ada Nguyen", PATIENT).await;
    acts::confirm_to_pay(&browser).await;
    browser.reads("Pay to finish your booking").await;
    browser.reads("every card costs the same").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.click_on("Pay $85").await;
    browser.arrives_at("/pay/").await;

    // Whoever goes back without paying is told so soon, and goes on where they were.
    browser.click_on("Back").await;
    browser.reads("It is not paid yet").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Try again").await;
    browser.reads("Pay to finish your booking").await;
    browser.click_on("Pay $85").await;
    browser.arrives_at("/pay/").await;
    give_card(&browser, DECLINED).await;
    browser.reads("Your card was declined.").await;
    give_card(&browser, ASKS).await;
    browser.reads("Your bank asks who you are").await;
    browser.console_errors().await;
    browser.click_on("It is me").await;
    browser.arrives_at("/book/confirmed/").await;
    browser.reads("You are booked").await;
    let booked = browser.here().await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    mail::arrives_for(&running, PATIENT, "Appointment confirmed").await;

    // The receipt, and as a file.
    money_moves(&running).await;
    is_issued(&running, "tax_invoice").await;
    comes(&browser, "/account/payments", "Paid, $85").await;
    browser.click_on("Receipts").await;
    browser.reads("Invoice and receipt 1").await;
    browser.reads("Total $85").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(receipt(&browser).await, json!([200, "application/pdf", "%PDF"]));
    mail::arrives_for(&running, PATIENT, "Your receipt is there").await;
    browser.visit(&booked).await;
    an_hour_passes(&browser).await;
    browser.click_on("Show what was paid").await;
    browser.reads("Paid, $85").await;
    // That of the payment and that of its documents.
    assert_eq!(browser.eval("return window.refusedTickets > 1").await, json!(true));
    browser.reads("Invoice and receipt 1").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    // The practice sees what came in, and gives it back.
    let desk = Desk::open(&running, &browser, "olga.money@example.org").await;
    let money = format!("/practice/{}/money", desk.practice);
    are_sound(&browser, &PAGES.map(|page| format!("/practice/{}{page}", desk.practice))).await;
    browser.visit(&money).await;
    browser.reads("Payment: $").await;
    // Whose visit it was for stands in the calendar.
    browser.click_on("Visit on ").await;
    browser.arrives_at("/calendar/").await;
    opened(&browser, "Ada Nguyen").await;
    browser.visit(&money).await;
    browser.click_on("Give money back").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Give it back").await;
    browser.reads("$85 is on its way back").await;
    assert!(browser.sees_nothing("[id^='amount-']").await, "nothing is left to press twice");
    money_moves(&running).await;
    comes(&browser, &money, "Refund: ").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    // So does the patient.
    mail::arrives_for(&running, PATIENT, "Your money is on its way back").await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/payments").await;
    browser.reads("Refunded, $85").await;
    browser.reads("Gone back, or on its way").await;
    money_moves(&running).await;
    is_issued(&running, "adjustment_note").await;
    browser.click_on("Receipts").await;
    browser.reads("Credit note").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    let sent = only_ours(&browser, &running).await;
    for number in [DECLINED, ASKS] {
        card_is_theirs(&sent, &running, number);
    }

    // Whoever comes back from the processor in another window is told what to do.
    browser.visit(&format!("/booked/{ELSEWHERE}/payment")).await;
    browser.reads("Go back to where you began to pay").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// Issues what is due until there is such a document, since the page does not look again by itself: while the server is at it, a job that
/// is run has nothing to do.
async fn is_issued(running: &Running, kind: &str) {
    let issued = format!("payments.invoice where kind = '{kind}'");
    until_true(&format!("a document of the kind {kind}"), || async {
        running.run_job("payments.issue_invoices").await;
        count(&mut running.database.administrator().await, &issued).await > 0
    })
    .await;
}

/// Payments believes the ticket of the page that is open no more, as after an hour: what is sent with it comes back as not found.
async fn an_hour_passes(browser: &Browser) {
    browser
        .eval(
            "const send = window.fetch.bind(window);
             const absent = {type: '/problems/not-found', title: 'This payment not found', status: 404};
             let old = null;
             window.refusedTickets = 0;
             window.fetch = async (asked, options) => {
                 const ticket = asked.headers?.get?.('payment-ticket');
                 old ??= ticket;
                 if (!ticket || ticket !== old) { return send(asked, options); }
                 window.refusedTickets += 1;
                 return new Response(JSON.stringify(absent), {status: 404});
             };",
        )
        .await;
}

/// What the link to the file leads to: status, media type and its first letters.
async fn receipt(browser: &Browser) -> serde_json::Value {
    browser
        .eval_async(
            "const letters = async reply => new TextDecoder().decode((await reply.arrayBuffer()).slice(0, 4));
             fetch(document.querySelector(\"a[href$='/pdf']\").href)
                 .then(async reply => done([reply.status, reply.headers.get('content-type'), await letters(reply)]))
                 .catch(error => done([String(error)]));",
        )
        .await
}
