//! A time that a practice proposes: from the panel beside its calendar to the patient's answer behind their own link.

use hellomapper_tests::{
    Browser, Running, acts,
    desk::{Desk, opened},
    mail,
};
use jiff::ToSpan as _;
use kernel::Clock;

use super::pages::faults;

const PATIENT: &str = "ada.proposed@example.org";
const WHO: &str = "Ada Nguyen";

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_proposes_another_time_and_the_patient_agrees_to_it() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "olga.proposes@example.org").await;
    // Nobody has booked a day so far ahead.
    let day = desk.zone.date(Clock::System.now()) + 150.days();
    browser.visit(&desk.view("day", day)).await;
    browser.click_on("New appointment").await;
    browser.set("#new-date", &day.to_string()).await;
    browser.set("#new-time", "10:00").await;
    acts::fill_details(&browser, WHO, PATIENT).await;
    browser.click_on("Book it").await;
    opened(&browser, WHO).await;

    browser.click_on("Propose another time").await;
    browser.set("#propose-date", &(day + 1.day()).to_string()).await;
    browser.set("#propose-time", "11:30").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Propose it").await;
    browser.reads("The patient can answer until").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    mail::arrives_for(&running, PATIENT, "Another time proposed").await;
    let letter = mail::arrives_for(&running, PATIENT, "Appointment confirmed").await;
    acts::open_by_letter(&running, &browser, &letter).await;
    browser.reads("proposes another time").await;
    browser.reads("11:30 am instead of").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Agree to the new time").await;
    browser.reads("The old time has been let go").await;
    mail::arrives_for(&running, PATIENT, "Appointment moved").await;
    browser.close().await;
    running.quiet().await;
}
