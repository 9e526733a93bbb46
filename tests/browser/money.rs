//! Money in a real browser, against everything running: the cards, the processor's pages, the claims, and the pages about them.

mod bulk_billing;
mod instead;
mod no_show;
mod paying;
pub mod platform;

use hellomapper_tests::{Browser, Running, browser::Sent, until_true};

use super::pages::faults;

/// Types a card's number into the processor's page.
async fn give_card(browser: &Browser, number: &str) {
    browser.fill("#number", number).await;
    browser.click("main form button").await;
}

/// Comes back to a page until it says something: what is done meanwhile is done by jobs.
async fn comes(browser: &Browser, path: &str, words: &str) {
    until_true(&format!("the words {words:?} on {path}"), || async {
        browser.visit(path).await;
        browser.text().await.contains(words)
    })
    .await;
}

/// Does what is due for payments, and lets everybody hear of it.
async fn money_moves(running: &Running) {
    running.quiet().await;
    for job in ["payments.act_on_due", "payments.run_processor_calls", "payments.issue_invoices"] {
        running.run_job(job).await;
    }
    running.quiet().await;
}

/// Visits pages of somebody who is signed in: each is theirs to see, and has no fault.
async fn are_sound(browser: &Browser, paths: &[String]) {
    let mut wrong = Vec::new();
    for path in paths {
        browser.visit(path).await;
        wrong.extend(faults(browser).await);
        let text = browser.text().await;
        let refused = ["Something went wrong", "needs a stronger sign-in", "does not include this page"];
        wrong.extend(refused.iter().find(|words| text.contains(**words)).map(|_| format!("{path}: {text}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All that was asked for is ours, or one of the processor's pages, where one goes whole: nothing of it stands in ours, and no page of
/// ours asks anybody else (C-60). Gives what was sent.
async fn only_ours(browser: &Browser, running: &Running) -> Vec<Sent> {
    let ours = format!("{}/", running.settings.public_url);
    let pages = ["/pay/", "/authenticate/", "/onboard/"];
    let is_other = |sent: &&Sent| {
        let goes_there = pages.iter().any(|page| sent.url.contains(page)) && !sent.page.starts_with(&ours);
        !sent.url.starts_with(&ours) && !goes_there
    };
    let sent = browser.sent().await;
    let others: Vec<_> = sent.iter().filter(is_other).map(|sent| sent.url.as_str()).collect();
    assert_eq!(others, Vec::<&str>::new());
    sent
}

/// The number of a card went to the processor, and to us neither in an address nor in a header nor in a body (C-60).
fn card_is_theirs(sent: &[Sent], running: &Running, number: &str) {
    let ours = format!("{}/", running.settings.public_url);
    let (to_us, to_them): (Vec<_>, Vec<_>) = sent.iter().partition(|sent| sent.url.starts_with(&ours));
    assert!(to_them.iter().any(|sent| sent.carries(number)), "what was typed on their page is read here");
    let told_us: Vec<_> = to_us.into_iter().filter(|sent| sent.carries(number)).collect();
    assert!(told_us.is_empty(), "{:?}", told_us.iter().map(|sent| &sent.url).collect::<Vec<_>>());
}
