//! `/book/{role_id}`: what, when, a time without a type, nobody to book, failing.

use shared_types::{Problem, providers::VisitCheck};

use crate::{
    canned::{TOMORROW, availability, availability_path, role_id, type_id, types, types_path},
    support::{Canned, Page, get, parramatta, site},
};

async fn book(services: Canned, query: &str) -> Page {
    get(&site(services), &format!("/book/{}{query}", role_id())).await
}

fn full() -> Canned {
    Canned::new().with(&types_path(), 200, &types()).with(
        &availability_path(),
        200,
        &availability(51, &TOMORROW),
    )
}

#[tokio::test]
async fn first_one_says_what_in_a_form_that_works_without_scripts() {
    let page = book(full(), "").await;
    assert_eq!(page.status, 200);
    page.is_sound();
    page.says("1 of 4 What kind of visit?");
    page.says("45 minutes, if you are new to this practice");
    page.has(&format!("action=\"/book/{}\"", role_id()));
    page.has(&format!("value=\"{}\" type=\"radio\" name=\"type\"", type_id(52)));
    page.has("noindex");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test]
async fn then_one_says_when_and_the_summary_stays() {
    let page = book(full(), &format!("?type={}", type_id(51))).await;
    page.is_sound();
    page.says("2 of 4 When?");
    page.says("Booking here needs JavaScript");
    page.says("Tomorrow Tuesday 24 November");
    page.says("Your appointment");
    page.says("Who Priya Nairwood Physiotherapist");
    page.says("Cost $120");
    page.lacks("aria-current=\"true\"");
}

/// The first visit is made at the patient's home.
fn at_home() -> Canned {
    let mut types = types();
    types.items[0].home_visit = true;
    full().with(&types_path(), 200, &types)
}

#[tokio::test]
async fn a_home_visit_asks_where_before_anything_is_typed() {
    let page = book(at_home(), &format!("?type={}", type_id(51))).await;
    page.is_sound();
    page.says("Where are you visited?");
    page.pairs("id=\"near\"", &["<input", "name=\"near\"", "maxlength=\"100\""]);
    page.lacks("notice__title\">Priya");
    let elsewhere = book(full(), &format!("?type={}", type_id(51))).await;
    elsewhere.lacks("id=\"near\"");
}

#[tokio::test]
async fn who_does_not_come_to_the_place_is_said_at_once_with_a_way_to_others() {
    let path = format!("/api/v1/providers/roles/{}/appointment-types/{}/visit", role_id(), type_id(51));
    let query = format!("?type={}&near=Parramatta", type_id(51));
    let asked = async |said: &VisitCheck| book(at_home().with(&path, 200, said), &query).await;
    let others = "href=\"/search?q=Physiotherapist&amp;near=Parramatta+NSW+2150&amp;home_visit=true\"";

    let no = asked(&VisitCheck { place: Some(parramatta()), comes: Some(false) }).await;
    no.is_sound();
    no.says("Priya Nairwood does not come to Parramatta NSW 2150");
    no.has(others);
    no.pairs("id=\"near\"", &["value=\"Parramatta\""]);

    let yes = asked(&VisitCheck { place: Some(parramatta()), comes: Some(true) }).await;
    yes.is_sound();
    yes.says("Priya Nairwood comes to Parramatta NSW 2150");
    yes.lacks(others);

    let unsaid = asked(&VisitCheck { place: Some(parramatta()), comes: None }).await;
    unsaid.says("You are told before anything is booked.");
    let nowhere = asked(&VisitCheck { place: None, comes: None }).await;
    nowhere.says("We do not know this place");

    // What cannot be asked now keeps nobody from booking.
    let failed = book(at_home().with(&path, 500, &Problem::internal()), &query).await;
    failed.is_sound();
    assert_eq!(failed.status, 200);
    failed.says("Tomorrow Tuesday 24 November");
}

#[tokio::test]
async fn one_kind_of_visit_needs_no_choosing() {
    let mut types = types();
    types.items.truncate(1);
    let services = Canned::new().with(&types_path(), 200, &types).with(
        &availability_path(),
        200,
        &availability(51, &TOMORROW),
    );
    let page = book(services, "").await;
    page.is_sound();
    page.says("2 of 4 When?");
    page.lacks("<select");
}

#[tokio::test]
async fn a_time_without_a_type_takes_the_first_type_that_offers_it() {
    let on_the_day = |nth| {
        format!("{}?appointment_type={}&from=2026-11-24&to=2026-11-24", availability_path(), type_id(nth))
    };
    let services = Canned::new()
        .with(&types_path(), 200, &types())
        .with(&availability_path(), 200, &availability(52, &TOMORROW))
        .with(&on_the_day(51), 200, &availability(51, &TOMORROW[1..]))
        .with(&on_the_day(52), 200, &availability(52, &TOMORROW));
    let page = book(services, "?start=2026-11-23T22:15:00Z").await;
    page.is_sound();
    page.says("2 of 4 When?");
    page.says("What Return visit");
    page.has("aria-current=\"true\"");
}

#[tokio::test]
async fn a_time_from_a_search_for_home_visits_is_a_home_visit_where_one_is_free() {
    let on_the_day = |nth| {
        format!("{}?appointment_type={}&from=2026-11-24&to=2026-11-24", availability_path(), type_id(nth))
    };
    let mut types = types();
    types.items[1].home_visit = true;
    let services = || {
        let services = Canned::new().with(&types_path(), 200, &types);
        services.with(&on_the_day(51), 200, &availability(51, &TOMORROW))
    };
    let query = "?start=2026-11-23T22:15:00Z&near=Parramatta+NSW+2150";
    let free = services().with(&on_the_day(52), 200, &availability(52, &TOMORROW));
    let page = book(free.with(&availability_path(), 200, &availability(52, &TOMORROW)), query).await;
    page.is_sound();
    page.says("What Return visit");
    let taken = services().with(&on_the_day(52), 200, &availability(52, &TOMORROW[1..]));
    let page = book(taken.with(&availability_path(), 200, &availability(51, &TOMORROW)), query).await;
    page.says("What First visit");
}

#[tokio::test]
async fn who_takes_no_bookings_can_be_called() {
    let mut types = types();
    types.role.bookable = false;
    let page = book(Canned::new().with(&types_path(), 200, &types), "").await;
    page.is_sound();
    page.says("Priya Nairwood does not take bookings here yet");
    page.has("href=\"tel:0255501234\"");
}

#[tokio::test]
async fn no_times_at_all_is_said() {
    let mut none = availability(51, &[]);
    none.next = None;
    let services = Canned::new().with(&types_path(), 200, &types()).with(&availability_path(), 200, &none);
    let page = book(services, &format!("?type={}", type_id(51))).await;
    page.is_sound();
    page.says("Nothing free until Sunday 6 December");
    page.says("No later times are open for booking yet.");
    page.says("Call (02) 5550 1234");
}

#[tokio::test]
async fn an_unknown_role_is_404_and_a_failure_is_not_stored() {
    let page = book(Canned::new().with(&types_path(), 404, &Problem::not_found("Role")), "").await;
    assert_eq!(page.status, 404);
    page.is_sound();
    let page = book(Canned::new().with(&types_path(), 500, &Problem::internal()), "").await;
    assert_eq!((page.status, page.header("cache-control")), (500, "no-store"));
    page.is_sound();
}
