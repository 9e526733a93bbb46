//! What a patient tells a practice, from the sign-up of both to the answer: written in one browser, read in another, and
//! by nobody in between. And who reads it when somebody joins a practice, leaves it, or comes to own it.

use std::{collections::BTreeSet, fs};

use hellomapper_tests::{
    Browser, Person, Running,
    acts::{self, App, PASSWORD},
    mail, until, until_true,
};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{BookingId, OrganizationId};

use super::pages::faults;

const OWNER: &str = "olga.owner@example.org";
const COLLEAGUE: &str = "rita.reception@example.org";
const PATIENT: &str = "ada.patient@example.org";
const REASON: &str = "It hurts when I laugh, and only since Tuesday.";
const LETTER: &str = "Dear colleague, please see Ada about her left knee.";
/// What the practice asks, and what is answered.
const SIDE: &str = "Which side hurts?";
const ALLERGIES: &str = "Any allergies?";
const ALLERGY: &str = "Only to penicillin, since I was six.";
const GUEST_REASON: &str = "I would like to talk about my sleep.";
const ANSWER: &str = "Please bring the shoes that you run in.";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_with_a_booking_is_opened_by_the_practice_and_the_answer_by_the_patient() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.authenticator().await;
    let folder = tempfile::tempdir().unwrap();
    let (letter, saved) = (folder.path().join("referral.txt"), folder.path().join("saved"));
    fs::write(&letter, LETTER).unwrap();
    fs::create_dir(&saved).unwrap();
    browser.saves_into(&saved).await;
    let (provider, practice) = acts::somebody_bookable(&running).await;

    let questions = json!([
        {"id": 1, "words": SIDE, "kind": "one_of", "choices": ["The left", "The right"], "required": true},
        {"id": 2, "words": ALLERGIES, "kind": "short_text"},
    ]);
    acts::ask(&running, &provider, &questions).await;

    // Before the practice has keys nobody is asked why they come, nor what it would like to know.
    acts::hold_time(&browser, &provider).await;
    browser.reads("We do not ask why you are coming").await;
    browser.reads("has questions for you").await;
    browser.settled().await;
    assert!(browser.sees_nothing("#reason, #question-1").await);
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    acts::open_practice(&running, &browser, OWNER, practice).await;

    // A member: sealed with their own keys too, so that they can read it again.
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/keys").await;
    acts::make_keys(&browser).await;
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Ada Nguyen", PATIENT).await;
    acts::open_keys(&browser, PASSWORD).await;
    browser.reads("and you can read it").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    acts::tell_practice(&browser, REASON, &[&letter]).await;
    browser.click("button[form=party]").await;
    browser.reads(&format!("Answer “{SIDE}”")).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click("label.check:has(#question-1)").await;
    browser.fill("#question-2", ALLERGY).await;
    let booking = acts::confirm(&running, &browser).await;
    running.quiet().await;
    browser.reads("Only the practice and you can read it").await;
    browser.click_on("see what you sent").await;
    browser.is_at(&thread_of_patient(booking)).await;
    browser.reads(REASON).await;
    browser.reads(&format!("{SIDE} The left {ALLERGIES} {ALLERGY}")).await;
    browser.reads("referral.txt").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    // A guest is told what their having no account means, before and after.
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Grace Okafor", "grace.guest@example.org").await;
    browser.reads("You cannot reread it elsewhere").await;
    acts::tell_practice(&browser, GUEST_REASON, &[]).await;
    browser.click("label.check:has(#questions-later)").await;
    acts::confirm(&running, &browser).await;
    browser.reads("Only the practice can read it, so you cannot reread it").await;
    running.quiet().await;

    // The practice: who comes and when from bookings, what they wrote with its own keys.
    acts::sign_in_with_passkey(&browser, &inbox(practice)).await;
    browser.reads("Ada Nguyen").await;
    browser.reads("Grace Okafor").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Ada Nguyen").await;
    browser.reads(REASON).await;
    browser.reads(&format!("{SIDE} The left {ALLERGIES} {ALLERGY}")).await;
    browser.click_on("Save referral.txt").await;
    let text =
        until("the saved file", || async { fs::read_to_string(saved.join("referral.txt")).ok() }).await;
    assert_eq!(text, LETTER);
    acts::write(&browser, ANSWER).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click(&format!(".desk__nav a[href='{}']", inbox(practice))).await;
    browser.is_at(&inbox(practice)).await;
    browser.click_on("Grace Okafor").await;
    browser.reads(GUEST_REASON).await;
    browser.reads("The patient, without an account").await;
    acts::sign_out(&browser).await;

    // The answer.
    acts::sign_in(&browser, PATIENT, PASSWORD, &thread_of_patient(booking)).await;
    browser.reads(ANSWER).await;
    browser.reads("The practice,").await;

    // Nothing of it lies in the browser's storage, and no page asked another host.
    let kept = browser.eval("return JSON.stringify([{...localStorage}, {...sessionStorage}])").await;
    for words in [REASON, ALLERGY, GUEST_REASON, ANSWER, LETTER, PASSWORD] {
        assert!(!kept.as_str().unwrap().contains(words), "{kept}");
    }
    let ours = format!("{}/", running.settings.public_url);
    let others = browser.requests().await.into_iter().filter(|url| !url.contains(&ours));
    assert_eq!(others.collect::<Vec<_>>(), Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_opens_nothing_that_comes_after_and_new_owners_are_compared_before_anything_is_sealed() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.authenticator().await;
    let (provider, practice) = acts::somebody_bookable(&running).await;
    acts::open_practice(&running, &browser, OWNER, practice).await;
    let codes = joins(&running, &browser, practice).await;

    // A patient writes to both.
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/keys").await;
    acts::make_keys(&browser).await;
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Ada Nguyen", PATIENT).await;
    acts::open_keys(&browser, PASSWORD).await;
    acts::tell_practice(&browser, REASON, &[]).await;
    let booking = acts::confirm(&running, &browser).await;
    running.quiet().await;
    let thread = format!("/practice/{practice}/bookings/{booking}");
    acts::give_password(&browser, COLLEAGUE, PASSWORD, &thread).await;
    browser.click_on("Use a recovery code").await;
    browser.fill("#code", &codes[0]).await;
    browser.click_on("Sign in").await;
    browser.is_at(&thread).await;
    browser.reads(REASON).await;
    let colleague = leaves_with(&running, &browser).await;
    let notes = format!("/api/v1/users/practices/{practice}/bookings/{booking}/notes");
    assert_eq!(colleague.send(Method::GET, &notes, None::<&Value>).await.status.as_u16(), 200);

    // Letting a reader go takes a new key. It is all one step.
    acts::sign_in_with_passkey(&browser, &format!("/practice/{practice}/staff")).await;
    browser.click_on(&format!("Remove of {COLLEAGUE}")).await;
    browser.click_on("Remove them").await;
    browser.reads("They hold the practice’s key").await;
    browser.click_on("Remove them and change the key").await;
    browser.reads(&format!("Remove {COLLEAGUE}?")).await;
    browser.click_on("Remove them").await;
    browser.reads("They have left, and what comes from now on is sealed to a new key").await;
    until_true("the token of somebody who left to end", || async {
        colleague.send(Method::GET, &notes, None::<&Value>).await.status.as_u16() == 401
    })
    .await;
    let refreshed = colleague.send(Method::POST, "/api/v1/users/refresh", None::<&Value>).await;
    assert_eq!(refreshed.status.as_u16(), 200, "the account itself goes on: {}", refreshed.body);
    let hidden = colleague.send(Method::GET, &notes, None::<&Value>).await;
    assert_eq!(hidden.status.as_u16(), 404, "{}", hidden.body);

    // The owners are the same, so the patient is asked nothing; the owner reads it, and the one who left was given nothing.
    acts::sign_in(&browser, PATIENT, PASSWORD, &thread_of_patient(booking)).await;
    browser.reads(REASON).await;
    acts::write(&browser, "It hurts when I walk as well.").await;
    assert_eq!(
        holders(&running, practice, 1).await,
        BTreeSet::from([OWNER.to_owned(), COLLEAGUE.to_owned()])
    );
    assert_eq!(holders(&running, practice, 2).await, BTreeSet::from([OWNER.to_owned()]));
    assert_eq!(epochs_of_notes(&running, booking).await, [1, 2]);
    acts::sign_in_with_passkey(&browser, &thread).await;
    browser.reads("It hurts when I walk as well.").await;

    // They come back as an owner: from the next key on the practice is somebody else than the patient's browser knows.
    acts::employ(&running, COLLEAGUE, practice, "owner").await;
    browser.click(".desk__nav a[href$='/keys']").await;
    let before = browser.words_of("#practice-fingerprint ~ .fingerprint").await;
    browser.click_on("Begin a new key").await;
    acts::keep_sheets(&browser).await;
    browser.reads("The new key and its recovery sheets count").await;
    let fingerprint = until("another fingerprint", || async {
        Some(browser.words_of("#practice-fingerprint ~ .fingerprint").await).filter(|shown| *shown != before)
    })
    .await;
    acts::sign_in(&browser, PATIENT, PASSWORD, &thread_of_patient(booking)).await;
    browser.reads("have changed").await;
    assert!(browser.sees_nothing("#message").await, "nothing can be sent before the keys are compared");
    assert_eq!(browser.words_of("[aria-label='The new fingerprint']").await, fingerprint);
    assert_eq!(browser.words_of("[aria-label='The fingerprint that this browser knows']").await, before);
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(epochs_of_notes(&running, booking).await, [1, 2]);
    browser.click_on("We compared them: they are the same").await;
    browser.reads(REASON).await;
    acts::write(&browser, "I called you, and the numbers agree.").await;
    assert_eq!(epochs_of_notes(&running, booking).await, [1, 2, 3]);
    browser.close().await;
}

