use serde_json::json;

use crate::{
    World,
    browser::{ADA, Browser},
};

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let other = Browser::new(&world, &service);
    other.sign_in(ADA, 1).await;
    let (token, refresh) =
        (browser.cookie("__Host-session").unwrap(), browser.cookie("__Secure-refresh").unwrap());
    assert_eq!(browser.post("sign-out", json!({})).await.status, 204);
    assert_eq!((browser.cookie("__Host-session"), browser.cookie("__Secure-refresh")), (None, None));
    browser.set_cookie("__Host-session", &token);
    browser.set_cookie("__Secure-refresh", &refresh);
    assert!(!browser.is_signed_in().await);
    assert_eq!(browser.refresh().await.status, 401);
    assert!(other.is_signed_in().await);
    assert_eq!(world.audited("sign_out").await, [("account".to_owned(), "allowed".to_owned())]);
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_and_one_may_sign_in_again() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let other = Browser::new(&world, &service);
    other.sign_in(ADA, 1).await;
    let token = browser.cookie("__Host-session").unwrap();
    assert_eq!(browser.post("sign-out-everywhere", json!({})).await.status, 204);
    browser.set_cookie("__Host-session", &token);
    assert!(!browser.is_signed_in().await && !other.is_signed_in().await);
    assert_eq!(other.refresh().await.status, 401);
    world.pass(1);
    assert_eq!(browser.sign_in(ADA, 1).await.status, 200);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_so() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let stranger = Browser::new(&world, &service);
    assert_eq!(stranger.post("sign-out", json!({})).await.problem(), "signed-out");
    assert_eq!(stranger.post("sign-out-everywhere", json!({})).await.problem(), "signed-out");
}
