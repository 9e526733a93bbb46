//! Where home visits are made, as bookings tells it, and who is found by that.

use jiff::SignedDuration;
use serde_json::json;
use shared_types::{
    PractitionerRoleId,
    bookings::{Audience, NextFreeOfType, home_visit::VisitArea},
    providers::VisitCheck,
};
use uuid::Uuid;

use crate::{
    app::{App, Listing, NOW, query},
    next_free_changed::{changed, offer, tell},
};

const IN_PARRAMATTA: &str = "near=Parramatta&home_visit=true";

fn postcodes(postcodes: &[&str]) -> VisitArea {
    serde_json::from_value(json!({"by": "postcodes", "postcodes": postcodes})).unwrap()
}

fn circle(lat: f64, lon: f64, kilometres: u16) -> VisitArea {
    let center = json!({"lat": lat, "lon": lon});
    let circle = json!({"by": "circle", "center": center, "around": "A town", "kilometres": kilometres});
    serde_json::from_value(circle).unwrap()
}

/// A polygon with these sides.
fn square(west: f64, south: f64, east: f64, north: f64) -> VisitArea {
    let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    let corners = corners.map(|(lon, lat)| json!({"lat": lat, "lon": lon}));
    serde_json::from_value(json!({"by": "polygon", "corners": corners})).unwrap()
}

fn visit(nth: u128, area: VisitArea) -> NextFreeOfType {
    NextFreeOfType { home_visit: Some(area), ..offer(nth, "Home visit", Audience::All, &[]) }
}

/// Tells what a role offers, so many seconds later than the rest.
async fn offers(app: &App, role: PractitionerRoleId, seconds: i64, types: Vec<NextFreeOfType>) {
    tell(app, &changed(role, NOW + SignedDuration::from_secs(seconds), types)).await;
}

/// Lists somebody who works so far north of Parramatta and goes there.
async fn goes(app: &App, name: &str, kilometres: f64, area: VisitArea) -> PractitionerRoleId {
    let role = app.list(&Listing::new(name).north(kilometres)).await;
    offers(app, role, 0, vec![offer(1, "Visit", Audience::All, &[]), visit(2, area)]).await;
    role
}

#[tokio::test]
async fn who_comes_to_the_place_is_found_wherever_the_practice_is() {
    let app = App::new().await;
    goes(&app, "Next door only", 0.0, square(151.05, -33.85, 151.15, -33.75)).await;
    goes(&app, "By postcode", 5.0, postcodes(&["2150", "2151"])).await;
    goes(&app, "Other postcodes", 6.0, postcodes(&["2000"])).await;
    goes(&app, "By circle", 50.0, circle(-33.4, 151.0, 50)).await;
    goes(&app, "By polygon", 200.0, square(150.9, -33.9, 151.1, -31.9)).await;
    goes(&app, "From Queensland", 700.0, square(150.9, -33.9, 151.1, -33.7)).await;
    app.list(&Listing::new("At the practice only")).await;
    let come = ["By postcode", "By circle", "By polygon", "From Queensland"];
    assert_eq!(app.found(IN_PARRAMATTA).await, come);
    // Where somebody is has the postcode of the nearest suburb.
    assert_eq!(app.found("lat=-33.81356&lon=151.00341&home_visit=true").await, come);
    let mut soonest = app.found(&format!("{IN_PARRAMATTA}&order=soonest")).await;
    soonest.sort();
    assert_eq!(soonest, ["By circle", "By polygon", "By postcode", "From Queensland"]);
    // How far away they may be is for who asks to say.
    assert_eq!(app.found(&format!("{IN_PARRAMATTA}&radius_m=100000")).await, come[..2]);
    assert_eq!(app.found("near=2000&home_visit=true").await, ["Other postcodes"]);
    assert_eq!(app.found("near=Perth+WA&home_visit=true").await, [""; 0]);
    // Without the filter nobody is left out.
    assert_eq!(app.found("near=Parramatta&radius_m=200000").await.len(), 6);
}

#[tokio::test]
async fn a_circle_is_round() {
    let app = App::new().await;
    goes(&app, "Round", 0.0, circle(-33.81356, 151.00341, 10)).await;
    for (kilometres, found) in [(6.0, &["Round"][..]), (9.0, &[][..])] {
        // So far to the north, and as far to the east: a degree is shorter there.
        let (north, east) = (kilometres / 111.2, kilometres / 92.4);
        let (lat, lon) = (-33.81356 + north, 151.00341 + east);
        let asked = format!("lat={lat:.5}&lon={lon:.5}&home_visit=true");
        assert_eq!(app.found(&asked).await, found, "{kilometres}");
    }
}

