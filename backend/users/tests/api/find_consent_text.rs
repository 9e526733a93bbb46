use shared_types::{Problem, users::ConsentText};

use crate::{World, get};

#[tokio::test]
async fn the_newest_version_is_given_to_anybody() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (status, body) = get(&service.router, "/api/v1/users/consent-texts/booking-collection").await;
    assert_eq!(status, 200);
    let text: ConsentText = serde_json::from_value(body).unwrap();
    assert_eq!((text.text.as_str(), text.version), ("booking-collection", 1));
    assert!(!text.paragraphs.is_empty());
}

#[tokio::test]
async fn a_newer_version_replaces_the_older_one() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let mut conn = world.core.pool.acquire().await.unwrap();
    let current = kernel::consent::current_text(&mut conn, &world.core, "booking-collection").await;
    let mut text = current.unwrap().unwrap();
    (text.version, text.title) = (text.version + 9, "New words".to_owned());
    kernel::consent::keep_text(&mut conn, &text).await.unwrap();
    let (_, body) = get(&service.router, "/api/v1/users/consent-texts/booking-collection").await;
    assert_eq!(body["title"], "New words");
}

#[tokio::test]
async fn names_of_no_text_are_not_found() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    for name in ["no-such-text", "Booking-Collection", "%00", "a%20b", "%F0%9F%A6%98"] {
        let (status, body) = get(&service.router, &format!("/api/v1/users/consent-texts/{name}")).await;
        let problem: Problem = serde_json::from_value(body).unwrap();
        assert_eq!((status, problem.is("not-found")), (404, true), "{name}");
    }
}

#[tokio::test]
async fn the_service_describes_itself() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (status, body) = get(&service.router, "/api/v1/users/openapi.json").await;
    assert_eq!(status, 200);
    assert_eq!(
        body["paths"]["/api/v1/users/consent-texts/{text}"]["get"]["operationId"],
        "find_consent_text"
    );
}
