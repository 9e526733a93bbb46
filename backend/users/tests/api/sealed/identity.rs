//! A person's keys: published, given back, replaced; and everything that does not belong together refused.

use axum::http::Method;
use sealing::directory::Continuity;
use serde_json::{Value, json};
use shared_types::users::PutIdentity;

use super::{Clinic, MEMBER, OTHER};
use crate::{
    keys::{Keys, leaf},
    people::account,
};

const PATH: &str = "/me/identity";

async fn published_leaf(clinic: &Clinic, number: u128) -> sealing::directory::VerifiedLeaf {
    let path = format!("/directory/accounts/{}", account(number));
    leaf(clinic.get(number, &path).await.ok(200)["entry"]["leaf"].as_str().unwrap())
}

#[tokio::test]
async fn keys_are_published_and_given_back_and_their_owner_is_told() {
    let clinic = Clinic::new().await;
    assert_eq!(clinic.get(MEMBER, "/me").await.ok(200)["keys"], Value::Null);
    let body = Keys::new(account(MEMBER).into(), 1).first(clinic.people.world.core.now());
    clinic.people.send(MEMBER, Method::PUT, PATH, json!(body)).await.ok(204);
    assert_eq!(clinic.get(MEMBER, "/me").await.ok(200)["keys"], json!(body.keys));
    assert_eq!(clinic.people.world.last_mail("p3@example.org").await, "sign_in_changed");
    assert_eq!(clinic.audited("put_identity").await, [("account".to_owned(), "allowed".to_owned())]);
    // The same once more changes nothing.
    clinic.people.send(MEMBER, Method::PUT, PATH, json!(body)).await.ok(204);
    assert_eq!(clinic.count("select count(*) from users.key_leaf").await, 1);
}

#[tokio::test]
async fn new_keys_take_the_place_of_the_former_and_of_every_copy() {
    let mut clinic = Clinic::new().await;
    clinic.make_keys(MEMBER).await;
    let (first, before) =
        (published_leaf(&clinic, MEMBER).await, clinic.get(MEMBER, "/me").await.ok(200)["keys"].clone());
    clinic.make_other_keys(MEMBER).await;
    let second = published_leaf(&clinic, MEMBER).await;
    assert_eq!(second.follows(&first), Ok(Continuity::Unvouched), "whoever pinned the former keys is asked");
    let after = clinic.get(MEMBER, "/me").await.ok(200)["keys"].clone();
    assert_ne!(before["account_key"], after["account_key"]);
    assert_eq!(after["account_key"].as_array().unwrap().len(), 1);
    assert_ne!(before["identity"], after["identity"]);
    assert_eq!(clinic.count("select count(*) from users.key_leaf").await, 2);
}

#[tokio::test]
async fn what_does_not_belong_together_is_refused() {
    let clinic = Clinic::new().await;
    let now = clinic.people.world.core.now();
    let own = |seed| Keys::new(account(MEMBER).into(), seed).first(now);
    let (good, other) = (own(1), own(2));
    let theirs = Keys::new(account(OTHER).into(), 3).first(now);
    let passkey = json!([{
        "kind": "passkey",
        "passkey_id": "00000000-0000-0000-0000-000000000001",
        "blob": good.keys.account_key[0].blob,
    }]);
    let by_the_wrong_name = json!([{"kind": "password", "blob": good.keys.account_key[0].blob}]);
    let late = Keys::new(account(MEMBER).into(), 1).first(now + jiff::SignedDuration::from_hours(2));
    let former = leaf(&other.leaf);
    let follows_nothing = Keys::new(account(MEMBER).into(), 1).after(Some(&former), now);
    let (copies, public) = ("/keys/account_key", "/keys/identity/public");
    let (wrapped, leaf) = ("/keys/identity/wrapped", "/leaf");
    for (at, value, pointer) in [
        (copies, json!([]), copies),
        (copies, json!(theirs.keys.account_key), copies),
        (copies, by_the_wrong_name, copies),
        (copies, passkey, copies),
        (copies, json!([{"kind": "recovery", "blob": "not base64!"}]), "/keys/account_key/0"),
        (public, json!(theirs.keys.identity.public), public),
        (public, json!("AAAA"), public),
        (public, json!(other.keys.identity.public), wrapped),
        (wrapped, json!(other.keys.identity.wrapped), wrapped),
        (wrapped, json!(theirs.keys.identity.wrapped), wrapped),
        (leaf, json!(other.leaf), leaf),
        (leaf, json!(theirs.leaf), leaf),
        (leaf, json!("AAAA"), leaf),
        (leaf, json!(late.leaf), leaf),
        (leaf, json!(follows_nothing.leaf), leaf),
    ] {
        let mut body = json!(good);
        *body.pointer_mut(at).unwrap() = value;
        let problem = clinic.people.send(MEMBER, Method::PUT, PATH, body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(clinic.count("select count(*) from users.key_leaf").await, 0);
    clinic.people.send(MEMBER, Method::PUT, PATH, json!(good)).await.ok(204);
}

#[tokio::test]
async fn a_leaf_that_does_not_follow_the_former_is_refused() {
    let mut clinic = Clinic::new().await;
    clinic.make_keys(MEMBER).await;
    let now = clinic.people.world.core.now();
    let first_again: PutIdentity = Keys::new(account(MEMBER).into(), 8).first(now);
    let former = published_leaf(&clinic, MEMBER).await;
    let older = Keys::new(account(MEMBER).into(), 9)
        .after(Some(&former), former.at() - jiff::SignedDuration::from_secs(1));
    for body in [first_again, older] {
        let problem =
            clinic.people.send(MEMBER, Method::PUT, PATH, json!(body)).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/leaf");
    }
    assert_eq!(published_leaf(&clinic, MEMBER).await, former);
}

#[tokio::test]
async fn an_old_sign_in_is_not_enough() {
    let clinic = Clinic::new().await;
    clinic.people.world.pass(16 * 60);
    let body = Keys::new(account(MEMBER).into(), 1).first(clinic.people.world.core.now());
    clinic.people.send(MEMBER, Method::PUT, PATH, json!(body)).await.problem(403, "sign-in-again");
}
