use serde_json::json;

use crate::{
    World,
    browser::{ADA, Browser},
    totp::{code, set_up},
};

#[tokio::test]
async fn a_recovery_code_works_once_and_new_ones_replace_the_old() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let (secret, codes) = set_up(&world, &browser).await;
    let lost = Browser::new(&world, &service);
    lost.sign_in(ADA, 1).await;
    let typed = codes[0].to_uppercase().replace('-', " ");
    assert_eq!(lost.post("sign-in/code", json!({"recovery_code": typed})).await.status, 200);
    assert_eq!(lost.get("me").await.json()["recovery_codes_left"], 9);
    assert_eq!(lost.get("me").await.json()["strength"], "password_and_code");
    let again = Browser::new(&world, &service);
    again.sign_in(ADA, 1).await;
    let used = again.post("sign-in/code", json!({"recovery_code": codes[0]})).await;
    assert_eq!((used.status, used.problem().as_str()), (403, "wrong-sign-in"));
    let new: Vec<String> =
        serde_json::from_value(lost.post("recovery-codes", json!({})).await.json()["codes"].clone()).unwrap();
    assert_eq!(new.len(), 10);
    assert_eq!(again.post("sign-in/code", json!({"recovery_code": codes[1]})).await.status, 403);
    assert_eq!(again.post("sign-in/code", json!({"recovery_code": new[0]})).await.status, 200);
    world.pass(60);
    let app = Browser::new(&world, &service);
    app.sign_in(ADA, 1).await;
    let shown = code(&secret, world.core.now());
    assert_eq!(app.post("sign-in/code", json!({"code": shown})).await.status, 200);
}
