use serde_json::json;

use crate::{
    World,
    browser::{ADA, Browser, sign_up_body},
};

#[tokio::test]
async fn a_link_works_once() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = Browser::new(&world, &service);
    browser.post("accounts", sign_up_body(ADA)).await;
    let token = world.mails(ADA).await.remove(0).1;
    assert_eq!(browser.post("email/verify", json!({"token": token})).await.status, 204);
    let again = browser.post("email/verify", json!({"token": token})).await;
    assert_eq!((again.status, again.problem().as_str()), (410, "link-ended"));
    assert_eq!(world.audited("verify_email").await, [("anonymous".to_owned(), "allowed".to_owned())]);
}

#[tokio::test]
async fn a_link_ends_after_a_day_and_what_was_never_sent_is_none() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = Browser::new(&world, &service);
    browser.post("accounts", sign_up_body(ADA)).await;
    let token = world.mails(ADA).await.remove(0).1;
    world.pass(24 * 60 * 60);
    assert_eq!(browser.post("email/verify", json!({"token": token})).await.problem(), "link-ended");
    assert_eq!(browser.post("email/verify", json!({"token": "0".repeat(32)})).await.problem(), "link-ended");
}

#[tokio::test]
async fn what_has_ended_is_forgotten() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    Browser::new(&world, &service).post("accounts", sign_up_body(ADA)).await;
    world.pass(25 * 60 * 60);
    let job = service.jobs.iter().find(|job| job.name == "users.forget_ended").unwrap();
    assert!(job.run_once().await.unwrap() > 0);
    let waiting: i64 =
        sqlx::query_scalar("select count(*) from users.sign_up").fetch_one(&world.core.pool).await.unwrap();
    assert_eq!(waiting, 0);
}
