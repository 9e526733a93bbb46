use axum::{body::Body, http::Request};
use kernel::{Service, config::Settings};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::World;

/// SHA-1 of "password" and of two that nobody has.
const LIST: &str = "5BAA60000000000000000000000000000000AAAA:2\r\n\
    5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:52256179\r\n\
    FFFFF00000000000000000000000000000000000:1\r\n";

async fn service(world: &World, list: Option<&str>) -> anyhow::Result<Service> {
    let breached_passwords = list.map(|list| {
        let path = world.home.path().join("list.txt");
        std::fs::write(&path, list).unwrap();
        path
    });
    users::service(world.core.clone(), &Settings { breached_passwords, ..world.settings() }).await
}

/// The status, how long it may be kept, and the body.
async fn ask(service: &Service, prefix: &str) -> (u16, Option<String>, Value) {
    let request = Request::get(format!("/api/v1/users/breached-passwords/{prefix}"));
    let reply = service.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let kept = reply.headers().get("cache-control").map(|value| value.to_str().unwrap().to_owned());
    let status = reply.status().as_u16();
    let body = axum::body::to_bytes(reply.into_body(), 1 << 20).await.unwrap();
    (status, kept, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn five_digits_are_answered_with_the_rest_of_every_hash_that_has_them() {
    let world = World::new().await;
    let service = service(&world, Some(LIST)).await.unwrap();
    let stolen = json!({"suffixes": ["1E4C9B93F3F0682250B6CF8331B7EE68FD8"]});
    for prefix in ["5BAA6", "5baa6"] {
        let (status, kept, body) = ask(&service, prefix).await;
        assert_eq!((status, kept.as_deref()), (200, Some("public, max-age=86400")));
        assert_eq!(body["suffixes"][1], stolen["suffixes"][0]);
        assert_eq!(body["suffixes"].as_array().unwrap().len(), 2);
    }
    assert_eq!(ask(&service, "00000").await.2, json!({"suffixes": []}));
    for whole in ["5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8", "5BAA", "5BAA6%2F", "passw"] {
        let (status, _, body) = ask(&service, whole).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("prefix")), "{whole}");
    }
}

#[tokio::test]
async fn without_a_list_nothing_is_known_to_be_stolen_and_nobody_keeps_that() {
    let world = World::new().await;
    let service = service(&world, None).await.unwrap();
    assert_eq!(ask(&service, "5BAA6").await, (200, None, json!({"suffixes": []})));
}

#[tokio::test]
async fn a_file_that_is_no_list_ends_the_start() {
    let world = World::new().await;
    let why = format!("{:#}", service(&world, Some("password123\n")).await.err().unwrap());
    assert!(why.contains("HELLOMAPPER_BREACHED_PASSWORDS"), "{why}");
}

#[tokio::test]
async fn an_address_may_not_ask_without_end() {
    let world = World::new().await;
    let service = service(&world, Some(LIST)).await.unwrap();
    let mut last = 200;
    for _ in 0..61 {
        last = ask(&service, "5BAA6").await.0;
    }
    assert_eq!(last, 429);
}
