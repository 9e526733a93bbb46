//! A practitioner who runs late: the desk says it, the day's patients are told, and their own page shows it.

use hellomapper_tests::{Browser, Running, acts, desk::Desk, mail};
use jiff::SignedDuration;
use kernel::Clock;

use super::pages::faults;

const PATIENT: &str = "ada.waits@example.org";
const WHO: &str = "Ada Nguyen";

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_says_how_late_it_is_and_the_patient_reads_it() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let mut desk = Desk::open(&running, &browser, "olga.late@example.org").await;
    desk.before_midnight(&running).await;
    let start = Clock::System.now() + SignedDuration::from_mins(60);
    browser.visit(&desk.view("day", desk.zone.date(start))).await;
    desk.book_by_mail(&browser, WHO, PATIENT, start).await;
    let confirmed = mail::arrives_for(&running, PATIENT, "Appointment confirmed").await;

    browser.click_on("Somebody runs late").await;
    // Without the minutes it says so, and leads there.
    browser.click(".cal-late button[type=submit]").await;
    browser.is_true("return document.activeElement.id === 'late-minutes'").await;
    assert_eq!(browser.words_of("#late-minutes-error").await, "Enter how many minutes");
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.fill("#late-minutes", "25").await;
    browser.click_on("Tell the patients").await;
    browser.reads("It is noted, and").await;
    browser.reads("runs about 25 minutes late, as was said at").await;
    browser.sees(".cal-late .button--quiet").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    let late = mail::arrives_for(&running, PATIENT, "Likely to begin late: your appointment on").await;
    let words = "It is likely to begin about 25 minutes later than booked.";
    assert!(late.text().contains(words), "{}", late.text());
    acts::open_by_letter(&running, &browser, &confirmed).await;
    browser.reads("Likely to begin about 25 minutes later than booked").await;
    browser.reads("Please still come on time unless your practice tells you otherwise.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}
