use axum::{body::Body, http::Request};
use tower::ServiceExt as _;

use crate::World;

#[tokio::test]
async fn the_service_describes_itself() {
    let world = World::new().await;
    assert_eq!(world.service.inventory.len(), 25);
    let request = Request::get("/api/v1/notifications/openapi.json").body(Body::empty()).unwrap();
    let response = world.service.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
}
