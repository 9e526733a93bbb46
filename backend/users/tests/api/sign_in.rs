use jiff::Timestamp;
use kernel::{keys, session};
use shared_types::users::{SigningKey, UsersEvent};

use crate::{
    World,
    browser::{ADA, Browser},
};

#[tokio::test]
async fn the_right_password_gives_a_token_and_a_refresh_token() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    let browser = Browser::new(&world, &service);
    let reply = browser.sign_in("ADA@example.org", 1).await;
    let expires_at: Timestamp = reply.json()["expires_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(reply.json()["next"], "done");
    assert_eq!(expires_at, world.core.now() + session::TOKEN_LIFETIME);
    let cookies: Vec<_> =
        reply.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert!(cookies[0].starts_with("__Host-session=") && cookies[0].contains("; Path=/; Max-Age=600;"));
    assert!(cookies[1].starts_with("__Secure-refresh="));
    assert!(cookies[1].contains("; Path=/api/v1/users/refresh; ") && cookies[1].ends_with("SameSite=Strict"));
    assert!(browser.is_signed_in().await);
    assert_eq!(world.audited("sign_in").await, vec![("account".to_owned(), "allowed".to_owned()); 2]);
}

#[tokio::test]
async fn a_password_does_not_end_by_its_age() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    world.pass(10 * 366 * 24 * 60 * 60);
    let browser = Browser::new(&world, &service);
    let reply = browser.sign_in(ADA, 1).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.json()["next"], "done");
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_cannot_be_told_apart() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    let browser = Browser::new(&world, &service);
    let wrong = browser.sign_in(ADA, 2).await;
    let unknown = browser.sign_in("eve@example.org", 2).await;
    assert_eq!((wrong.status, wrong.problem().as_str()), (403, "wrong-sign-in"));
    assert_eq!(
        (wrong.status, &wrong.headers, &wrong.text),
        (unknown.status, &unknown.headers, &unknown.text)
    );
    let denied = ("anonymous".to_owned(), "denied".to_owned());
    assert_eq!(world.audited("sign_in").await[1..], [denied.clone(), denied]);
}

#[tokio::test]
async fn many_wrong_answers_cost_time_for_known_and_unknown_addresses_alike() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    let browser = Browser::new(&world, &service);
    for email in [ADA, "eve@example.org"] {
        for _ in 0..10 {
            assert_eq!(browser.sign_in(email, 2).await.status, 403);
        }
        let waits = browser.sign_in(email, 2).await;
        assert_eq!((waits.status, waits.problem().as_str()), (429, "rate-limited"));
        assert_eq!(waits.headers["retry-after"], "2");
    }
    // Nobody is locked out for good: the owner waits a moment, and all is forgotten.
    assert_eq!(browser.sign_in(ADA, 1).await.status, 429);
    world.pass(2);
    assert_eq!(browser.sign_in(ADA, 1).await.status, 200);
    assert_eq!(browser.sign_in(ADA, 2).await.status, 403);
}

#[tokio::test]
async fn of_many_tries_at_once_no_more_are_answered_than_in_a_row() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    let browsers: Vec<_> = (0..24).map(|_| Browser::new(&world, &service)).collect();
    let replies = futures::future::join_all(browsers.iter().map(|browser| browser.sign_in(ADA, 2))).await;
    let answered = replies.iter().filter(|reply| reply.status == 403).count();
    assert_eq!((answered, replies.len() - answered), (10, 14));
}

#[tokio::test]
async fn right_tries_at_once_all_succeed() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let first = world.account(&service, ADA).await;
    let browsers: Vec<_> = (0..5).map(|_| Browser::new(&world, &service)).collect();
    let replies = futures::future::join_all(browsers.iter().map(|browser| browser.sign_in(ADA, 1))).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    assert_eq!(first.get("sessions").await.json().as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let before = browser.cookie("__Host-session").unwrap();
    world.pass(1);
    browser.sign_in(ADA, 1).await;
    assert_eq!(browser.get("sessions").await.json().as_array().unwrap().len(), 1);
    browser.set_cookie("__Host-session", &before);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_new_place_is_told_and_a_known_one_is_not() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, ADA).await;
    Browser::new(&world, &service).sign_in(ADA, 1).await;
    assert_eq!(world.last_mail(ADA).await, "verify_email");
    Browser::new(&world, &service).named("curl/8.5").sign_in(ADA, 1).await;
    assert_eq!(world.last_mail(ADA).await, "new_device");
}

#[tokio::test]
async fn a_sign_out_everywhere_is_known_to_another_service_once_it_has_the_event() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let token = browser.cookie("__Host-session").unwrap();
    let bookings = world.database.core("bookings", world.core.now()).await;
    let mut conn = bookings.pool.acquire().await.unwrap();
    for event in events(&world).await {
        if let UsersEvent::SigningKeyPublished(key) = event {
            let key: SigningKey = key;
            keys::learn(&mut conn, &bookings, &key).await.unwrap();
        }
    }
    bookings.sessions.load(&bookings.pool).await.unwrap();
    assert!(bookings.sessions.verify(&token, bookings.now()).is_ok());
    assert_eq!(browser.post("sign-out-everywhere", serde_json::json!({})).await.status, 204);
    for event in events(&world).await {
        if let UsersEvent::TokensRevoked(revocation) = event {
            session::revoke(&mut conn, &revocation).await.unwrap();
        }
    }
    bookings.sessions.load(&bookings.pool).await.unwrap();
    let refused = bookings.sessions.verify(&token, bookings.now());
    assert_eq!(refused, Err(session::TokenError::Revoked));
}

async fn events(world: &World) -> Vec<UsersEvent> {
    let rows: Vec<(String, serde_json::Value)> =
        sqlx::query_as("select name, body from users.outbox order by position")
            .fetch_all(&world.core.pool)
            .await
            .unwrap();
    rows.into_iter()
        .map(|(name, body)| serde_json::from_value(serde_json::json!({"name": name, "body": body})).unwrap())
        .collect()
}
