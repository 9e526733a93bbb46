//! A group session at the desk: two people are in it, and it is cancelled for both at once.

use hellomapper_tests::{
    Browser, Running, acts,
    desk::{Desk, opened},
    mail,
};
use jiff::ToSpan as _;
use kernel::Clock;

use super::pages::faults;

const PATIENTS: [(&str, &str); 2] =
    [("Ada Nguyen", "ada.class@example.org"), ("Grace Okafor", "grace.class@example.org")];

#[tokio::test(flavor = "multi_thread")]
async fn a_group_session_is_cancelled_for_everyone_at_the_desk_and_each_is_told() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "olga.class@example.org").await;
    offers_groups(&running, &desk).await;
    // Nobody has booked a day so far ahead.
    let day = desk.zone.date(Clock::System.now()) + 150.days();
    let at_ten = day.at(10, 0, 0, 0).to_zoned(desk.zone.time_zone()).unwrap().timestamp();
    browser.visit(&desk.view("day", day)).await;
    for (who, email) in PATIENTS {
        desk.begin(&browser, at_ten).await;
        acts::fill_details(&browser, who, email).await;
        browser.click_on("Book it").await;
        opened(&browser, who).await;
        mail::arrives_for(&running, email, "Appointment confirmed").await;
    }

    // From one of them a button leads to all, and what cancelling does is said before.
    browser.click_on("Everybody in this session").await;
    browser.reads("People in this session").await;
    browser.reads("2 appointments are cancelled.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Cancel for everyone").await;
    browser.click(".act__form button[type=submit]").await;
    browser.is_true("return document.activeElement.id === 'session-why'").await;
    assert_eq!(browser.words_of("#session-why-error").await, "Choose why");
    browser.set("#session-why", "practice_closed").await;
    browser.click(".act__form button[type=submit]").await;
    browser.reads("2 appointments were cancelled.").await;
    browser.is_true("return document.activeElement.id === 'beside-title'").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    for (_, email) in PATIENTS {
        mail::arrives_for(&running, email, "Appointment cancelled").await;
    }
    browser.close().await;
    running.quiet().await;
}

/// Whoever comes to the practitioner comes with up to three others.
async fn offers_groups(running: &Running, desk: &Desk) {
    sqlx::query(
        "update bookings.appointment_type set seats = 4, version = version + 1 \
         where practitioner_role_id = $1 and travel_minutes is null and not telehealth",
    )
    .bind(desk.role.0)
    .execute(&mut running.database.administrator().await)
    .await
    .expect("the practitioner can be booked");
}
