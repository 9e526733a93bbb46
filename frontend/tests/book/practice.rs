//! `/practices/{slug}`: full, empty, failing.

use shared_types::{Problem, bookings::honour::HonourRate};

use crate::{
    canned::{PRACTICE, practice},
    support::{Canned, as_of, get, site},
};

const PATH: &str = "/practices/wattle-lane-physio";

#[tokio::test]
async fn a_practice_says_where_it_is_and_who_is_there() {
    let page = get(&site(Canned::new().with(PRACTICE, 200, &practice())), PATH).await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.has("<title>Wattle Lane Physio in Parramatta NSW | HelloMapper</title>");
    page.has("\"@type\":\"MedicalClinic\"");
    page.has("\"telephone\":\"(02) 5550 1234\"");
    page.says("12 Church Street, Parramatta NSW 2150");
    page.says("Monday to Friday 8:00 am to 6:30 pm");
    page.says("This listing is invented");
    page.has("href=\"/providers/tom-banksiafield-2\"");
    assert_eq!(page.count("<h3"), 3);
}

#[tokio::test]
async fn a_practice_says_how_many_appointments_it_kept_where_there_are_enough() {
    let practice = practice();
    let of = practice.organization.organization_id;
    let path = format!("/api/v1/bookings/practices/{of}/honour-rate");
    for (counted, words) in [
        (50, "This practice kept 96% of its appointments in the last 90 days."),
        (19, "This practice had too few appointments in the last 90 days to say how many it keeps."),
    ] {
        let rate = HonourRate::of(counted.min(48), counted, as_of());
        let services = Canned::new().with(PRACTICE, 200, &practice).with(&path, 200, &rate);
        let page = get(&site(services), PATH).await;
        page.is_sound();
        page.says(words);
    }
}

#[tokio::test]
async fn a_practice_without_people_says_so() {
    let mut empty = practice();
    empty.practitioners.clear();
    empty.locations.clear();
    empty.opening_hours.clear();
    let page = get(&site(Canned::new().with(PRACTICE, 200, &empty)), PATH).await;
    page.is_sound();
    page.says("Nobody is listed at this practice yet.");
}

#[tokio::test]
async fn only_addresses_of_the_web_become_links() {
    let mut odd = practice();
    odd.website = Some("javascript:alert(1)".to_owned());
    let page = get(&site(Canned::new().with(PRACTICE, 200, &odd)), PATH).await;
    page.lacks("Their own website");
    page.lacks("href=\"javascript");
}

#[tokio::test]
async fn absent_and_failing_practices_have_their_status() {
    for (problem, status) in [(Problem::not_found("Practice"), 404), (Problem::internal(), 500)] {
        let page = get(&site(Canned::new().with(PRACTICE, status, &problem)), PATH).await;
        assert_eq!(page.status, status);
        page.is_sound();
        page.has("noindex");
    }
}
