//! The key directory's log: dense, provable, and altered by nobody.

use serde_json::Value;
use shared_types::users::{DirectoryEntry, KeyLogHead, PublishedKeys};
use transparency::{Checkpoint, Hash, PublicKey, SignedCheckpoint, proof};

use super::{Clinic, MEMBER, OTHER, OWNER, PRACTICE, RECEPTION, STRANGER};
use crate::{
    keys::{decoded, leaf},
    people::account,
};

/// What a head says, if its key signed it.
pub fn believed(head: &KeyLogHead) -> Checkpoint {
    let key: PublicKey = head.key.parse().unwrap();
    let signed: SignedCheckpoint = head.checkpoint.parse().unwrap();
    let said = signed.verified(&key).unwrap().clone();
    assert_eq!((key.name(), said.origin.as_str()), ("localhost:8080/keys", "localhost:8080/keys"));
    said
}

fn hashes(texts: &[String]) -> Vec<Hash> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// A leaf is in the log that its head speaks of.
pub fn assert_included(head: &KeyLogHead, entry: &DirectoryEntry) {
    let said = believed(head);
    let hash = Hash::leaf(&decoded(&entry.leaf));
    assert!(proof::verify_inclusion(hash, entry.index, said.size, &hashes(&entry.proof), said.root));
}

async fn head(clinic: &Clinic, query: &str) -> (u16, Value) {
    crate::get(&clinic.people.router, &format!("/api/v1/users/directory/head{query}")).await
}

async fn read_head(clinic: &Clinic, query: &str) -> KeyLogHead {
    let (status, head) = head(clinic, query).await;
    assert_eq!(status, 200, "{head}");
    serde_json::from_value(head).unwrap()
}

async fn published(clinic: &Clinic, number: u128) -> PublishedKeys {
    let path = format!("/directory/accounts/{}", account(number));
    serde_json::from_value(clinic.get(OTHER, &path).await.ok(200)).unwrap()
}

#[tokio::test]
async fn every_leaf_has_its_place_and_its_proof() {
    let mut clinic = Clinic::new().await;
    assert_eq!(believed(&read_head(&clinic, "").await).size, 0);
    let accounts = [OWNER, RECEPTION, MEMBER, OTHER, STRANGER];
    for number in accounts {
        clinic.make_keys(number).await;
    }
    for (index, number) in accounts.into_iter().enumerate() {
        let keys = published(&clinic, number).await;
        assert_eq!((keys.entry.index, believed(&keys.head).size), (index as u64, 5));
        assert_included(&keys.head, &keys.entry);
        assert_eq!(leaf(&keys.entry.leaf).key_id(), clinic.keys[&number].identity.keys().key_id());
    }
    clinic.begin(OWNER, &[OWNER, RECEPTION]).await;
    let path = format!("/api/v1/users/directory/practices/{PRACTICE}?since=5");
    let (status, keys) = crate::get(&clinic.people.router, &path).await;
    assert_eq!(status, 200, "{keys}");
    let keys: PublishedKeys = serde_json::from_value(keys).unwrap();
    assert_eq!(keys.entry.index, 5);
    assert_included(&keys.head, &keys.entry);
    assert!(keys.head.consistency.is_some());
}

#[tokio::test]
async fn an_older_head_is_the_beginning_of_a_newer_one() {
    let mut clinic = Clinic::new().await;
    let mut seen = Vec::new();
    for number in [OWNER, RECEPTION, MEMBER, OTHER, STRANGER] {
        clinic.make_keys(number).await;
        seen.push(believed(&read_head(&clinic, "").await));
    }
    for old in &seen {
        let head = read_head(&clinic, &format!("?since={}", old.size)).await;
        let (new, proof) = (believed(&head), hashes(&head.consistency.unwrap()));
        assert!(
            proof::verify_consistency((old.size, old.root), (new.size, new.root), &proof),
            "{}",
            old.size
        );
    }
    assert_eq!(read_head(&clinic, "?since=0").await.consistency, Some(Vec::new()));
    assert_eq!(read_head(&clinic, "").await.consistency, None);
    let (status, problem) = head(&clinic, "?since=6").await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &Value::from("since")));
}

#[tokio::test]
async fn a_key_signs_the_log_over_restarts() {
    let mut clinic = Clinic::new().await;
    clinic.make_keys(MEMBER).await;
    let before = read_head(&clinic, "").await;
    let again = clinic.people.world.start().await.unwrap();
    let (_, after) = crate::get(&again.router, "/api/v1/users/directory/head").await;
    assert_eq!(serde_json::from_value::<KeyLogHead>(after).unwrap(), before);
}

#[tokio::test]
async fn who_has_no_keys_is_not_there() {
    let mut clinic = Clinic::new().await;
    let path = format!("/directory/accounts/{}", account(MEMBER));
    clinic.get(OTHER, &path).await.problem(404, "no-keys");
    let practice = format!("/api/v1/users/directory/practices/{PRACTICE}");
    assert_eq!(crate::get(&clinic.people.router, &practice).await, (200, serde_json::Value::Null));
    clinic.make_keys(MEMBER).await;
    let (status, _) = crate::get(&clinic.people.router, &format!("/api/v1/users{path}")).await;
    assert_eq!(status, 401, "an account's keys are for those who are signed in");
    sqlx::query(
        "update users.account set closed_at = now(), email = '', email_lower = account_id::text where account_id = $1",
    )
    .bind(account(MEMBER))
    .execute(&clinic.people.world.core.pool)
    .await
    .unwrap();
    clinic.get(OTHER, &path).await.problem(404, "no-keys");
}

#[tokio::test]
async fn nobody_alters_the_log() {
    let mut clinic = Clinic::new().await;
    clinic.make_keys(MEMBER).await;
    clinic.make_keys(OTHER).await;
    for role in ["users_app", "users_migrate"] {
        let mut conn = clinic.people.world.database.connect(role).await;
        for statement in [
            "update users.key_leaf set added_at = now()",
            "update users.key_node set hash = hash",
            "update users.key_checkpoint set note = note",
            "delete from users.key_leaf",
            "delete from users.key_node",
            "delete from users.key_checkpoint",
            "truncate users.key_leaf cascade",
            "truncate users.key_node",
            "truncate users.key_checkpoint",
        ] {
            let error = sqlx::query(statement).execute(&mut conn).await.expect_err(statement);
            let code = error.into_database_error().unwrap().code().unwrap().into_owned();
            assert_eq!(code, "42501", "{role}: {statement}");
        }
    }
}

/// Somebody got around the grants and the triggers: nothing more is published over what they left.
#[tokio::test]
async fn a_log_that_contradicts_its_checkpoint_takes_no_more() {
    let mut clinic = Clinic::new().await;
    clinic.make_keys(MEMBER).await;
    let mut admin = clinic.people.world.database.administrator().await;
    for statement in [
        "alter table users.key_leaf disable trigger user",
        "update users.key_leaf set hash = decode(repeat('00', 32), 'hex')",
    ] {
        sqlx::query(statement).execute(&mut admin).await.unwrap();
    }
    let mut keys = crate::keys::Keys::new(account(OTHER).into(), 9);
    let body = serde_json::json!(keys.first(clinic.people.world.core.now()));
    let reply = clinic.people.send(OTHER, axum::http::Method::PUT, "/me/identity", body).await;
    reply.problem(500, "internal");
    assert_eq!(clinic.count("select count(*) from users.key_leaf").await, 1);
}
