use axum::{body::Body, http::Request};
use tower::ServiceExt as _;

use crate::World;

#[tokio::test]
async fn the_only_route_is_the_services_own_description() {
    let world = World::new().await;
    assert!(world.service.inventory.is_empty());
    let request = Request::get("/api/v1/payments/openapi.json").body(Body::empty()).unwrap();
    let response = world.service.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
}
