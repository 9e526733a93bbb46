use shared_types::users::ConsentText;

use crate::app::{App, MONDAY, consent_text, monday};

#[tokio::test]
async fn the_newest_version_is_given_to_anybody() {
    let app = App::new().await;
    let path = "/api/v1/bookings/consent-texts/booking-collection";
    assert_eq!(app.browser().get(path).await.read::<ConsentText>(), consent_text(1));
    let mut conn = app.core.pool.acquire().await.unwrap();
    for version in [3, 2] {
        kernel::consent::keep_text(&mut conn, &consent_text(version)).await.unwrap();
    }
    assert_eq!(app.browser().get(path).await.read::<ConsentText>(), consent_text(3));
}

#[tokio::test]
async fn a_version_applies_from_its_day_in_sydney() {
    let app = App::new().await;
    let path = "/api/v1/bookings/consent-texts/booking-collection";
    let next = ConsentText { effective_on: MONDAY, ..consent_text(2) };
    let mut conn = app.core.pool.acquire().await.unwrap();
    kernel::consent::keep_text(&mut conn, &next).await.unwrap();
    // A minute to midnight in Sydney, where it is eleven hours later than in UTC.
    app.advance_to(monday(0, 0) - jiff::SignedDuration::from_mins(1));
    assert_eq!(app.browser().get(path).await.read::<ConsentText>(), consent_text(1));
    app.advance_to(monday(0, 0));
    assert_eq!(app.browser().get(path).await.read::<ConsentText>(), next);
}

#[tokio::test]
async fn a_text_whose_first_day_is_to_come_is_not_found() {
    let app = App::new().await;
    let text = ConsentText { text: "later".to_owned(), effective_on: MONDAY, ..consent_text(1) };
    let mut conn = app.core.pool.acquire().await.unwrap();
    kernel::consent::keep_text(&mut conn, &text).await.unwrap();
    app.browser().get("/api/v1/bookings/consent-texts/later").await.problem(404, "not-found");
    app.advance_to(monday(0, 0));
    assert_eq!(app.browser().get("/api/v1/bookings/consent-texts/later").await.status, 200);
}

#[tokio::test]
async fn other_names_are_not_found() {
    let app = App::new().await;
    for name in ["other", "Booking-Collection", "a%20b", "%F0%9F%A6%98", "a%00b"] {
        let reply = app.browser().get(&format!("/api/v1/bookings/consent-texts/{name}")).await;
        reply.problem(404, "not-found");
    }
}
