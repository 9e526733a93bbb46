use std::{fs, os::unix::fs::PermissionsExt as _};

use kernel::config::{Mode, Settings};
use shared_types::users::{SigningKey, UsersEvent};

use crate::World;

#[tokio::test]
async fn the_first_start_tells_the_text_and_the_key() {
    let world = World::new().await;
    world.start().await.unwrap();
    let texts = ["consent_text_published"; 15];
    assert_eq!(world.told().await, [texts.as_slice(), &["signing_key_published"]].concat());
    let (name, body): (String, serde_json::Value) =
        sqlx::query_as("select name, body from users.outbox where aggregate = 'signing_key'")
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
    let event: UsersEvent = serde_json::from_value(serde_json::json!({"name": name, "body": body})).unwrap();
    let UsersEvent::SigningKeyPublished(SigningKey { kid, issuer, .. }) = event else {
        panic!("another event")
    };
    assert_eq!((issuer.as_str(), kid.len()), ("users", 16));
}

#[tokio::test]
async fn later_starts_tell_nothing_new() {
    let world = World::new().await;
    world.start().await.unwrap();
    sqlx::query("delete from users.outbox").execute(&world.core.pool).await.unwrap();
    world.start().await.unwrap();
    assert_eq!(world.told().await, [""; 0]);
}

#[tokio::test]
async fn two_instances_that_start_at_once_publish_once() {
    let world = World::new().await;
    // One key for both, as instances of one installation have.
    let path = world.home.path().join("keys").join("users-signing-key");
    kernel::keys::Signer::in_file(&path, &world.core.chance).unwrap();
    let (first, second) = tokio::join!(world.start(), world.start());
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(world.told().await.len(), 16);
}

#[tokio::test]
async fn words_changed_after_publication_stop_the_start() {
    let world = World::new().await;
    world.start().await.unwrap();
    sqlx::query(
        "update users.consent_text set statement = 'I agree to everything' where text = 'booking-collection' and version = 1",
    )
    .execute(&world.core.pool)
    .await
    .unwrap();
    let error = world.start().await.err().unwrap();
    let message = format!("{error:#}");
    assert!(message.contains("booking-collection version 1 is published with other words"), "{message}");
}

#[tokio::test]
async fn the_key_is_for_its_owner_only_and_survives_a_restart() {
    let world = World::new().await;
    world.start().await.unwrap();
    let path = world.home.path().join("keys").join("users-signing-key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(&path).unwrap();
    world.start().await.unwrap();
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn production_makes_no_key() {
    let world = World::new().await;
    let settings = Settings { mode: Mode::Production, ..world.settings() };
    let error = users::service(world.core.clone(), &settings).await.err().unwrap();
    assert!(error.to_string().contains("production generates no keys"), "{error:#}");
    assert!(!world.home.path().join("keys").exists());
    assert_eq!(world.told().await, [""; 0]);
}

#[tokio::test]
async fn others_may_not_touch_the_published_texts() {
    let world = World::new().await;
    let mut stranger = world.database.connect("payments_app").await;
    let refused = sqlx::query("select from users.published_text").execute(&mut stranger).await.unwrap_err();
    let refused = refused.into_database_error().unwrap();
    assert_eq!(refused.code().as_deref(), Some("42501"));
}
