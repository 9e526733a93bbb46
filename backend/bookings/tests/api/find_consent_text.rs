use shared_types::users::ConsentText;

use crate::app::{App, consent_text};

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
async fn other_names_are_not_found() {
    let app = App::new().await;
    for name in ["other", "Booking-Collection", "a%20b", "%F0%9F%A6%98", "a%00b"] {
        let reply = app.browser().get(&format!("/api/v1/bookings/consent-texts/{name}")).await;
        reply.problem(404, "not-found");
    }
}
