use serde_json::json;
use shared_types::bookings::BookingsEvent;

use crate::app::{App, BORN, Browser, minutes, monday};

impl App {
    /// The code that was mailed last.
    pub async fn code(&self) -> String {
        match self.told("manage_code_requested").await.pop() {
            Some(BookingsEvent::ManageCodeRequested(fact)) => fact.code.expose().clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Somebody with the link of a new booking.
    async fn link(&self) -> (Browser, String) {
        let booked = self.book(&mut self.browser(), monday(10, 0)).await;
        (self.browser(), self.manage_token(booked.booking_id.0).await)
    }
}

#[tokio::test]
async fn a_code_goes_to_the_patients_own_address_and_opens_the_link_once() {
    let app = App::new().await;
    let (mut browser, token) = app.link().await;
    let reply = browser.send_code(&token).await;
    assert_eq!((reply.status, reply.body), (202, json!("")));
    let told = app.told("manage_code_requested").await;
    let [BookingsEvent::ManageCodeRequested(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(fact.email.expose(), "ada0@example.org");
    assert_eq!(fact.expires_at, app.core.now() + minutes(15));
    let code = fact.code.expose();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    let hash: Vec<u8> = sqlx::query_scalar("select code_hash from bookings.manage_link")
        .fetch_one(&app.core.pool)
        .await
        .unwrap();
    assert_eq!(hash, kernel::chance::hash_secret(code));
    assert_eq!(browser.open(&token, json!({"code": format!(" {code} ")})).await.status, 200);
    assert_eq!(
        app.count("select count(*) from bookings.appointment_party where email_verified_at is not null")
            .await,
        1
    );
    app.browser().open(&token, json!({"code": code})).await.problem(403, "wrong-proof");
}

#[tokio::test]
async fn a_code_lives_for_fifteen_minutes() {
    let app = App::new().await;
    let (mut browser, token) = app.link().await;
    browser.send_code(&token).await;
    let code = app.code().await;
    app.advance(minutes(15));
    let over = browser.open(&token, json!({"code": code})).await.problem(403, "wrong-proof");
    assert_eq!(over.title, "This code is no longer valid");
    assert!(over.detail.unwrap().contains("Have a new one sent"));
    browser.send_code(&token).await;
    app.advance(minutes(15) - jiff::SignedDuration::from_micros(1));
    assert_eq!(browser.open(&token, json!({"code": app.code().await})).await.status, 200);
}

#[tokio::test]
async fn a_new_code_ends_the_old_one() {
    let app = App::new().await;
    let (mut browser, token) = app.link().await;
    browser.send_code(&token).await;
    let old = app.code().await;
    browser.send_code(&token).await;
    browser.open(&token, json!({"code": old})).await.problem(403, "wrong-proof");
    assert_eq!(browser.open(&token, json!({"code": app.code().await})).await.status, 200);
}

#[tokio::test]
async fn five_wrong_codes_end_a_code_even_when_the_sixth_is_right() {
    let app = App::new().await;
    let (mut browser, token) = app.link().await;
    browser.send_code(&token).await;
    let code = app.code().await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        browser.open(&token, json!({"code": wrong})).await.problem(403, "wrong-proof");
    }
    let over = browser.open(&token, json!({"code": code})).await.problem(403, "wrong-proof");
    assert!(over.detail.unwrap().contains("Have a new one sent"), "it is not said to try again");
    browser.send_code(&token).await;
    assert_eq!(browser.open(&token, json!({"code": app.code().await})).await.status, 200);
}

#[tokio::test]
async fn without_a_code_sent_no_code_opens() {
    let app = App::new().await;
    let (mut browser, token) = app.link().await;
    for code in ["", "000000"] {
        browser.open(&token, json!({"code": code})).await.problem(403, "wrong-proof");
    }
    // Wrong codes do not use up the dates of birth.
    assert_eq!(browser.open(&token, json!({"date_of_birth": BORN})).await.status, 200);
}

#[tokio::test]
async fn a_link_sends_five_codes_and_no_more() {
    let app = App::new().await;
    let (mut browser, token) = app.link().await;
    for _ in 0..5 {
        assert_eq!(browser.send_code(&token).await.status, 202);
    }
    browser.send_code(&token).await.problem(429, "rate-limited");
    assert_eq!(app.told("manage_code_requested").await.len(), 5);
}

#[tokio::test]
async fn a_link_nobody_was_sent_gets_no_code() {
    let app = App::new().await;
    app.browser().send_code("00000000000000000000000000000000").await.problem(404, "not-found");
    assert!(app.told("manage_code_requested").await.is_empty());
}

#[tokio::test]
async fn sending_a_code_is_written_down() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    app.browser().send_code(&token).await;
    let acts = app.audited(booked.booking_id.0).await;
    assert_eq!(acts.last().unwrap(), &("send_manage_code".to_owned(), "allowed".to_owned()));
}
