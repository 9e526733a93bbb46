use serde_json::{Value, json};

use crate::{
    browser::{Browser, Reply},
    create_passkey::{Authenticator, add, signed_in},
};

async fn sign_in(browser: &Browser, authenticator: &mut Authenticator, id: &str, account: &str) -> Reply {
    let asked = browser.post("sign-in/passkey/start", json!({})).await.json();
    let credential = authenticator.sign(asked["options"].clone(), id, account);
    browser.post("sign-in/passkey", answer(&asked, &credential)).await
}

fn answer(asked: &Value, credential: &Value) -> Value {
    json!({"ceremony_id": asked["ceremony_id"], "credential": credential})
}

#[tokio::test]
async fn a_passkey_is_the_strongest_sign_in() {
    let (world, service, owner) = signed_in().await;
    let account = owner.get("me").await.json()["account_id"].as_str().unwrap().to_owned();
    let mut authenticator = Authenticator::new();
    let (_, id) = add(&owner, &mut authenticator, "Phone").await;
    let browser = Browser::new(&world, &service);
    for _ in 0..2 {
        let reply = sign_in(&browser, &mut authenticator, &id, &account).await;
        assert_eq!((reply.status, reply.json()["next"].as_str()), (200, Some("done")), "{}", reply.text);
    }
    assert_eq!(browser.get("me").await.json()["strength"], "passkey");
    assert!(browser.get("passkeys").await.json()[0]["last_used_at"].is_string());
    assert_eq!(
        world.audited("sign_in_with_passkey").await,
        vec![("account".to_owned(), "allowed".to_owned()); 2]
    );
}

#[tokio::test]
async fn whatever_does_not_fit_gets_the_same_answer() {
    let (world, service, owner) = signed_in().await;
    let account = owner.get("me").await.json()["account_id"].as_str().unwrap().to_owned();
    let mut authenticator = Authenticator::new();
    let (_, id) = add(&owner, &mut authenticator, "Phone").await;
    let browser = Browser::new(&world, &service);
    let asked = browser.post("sign-in/passkey/start", json!({})).await.json();
    let credential = authenticator.sign(asked["options"].clone(), &id, &account);
    let start = async || browser.post("sign-in/passkey/start", json!({})).await.json();
    let mut cases = Vec::new();
    // For another question, by nobody's account, changed on the way, and after the time is over.
    cases.push(answer(&start().await, &credential));
    let nobody =
        authenticator.sign(start().await["options"].clone(), &id, "00000000-0000-0000-0000-000000000001");
    cases.push(answer(&asked, &nobody));
    let fresh = start().await;
    let mut changed = authenticator.sign(fresh["options"].clone(), &id, &account);
    changed["response"]["signature"] = json!("AAAA");
    cases.push(answer(&fresh, &changed));
    let fresh = start().await;
    let late = authenticator.sign(fresh["options"].clone(), &id, &account);
    for case in cases {
        let reply = browser.post("sign-in/passkey", case).await;
        assert_eq!((reply.status, reply.problem().as_str()), (403, "wrong-sign-in"));
    }
    world.pass(300);
    assert_eq!(browser.post("sign-in/passkey", answer(&fresh, &late)).await.problem(), "wrong-sign-in");
    assert_eq!(browser.cookie("__Host-session"), None);
}

#[tokio::test]
async fn an_answer_counts_once() {
    let (world, service, owner) = signed_in().await;
    let account = owner.get("me").await.json()["account_id"].as_str().unwrap().to_owned();
    let mut authenticator = Authenticator::new();
    let (_, id) = add(&owner, &mut authenticator, "Phone").await;
    let browser = Browser::new(&world, &service);
    let asked = browser.post("sign-in/passkey/start", json!({})).await.json();
    let credential = authenticator.sign(asked["options"].clone(), &id, &account);
    assert_eq!(browser.post("sign-in/passkey", answer(&asked, &credential)).await.status, 200);
    assert_eq!(browser.post("sign-in/passkey", answer(&asked, &credential)).await.status, 403);
}

#[tokio::test]
async fn what_is_no_credential_is_named() {
    let (world, service, _owner) = signed_in().await;
    let browser = Browser::new(&world, &service);
    let asked = browser.post("sign-in/passkey/start", json!({})).await.json();
    let reply = browser.post("sign-in/passkey", answer(&asked, &json!({"id": "x"}))).await;
    assert_eq!((reply.status, &reply.json()["errors"][0]["pointer"]), (422, &json!("/credential")));
}
