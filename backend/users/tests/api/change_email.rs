use serde_json::json;

use crate::{
    World,
    browser::{ADA, Browser},
};

const NEW: &str = "ada.nguyen@example.org";

#[tokio::test]
async fn the_new_address_is_used_once_its_link_is_followed() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    assert_eq!(browser.post("email/change", json!({"email": NEW})).await.status, 202);
    assert_eq!(browser.get("me").await.json()["email"], ADA);
    let (mail, token) = world.mails(NEW).await.pop().unwrap();
    assert_eq!(mail, "change_email");
    let reply = Browser::new(&world, &service).post("email/verify", json!({"token": token})).await;
    assert_eq!(reply.status, 204);
    assert_eq!(browser.get("me").await.json()["email"], NEW);
    let told: Vec<serde_json::Value> =
        sqlx::query_scalar("select body from users.outbox where name = 'own_details_changed'")
            .fetch_all(&world.core.pool)
            .await
            .unwrap();
    assert_eq!(told.len(), 1, "what was booked with the old address goes by the new one");
    assert_eq!((&told[0]["was"]["email"], &told[0]["is"]["email"]), (&json!(ADA), &json!(NEW)));
    assert_eq!(world.last_mail(ADA).await, "email_changed");
    assert_eq!(Browser::new(&world, &service).sign_in(ADA, 1).await.status, 403);
    assert_eq!(Browser::new(&world, &service).sign_in(NEW, 1).await.status, 200);
}

#[tokio::test]
async fn an_address_of_somebody_else_gets_the_same_reply() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    world.account(&service, "bob@example.org").await;
    let taken = browser.post("email/change", json!({"email": "bob@example.org"})).await;
    let free = browser.post("email/change", json!({"email": NEW})).await;
    assert_eq!((taken.status, &taken.headers, &taken.text), (free.status, &free.headers, &free.text));
    assert_eq!(world.last_mail("bob@example.org").await, "account_exists");
}

#[tokio::test]
async fn an_old_sign_in_is_not_enough() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    world.pass(16 * 60);
    browser.refresh().await;
    assert_eq!(browser.post("email/change", json!({"email": NEW})).await.problem(), "sign-in-again");
    let bad = browser.post("email/change", json!({"email": "x"})).await;
    assert_eq!((bad.status, &bad.json()["errors"][0]["pointer"]), (422, &json!("/email")));
}
