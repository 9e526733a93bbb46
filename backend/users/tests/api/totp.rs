use jiff::Timestamp;
use kernel::Service;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::{
    World,
    browser::{ADA, Browser, Reply},
};

/// The code that an app shows at that time.
pub fn code(secret: &str, now: Timestamp) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(now.as_second()).unwrap()).to_string()
}

/// Sets an app up: its secret, and the recovery codes.
pub async fn set_up(world: &World, browser: &Browser) -> (String, Vec<String>) {
    let started = browser.post("totp/start", json!({})).await.json();
    let secret = started["secret"].as_str().unwrap().to_owned();
    let confirmed = browser.post("totp/confirm", json!({"code": code(&secret, world.core.now())})).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text);
    let codes = serde_json::from_value(confirmed.json()["codes"].clone()).unwrap();
    (secret, codes)
}

async fn signed_in() -> (World, Service, Browser) {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    (world, service, browser)
}

#[tokio::test]
async fn an_app_is_asked_for_once_it_has_shown_a_right_code() {
    let (world, service, browser) = signed_in().await;
    let started = browser.post("totp/start", json!({})).await.json();
    let uri = started["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/HelloMapper:ada%40example%2Eorg?secret="), "{uri}");
    assert_eq!(Browser::new(&world, &service).sign_in(ADA, 1).await.json()["next"], "done");
    let (_, codes) = set_up(&world, &browser).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(Browser::new(&world, &service).sign_in(ADA, 1).await.json()["next"], "code");
    assert_eq!(world.last_mail(ADA).await, "sign_in_changed");
    let me = browser.get("me").await.json();
    assert_eq!((&me["totp"], &me["recovery_codes_left"]), (&json!(true), &json!(10)));
}

#[tokio::test]
async fn the_secret_is_not_in_the_table() {
    let (world, _service, browser) = signed_in().await;
    let (secret, codes) = set_up(&world, &browser).await;
    let raw = Secret::try_from_base32(&secret).unwrap().as_bytes().to_vec();
    let kept: Vec<u8> = sqlx::query_scalar("select sealed_secret from users.totp_credential")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    assert!(!kept.windows(8).any(|part| raw.windows(8).any(|other| part == other)));
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar("select code_hash from users.recovery_code")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert!(hashes.iter().all(|hash| hash.len() == 32 && !codes.iter().any(|code| code.as_bytes() == hash)));
}

#[tokio::test]
async fn a_wrong_code_sets_nothing_up() {
    let (world, service, browser) = signed_in().await;
    browser.post("totp/start", json!({})).await;
    let reply = browser.post("totp/confirm", json!({"code": "12345"})).await;
    assert_eq!((reply.status, reply.problem().as_str()), (403, "wrong-proof"));
    assert_eq!(Browser::new(&world, &service).sign_in(ADA, 1).await.json()["next"], "done");
}

#[tokio::test]
async fn what_cannot_be_now_is_refused() {
    let (world, service, browser) = signed_in().await;
    let refused = |reply: Reply| (reply.status, reply.problem());
    let off = (409, "totp-off".to_owned());
    assert_eq!(refused(browser.post("totp/confirm", json!({"code": "123456"})).await), off);
    assert_eq!(refused(browser.post("recovery-codes", json!({})).await), off);
    assert_eq!(refused(browser.delete("totp").await), (404, "not-found".to_owned()));
    let (secret, _) = set_up(&world, &browser).await;
    // The session is a password's only, and the account has more now.
    let weak = (403, "stronger-sign-in".to_owned());
    assert_eq!(refused(browser.post("totp/start", json!({})).await), weak);
    assert_eq!(refused(browser.delete("totp").await), weak);
    world.pass(60);
    let strong = Browser::new(&world, &service);
    strong.sign_in(ADA, 1).await;
    strong.post("sign-in/code", json!({"code": code(&secret, world.core.now())})).await;
    let on = (409, "totp-on".to_owned());
    assert_eq!(refused(strong.post("totp/start", json!({})).await), on);
    assert_eq!(refused(strong.post("totp/confirm", json!({"code": "123456"})).await), on);
    world.pass(16 * 60);
    strong.refresh().await;
    assert_eq!(refused(strong.delete("totp").await), (403, "sign-in-again".to_owned()));
}

#[tokio::test]
async fn an_app_can_be_removed() {
    let (world, service, browser) = signed_in().await;
    let (secret, _) = set_up(&world, &browser).await;
    world.pass(60);
    let strong = Browser::new(&world, &service);
    strong.sign_in(ADA, 1).await;
    strong.post("sign-in/code", json!({"code": code(&secret, world.core.now())})).await;
    assert_eq!(strong.delete("totp").await.status, 204);
    assert_eq!(Browser::new(&world, &service).sign_in(ADA, 1).await.json()["next"], "done");
    let me: Value = strong.get("me").await.json();
    assert_eq!((&me["totp"], &me["recovery_codes_left"]), (&json!(false), &json!(0)));
}
