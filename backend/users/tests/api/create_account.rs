use kernel::Service;
use serde_json::{Value, json};

use crate::{
    World,
    browser::{ADA, Browser, sign_up_body},
};

async fn world() -> (World, Service) {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    (world, service)
}

#[tokio::test]
async fn a_sign_up_is_completed_by_its_link() {
    let (world, service) = world().await;
    let browser = Browser::new(&world, &service);
    let reply = browser.post("accounts", sign_up_body(ADA)).await;
    assert_eq!((reply.status, reply.text.as_str()), (202, ""));
    let (mail, token) = world.mails(ADA).await.remove(0);
    assert_eq!((mail.as_str(), token.as_ref().map(String::len)), ("verify_email", Some(32)));
    assert_eq!(browser.sign_in(ADA, 1).await.problem(), "wrong-sign-in");
    assert_eq!(browser.post("email/verify", json!({"token": token})).await.status, 204);
    assert_eq!(browser.sign_in(ADA, 1).await.status, 200);
    let receipts: Vec<(String, i32, String)> =
        sqlx::query_as("select text, version, subject_kind from users.consent_receipt")
            .fetch_all(&world.core.pool)
            .await
            .unwrap();
    assert_eq!(receipts, [("account-collection".to_owned(), 1, "account".to_owned())]);
}

#[tokio::test]
async fn an_address_that_has_an_account_gets_the_same_reply_and_another_mail() {
    let (world, service) = world().await;
    world.account(&service, ADA).await;
    let stranger = Browser::new(&world, &service);
    let known = stranger.post("accounts", sign_up_body("ADA@example.org")).await;
    let unknown = stranger.post("accounts", sign_up_body("bob@example.org")).await;
    assert_eq!(
        (known.status, &known.headers, &known.text),
        (unknown.status, &unknown.headers, &unknown.text)
    );
    assert_eq!(world.last_mail("ADA@example.org").await, "account_exists");
    assert_eq!(world.last_mail("bob@example.org").await, "verify_email");
}

#[tokio::test]
async fn what_one_stranger_signs_up_with_is_not_what_another_verifies() {
    let (world, service) = world().await;
    let browser = Browser::new(&world, &service);
    let mut other = sign_up_body(ADA);
    other["auth_key"] = json!(crate::browser::auth_key(66));
    browser.post("accounts", other).await;
    browser.post("accounts", sign_up_body(ADA)).await;
    let (_, own) = world.mails(ADA).await.remove(1);
    assert_eq!(browser.post("email/verify", json!({"token": own})).await.status, 204);
    assert_eq!(browser.sign_in(ADA, 66).await.problem(), "wrong-sign-in");
    assert_eq!(browser.sign_in(ADA, 1).await.status, 200);
    let (_, theirs) = world.mails(ADA).await.remove(0);
    assert_eq!(browser.post("email/verify", json!({"token": theirs})).await.problem(), "link-ended");
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let (world, service) = world().await;
    let browser = Browser::new(&world, &service);
    let cases: [(&str, Value); 6] = [
        ("/email", json!("ada")),
        ("/kdf/memory_kib", json!(19_455)),
        ("/kdf/passes", json!(1)),
        ("/kdf/salt", json!("AA")),
        ("/auth_key", json!("AAAA")),
        ("/consent", json!({"text": "account-collection", "version": 2})),
    ];
    for (pointer, value) in cases {
        let mut body = sign_up_body(ADA);
        *body.pointer_mut(pointer).unwrap() = value;
        let reply = browser.post("accounts", body).await;
        assert_eq!((reply.status, reply.json()["errors"][0]["pointer"].as_str().unwrap()), (422, pointer));
    }
    assert_eq!(world.mails(ADA).await, []);
}

/// Costs that few have would tell which addresses have an account.
#[tokio::test]
async fn a_password_with_unusual_costs_is_not_taken() {
    let (world, service) = world().await;
    let browser = Browser::new(&world, &service);
    for (pointer, value) in [("/kdf/memory_kib", 131_072), ("/kdf/passes", 4), ("/kdf/lanes", 2)] {
        let mut body = sign_up_body(ADA);
        *body.pointer_mut(pointer).unwrap() = json!(value);
        let reply = browser.post("accounts", body).await;
        assert_eq!((reply.status, reply.json()["errors"][0]["pointer"].as_str().unwrap()), (422, pointer));
    }
    assert_eq!(world.mails(ADA).await, []);
}

#[tokio::test]
async fn nobodys_mailbox_is_filled() {
    let (world, service) = world().await;
    let browser = Browser::new(&world, &service);
    for _ in 0..14 {
        assert_eq!(browser.post("accounts", sign_up_body(ADA)).await.status, 202);
    }
    assert_eq!(world.mails(ADA).await.len(), 10);
    world.pass(2);
    browser.post("accounts", sign_up_body(ADA)).await;
    assert_eq!(world.mails(ADA).await.len(), 11);
}

#[tokio::test]
async fn an_address_may_not_try_without_end() {
    let (world, service) = world().await;
    let browser = Browser::new(&world, &service);
    let mut last = 200;
    for _ in 0..61 {
        last = browser.post("sign-in/start", json!({"email": ADA})).await.status;
    }
    assert_eq!(last, 429);
    assert_eq!(browser.post("accounts", sign_up_body(ADA)).await.problem(), "rate-limited");
}
