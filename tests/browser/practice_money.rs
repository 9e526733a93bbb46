//! A practice's money, on every page of it: who pays for an appointment type, bulk billing, and the numbers by which it claims.

use hellomapper_tests::{Browser, Running, desk::Desk};

use super::pages::faults;

/// Every page of a practice's money, and those about its claims.
pub const PAGES: [&str; 11] = [
    "/money",
    "/money/unpaid",
    "/money/statements",
    "/money/payouts",
    "/money/chargebacks",
    "/money/invoices",
    "/money/funding",
    "/money/medicare",
    "/money/account",
    "/claims",
    "/assignments",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_says_who_pays_and_reads_its_money_without_a_fault_on_a_phone_too() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "mona.money@example.org").await;
    let page = |rest: &str| format!("/practice/{}{rest}", desk.practice);
    for rest in PAGES {
        browser.visit(&page(rest)).await;
        assert_eq!(faults(&browser).await, Vec::<String>::new());
        let text = browser.text().await;
        assert!(
            !text.contains("Something went wrong") && !text.contains("stronger sign-in"),
            "{rest}: {text}"
        );
    }
    browser.visit(&page("/claims")).await;
    browser.reads("Not certified by Services Australia").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());

    sets_a_rule(&browser, &desk, &page("/money/funding")).await;
    browser.click_on("We bulk bill everything").await;
    browser.reads("Your practice bulk bills every eligible service").await;
    // Its rule names no item.
    browser.reads("These cannot be charged for, so whoever would have to pay cannot book them").await;
    browser.visit(&page("/money/medicare")).await;
    enters_numbers(&browser).await;
    browser.close().await;
}

/// A private fee with a deposit, once the deposit is put right.
async fn sets_a_rule(browser: &Browser, desk: &Desk, path: &str) {
    browser.visit(path).await;
    browser.sees("[aria-labelledby=types-title] :is(#of-role, h3)").await;
    if !browser.sees_nothing("#of-role").await {
        browser.set("#of-role", &desk.role.to_string()).await;
    }
    browser.click("[aria-labelledby=types-title] li button[aria-expanded]").await;
    browser.reads("There is no rule").await;
    browser.click_on("Add a rule").await;
    browser.fill("[id^='rule-'][id$='-charges-fee']", "95.50").await;
    browser.set("[id^='rule-'][id$='-charges-collection']", "deposit").await;
    browser.fill("[id^='rule-'][id$='-charges-deposit']", "200").await;
    browser.fill("[id^='rule-'][id$='-items']", "2b").await;
    browser.reads("2b: an item has up to five digits.").await;
    browser.set("[id^='rule-'][id$='-items']", "").await;
    browser.click("form:has([id^='rule-']) button[type=submit]").await;
    browser.reads("at most the fee, and belongs to collecting one").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    browser.set("[id^='rule-'][id$='-charges-deposit']", "20").await;
    browser.click("form:has([id^='rule-']) button[type=submit]").await;
    browser.reads("It counts for what is booked from now on").await;
    browser.click("[aria-labelledby=types-title] li button[aria-expanded]").await;
    browser.sees("[id^='rule-'][id$='-charges-deposit']").await;
    let fee = "return document.querySelector(\"[id^='rule-'][id$='-charges-fee']\").value === '95.50'";
    browser.is_true(fee).await;
}

/// A number with a wrong check letter is refused beside its field.
async fn enters_numbers(browser: &Browser) {
    browser.fill("#location-id", "abc00001").await;
    browser.click("form:has(#location-id) button[type=submit]").await;
    browser.reads("Kept").await;
    browser.fill("#provider-number", "2447781A").await;
    browser.set("#area", "5").await;
    browser.click("form:has(#provider-number) button[type=submit]").await;
    browser.reads("This is not a Medicare provider number").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    browser.set("#provider-number", "2447781L").await;
    browser.click("form:has(#provider-number) button[type=submit]").await;
    browser.is_true("return document.querySelectorAll('.notice--success').length === 2").await;
}
