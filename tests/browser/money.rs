//! Money in a real browser, against everything running: the cards, the processor's pages, the claims, and the pages about them.

mod bulk_billing;
mod no_show;
mod paying;
mod platform;

use hellomapper_tests::{Browser, Running, until_true};

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

/// All that was asked for is ours, or one of the processor's pages, where one goes whole: nothing of it stands in ours (C-60).
async fn only_ours(browser: &Browser, running: &Running) {
    let ours = format!("{}/", running.settings.public_url);
    let pages = ["/pay/", "/authenticate/", "/onboard/"];
    let is_other = |url: &String| !url.starts_with(&ours) && !pages.iter().any(|page| url.contains(page));
    let others: Vec<_> = browser.requests().await.into_iter().filter(is_other).collect();
    assert_eq!(others, Vec::<String>::new());
}
