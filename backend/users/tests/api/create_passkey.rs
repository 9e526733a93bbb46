use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Service;
use serde_json::{Value, json};
use webauthn_authenticator_rs::{WebauthnAuthenticator as _, softpasskey::SoftPasskey};

use crate::{
    World,
    browser::{ADA, Browser, Reply},
};

/// An authenticator in memory that says it has verified its owner.
pub struct Authenticator {
    device: SoftPasskey,
    origin: &'static str,
}

impl Authenticator {
    pub fn new() -> Self {
        Self { device: SoftPasskey::new(true), origin: "http://localhost:8080" }
    }

    pub fn at(origin: &'static str) -> Self {
        Self { origin, ..Self::new() }
    }

    /// What it answers when asked to make a passkey. This one finds its keys only when they are named.
    pub fn make(&mut self, mut options: Value) -> Value {
        let wanted = &mut options["publicKey"]["authenticatorSelection"];
        assert_eq!(
            (&wanted["residentKey"], &wanted["userVerification"]),
            (&json!("required"), &json!("required"))
        );
        wanted["requireResidentKey"] = json!(false);
        let options = serde_json::from_value(options).unwrap();
        let made = self.device.do_registration(self.origin.parse().unwrap(), options).unwrap();
        serde_json::to_value(made).unwrap()
    }

    /// What it answers when asked to sign in with the passkey of that id, as the account of that id.
    pub fn sign(&mut self, mut options: Value, credential_id: &str, account: &str) -> Value {
        options["publicKey"]["allowCredentials"] = json!([{"type": "public-key", "id": credential_id}]);
        let options = serde_json::from_value(options).unwrap();
        let signed = self.device.do_authentication(self.origin.parse().unwrap(), options).unwrap();
        let mut signed = serde_json::to_value(signed).unwrap();
        let account: uuid::Uuid = account.parse().unwrap();
        signed["response"]["userHandle"] = json!(URL_SAFE_NO_PAD.encode(account.as_bytes()));
        signed
    }
}

/// Adds a passkey: the reply, and the id its authenticator gave it.
pub async fn add(browser: &Browser, authenticator: &mut Authenticator, name: &str) -> (Reply, String) {
    let asked = browser.post("passkeys/start", json!({})).await.json();
    let credential = authenticator.make(asked["options"].clone());
    let id = credential["id"].as_str().unwrap().to_owned();
    let body = json!({
        "name": name, "ceremony_id": asked["ceremony_id"], "credential": credential, "wrapped_key": "DDDD",
    });
    (browser.post("passkeys", body).await, id)
}

pub async fn signed_in() -> (World, Service, Browser) {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, _) = world.account_with_keys(&service, ADA).await;
    (world, service, browser)
}

#[tokio::test]
async fn a_passkey_is_kept_with_the_key_it_wraps() {
    let (world, _service, browser) = signed_in().await;
    let (reply, _) = add(&browser, &mut Authenticator::new(), "  My   phone ").await;
    assert_eq!((reply.status, &reply.json()["name"]), (201, &json!("My phone")), "{}", reply.text);
    let me = browser.get("me").await.json();
    assert_eq!(me["passkeys"], 1);
    let wrapped = json!({"kind": "passkey", "passkey_id": reply.json()["passkey_id"], "blob": "DDDD"});
    assert!(me["keys"]["account_key"].as_array().unwrap().contains(&wrapped));
    assert_eq!(world.last_mail(ADA).await, "sign_in_changed");
    assert_eq!(world.audited("create_passkey").await, [("account".to_owned(), "allowed".to_owned())]);
}

#[tokio::test]
async fn an_answer_counts_once_and_only_for_whom_it_was_asked() {
    let (world, service, browser) = signed_in().await;
    let other = world.account(&service, "bob@example.org").await;
    let asked = browser.post("passkeys/start", json!({})).await.json();
    let credential = Authenticator::new().make(asked["options"].clone());
    let body = json!({"name": "Phone", "ceremony_id": asked["ceremony_id"], "credential": credential});
    assert_eq!(other.post("passkeys", body.clone()).await.problem(), "passkey-refused");
    assert_eq!(browser.post("passkeys", body.clone()).await.status, 201);
    assert_eq!(browser.delete("passkeys/00000000-0000-0000-0000-000000000001").await.status, 403);
    assert_eq!(other.post("passkeys", body).await.problem(), "passkey-refused");
}

#[tokio::test]
async fn a_late_answer_and_one_from_another_site_are_refused() {
    let (world, _service, browser) = signed_in().await;
    let asked = browser.post("passkeys/start", json!({})).await.json();
    let mut body = json!({
        "name": "Phone", "ceremony_id": asked["ceremony_id"],
        "credential": Authenticator::new().make(asked["options"].clone()),
    });
    world.pass(300);
    assert_eq!(browser.post("passkeys", body.clone()).await.problem(), "passkey-refused");
    let asked = browser.post("passkeys/start", json!({})).await.json();
    body["ceremony_id"] = asked["ceremony_id"].clone();
    body["credential"] = Authenticator::at("http://localhost:9999").make(asked["options"].clone());
    let reply = browser.post("passkeys", body).await;
    assert_eq!((reply.status, reply.problem().as_str()), (422, "passkey-refused"));
}

#[tokio::test]
async fn what_is_no_name_or_no_credential_is_named() {
    let (_world, _service, browser) = signed_in().await;
    let ceremony_id = "00000000-0000-0000-0000-000000000001";
    let body = json!({"name": " ", "ceremony_id": ceremony_id, "credential": {}});
    assert_eq!(browser.post("passkeys", body).await.json()["errors"][0]["pointer"], "/name");
    let body = json!({"name": "Phone", "ceremony_id": ceremony_id, "credential": {"id": "x"}});
    assert_eq!(browser.post("passkeys", body).await.json()["errors"][0]["pointer"], "/credential");
}

#[tokio::test]
async fn it_takes_a_sign_in_of_a_moment_ago() {
    let (world, _service, browser) = signed_in().await;
    world.pass(16 * 60);
    browser.refresh().await;
    assert_eq!(browser.post("passkeys/start", json!({})).await.problem(), "sign-in-again");
}
