//! A reader in another zone than the place: a visit by video is told on both clocks, for nobody travels to it.

use hellomapper_tests::{Browser, Running, acts, mail};
use serde_json::json;
use shared_types::{
    PractitionerRoleId, Zone,
    time::{clock_words, long_date, wall_words},
};

const PATIENT: &str = "ada.video@example.org";
const PERTH: &str = "Australia/Perth";
/// How what is told on the reader's own clock begins.
const OWN_CLOCK: &str = "On your clock: ";

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_by_video_is_told_on_the_clock_of_its_place_and_on_the_readers() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    let (provider, _) = acts::somebody_bookable(&running).await;
    let (place, reader): (Zone, Zone) = (acts::zone_of(&provider), PERTH.parse().unwrap());
    gives_visits_by_video(&running, provider.practitioner_role_id).await;
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Ada Nguyen", PATIENT).await;
    let booking = acts::confirm(&running, &browser).await;
    let start = acts::start_of(&running, booking).await;
    let letter = mail::arrives_for(&running, PATIENT, "Appointment confirmed").await;
    let on_the_wall = |zone: Zone| (long_date(zone.date(start)), clock_words(zone.time(start)));

    reads_in(&browser, reader.name()).await;
    acts::open_by_letter(&running, &browser, &letter).await;
    let (date, clock) = on_the_wall(place);
    browser.reads(&format!("{date}, {clock}, ")).await;
    browser.reads(&wall_words(place)).await;
    let (date, clock) = on_the_wall(reader);
    let (day, _year) = date.rsplit_once(' ').unwrap();
    browser.reads(&format!("{OWN_CLOCK}{day}, {clock}, {}.", wall_words(reader))).await;

    // Where both clocks show the same, there is one.
    reads_in(&browser, place.name()).await;
    acts::open_by_letter(&running, &browser, &letter).await;
    browser.reads(&wall_words(place)).await;
    assert!(!browser.text().await.contains(OWN_CLOCK));
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// The reader's device goes by that zone.
async fn reads_in(browser: &Browser, zone: &str) {
    browser.devtools("Emulation.setTimezoneOverride", json!({"timezoneId": zone})).await;
}

/// Whatever somebody is booked for is by video or telephone.
async fn gives_visits_by_video(running: &Running, role: PractitionerRoleId) {
    let changed = sqlx::query(
        "update bookings.appointment_type set telehealth = true, version = version + 1 \
         where practitioner_role_id = $1 and travel_minutes is null",
    )
    .bind(role.0)
    .execute(&mut running.database.administrator().await)
    .await
    .unwrap();
    assert!(changed.rows_affected() > 0, "nobody comes to the practice");
}
