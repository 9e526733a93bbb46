use axum::http::header;
use jiff::SignedDuration;
use serde_json::json;
use shared_types::bookings::{Appointment, AppointmentStatus};

use crate::app::{App, BORN, minutes, monday};

#[tokio::test]
async fn the_date_of_birth_opens_the_link() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    let mut browser = app.browser();
    let reply = browser.open(&token, json!({"date_of_birth": BORN})).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.read::<Appointment>().appointment_id, booked.appointment_id);
    let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    let secret = pair.strip_prefix("__Host-manage=").unwrap();
    assert_eq!(attributes, "Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax");
    assert_ne!(secret, token, "the link's secret stays out of cookies");
    let stored: Vec<u8> = sqlx::query_scalar("select session_hash from bookings.manage_session")
        .fetch_one(&app.core.pool)
        .await
        .unwrap();
    assert_eq!(stored, kernel::chance::hash_secret(secret));
    browser.appointment(booked.appointment_id).await;
    let acts = app.audited(booked.booking_id.0).await;
    assert!(acts.contains(&("open_manage_link".to_owned(), "allowed".to_owned())), "{acts:?}");
}

#[tokio::test]
async fn five_wrong_dates_leave_only_the_code() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    let mut browser = app.browser();
    let wrong = json!({"date_of_birth": "1980-02-28"});
    for left in ["4 tries are left", "3 tries are left", "2 tries are left", "1 try is left"] {
        let reply = browser.open(&token, wrong.clone()).await;
        assert_eq!(reply.headers.get(header::SET_COOKIE), None);
        let problem = reply.problem(403, "wrong-proof");
        assert!(problem.detail.unwrap().contains(left));
    }
    browser.open(&token, wrong.clone()).await.problem(403, "code-only");
    let right = browser.open(&token, json!({"date_of_birth": BORN})).await;
    right.problem(403, "code-only");
    for private in ["Standard", "Harris", "Ada", "10:00", "2026-11-22T23"] {
        assert!(!right.body.to_string().contains(private), "{}", right.body);
    }
    let denied = app.audited(booked.booking_id.0).await;
    let denied =
        denied.iter().filter(|(action, outcome)| action == "open_manage_link" && outcome == "denied");
    assert_eq!(denied.count(), 6);
    browser.send_code(&token).await;
    let code = app.code().await;
    assert_eq!(browser.open(&token, json!({"code": code})).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guessing_in_parallel_gives_no_more_than_five_tries() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    let guesses = (0..20).map(|_| {
        let (mut browser, token) = (app.browser(), token.clone());
        tokio::spawn(async move { browser.open(&token, json!({"date_of_birth": "1999-01-01"})).await })
    });
    let replies: Vec<_> = futures::future::join_all(guesses.collect::<Vec<_>>()).await;
    let wrong =
        replies.iter().filter(|reply| reply.as_ref().unwrap().body["type"] == "/problems/wrong-proof");
    assert_eq!(wrong.count(), 4);
    assert_eq!(app.count("select wrong_proofs::bigint from bookings.manage_link").await, 5);
}

#[tokio::test]
async fn a_link_nobody_was_sent_is_not_found() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let long = "0".repeat(5000);
    for token in ["", "0", "00000000000000000000000000000000", long.as_str()] {
        let reply = app.browser().open(token, json!({"date_of_birth": BORN})).await;
        reply.problem(404, "not-found");
    }
}

#[tokio::test]
async fn the_stored_hash_is_no_link() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let hash: String = sqlx::query_scalar("select encode(token_hash, 'hex') from bookings.manage_link")
        .fetch_one(&app.core.pool)
        .await
        .unwrap();
    app.browser().open(&hash, json!({"date_of_birth": BORN})).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_link_dies_a_day_after_the_start() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    app.advance_to(booked.start + SignedDuration::from_hours(24) - SignedDuration::from_micros(1));
    let proof = json!({"date_of_birth": BORN});
    assert_eq!(app.browser().open(&token, proof.clone()).await.status, 200);
    app.advance(SignedDuration::from_micros(1));
    app.browser().open(&token, proof).await.problem(404, "not-found");
    app.browser().send_code(&token).await.problem(404, "not-found");
}

#[tokio::test]
async fn whoever_cancelled_late_can_object_by_the_link_for_a_week() {
    let app = App::new().await;
    let mut guest = app.browser();
    let booked = app.book(&mut guest, monday(10, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    app.advance_to(booked.start - minutes(30));
    let cancelled: Appointment = guest.cancel(booked.appointment_id, 1).await.read();
    assert_eq!(cancelled.status, AppointmentStatus::CancelledLate);
    let week = SignedDuration::from_hours(7 * 24);
    app.advance(week - SignedDuration::from_micros(1));
    let proof = json!({"date_of_birth": BORN});
    assert_eq!(app.browser().open(&token, proof.clone()).await.status, 200);
    app.advance(SignedDuration::from_micros(1));
    app.browser().open(&token, proof).await.problem(404, "not-found");
}

#[tokio::test]
async fn an_opened_link_closes_after_an_hour() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    let mut browser = app.browser();
    browser.open(&token, json!({"date_of_birth": BORN})).await;
    app.advance(minutes(60) - SignedDuration::from_micros(1));
    browser.appointment(booked.appointment_id).await;
    app.advance(SignedDuration::from_micros(1));
    browser.find(booked.appointment_id).await.problem(404, "not-found");
    browser.cancel(booked.appointment_id, 1).await.problem(404, "not-found");
    let late = browser.r#move(app.key(), booked.appointment_id, 1, monday(14, 0)).await;
    late.problem(404, "not-found");
    assert_eq!(app.count("select count(*) from bookings.manage_session").await, 1);
    app.run("bookings.forget_old").await;
    assert_eq!(app.count("select count(*) from bookings.manage_session").await, 0);
}

#[tokio::test]
async fn the_link_shows_the_newest_of_the_booking() {
    let app = App::new().await;
    let mut owner = app.browser();
    let booked = app.book(&mut owner, monday(10, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    let moved: Appointment = owner.r#move(app.key(), booked.appointment_id, 1, monday(14, 0)).await.read();
    let proof = json!({"date_of_birth": BORN});
    let seen: Appointment = app.browser().open(&token, proof.clone()).await.read();
    assert_eq!(seen.appointment_id, moved.appointment_id);
    owner.cancel(moved.appointment_id, 1).await;
    let seen: Appointment = app.browser().open(&token, proof).await.read();
    assert_eq!(seen.status, AppointmentStatus::CancelledByPatient);
}

#[tokio::test]
async fn a_request_that_proves_nothing_is_refused() {
    let app = App::new().await;
    for (body, status, kind) in [
        (json!({}), 422, "invalid"),
        (json!({"token": "x"}), 422, "invalid"),
        (json!({"token": "x", "proof": {"date_of_birth": "29 February"}}), 422, "invalid"),
        (json!({"token": "x", "proof": {}}), 400, "unreadable"),
    ] {
        let reply = app.browser().post("/api/v1/bookings/manage/open", None, &body).await;
        reply.problem(status, kind);
        assert!(!reply.body.to_string().contains("February"), "{}", reply.body);
    }
}
