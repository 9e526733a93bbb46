use serde_json::json;

use crate::{
    World,
    browser::{ADA, Browser},
};

#[tokio::test]
async fn every_place_is_listed_coarsely_and_can_be_ended() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    world.pass(1);
    let other = Browser::new(&world, &service).named("curl/8.5");
    other.sign_in(ADA, 1).await;
    let list = browser.get("sessions").await.json();
    let seen: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["device"].as_str().unwrap(), one["current"] == true))
        .collect();
    assert_eq!(seen, [("An unknown program", false), ("Firefox on Linux", true)]);
    assert_eq!(list[0]["network"], "127.0.0.0/24");
    let path = format!("sessions/{}", list[0]["session_id"].as_str().unwrap());
    assert_eq!(browser.delete(&path).await.status, 204);
    assert!(!other.is_signed_in().await);
    assert_eq!(other.refresh().await.status, 401);
    assert!(browser.is_signed_in().await);
    let again = browser.delete(&path).await;
    assert_eq!((again.status, again.problem().as_str()), (404, "not-found"));
    assert_eq!(world.audited("delete_session").await, [("account".to_owned(), "allowed".to_owned())]);
}

#[tokio::test]
async fn another_accounts_session_is_not_there() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let ada = world.account(&service, ADA).await;
    let bob = world.account(&service, "bob@example.org").await;
    let list = ada.get("sessions").await.json();
    let path = format!("sessions/{}", list[0]["session_id"].as_str().unwrap());
    assert_eq!(bob.delete(&path).await.status, 404);
    assert!(ada.is_signed_in().await);
    assert_eq!(Browser::new(&world, &service).get("sessions").await.status, 401);
    assert_eq!(Browser::new(&world, &service).delete(&path).await.problem(), "signed-out");
    assert_eq!(bob.post("sign-in", json!({"email": ADA})).await.status, 422);
}
