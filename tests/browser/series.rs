//! A series: what cannot be booked of it is reported at the desk, and the patient sees what they agreed to, visit by visit; where
//! they are many, part by part.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    desk::{Desk, opened},
    mail,
};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use kernel::Clock;
use shared_types::time::long_date;

use super::pages::faults;

const PATIENT: &str = "ada.weekly@example.org";
const WHO: &str = "Ada Nguyen";
const IN_THE_WAY: &str = "Grace Okafor";
const MANY: &str = "ada.often@example.org";
/// The link of each appointment that is listed in an account.
const VISITS: &str = "a.button--quiet[href^='/book/confirmed/']";

#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_booked_without_the_visit_that_is_taken_and_seen_by_its_patient() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "olga.weekly@example.org").await;
    opens_every_day(&running, &desk).await;
    // Nobody has booked a day so far ahead.
    let first = desk.zone.date(Clock::System.now()) + 150.days();
    let (second, third) = (first + 7.days(), first + 14.days());
    let at_ten =
        |day: Date| -> Timestamp { day.at(10, 0, 0, 0).to_zoned(desk.zone.time_zone()).unwrap().timestamp() };
    browser.visit(&desk.view("day", second)).await;
    desk.begin(&browser, at_ten(second)).await;
    acts::fill_details(&browser, IN_THE_WAY, "grace.weekly@example.org").await;
    browser.click_on("Book it").await;
    opened(&browser, IN_THE_WAY).await;

    browser.visit(&desk.view("day", first)).await;
    desk.begin(&browser, at_ten(first)).await;
    browser.set("#new-every", "week").await;
    browser.fill("#new-visits", "3").await;
    acts::fill_details(&browser, WHO, PATIENT).await;
    browser.click_on("Look at every visit").await;
    browser.reads("Every visit of the series").await;
    assert_eq!(browser.words_of("#series-1-hint").await, "Free.");
    assert_eq!(browser.words_of("#series-2-hint").await, "Taken. The nearest other times are in the list.");
    assert_eq!(browser.words_of("#series-3-hint").await, "Free.");
    let left_out = "const other = document.querySelector('#series-2');
                    return other.value === '' && other.options.length > 1";
    browser.is_true(left_out).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    // Nothing is booked before the patient has agreed.
    browser.is_true(&ready("Book 2 visits", false)).await;
    browser.click_on("The patient agrees to exactly these times.").await;
    browser.is_true(&ready("Book 2 visits", true)).await;
    browser.click_on("Book 2 visits").await;
    opened(&browser, WHO).await;
    browser.reads("Cancel more of this series").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    // One letter tells of both, and each link leads to its own visit.
    let letter = mail::arrives_for(&running, PATIENT, "2 appointments confirmed, the first on").await;
    let visits = letter.calendar().iter().filter(|line| *line == "BEGIN:VEVENT").count();
    assert_eq!(visits, 2, "{}", letter.text());
    assert!(!letter.text().contains(&long_date(second)), "{}", letter.text());
    let links = letter.manage_paths(&running.settings.public_url);
    assert_eq!(links.len(), 2, "{}", letter.text());
    for (link, day) in links.iter().zip([first, third]) {
        browser.visit(link).await;
        acts::prove(&browser).await;
        browser.reads("Confirmed").await;
        browser.reads(&format!("{}, 10:00 am", long_date(day))).await;
        assert_eq!(faults(&browser).await, Vec::<String>::new());
    }

    // In an account they are one series.
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account").await;
    acts::give_details(&browser, WHO).await;
    browser.visit("/account/appointments").await;
    browser.click_on("Bring them here").await;
    browser.reads("2 bookings are here now.").await;
    browser.reads(&long_date(first)).await;
    browser.reads(&long_date(third)).await;
    browser.click_on("Cancel more of this series").await;
    browser.set("select[id^=series-scope-]", "all").await;
    browser.reads("Cancel 2 visits").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_many_appointments_is_shown_the_rest_at_a_press() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "olga.many@example.org").await;
    opens_every_day(&running, &desk).await;
    let first = desk.zone.date(Clock::System.now()) + 150.days();
    let at_ten = first.at(10, 0, 0, 0).to_zoned(desk.zone.time_zone()).unwrap().timestamp();
    browser.visit(&desk.view("day", first)).await;
    desk.begin(&browser, at_ten).await;
    browser.set("#new-every", "week").await;
    browser.fill("#new-visits", "22").await;
    acts::fill_details(&browser, WHO, MANY).await;
    browser.click_on("Look at every visit").await;
    browser.is_true(&ready("Book 22 visits", false)).await;
    // Who is corrected after that is not booked as they were typed before.
    browser.set("#mobile", "0491 570 156").await;
    browser.is_true("return !document.querySelector('#series-title')").await;
    browser.click_on("Look at every visit").await;
    browser.is_true(&ready("Book 22 visits", false)).await;
    browser.click_on("The patient agrees to exactly these times.").await;
    browser.is_true(&ready("Book 22 visits", true)).await;
    browser.click_on("Book 22 visits").await;
    opened(&browser, WHO).await;
    acts::sign_out(&browser).await;
    mail::arrives_for(&running, MANY, "22 appointments confirmed, the first on").await;

    acts::open_account(&running, &browser, MANY).await;
    acts::sign_in(&browser, MANY, PASSWORD, "/account").await;
    acts::give_details(&browser, WHO).await;
    browser.visit("/account/appointments").await;
    browser.click_on("Bring them here").await;
    browser.reads("22 bookings are here now.").await;
    browser.is_true(&listed(20)).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Show more").await;
    browser.is_true(&listed(22)).await;
    // The button has gone with what it brought, and the focus is in that.
    let focused = format!(
        "const visits = [...document.querySelectorAll({VISITS:?})].map(link => link.closest('li'));
         return visits.findIndex(visit => visit.contains(document.activeElement)) === 20"
    );
    browser.is_true(&focused).await;
    assert!(browser.sees_nothing(".pager button").await, "there are no more");
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// Whether so many appointments are listed.
fn listed(count: usize) -> String {
    format!("return document.querySelectorAll({VISITS:?}).length === {count}")
}

/// Whether the button that says that can be pressed.
fn ready(words: &str, is: bool) -> String {
    format!(
        "const found = [...document.querySelectorAll('.beside button')].find(one => one.innerText.trim() === {words:?});
         return !!found && found.getAttribute('aria-disabled') === '{}'",
        !is
    )
}

/// The practitioner is there from nine to five on every day, and can be booked for a year.
async fn opens_every_day(running: &Running, desk: &Desk) {
    for statement in [
        "update bookings.schedule set horizon_days = 365, opens_on_holidays = true where practitioner_role_id = $1",
        "insert into bookings.availability_rule (availability_rule_id, practitioner_role_id, weekdays, opens, closes) \
         values (gen_random_uuid(), $1, 127, '09:00', '17:00')",
    ] {
        let changed = sqlx::query(statement)
            .bind(desk.role.0)
            .execute(&mut running.database.administrator().await)
            .await
            .unwrap();
        assert_eq!(changed.rows_affected(), 1);
    }
}
