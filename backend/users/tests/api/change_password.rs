use serde_json::{Value, json};

use crate::{
    World,
    browser::{ADA, Browser, auth_key, kdf},
};

fn body(current: u8, new: u8) -> Value {
    json!({
        "current_auth_key": auth_key(current), "kdf": kdf(), "auth_key": auth_key(new), "wrapped_key": "EEEE",
    })
}

#[tokio::test]
async fn other_places_are_signed_out_and_this_one_is_not() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, published) = world.account_with_keys(&service, ADA).await;
    let other = Browser::new(&world, &service);
    other.sign_in(ADA, 1).await;
    assert_eq!(browser.post("password/change", body(1, 2)).await.status, 204);
    assert!(browser.is_signed_in().await);
    assert!(!other.is_signed_in().await);
    assert_eq!(other.refresh().await.status, 401);
    assert_eq!(other.sign_in(ADA, 1).await.status, 403);
    assert_eq!(other.sign_in(ADA, 2).await.status, 200);
    assert_eq!(world.last_mail(ADA).await, "password_changed");
    let wrapped = browser.get("me").await.json()["keys"]["account_key"].clone();
    let by_code = &published.keys.account_key[1];
    assert_eq!(wrapped, json!([{"kind": "password", "blob": "EEEE"}, by_code]));
    assert_eq!(world.audited("change_password").await, [("account".to_owned(), "allowed".to_owned())]);
}

#[tokio::test]
async fn the_present_password_is_asked_for() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let reply = browser.post("password/change", body(7, 2)).await;
    assert_eq!((reply.status, reply.problem().as_str()), (403, "wrong-sign-in"));
    assert_eq!(world.audited("change_password").await, [("account".to_owned(), "denied".to_owned())]);
    assert_eq!(Browser::new(&world, &service).sign_in(ADA, 1).await.status, 200);
}

#[tokio::test]
async fn a_copy_that_nobody_could_open_is_not_left_behind() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, _) = world.account_with_keys(&service, ADA).await;
    let mut without = body(1, 2);
    without["wrapped_key"] = Value::Null;
    let reply = browser.post("password/change", without).await;
    assert_eq!((reply.status, &reply.json()["errors"][0]["pointer"]), (422, &json!("/wrapped_key")));
    assert_eq!(Browser::new(&world, &service).sign_in(ADA, 1).await.status, 200);
}

#[tokio::test]
async fn an_old_sign_in_is_not_enough() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    world.pass(16 * 60);
    browser.refresh().await;
    assert_eq!(browser.post("password/change", body(1, 2)).await.problem(), "sign-in-again");
    assert_eq!(
        Browser::new(&world, &service).post("password/change", body(1, 2)).await.problem(),
        "signed-out"
    );
}
