//! Visits by video or phone: nobody is sent to the practice.

use kernel::testing::read_by_others;
use serde_json::json;
use shared_types::bookings::calendar_feed::{FeedDetail, FeedMade};

use crate::{
    app::{App, LONG, monday},
    fhir,
    members::{ada, signed_in},
};

impl App {
    /// Makes the long appointments visits by video or phone.
    pub async fn sees_by_video(&self) {
        self.change(
            "update bookings.appointment_type set telehealth = true where name = 'Standard consultation'",
        )
        .await;
    }
}

#[tokio::test]
async fn what_is_told_of_it_and_what_calendars_are_given_say_so_in_place_of_the_address() {
    let app = App::new().await;
    app.sees_by_video().await;
    let mut member = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut member, monday(10, 0)).await;
    let fact = app.confirmed(booked.booking_id.0).await;
    assert_eq!((fact.role.address.as_str(), fact.telehealth), ("by video or phone", true));
    let file =
        member.get(&format!("/api/v1/bookings/appointments/{}/calendar.ics", booked.appointment_id)).await;
    let wanted = json!({"detail": FeedDetail::Details});
    let feed: FeedMade = member.post("/api/v1/bookings/me/calendar-feed", None, &wanted).await.read();
    let fed = app.browser().get(feed.path.expose()).await;
    for text in [file.body, fed.body] {
        let understood = read_by_others(text.as_str().unwrap());
        for reader in ["icalendar", "vobject"] {
            let place = &understood[reader]["events"][0]["location"];
            assert_eq!(place, "Harris Park Allied Health, by video or phone", "{reader}: {text}");
        }
    }
}

#[tokio::test]
async fn the_place_of_the_practice_takes_no_part_in_it() {
    let app = App::new().await;
    app.sees_by_video().await;
    let mut browser = app.browser();
    let proposal = fhir::proposals(&app, LONG, "2026-11-23").await.remove(0);
    let held = fhir::hold(&mut browser, &proposal).await;
    let reply = fhir::operate(&mut browser, "book", json!(fhir::details(&held))).await;
    let booked = fhir::found(&reply).remove(0);
    let path = format!("/fhir/Appointment/{}", booked["id"].as_str().unwrap());
    let own = fhir::resource(&browser.get(&path).await, "Appointment");
    assert_eq!(fhir::names(&own), ["Dr Ada Nguyen", "Bea Rossi"]);
    for told in [proposal, held, booked] {
        assert_eq!(fhir::names(&told), ["Dr Ada Nguyen"], "{told}");
    }
}
