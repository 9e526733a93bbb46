//! Bulk billing: booked and agreed to online; and a visit at the desk, from the letter to what Medicare pays after a claim that it
//! did not.

use claims_simulator::Simulator;
use hellomapper_tests::{
    Browser, Running, acts,
    browser::key,
    desk::{Desk, opened, stands},
    mail,
    till::{PROVIDER_NUMBER, Till, bulk_billed, private},
    until_true,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use kernel::Clock;
use serde_json::{Value, json};
use shared_types::AppointmentTypeId;

use super::{super::pages::faults, are_sound, only_ours};

const GUEST: &str = "grace.bulk@example.org";
const WALKS_IN: &str = "Hana Walker";
const LETTER_TO: &str = "hana.walker@example.org";
/// Somebody's card, as it is typed and as it is sent.
const CARD: &str = "2123456701";

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_billed_booking_costs_nothing_and_is_agreed_to_where_it_was_booked() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let till = Till::open(&running).await;
    till.takes_cards(&running).await;
    till.claims(&running).await;
    till.prices(&running, &[bulk_billed(), private("prepaid", 0)]).await;
    let (provider, _) = acts::somebody_bookable(&running).await;

    // The price goes by what the patient has; with a Medicare card there is none, and no card is asked for.
    acts::hold_time(&browser, &provider).await;
    browser.reads("$85").await;
    browser.set("#cohort", "medicare").await;
    browser.reads("No out-of-pocket cost").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    acts::fill_details(&browser, "Grace Okafor", GUEST).await;
    acts::confirm(&running, &browser).await;
    let booked = browser.here().await;
    browser.click_on("Read it and answer").await;
    browser.reads("What you are asked to agree to").await;
    browser.is_true("return document.activeElement.id === 'assign-title'").await;

    // What is missing is said before anything is sent.
    browser.click_on("I agree").await;
    browser.reads("Please check 4 answers").await;
    browser.is_true("return document.activeElement.matches('.error-summary')").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    for (field, text) in [
        ("dob-day", "27"),
        ("dob-month", "3"),
        ("dob-year", "1985"),
        ("claimant/family_name", "Okafor"),
        ("claimant/given_name", "Grace"),
        ("claimant/medicare_number", CARD),
        ("claimant/medicare_irn", "1"),
    ] {
        browser.fill(&format!("[id='{field}']"), text).await;
    }
    browser.click_on("I agree").await;
    browser.reads("You agreed. You pay nothing for this visit").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.visit(&booked).await;
    browser.reads("You agreed to bulk billing").await;
    mail::arrives_for(&running, GUEST, "Your bulk-bill agreement is kept").await;

    // The link of the booking's letter says so too.
    let letter = mail::arrives_for(&running, GUEST, "Appointment confirmed").await;
    browser.visit(&letter.manage_path(&running.settings.public_url)).await;
    for (field, text) in [("#dob-day", "27"), ("#dob-month", "3"), ("#dob-year", "1985")] {
        browser.fill(field, text).await;
    }
    browser.click(".booking__form button[type=submit]").await;
    browser.reads("You agreed to bulk billing").await;
    browser.click_on("What you agreed to").await;
    browser.reads(&format!("provider number {PROVIDER_NUMBER}")).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    only_ours(&browser, &running).await;
    browser.close().await;
    running.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_was_not_paid_says_why_is_put_right_and_is_paid() {
    let (running, simulator) = Running::with_claims().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let till = Till::open(&running).await;
    till.claims(&running).await;
    let of = till.offers_bulk_billed("Bulk-billed visit").await;
    let desk = Desk::open(&running, &browser, "olga.claims@example.org").await;
    let claims = format!("/practice/{}/claims", desk.practice);

    // Somebody walks in, gets the letter, and answers it without a mouse.
    let start = Clock::System.now() - SignedDuration::from_mins(20);
    walks_in(&browser, &desk, of, start).await;
    browser.click_on("Ask for the bulk-bill agreement").await;
    browser.sees("#agreement-category").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.set("#agreement-for", "every").await;
    browser.click_on("Ask for it").await;
    browser.is_true("return document.activeElement.id === 'agreement-ground'").await;
    browser.reads("Choose why the agreement may be for every visit").await;
    browser.set("#agreement-for", "visit").await;
    agrees_by_the_letter(&running, &browser).await;
    running.quiet().await;

    // The visit, and its claim.
    desk.look_at(&browser, WALKS_IN, start).await;
    for (press, words) in [
        ("Check in", "Checked in"),
        ("Start the visit", "With the practitioner"),
        ("The visit is over", "Took place"),
    ] {
        browser.click_on(press).await;
        stands(&browser, words).await;
    }
    running.quiet().await;
    are_sound(&browser, &[claims.clone(), format!("/practice/{}/assignments", desk.practice)]).await;
    browser.reads("Agreed to on").await;
    claim_stands(&browser, &claims, "Draft: something is missing").await;
    browser.reads("Not certified by Services Australia").await;
    browser.reads("Every bulk-billed visit that can be claimed is on a claim.").await;
    drafts_anew(&browser).await;
    browser.click_on("Put right").await;
    browser.set("input[id^='items-']", "23").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Save").await;
    // It could be lodged as it was, too: what is typed is kept once its form is gone.
    browser.is_true("return !document.querySelector(\"input[id^='items-']\")").await;

    // Medicare has paid for the same before: it pays nothing, and says why.
    was_paid_before(&simulator, desk.zone.date(start));
    lodge(&running, &browser, &claims).await;
    hours_pass(&running, &simulator, 24).await;
    claim_stands(&browser, &claims, "Not paid").await;
    browser.reads("Medicare has paid for this service before.").await;
    browser.reads("Compare the day and the item with the earlier claim.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());

    // It was the long attendance.
    browser.click_on("Claim again").await;
    browser.set("input[id^='items-']", "36").await;
    browser.click_on("Claim it again").await;
    lodge(&running, &browser, &claims).await;
    hours_pass(&running, &simulator, 24).await;
    claim_stands(&browser, &claims, "Accepted, payment to come").await;
    browser.reads("Medicare owes $84.90 by its own reports.").await;
    hours_pass(&running, &simulator, 24).await;
    claim_stands(&browser, &claims, "Paid").await;
    browser.reads("Claimed $84.90, paid $84.90").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    only_ours(&browser, &running).await;
    browser.close().await;
    running.quiet().await;
}

/// Takes the claim back, and drafts another for its visit, which is there to be claimed then.
async fn drafts_anew(browser: &Browser) {
    browser.click_on("Take this claim back").await;
    browser.click_on("Take it back").await;
    browser.click_on("Draft a claim").await;
    browser.set("input[id^='items-']", "36").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    browser.click_on("Draft it").await;
    browser.reads("The claim is drafted").await;
    browser.is_true("return document.activeElement.matches('.notice--success')").await;
    browser.reads("Go to the claim").await;
    browser.reads("Every bulk-billed visit that can be claimed is on a claim.").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
}

/// The desk books somebody who is there, with where to write to.
async fn walks_in(browser: &Browser, desk: &Desk, of: AppointmentTypeId, start: Timestamp) {
    browser.visit(&desk.view("day", desk.zone.date(start))).await;
    browser.click_on("New appointment").await;
    browser.set("#appointment-type", &of.to_string()).await;
    browser.set("#new-date", &desk.zone.date(start).to_string()).await;
    browser.set("#new-time", &desk.zone.time(start).strftime("%H:%M").to_string()).await;
    browser.click_on("Fit it in").await;
    for (field, text) in [
        ("#name", WALKS_IN),
        ("#dob-day", "9"),
        ("#dob-month", "12"),
        ("#dob-year", "1971"),
        ("#mobile", "0491 570 156"),
        ("#email", LETTER_TO),
    ] {
        browser.fill(field, text).await;
    }
    browser.click_on("Book it").await;
    opened(browser, WALKS_IN).await;
}

async fn agrees_by_the_letter(running: &Running, browser: &Browser) {
    let enter = key::ENTER.to_string();
    let letter = mail::arrives_for(running, LETTER_TO, "Your agreement to bulk billing").await;
    browser.visit(&letter.path_with_secret(&running.settings.public_url, "/assign")).await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    for (field, text) in [
        ("#family_name", "Walker"),
        ("#dob-day", "9"),
        ("#dob-month", "12"),
        ("#dob-year", "1971"),
        ("#mobile_ends_with", "156"),
    ] {
        browser.tab_to(field).await;
        browser.press(text).await;
    }
    browser.press(&enter).await;
    browser.reads("What you are asked to agree to").await;
    browser.is_true("return document.activeElement.id === 'assign-title'").await;
    browser.reads(PROVIDER_NUMBER).await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    for (field, text) in [
        ("[id='claimant/given_name']", "Hana"),
        ("[id='claimant/medicare_number']", CARD),
        ("[id='claimant/medicare_irn']", "1"),
    ] {
        browser.tab_to(field).await;
        browser.press(text).await;
    }
    // The first of the two buttons says yes.
    browser.tab_to(".booking__next button:first-of-type").await;
    browser.press(&enter).await;
    browser.reads("You agreed. You pay nothing for this visit").await;
    browser.is_true("return document.activeElement.id === 'assign-title'").await;
}

/// Lodges the claim that is ready, and sees that Medicare has it.
async fn lodge(running: &Running, browser: &Browser, claims: &str) {
    let ready = stands_as("Ready to lodge");
    browser.is_true(&format!("return {ready}")).await;
    browser.click_on("Lodge with Medicare").await;
    // The button says something else as soon as it is pressed, and who leaves before the answer takes the press back.
    browser.is_true(&format!("return !{ready}")).await;
    running.run_job("payments.lodge_claims").await;
    claim_stands(browser, claims, "With Medicare").await;
}

/// Comes back to the queue until a claim stands like that.
async fn claim_stands(browser: &Browser, claims: &str, words: &str) {
    let script = format!("return {}", stands_as(words));
    until_true(&format!("a claim that stands as {words:?}"), || async {
        browser.visit(claims).await;
        browser.eval(&script).await == Value::Bool(true)
    })
    .await;
}

/// Whether a claim of the queue says so, whatever there is to choose from.
fn stands_as(words: &str) -> String {
    format!(
        "[...document.querySelectorAll('li.card strong')].some(found => found.innerText.trim() === {words:?})"
    )
}

/// Medicare has paid for the usual attendance of that day and card before, by another channel.
fn was_paid_before(simulator: &Simulator, day: Date) {
    let service = json!({
        "event_id": "01", "id": "0001", "item_number": "23", "day": day, "charge_cents": 4_390, "benefit_cents": 4_390,
        "code": null,
    });
    let earlier = json!({
        "location_id": "ZZZ00000", "claim_id": "A0001@", "correlation_id": "urn:uuid:ZZZ000000000000000000000",
        "lodged_at": Clock::System.now(), "provider_number": PROVIDER_NUMBER, "member_number": CARD,
        "patient_status": null, "is_manual": false, "services": [service],
    });
    change(simulator, |claims| claims.push(earlier));
}

/// Hours go by at Medicare, and until it is asked again what came of claims.
async fn hours_pass(running: &Running, simulator: &Simulator, hours: i64) {
    change(simulator, |claims| {
        for claim in claims {
            let lodged_at: Timestamp = serde_json::from_value(claim["lodged_at"].clone()).unwrap();
            claim["lodged_at"] = json!(lodged_at - SignedDuration::from_hours(hours));
        }
    });
    sqlx::query("update payments.claim set due_at = now() where due_at is not null")
        .execute(&mut running.database.administrator().await)
        .await
        .unwrap();
    running.run_job("payments.poll_reports").await;
}

/// Changes the claims that the simulator has.
fn change(simulator: &Simulator, change: impl FnOnce(&mut Vec<Value>)) {
    let mut world = simulator.world();
    let mut known = serde_json::to_value(&*world).unwrap();
    change(known["claims"].as_array_mut().unwrap());
    *world = serde_json::from_value(known).unwrap();
}
