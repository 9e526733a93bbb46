use serde_json::json;

use crate::{
    World,
    browser::{ADA, Browser},
};

#[tokio::test]
async fn it_says_who_is_signed_in_and_gives_the_keys() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, published) = world.account_with_keys(&service, ADA).await;
    let me = browser.get("me").await.json();
    assert_eq!((me["email"].as_str(), me["strength"].as_str()), (Some(ADA), Some("password")));
    assert_eq!(me["signed_in_at"], json!(world.core.now()));
    assert_eq!(me["keys"], json!(published.keys));
    assert_eq!(
        (&me["patient_id"], &me["memberships"], &me["platform"]),
        (&json!(null), &json!([]), &json!([]))
    );
    assert_eq!(world.audited("find_me").await, [("account".to_owned(), "allowed".to_owned())]);
}

#[tokio::test]
async fn without_a_token_or_with_an_old_one_nobody_is_signed_in() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    assert_eq!(Browser::new(&world, &service).get("me").await.problem(), "signed-out");
    let browser = world.account(&service, ADA).await;
    world.pass(600);
    assert_eq!(browser.get("me").await.status, 401);
}
