use crate::{
    browser::ADA,
    create_passkey::{Authenticator, add, signed_in},
};

#[tokio::test]
async fn a_removed_passkey_and_the_key_it_wrapped_are_gone() {
    let (world, service, browser) = signed_in().await;
    let (made, _) = add(&browser, &mut Authenticator::new(), "Phone").await;
    let path = format!("passkeys/{}", made.json()["passkey_id"].as_str().unwrap());
    // The session is a password's only, and the account has more now.
    assert_eq!(browser.delete(&path).await.problem(), "stronger-sign-in");
    let account = browser.get("me").await.json()["account_id"].as_str().unwrap().to_owned();
    let mut authenticator = Authenticator::new();
    sqlx::query("delete from users.passkey").execute(&world.core.pool).await.unwrap();
    let (made, id) = add(&browser, &mut authenticator, "Phone").await;
    let strong = crate::browser::Browser::new(&world, &service);
    let asked = strong.post("sign-in/passkey/start", serde_json::json!({})).await.json();
    let credential = authenticator.sign(asked["options"].clone(), &id, &account);
    let body = serde_json::json!({"ceremony_id": asked["ceremony_id"], "credential": credential});
    assert_eq!(strong.post("sign-in/passkey", body).await.status, 200);
    let path = format!("passkeys/{}", made.json()["passkey_id"].as_str().unwrap());
    assert_eq!(strong.delete(&path).await.status, 204);
    assert_eq!(strong.delete(&path).await.problem(), "not-found");
    let me = strong.get("me").await.json();
    let left = me["keys"]["account_key"].as_array().unwrap().len();
    assert_eq!((me["passkeys"].as_u64(), left), (Some(0), 2));
    assert_eq!(world.last_mail(ADA).await, "sign_in_changed");
}

#[tokio::test]
async fn another_accounts_passkey_is_not_there() {
    let (world, service, browser) = signed_in().await;
    let (made, _) = add(&browser, &mut Authenticator::new(), "Phone").await;
    let other = world.account(&service, "bob@example.org").await;
    let path = format!("passkeys/{}", made.json()["passkey_id"].as_str().unwrap());
    let reply = other.delete(&path).await;
    assert_eq!((reply.status, reply.problem().as_str()), (404, "not-found"));
    assert_eq!(other.get("passkeys").await.text, "[]");
    assert_eq!(browser.get("passkeys").await.json().as_array().unwrap().len(), 1);
}
