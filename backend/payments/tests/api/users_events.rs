use kernel::{Chance, keys::Signer};
use shared_types::{
    bookings::BookingsEvent,
    users::{ConsentText, Revocation, Revoked, UsersEvent},
};

use crate::World;

#[tokio::test]
async fn signing_keys_are_learned_once() {
    let world = World::new().await;
    let key = Signer::generate(&Chance::seeded(1)).published("users");
    for _ in 0..2 {
        let event = world.envelope("users", &UsersEvent::SigningKeyPublished(key.clone()));
        world.receive(&event).await.unwrap();
    }
    let known: Vec<(String, String)> = sqlx::query_as("select kid, issuer from payments.signing_key")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(known, [(key.kid, "users".to_owned())]);
}

#[tokio::test]
async fn bookings_tells_the_key_of_its_quotes() {
    let world = World::new().await;
    let key = Signer::generate(&Chance::seeded(2)).published("bookings");
    world.receive(&world.envelope("bookings", &BookingsEvent::SigningKeyPublished(key))).await.unwrap();
    let issuers: Vec<String> = sqlx::query_scalar("select issuer from payments.signing_key")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(issuers, ["bookings"]);
}

#[tokio::test]
async fn no_service_tells_anothers_key() {
    let world = World::new().await;
    let key = Signer::generate(&Chance::seeded(3)).published("users");
    let forged = world.envelope("bookings", &BookingsEvent::SigningKeyPublished(key));
    assert!(world.receive(&forged).await.is_err());
}

#[tokio::test]
async fn consent_texts_are_kept() {
    let world = World::new().await;
    let text = ConsentText {
        text: "booking-collection".to_owned(),
        version: 1,
        title: "How your details are used".to_owned(),
        paragraphs: Vec::new(),
        statement: "I agree".to_owned(),
        effective_on: "2026-11-22".parse().unwrap(),
    };
    world.receive(&world.envelope("users", &UsersEvent::ConsentTextPublished(text))).await.unwrap();
    let known: Vec<String> = sqlx::query_scalar("select text from payments.consent_text")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(known, ["booking-collection"]);
}

#[tokio::test]
async fn revoked_tokens_are_learned() {
    let world = World::new().await;
    let revocation = Revocation {
        of: Revoked::Account(uuid::Uuid::from_u128(1).into()),
        issued_until: world.core.now(),
        forget_at: world.core.now() + jiff::SignedDuration::from_mins(10),
    };
    world.receive(&world.envelope("users", &UsersEvent::TokensRevoked(revocation))).await.unwrap();
    let known: i64 = sqlx::query_scalar("select count(*) from payments.revocation")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(known, 1);
}
