use std::{fs, path::PathBuf};

use kernel::config::{Mode, Settings};

use crate::{World, browser::ADA};

fn key(world: &World, name: &str, byte: u8) -> PathBuf {
    let path = world.home.path().join(name);
    fs::write(&path, [byte; 32]).unwrap();
    path
}

async fn started(world: &World, session_keys: Vec<PathBuf>) -> kernel::Service {
    let settings = Settings { session_keys, ..world.settings() };
    users::service(world.core.clone(), &settings).await.unwrap()
}

#[tokio::test]
async fn a_new_key_signs_and_what_the_old_one_signed_is_still_believed() {
    let world = World::new().await;
    let (old, new) = (key(&world, "old", 1), key(&world, "new", 2));
    let before = started(&world, vec![old.clone()]).await;
    let browser = world.account(&before, ADA).await;
    let token = browser.cookie("__Host-session").unwrap();
    let _after = started(&world, vec![new, old]).await;
    assert_eq!(world.told().await.iter().filter(|name| *name == "signing_key_published").count(), 2);
    world.core.sessions.load(&world.core.pool).await.unwrap();
    assert!(world.core.sessions.verify(&token, world.core.now()).is_ok());
}

#[tokio::test]
async fn production_makes_no_secret_of_its_own() {
    let world = World::new().await;
    let path = key(&world, "session", 1);
    let settings = Settings { mode: Mode::Production, session_keys: vec![path], ..world.settings() };
    let error = users::service(world.core.clone(), &settings).await.err().unwrap();
    assert!(error.to_string().contains("users-secret-key"), "{error:#}");
}

#[tokio::test]
async fn an_address_without_a_name_cannot_have_passkeys() {
    let world = World::new().await;
    let settings = Settings { public_url: "http://192.0.2.1:8080".to_owned(), ..world.settings() };
    let error = users::service(world.core.clone(), &settings).await.err().unwrap();
    assert!(error.to_string().contains("passkeys need one"), "{error:#}");
}
