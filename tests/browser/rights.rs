//! What somebody can find out about their own record, take along, and have erased: on the pages, over all services.

use std::{fs, path::Path};

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    mail, until,
};
use serde_json::Value;

use super::pages::faults;

const OWNER: &str = "olga.rights@example.org";
const PATIENT: &str = "ada.rights@example.org";
const REASON: &str = "My wrist hurts after an hour of typing.";
const ANSWER: &str = "Please bring your keyboard along.";
const SIDE: &str = "I rang on Monday, not on Tuesday.";

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_sees_who_read_their_record_takes_everything_along_and_has_it_erased() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.authenticator().await;
    let saved = tempfile::tempdir().unwrap();
    browser.saves_into(saved.path()).await;
    let (provider, practice) = acts::somebody_bookable(&running).await;
    acts::open_practice(&running, &browser, OWNER, practice).await;

    // Somebody with details of their own books and tells; the practice reads and answers.
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/profile").await;
    browser.fill("#name", "Ada Nguyen").await;
    browser.fill("#dob-day", "27").await;
    browser.fill("#dob-month", "3").await;
    browser.fill("#dob-year", "1985").await;
    browser.click("label.check:has(#consent)").await;
    browser.click_on("Save").await;
    browser.reads("Your details are saved").await;
    acts::sign_out(&browser).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/keys").await;
    acts::make_keys(&browser).await;
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Ada Nguyen", PATIENT).await;
    acts::open_keys(&browser, PASSWORD).await;
    acts::tell_practice(&browser, REASON, &[]).await;
    acts::confirm(&running, &browser).await;
    // What the practice has written down is wrong somewhere: their side stands beside it from now on.
    browser.visit(&format!("{}/disagreement", browser.here().await)).await;
    browser.fill("#statement", SIDE).await;
    browser.click_on("Add it to the record").await;
    browser.reads("Added. The practice is told.").await;
    browser.reads(SIDE).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    running.quiet().await;
    acts::sign_in_with_passkey(&browser, &format!("/practice/{practice}")).await;
    browser.click_on("Ada Nguyen").await;
    browser.reads("The patient does not agree with this record").await;
    browser.reads(SIDE).await;
    browser.reads(REASON).await;
    acts::write(&browser, ANSWER).await;
    acts::sign_out(&browser).await;
    running.sign_audit_logs().await;

    // Who looked: the practice, by name, and each line is in the signed log.
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/record").await;
    let name = provider.organization.as_ref().map(|practice| practice.name.as_str()).unwrap();
    browser.reads(&format!("Staff of {name}: Fetched sealed messages, to give care")).await;
    browser.reads("Checked: in the log, unchanged").await;
    assert!(!browser.text().await.contains("Not what the log has"));
    assert_eq!(faults(&browser).await, Vec::<String>::new());

    // Everything, with what is sealed in the clear, because the keys are open.
    browser.click("a.back-link").await;
    browser.click_on("Everything we hold about you").await;
    browser.reads("Your keys are open").await;
    browser.click_on("Gather everything").await;
    browser.reads("It is all here.").await;
    assert!(!browser.text().await.contains("Something is missing"), "{}", browser.text().await);
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Save the file for programs").await;
    let whole: Value = serde_json::from_str(&read(&saved.path().join("hellomapper.json")).await).unwrap();
    let services = whole["services"].as_array().unwrap();
    assert_eq!(services.len(), 5, "{whole}");
    let said: Vec<_> = whole["sealed_messages"][0]["notes"].as_array().unwrap().iter().collect();
    assert_eq!(said[0]["content"]["text"], REASON);
    assert_eq!(said[1]["content"]["text"], ANSWER);
    browser.click_on("Save the file to read").await;
    let page = read(&saved.path().join("hellomapper.html")).await;
    assert!(page.contains(REASON) && page.contains("Ada Nguyen"), "{page}");

    // The account ends, every service says what it did, and nobody gets in any more.
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/erasure").await;
    browser.reads("What is kept, and why").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    let book = format!("hm.book.{}", acts::account_of(&running, PATIENT).await);
    browser.is_true(&format!("return localStorage.getItem({book:?}) !== null")).await;
    browser.fill("#erase_email", PATIENT).await;
    browser.click_on("Erase and close my account").await;
    browser.reads("Your account is closed").await;
    let receipt = browser.words_of(".codes").await;
    browser.click_on("I have kept them").await;
    browser.reads("Every part of HelloMapper is done").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    mail::arrives_for(&running, PATIENT, "Your account is closed").await;
    acts::give_password(&browser, PATIENT, PASSWORD, "/account").await;
    browser.reads("That does not match").await;
    browser.visit("/account/erasure").await;
    browser.fill("#receipt", &receipt).await;
    browser.click_on("Show it").await;
    browser.reads("Every part of HelloMapper is done").await;
    // The browser has forgotten what it knew for the account.
    browser.is_true(&format!("return localStorage.getItem({book:?}) === null")).await;

    // The practice's own record of the booking stands: a law asks for it.
    acts::sign_in_with_passkey(&browser, &format!("/practice/{practice}")).await;
    browser.reads("Ada Nguyen").await;
    browser.close().await;
}

/// What is in a file, once it is there whole.
async fn read(file: &Path) -> String {
    until(&format!("{}", file.display()), || async { fs::read_to_string(file).ok() }).await
}
