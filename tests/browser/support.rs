//! Support helps one person by a stated reason: on the pages, with a passkey, and in front of the person.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
};

use super::pages::faults;

const HELPER: &str = "sam.support@example.org";
const PATIENT: &str = "ada.support@example.org";
const REASON: &str = "Ada asked on the phone why her name is wrong.";

#[tokio::test(flavor = "multi_thread")]
async fn support_states_a_reason_sees_one_person_and_the_person_reads_all_of_it() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.authenticator().await;
    acts::open_account(&running, &browser, HELPER).await;
    acts::sign_in(&browser, HELPER, PASSWORD, "/account/keys").await;
    acts::make_keys(&browser).await;
    acts::add_passkey(&browser, "Laptop").await;
    acts::name_support(&running, HELPER).await;
    acts::sign_out(&browser).await;

    // Somebody who needs help reads their number to support.
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/profile").await;
    browser.fill("#name", "Ada Nguyen").await;
    browser.fill("#dob-day", "27").await;
    browser.fill("#dob-month", "3").await;
    browser.fill("#dob-year", "1985").await;
    browser.click("label.check:has(#consent)").await;
    // Details that were never given are no failure.
    let errors = browser.console_errors().await;
    assert!(!errors.iter().any(|error| error.contains("status of 404")), "{errors:?}");
    browser.click_on("Save").await;
    browser.reads("Your details are saved").await;
    acts::sign_out(&browser).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/record").await;
    browser.reads("Nobody has stated a reason so far.").await;
    let number = browser.words_of("#own-number").await;
    acts::sign_out(&browser).await;

    // A reason opens the one person's data, for its time or until it is ended.
    acts::sign_in_with_passkey(&browser, "/support").await;
    browser.reads("None. You see nobody’s data.").await;
    browser.click_on("State it and see their data").await;
    browser.reads("Please check 2 answers").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.fill("#patient_id", &number).await;
    browser.fill("#reason", REASON).await;
    browser.click_on("State it and see their data").await;
    browser.is_at(&format!("/support/{number}")).await;
    browser.reads("Ada Nguyen").await;
    browser.reads("27 March 1985").await;
    browser.reads("min left").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("End it now").await;
    browser.reads("No reason of yours stands for this person").await;
    assert!(!browser.text().await.contains("Ada Nguyen"));
    acts::sign_out(&browser).await;
    // Only entries that have their place in the log are told to anybody, and no job gives them one here.
    running.sign_audit_logs().await;

    // The person reads what was stated, and what was looked at by it. They have no keys; their browser checks it too.
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/record").await;
    browser.reads(&format!("Help was asked for: {REASON}")).await;
    let look = "Looked at personal details, by a stated reason";
    browser.reads(&format!("HelloMapper support, reason: {REASON}: {look}")).await;
    browser.reads("Checked: in the log, unchanged").await;
    assert!(!browser.text().await.contains("Not what the log has"));
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.close().await;
}
