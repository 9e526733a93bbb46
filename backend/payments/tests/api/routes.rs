use axum::{body::Body, http::Request};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::World;

/// POSTs that take no key: a search changes nothing, and what the processor tells has a name by which it comes once.
const WITHOUT_KEY: [&str; 2] = ["receive_processor_webhook", "search_platform_payments"];

#[tokio::test]
async fn the_service_describes_itself() {
    let world = World::new().await;
    assert_eq!(world.service.inventory.len(), 96);
    let request = Request::get("/api/v1/payments/openapi.json").body(Body::empty()).unwrap();
    let response = world.service.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn every_post_that_changes_something_takes_a_key() {
    let world = World::new().await;
    let request = Request::get("/api/v1/payments/openapi.json").body(Body::empty()).unwrap();
    let response = world.service.router.clone().oneshot(request).await.unwrap();
    let body = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
    let document: Value = serde_json::from_slice(&body).unwrap();
    let posts = document["paths"].as_object().unwrap().values().filter_map(|path| path.get("post"));
    let mut without: Vec<_> =
        posts.filter(|post| !takes_key(post)).map(|post| post["operationId"].as_str().unwrap()).collect();
    without.sort_unstable();
    assert_eq!(without, WITHOUT_KEY);
}

fn takes_key(post: &Value) -> bool {
    let parameters = post["parameters"].as_array().into_iter().flatten();
    parameters.filter(|it| it["required"] == true).any(|it| it["name"] == "Idempotency-Key")
}
