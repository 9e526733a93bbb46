//! `/providers/{slug}`: full, without times, not bookable, moved, absent, failing.

use shared_types::{Problem, bookings::Busy};

use crate::{
    canned::{PROVIDER, TOMORROW, availability, availability_path, profile, role_id, type_id},
    support::{Canned, Page, at, get, site},
};

async fn page(services: Canned) -> Page {
    get(&site(services), "/providers/priya-nairwood-1").await
}

fn full() -> Canned {
    Canned::new().with(PROVIDER, 200, &profile()).with(
        &availability_path(),
        200,
        &availability(51, &TOMORROW),
    )
}

#[tokio::test]
async fn a_profile_says_who_where_and_when_without_scripts() {
    let page = page(full()).await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.has("<title>Priya Nairwood, Physiotherapist in Parramatta NSW | HelloMapper</title>");
    page.has("<link rel=\"canonical\" href=\"https://hm.test/providers/priya-nairwood-1\">");
    page.says("Physiotherapist at Wattle Lane Physio");
    page.says("12 Church Street, Parramatta NSW 2150");
    page.says("Tomorrow Tuesday 24 November");
    page.says("Times in Sydney (AEDT).");
    page.says("Show more days");
    let time = format!("/book/{}?type={}&amp;start=2026-11-23T22%3A15%3A00Z", role_id(), type_id(51));
    page.has(&format!("href=\"{time}\""));
    page.has("aria-label=\"Book Priya Nairwood, tomorrow 9:15 am\"");
    // The part of the day without times is left out.
    assert_eq!(page.count("times-part__title"), 2);
}

#[tokio::test]
async fn facts_have_their_source_and_fees_their_prices() {
    let page = page(full()).await;
    page.says("Profession registered with Ahpra PHY0000000001");
    page.says("Invented for demonstration, checked today");
    page.says("This listing is invented");
    page.says("No out-of-pocket cost");
    page.says("$120");
    page.says("Monday to Friday 8:00 am to 6:30 pm");
    page.says("Saturday and Sunday Closed");
    page.says("Also at Wattle Lane Physio");
    page.has("href=\"/providers/tom-banksiafield-2\"");
    page.says("Free today 2:30 pm");
}

#[tokio::test]
async fn search_engines_get_the_same_facts() {
    let page = page(full()).await;
    for part in [
        // As the provider type says, whatever the profession is called.
        "\"@type\":\"Physician\"",
        "\"medicalSpecialty\":\"https://schema.org/PrimaryCare\"",
        "\"@type\":\"BreadcrumbList\"",
        "\"streetAddress\":\"12 Church Street\"",
        "\"latitude\":-33.81",
        "\"dayOfWeek\":\"https://schema.org/Monday\"",
        "\"url\":\"https://hm.test/providers/priya-nairwood-1\"",
    ] {
        page.has(part);
    }
    page.lacks("{public_url}");
    page.lacks("noindex");
}

#[tokio::test]
async fn without_a_provider_type_a_profile_is_a_medical_business() {
    let mut profile = profile();
    profile.schema_org = None;
    profile.summary.bookable = false;
    let page = page(Canned::new().with(PROVIDER, 200, &profile)).await;
    page.has("\"@type\":\"MedicalBusiness\"");
    page.lacks("medicalSpecialty");
}

#[tokio::test]
async fn a_name_cannot_break_out_of_the_data() {
    let mut profile = profile();
    profile.summary.name = "</script><script>alert(1)</script>".to_owned();
    let services = Canned::new().with(PROVIDER, 200, &profile).with(
        &availability_path(),
        200,
        &availability(51, &TOMORROW),
    );
    let page = page(services).await;
    page.lacks("<script>alert");
    page.has("\\u003c/script>");
}

#[tokio::test]
async fn an_empty_fortnight_names_the_next_free_time() {
    let services =
        Canned::new().with(PROVIDER, 200, &profile()).with(&availability_path(), 200, &availability(51, &[]));
    let page = page(services).await;
    page.is_sound();
    page.says("Nothing free until Sunday 6 December");
    page.says("The next free time is Monday 21 December, 8:30 am.");
    page.has(&format!("href=\"/book/{}?type={}&amp;from=2026-12-21\"", role_id(), type_id(51)));
}

#[tokio::test]
async fn what_is_taken_is_left_out_and_the_next_free_time_found_in_the_loaded_weeks() {
    let mut there = availability(51, &["2026-11-23T22:15:00Z", "2026-12-07T21:30:00Z"]);
    there.busy.push(Busy { start: at("2026-11-23T22:30:00Z"), end: at("2026-11-23T22:45:00Z") });
    let services = Canned::new().with(PROVIDER, 200, &profile()).with(&availability_path(), 200, &there);
    let page = page(services).await;
    page.is_sound();
    page.says("Nothing free until Sunday 6 December");
    page.says("The next free time is Tuesday 8 December, 8:30 am.");
}

#[tokio::test]
async fn who_cannot_be_booked_here_can_be_called() {
    let mut profile = profile();
    profile.summary.bookable = false;
    let page = page(Canned::new().with(PROVIDER, 200, &profile)).await;
    page.is_sound();
    page.says("Not bookable here yet");
    page.has("href=\"tel:0255501234\"");
    page.lacks("class=\"book-bar\"");
    page.lacks("Next free");
}

#[tokio::test]
async fn a_profile_stands_when_its_times_fail() {
    let services =
        Canned::new().with(PROVIDER, 200, &profile()).with(&availability_path(), 500, &Problem::internal());
    let page = page(services).await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.says("Priya Nairwood");
    page.says("Something went wrong on our side");
}

#[tokio::test]
async fn a_moved_profile_is_followed_and_an_absent_one_is_404() {
    let moved = Problem::new("moved", 301, "This page has moved").detail("/providers/priya-nairwood-2");
    let followed = page(Canned::new().with(PROVIDER, 301, &moved)).await;
    assert_eq!((followed.status, followed.header("location")), (301, "/providers/priya-nairwood-2"));

    let absent = page(Canned::new().with(PROVIDER, 404, &Problem::not_found("Provider"))).await;
    assert_eq!(absent.status, 404);
    absent.is_sound();
    absent.has("noindex");

    let failing = page(Canned::new().with(PROVIDER, 500, &Problem::internal())).await;
    assert_eq!(failing.status, 500);
    failing.is_sound();
    failing.says("Try again");
}
