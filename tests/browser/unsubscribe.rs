//! The way out of reminders: what holds is said to whoever comes back, by the link and in the account, and can be changed at both.

use hellomapper_tests::{Browser, Running};
use kernel::chance::hash_secret;
use uuid::Uuid;

use super::{account::open_account, pages::violations};

const EMAIL: &str = "eve.reminders@example.org";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const UNKNOWN: &str = "00000000000000000000000000000000";
const STOPPED: &str = "You get no more reminders at this address";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reminders_link_stops_is_seen_and_taken_back_there_and_in_the_account() {
    let running = Running::start().await;
    sqlx::query(
        "insert into notifications.unsubscribe_link (token_hash, booking_id, address, expires_at) \
         values ($1, $2, $3, now() + interval '60 days')",
    )
    .bind(hash_secret(TOKEN).as_slice())
    .bind(Uuid::nil())
    .bind(EMAIL)
    .execute(&running.pools.notifications)
    .await
    .unwrap();
    let browser = Browser::open(&running).await;
    let link = format!("/unsubscribe/{TOKEN}");
    browser.visit(&link).await;
    browser.reads("Reminders are sent to this address.").await;
    browser.click_on("Send no more reminders").await;
    browser.reads(STOPPED).await;
    browser.visit(&link).await;
    browser.reads(STOPPED).await;
    assert_eq!(violations(&browser).await, Vec::<String>::new());
    browser.click_on("Send reminders again").await;
    browser.reads("You get reminders again at this address").await;
    browser.click_on("Send no more reminders").await;
    browser.reads(STOPPED).await;

    open_account(&running, &browser, EMAIL).await;
    browser.visit("/account/notifications").await;
    browser.reads(&format!("You get no reminders at {EMAIL}")).await;
    assert_eq!(violations(&browser).await, Vec::<String>::new());
    browser.click("#mail-reminders").await;
    browser.reads(&format!("Reminders may go to {EMAIL}")).await;
    browser.visit(&link).await;
    browser.reads("Reminders are sent to this address.").await;
    browser.visit(&format!("/unsubscribe/{UNKNOWN}")).await;
    browser.click_on("Send no more reminders").await;
    browser.reads("This link does not work any more").await;
    browser.close().await;
}