/// Somebody is invited to keep the desk, joins with an app as the second proof, and is given the key once their fingerprint
/// was compared. Gives their recovery codes for signing in.
async fn joins(running: &Running, browser: &Browser, practice: OrganizationId) -> Vec<String> {
    acts::open_account(running, browser, COLLEAGUE).await;
    acts::sign_in(browser, COLLEAGUE, PASSWORD, "/account/keys").await;
    acts::make_keys(browser).await;
    let fingerprint = browser.words_of("[aria-label='The fingerprint of your keys']").await;
    acts::go_to(browser, "/account/security").await;
    let (mut app, codes) = App::set_up(browser).await;
    acts::sign_out(browser).await;

    acts::sign_in_with_passkey(browser, &format!("/practice/{practice}/staff")).await;
    browser.fill("#invite-email", COLLEAGUE).await;
    browser.click("[aria-labelledby=invite-title] label.check:has([value=reception])").await;
    browser.click_on("Send the invitation").await;
    browser.reads("The invitation is on its way").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    let letter = mail::arrives_for(running, COLLEAGUE, "You are invited to join a practice").await;
    acts::sign_out(browser).await;

    acts::give_password(browser, COLLEAGUE, PASSWORD, "/account").await;
    browser.fill("#code", &app.code()).await;
    browser.click_on("Sign in").await;
    browser.is_at("/account").await;
    browser.visit(&letter.path_with_secret(&running.settings.public_url, "/account/invitation")).await;
    browser.click_on("Accept").await;
    browser.reads("You have accepted").await;
    browser.visit(&format!("/practice/{practice}/keys")).await;
    acts::open_keys(browser, PASSWORD).await;
    browser.reads("You do not have the key yet").await;
    acts::sign_out(browser).await;

    acts::sign_in_with_passkey(browser, &format!("/practice/{practice}/keys")).await;
    browser.reads("Waits for the key").await;
    browser.click_on("Fingerprint").await;
    let shown = browser.words_of(&format!("[aria-label='The fingerprint of {COLLEAGUE}']")).await;
    assert_eq!(shown, fingerprint, "what the owner compares is what the colleague sees");
    assert_eq!(faults(browser).await, Vec::<String>::new());
    browser.click_on("I have compared this fingerprint with them").await;
    browser.click_on("Give the key").await;
    browser.reads("They can read now").await;
    acts::sign_out(browser).await;
    codes
}

