//! A practice's messages that did not arrive, sending one again, and what our messages say.

use hellomapper_tests::{
    Browser, Running,
    desk::{Desk, stands},
    mail,
};
use jiff::SignedDuration;
use kernel::Clock;
use uuid::Uuid;

use super::pages::faults;

const WHO: &str = "Ada Nguyen";
const ADDRESS: &str = "ada.bounced@example.org";
const SUBJECT: &str = "Appointment moved: now Tuesday";

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_sees_what_bounced_and_has_it_sent_again() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "berta.bounced@example.org").await;
    let start = Clock::System.now() - SignedDuration::from_mins(20);
    browser.visit(&desk.view("day", desk.zone.date(start))).await;
    desk.book(&browser, WHO, start).await;
    stands(&browser, "Confirmed").await;
    running.quiet().await;

    let page = format!("/practice/{}/messages", desk.practice);
    browser.visit(&page).await;
    browser.reads("all messages about your bookings were handed over").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    bounces(&running, &desk).await;
    browser.visit(&page).await;
    for words in [WHO, "Change of time, by e-mail", "refused it for good", "refused with 550"] {
        browser.reads(words).await;
    }
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Send again").await;
    browser.reads("It goes out again within a minute").await;
    browser.reads("all messages about your bookings were handed over").await;
    mail::arrives_for(&running, ADDRESS, SUBJECT).await;

    // What our messages say, one after the other.
    browser.click_on("See what our messages say").await;
    browser.reads("Your request is with the practice").await;
    browser.set("#message", "1").await;
    browser.reads("Your appointment is confirmed").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// The mail server refuses a message about what was just booked.
async fn bounces(running: &Running, desk: &Desk) {
    let booking: Uuid = sqlx::query_scalar(
        "select booking_id from bookings.appointment_party where organization_id = $1 and name = $2 \
         order by created_at desc limit 1",
    )
    .bind(desk.practice.0)
    .bind(WHO)
    .fetch_one(&running.pools.bookings)
    .await
    .unwrap();
    sqlx::query(
        "insert into notifications.message (message_id, event_id, template, booking_id, organization_id, recipient, subject, \
         body_text, body_html, status, attempts, last_error, next_attempt_at, created_at) \
         values ($1, $1, 'appointment_moved', $2, $3, $4, $5, 'Moved', '<p>Moved</p>', 'dead', 1, \
         'the mail server refused with 550', now(), now())",
    )
    .bind(Uuid::from_u128(1))
    .bind(booking)
    .bind(desk.practice.0)
    .bind(ADDRESS)
    .bind(SUBJECT)
    .execute(&running.pools.notifications)
    .await
    .unwrap();
}
