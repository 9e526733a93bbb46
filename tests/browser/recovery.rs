//! What opens sealed things when a password is forgotten or everything is lost: the printed code, and two of a practice's
//! three sheets.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
};

use super::pages::faults;

const OWNER: &str = "olga.recovery@example.org";
const PATIENT: &str = "ada.recovery@example.org";
const NEW_PASSWORD: &str = "amber otters whistle at noon";
const REASON: &str = "My shoulder clicks when I reach for the top shelf.";

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_opens_what_was_sealed_only_after_the_printed_code_has() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.authenticator().await;
    let (provider, practice) = acts::somebody_bookable(&running).await;
    acts::open_practice(&running, &browser, OWNER, practice).await;
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/keys").await;
    let code = acts::make_keys(&browser).await;
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Ada Nguyen", PATIENT).await;
    acts::open_keys(&browser, PASSWORD).await;
    acts::tell_practice(&browser, REASON, &[]).await;
    let booking = acts::confirm(&running, &browser).await;
    running.quiet().await;
    acts::sign_out(&browser).await;

    // The mail lets somebody in, and says that it opens nothing.
    acts::reset_password(&running, &browser, PATIENT, NEW_PASSWORD).await;
    browser.reads("Your sealed notes are still locked").await;

    // Signed in with the new password, the note is closed until the code is typed.
    let notes = format!("/account/appointments/{booking}/notes");
    acts::sign_in(&browser, PATIENT, NEW_PASSWORD, &notes).await;
    browser.reads("your keys need the recovery code or a passkey once").await;
    assert!(!browser.text().await.contains(REASON));
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    acts::open_keys_with_code(&browser, &code).await;
    browser.reads(REASON).await;

    // From then on the new password opens it too.
    browser.visit(&notes).await;
    acts::open_keys(&browser, NEW_PASSWORD).await;
    browser.reads(REASON).await;

    // A new code takes the place of the old one.
    acts::go_to(&browser, "/account/keys").await;
    browser.click_on("Make a new code").await;
    let newer = acts::keep_code(&browser).await;
    browser.visit(&notes).await;
    browser.click_on("Use the recovery code").await;
    browser.fill("#unlock-code", &code).await;
    browser.click_on("Open my keys").await;
    browser.reads("That does not open your keys").await;
    browser.visit(&notes).await;
    browser.click_on("Use the recovery code").await;
    acts::open_keys_with_code(&browser, &newer).await;
    browser.reads(REASON).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_has_lost_everything_opens_the_mailbox_with_two_of_three_sheets() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.authenticator().await;
    let (provider, practice) = acts::somebody_bookable(&running).await;
    let sheets = acts::open_practice(&running, &browser, OWNER, practice).await;
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Grace Okafor", "grace.recovery@example.org").await;
    acts::tell_practice(&browser, REASON, &[]).await;
    let booking = acts::confirm(&running, &browser).await;
    running.quiet().await;

    // New keys in the place of those that nothing opens any more. They are locked with the account's password, and nobody
    // makes them without all that the account has to prove itself.
    sqlx::query("delete from users.wrapped_key where kind <> 'recovery'")
        .execute(&mut running.database.administrator().await)
        .await
        .unwrap();
    acts::sign_in_with_passkey(&browser, "/account/keys").await;
    browser.click_on("I have lost everything that opens my keys").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click("label.check:has(#lost-agreed)").await;
    browser.click_on("Make new keys").await;
    browser.reads("Your keys are locked with your password").await;
    browser.fill("#again-password", PASSWORD).await;
    browser.click("[aria-labelledby=again-title] button[type=submit]").await;
    let asked_again = "const words = document.body.innerText;
        return words.includes('Sign in again to go on') && !words.includes('Your keys are locked with your password');";
    browser.is_true(asked_again).await;
    browser.click("[aria-labelledby=again-title] button.button--quiet").await;
    acts::keep_code(&browser).await;

    // They open nothing of the practice's; two sheets do, and what was sealed before is read again.
    let keys = format!("/practice/{practice}/keys");
    browser.visit(&keys).await;
    acts::open_keys(&browser, PASSWORD).await;
    browser.reads("You do not have the practice’s key").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.fill("#sheet-a", &sheets[0]).await;
    browser.fill("#sheet-b", &sheets[2]).await;
    browser.click_on("Open with two sheets").await;
    browser.reads("The mailbox is open again").await;
    browser.click(&format!(".desk__nav a[href='/practice/{practice}']")).await;
    browser.click_on("Grace Okafor").await;
    browser.arrives_at(&format!("/practice/{practice}/bookings/{booking}")).await;
    browser.reads(REASON).await;
    browser.close().await;
}