/// Somebody without a window who has the browser's session.
async fn leaves_with(running: &Running, browser: &Browser) -> Person {
    let person = Person::new(&running.settings.public_url);
    for (name, value) in browser.cookies().await {
        person.set_cookie(&name, &value);
    }
    person
}

/// The addresses of those whom the key of an epoch was given to.
async fn holders(running: &Running, practice: OrganizationId, epoch: i32) -> BTreeSet<String> {
    let held: Vec<String> = sqlx::query_scalar(
        "select email from users.mailbox_grant join users.account using (account_id) \
         where organization_id = $1 and epoch = $2",
    )
    .bind(practice.0)
    .bind(epoch)
    .fetch_all(&mut running.database.administrator().await)
    .await
    .unwrap();
    held.into_iter().collect()
}

/// The epochs that a booking's notes are sealed to, in the order in which they came.
async fn epochs_of_notes(running: &Running, booking: BookingId) -> Vec<i32> {
    sqlx::query_scalar("select epoch from users.sealed_note where booking_id = $1 order by created_at")
        .bind(booking.0)
        .fetch_all(&mut running.database.administrator().await)
        .await
        .unwrap()
}

fn thread_of_patient(booking: BookingId) -> String {
    format!("/account/appointments/{booking}/notes")
}

fn inbox(practice: OrganizationId) -> String {
    format!("/practice/{practice}")
}
