use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    World,
    browser::{ADA, Browser},
};

async fn put(browser: &Browser, body: Value) -> crate::browser::Reply {
    browser.send(Method::PUT, "wrapped-keys", Some(body)).await
}

#[tokio::test]
async fn copies_named_are_replaced_and_others_stay() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, published) = world.account_with_keys(&service, ADA).await;
    let body = json!({"wrapped_keys": [{"kind": "recovery", "blob": "FFFF"}]});
    assert_eq!(put(&browser, body).await.status, 204);
    let kept = browser.get("me").await.json()["keys"]["account_key"].clone();
    let by_password = &published.keys.account_key[0];
    assert_eq!(kept, json!([by_password, {"kind": "recovery", "blob": "FFFF"}]));
}

#[tokio::test]
async fn without_keys_there_is_nothing_to_wrap() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let reply = put(&browser, json!({"wrapped_keys": [{"kind": "recovery", "blob": "FFFF"}]})).await;
    assert_eq!((reply.status, reply.problem().as_str()), (404, "no-keys"));
}

#[tokio::test]
async fn strangers_passkeys_are_not_named_and_an_old_sign_in_is_not_enough() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, _) = world.account_with_keys(&service, ADA).await;
    let passkey = "00000000-0000-0000-0000-000000000001";
    let named = json!({"wrapped_keys": [{"kind": "passkey", "passkey_id": passkey, "blob": "FFFF"}]});
    let reply = put(&browser, named).await;
    assert_eq!((reply.status, &reply.json()["errors"][0]["pointer"]), (422, &json!("/wrapped_keys")));
    world.pass(16 * 60);
    browser.refresh().await;
    assert_eq!(put(&browser, json!({"wrapped_keys": []})).await.problem(), "sign-in-again");
}
