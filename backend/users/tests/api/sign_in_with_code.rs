use serde_json::json;

use crate::{
    World,
    browser::{ADA, Browser},
    totp::{code, set_up},
};

async fn with_app() -> (World, kernel::Service, String) {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let (secret, _) = set_up(&world, &browser).await;
    world.pass(60);
    (world, service, secret)
}

#[tokio::test]
async fn a_password_alone_gives_no_session() {
    let (world, service, secret) = with_app().await;
    let browser = Browser::new(&world, &service);
    let reply = browser.sign_in(ADA, 1).await;
    assert_eq!(reply.text, r#"{"next":"code"}"#);
    assert_eq!(browser.cookie("__Host-session"), None);
    assert!(browser.cookie("__Host-sign-in").is_some());
    let reply = browser.post("sign-in/code", json!({"code": code(&secret, world.core.now())})).await;
    assert_eq!((reply.status, reply.json()["next"].as_str()), (200, Some("done")));
    assert_eq!(browser.cookie("__Host-sign-in"), None);
    assert_eq!(browser.get("me").await.json()["strength"], "password_and_code");
}

#[tokio::test]
async fn a_code_works_once_even_in_two_browsers_at_once() {
    let (world, service, secret) = with_app().await;
    let shown = code(&secret, world.core.now());
    let browsers = [Browser::new(&world, &service), Browser::new(&world, &service)];
    for browser in &browsers {
        browser.sign_in(ADA, 1).await;
    }
    let body = json!({"code": shown});
    let (one, other) = tokio::join!(
        browsers[0].post("sign-in/code", body.clone()),
        browsers[1].post("sign-in/code", body.clone())
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403]);
    let late = Browser::new(&world, &service);
    late.sign_in(ADA, 1).await;
    assert_eq!(late.post("sign-in/code", body).await.problem(), "wrong-sign-in");
    world.pass(30);
    let next = code(&secret, world.core.now());
    assert_eq!(late.post("sign-in/code", json!({"code": next})).await.status, 200);
}

#[tokio::test]
async fn a_code_needs_the_password_first_and_within_five_minutes() {
    let (world, service, secret) = with_app().await;
    let browser = Browser::new(&world, &service);
    let body = |world: &World| json!({"code": code(&secret, world.core.now())});
    assert_eq!(browser.post("sign-in/code", body(&world)).await.problem(), "sign-in-again");
    browser.set_cookie("__Host-sign-in", &"0".repeat(32));
    assert_eq!(browser.post("sign-in/code", body(&world)).await.problem(), "sign-in-again");
    browser.sign_in(ADA, 1).await;
    world.pass(300);
    assert_eq!(browser.post("sign-in/code", body(&world)).await.problem(), "sign-in-again");
}

#[tokio::test]
async fn wrong_codes_count_like_wrong_passwords() {
    let (world, service, _) = with_app().await;
    let browser = Browser::new(&world, &service);
    browser.sign_in(ADA, 1).await;
    for _ in 0..9 {
        assert_eq!(browser.post("sign-in/code", json!({"code": "12345"})).await.status, 403);
    }
    assert_eq!(browser.post("sign-in/code", json!({"code": "12345"})).await.status, 429);
    let denied = world.audited("sign_in_with_code").await;
    assert_eq!(denied, vec![("anonymous".to_owned(), "denied".to_owned()); 9]);
}