#[tokio::test]
async fn a_city_has_the_postcode_of_its_middle() {
    let app = App::new().await;
    let asked = "near=Gold+Coast&home_visit=true";
    let place = app.search(asked).await.place.unwrap();
    assert_eq!((place.name.as_str(), place.postcode.len()), ("Gold Coast", 4));
    let there = Listing::new("By postcode").point(-28.0, 153.4).town("Southport", "QLD", "4215");
    let role = app.list(&there).await;
    offers(&app, role, 0, vec![visit(1, postcodes(&[&place.postcode]))]).await;
    assert_eq!(app.found(asked).await, ["By postcode"]);
}

#[tokio::test]
async fn who_goes_elsewhere_or_nowhere_any_more_is_not_found() {
    let app = App::new().await;
    let role = goes(&app, "Ada Example", 0.0, postcodes(&["2150"])).await;
    let says_so = async || app.search("near=Parramatta").await.items[0].facts.home_visit;
    assert_eq!((app.found(IN_PARRAMATTA).await.len(), says_so().await), (1, true));
    // One type goes elsewhere now, and another comes here.
    let far = circle(-32.93, 151.78, 10);
    let both = vec![visit(2, far.clone()), visit(3, square(150.9, -33.9, 151.1, -33.7))];
    offers(&app, role, 1, both).await;
    assert_eq!(app.found(IN_PARRAMATTA).await, ["Ada Example"]);
    offers(&app, role, 2, vec![visit(2, far)]).await;
    assert_eq!((app.found(IN_PARRAMATTA).await.len(), says_so().await), (0, true));
    // What is older comes too late.
    offers(&app, role, 1, vec![visit(2, postcodes(&["2150"]))]).await;
    assert_eq!(app.found(IN_PARRAMATTA).await.len(), 0);
    offers(&app, role, 3, vec![offer(1, "Visit", Audience::All, &[])]).await;
    assert_eq!((app.found(IN_PARRAMATTA).await.len(), says_so().await), (0, false));
    let areas = sqlx::query_scalar::<_, i64>("select count(*) from coverage_area");
    assert_eq!(areas.fetch_one(&app.core.pool).await.unwrap(), 0);
}

#[tokio::test]
async fn what_a_listing_says_for_itself_counts_until_bookings_tells_better() {
    let app = App::new().await;
    let covers = "SRID=4326;POLYGON((150.9 -33.9,151.1 -33.9,151.1 -33.7,150.9 -33.7,150.9 -33.9))";
    let listing = Listing::new("Ada Example").facets(&["home_visit"]);
    let role = app.list(&Listing { covers: Some(covers.to_owned()), ..listing }).await;
    offers(&app, role, 0, vec![offer(1, "Visit", Audience::All, &[])]).await;
    assert_eq!(app.found(IN_PARRAMATTA).await, ["Ada Example"]);
    offers(&app, role, 1, vec![visit(2, postcodes(&["2000"]))]).await;
    assert_eq!(app.found(IN_PARRAMATTA).await, [""; 0]);
    assert_eq!(app.found("near=2000&home_visit=true").await, ["Ada Example"]);
}

/// Whether the second type of a role is a visit to a place.
async fn check(app: &App, role: PractitionerRoleId, near: &str) -> VisitCheck {
    let (of, near) = (Uuid::from_u128(2), query(&[("near", near)]));
    app.read(&format!("/api/v1/providers/roles/{role}/appointment-types/{of}/visit?{near}")).await
}

#[tokio::test]
async fn whether_somebody_comes_is_said_before_an_address_is_asked_for() {
    let app = App::new().await;
    let areas = [postcodes(&["2150"]), circle(-33.8, 151.0, 10), square(150.9, -33.9, 151.1, -33.7)];
    for (nth, area) in areas.into_iter().enumerate() {
        let role = goes(&app, &format!("Ada {nth}"), 0.0, area).await;
        for (near, label, comes) in [
            ("Parramatta", "Parramatta NSW 2150", true),
            ("2150", "Parramatta NSW 2150", true),
            ("Sydney NSW 2000", "Sydney NSW 2000", false),
        ] {
            let said = check(&app, role, near).await;
            assert_eq!(said.place.unwrap().label, label, "{nth}");
            assert_eq!(said.comes, Some(comes), "{nth} {near}");
        }
    }
}

#[tokio::test]
async fn what_is_no_place_and_what_is_no_home_visit_are_neither_yes_nor_no() {
    let app = App::new().await;
    let role = goes(&app, "Ada Example", 0.0, postcodes(&["2150"])).await;
    for nowhere in ["", "9999", "Atlantis Xqzzy"] {
        assert_eq!(check(&app, role, nowhere).await, VisitCheck { place: None, comes: None }, "{nowhere}");
    }
    let other = app.list(&Listing::new("At the practice only")).await;
    let said = check(&app, other, "2150").await;
    assert_eq!((said.place.is_some(), said.comes), (true, None));
    let path = format!("/api/v1/providers/roles/{role}/appointment-types/{}/visit", Uuid::from_u128(2));
    let long = "a".repeat(101);
    assert_eq!(app.problem(&format!("{path}?near={long}")).await.errors[0].pointer, "near");
}
