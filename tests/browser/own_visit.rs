//! What a patient says of their own visit around its start: that they will come, that they are there, that nobody was there.

use hellomapper_tests::{
    Browser, Person, Running, acts,
    desk::{Desk, stands},
    mail,
    till::was_to_begin,
};

use super::pages::faults;

const PATIENT: &str = "ada.comes@example.org";
const WHO: &str = "Ada Nguyen";
const OTHER_PATIENT: &str = "grace.waited@example.org";
const OTHER: &str = "Grace Okafor";

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_says_that_they_come_and_are_there_and_another_that_nobody_was() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let (provider, practice) = acts::somebody_bookable(&running).await;
    let (role, zone) = (provider.practitioner_role_id, acts::zone_of(&provider));
    let stranger = Person::new(&running.settings.public_url);
    let (of, times) = acts::free_times(&stranger, role, zone).await;
    let last = *times.last().expect("a free time in four weeks");

    // It begins in half an hour.
    acts::take_time(&browser, role, of, last).await;
    acts::fill_details(&browser, WHO, PATIENT).await;
    let kept = acts::confirm(&running, &browser).await;
    let letter = mail::arrives_for(&running, PATIENT, "Appointment confirmed").await;
    was_to_begin(&running, kept, -30).await;
    acts::open_by_letter(&running, &browser, &letter).await;
    browser.reads("Will it suit you?").await;
    browser.reads("Are you at the practice?").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("I will come").await;
    browser.reads("The practice knows that you will come").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("I have arrived").await;
    browser.reads("The practice knows that you are there").await;
    browser.reads("Please wait until you are called.").await;
    assert!(!browser.text().await.contains("Are you at the practice?"));
    assert_eq!(faults(&browser).await, Vec::<String>::new());

    // It should have begun forty minutes ago.
    let (of, times) = acts::free_times(&stranger, role, zone).await;
    acts::take_time(&browser, role, of, *times.last().expect("another free time")).await;
    acts::fill_details(&browser, OTHER, OTHER_PATIENT).await;
    let missed = acts::confirm(&running, &browser).await;
    let here = browser.here().await;
    was_to_begin(&running, missed, 40).await;
    browser.visit(&here).await;
    browser.reads("Was nobody there for you?").await;
    browser.click_on("The practitioner was not there").await;
    browser.reads("Say it only if you were there").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Yes, nobody was there").await;
    browser.reads("It is noted that the practitioner was not there").await;
    browser.reads("You owe nothing for this appointment.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());

    let desk = Desk::open_at(&running, &browser, "olga.sees@example.org", (&provider, practice)).await;
    desk.look_at(&browser, WHO, acts::start_of(&running, kept).await).await;
    stands(&browser, "Arrived").await;
    browser.reads("Said so on").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    desk.look_at(&browser, OTHER, acts::start_of(&running, missed).await).await;
    stands(&browser, "The practitioner did not come").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}
