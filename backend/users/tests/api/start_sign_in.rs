use serde_json::json;

use crate::{
    World,
    browser::{ADA, Browser, kdf},
};

#[tokio::test]
async fn known_and_unknown_addresses_get_replies_of_one_shape() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    let browser = Browser::new(&world, &service);
    let known = browser.post("sign-in/start", json!({"email": "Ada@Example.org"})).await;
    let unknown = browser.post("sign-in/start", json!({"email": "eve@example.org"})).await;
    assert_eq!(known.json()["kdf"], kdf());
    let (mut one, mut other) = (known.json(), unknown.json());
    assert_ne!(one["kdf"]["salt"], other["kdf"]["salt"]);
    assert_eq!(one["kdf"]["salt"].as_str().unwrap().len(), other["kdf"]["salt"].as_str().unwrap().len());
    (one["kdf"]["salt"], other["kdf"]["salt"]) = (json!(""), json!(""));
    assert_eq!((known.status, &known.headers, one), (unknown.status, &unknown.headers, other));
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_salt_every_time() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = Browser::new(&world, &service);
    let first = browser.post("sign-in/start", json!({"email": "eve@example.org"})).await;
    let restarted = world.start().await.unwrap();
    let again =
        Browser::new(&world, &restarted).post("sign-in/start", json!({"email": "EVE@example.org"})).await;
    assert_eq!(first.text, again.text);
    let other = browser.post("sign-in/start", json!({"email": "eva@example.org"})).await;
    assert_ne!(first.text, other.text);
}

#[tokio::test]
async fn what_is_no_address_is_named() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let reply = Browser::new(&world, &service).post("sign-in/start", json!({"email": "ada"})).await;
    assert_eq!((reply.status, reply.json()["errors"][0]["pointer"].as_str()), (422, Some("/email")));
}
