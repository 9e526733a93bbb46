use serde_json::json;

use crate::{
    World,
    browser::{ADA, Browser, auth_key, kdf},
};

#[tokio::test]
async fn a_reset_signs_everybody_out_and_says_what_stays_closed() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (owner, published) = world.account_with_keys(&service, ADA).await;
    let browser = Browser::new(&world, &service);
    assert_eq!(browser.post("password/reset/start", json!({"email": ADA})).await.status, 202);
    let (mail, token) = world.mails(ADA).await.pop().unwrap();
    assert_eq!(mail, "reset_password");
    let body = json!({"token": token, "kdf": kdf(), "auth_key": auth_key(2)});
    let reply = browser.post("password/reset", body.clone()).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, r#"{"sealed_needs_recovery":true}"#));
    assert!(!owner.is_signed_in().await);
    assert_eq!(owner.refresh().await.status, 401);
    assert_eq!(world.last_mail(ADA).await, "password_changed");
    assert_eq!(browser.sign_in(ADA, 1).await.status, 403);
    world.pass(1);
    assert_eq!(browser.sign_in(ADA, 2).await.status, 200);
    let left = browser.get("me").await.json()["keys"]["account_key"].clone();
    assert_eq!(left, json!([published.keys.account_key[1]]));
    let again = browser.post("password/reset", body).await;
    assert_eq!((again.status, again.problem().as_str()), (410, "link-ended"));
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_reply() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    let browser = Browser::new(&world, &service);
    let known = browser.post("password/reset/start", json!({"email": ADA})).await;
    let unknown = browser.post("password/reset/start", json!({"email": "eve@example.org"})).await;
    assert_eq!(
        (known.status, &known.headers, &known.text),
        (unknown.status, &unknown.headers, &unknown.text)
    );
    assert_eq!(world.mails("eve@example.org").await, []);
}

#[tokio::test]
async fn only_the_newest_link_works_and_for_an_hour() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    let browser = Browser::new(&world, &service);
    browser.post("password/reset/start", json!({"email": ADA})).await;
    let older = world.mails(ADA).await.pop().unwrap().1;
    browser.post("password/reset/start", json!({"email": ADA})).await;
    let newer = world.mails(ADA).await.pop().unwrap().1;
    let body = |token: &Option<String>| json!({"token": token, "kdf": kdf(), "auth_key": auth_key(2)});
    assert_eq!(browser.post("password/reset", body(&older)).await.problem(), "link-ended");
    world.pass(3600);
    assert_eq!(browser.post("password/reset", body(&newer)).await.problem(), "link-ended");
    assert_eq!(browser.sign_in(ADA, 1).await.status, 200);
}

#[tokio::test]
async fn a_weak_derivation_is_refused_and_the_link_still_works() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    let browser = Browser::new(&world, &service);
    browser.post("password/reset/start", json!({"email": ADA})).await;
    let token = world.mails(ADA).await.pop().unwrap().1;
    let mut body = json!({"token": token, "kdf": kdf(), "auth_key": auth_key(2)});
    body["kdf"]["memory_kib"] = json!(8192);
    let reply = browser.post("password/reset", body.clone()).await;
    assert_eq!(reply.json()["errors"][0]["pointer"], "/kdf/memory_kib");
    body["kdf"] = kdf();
    assert_eq!(browser.post("password/reset", body).await.status, 200);
}
