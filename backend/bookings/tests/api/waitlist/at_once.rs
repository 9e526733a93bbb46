//! Many at once: one time is offered to one of them, and nobody gets more than there is.

use std::sync::Arc;

use futures::future::join_all;
use jiff::SignedDuration;
use shared_types::bookings::waitlist::WaitlistStatus;

use super::{WAITLIST, entry, full, join, let_go, member, wanted};
use crate::app::{App, minutes};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_who_wait_for_one_time_one_at_a_time_is_asked() {
    let app = Arc::new(App::new().await);
    let mut booked = full(&app).await;
    for account in 0..100 {
        join(&app, &mut member(&app, 1_000 + account).await).await;
        app.advance(SignedDuration::from_secs(1));
    }
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    for turn in 0..5 {
        let workers = (0..8).map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { app.run("bookings.offer_times").await })
        });
        let offered: u64 = join_all(workers).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(offered, 1, "turn {turn}");
        let open = "select count(*) from bookings.waitlist_offer where status = 'open'";
        assert_eq!(app.count(open).await, 1, "turn {turn}");
        let mut asked = member(&app, 1_000 + turn).await;
        let offer = entry(&mut asked).await.offer.expect("in the order in which they joined");
        assert_eq!(i128::from(offer.passed), i128::try_from(turn).unwrap());
        if turn < 4 {
            assert_eq!(let_go(&mut asked, offer).await.status, 204);
            continue;
        }
        // Everybody tries to take what is held for one of them.
        let confirm = format!("/api/v1/bookings/holds/{}/confirm", offer.hold_id);
        let mut browsers = Vec::new();
        for account in 0..100 {
            browsers.push(member(&app, 1_000 + account).await);
        }
        let tries = browsers.into_iter().map(|mut browser| {
            let (app, confirm, details) = (Arc::clone(&app), confirm.clone(), app.details());
            tokio::spawn(async move { browser.post(&confirm, Some(app.key()), &details).await.status })
        });
        let statuses: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses[usize::try_from(turn).unwrap()], 200);
    }
    app.advance(minutes(5));
    assert_eq!(app.run("bookings.offer_times").await, 0, "the time is gone");
    let left = "select count(*) from bookings.waitlist_entry where status = 'waiting'";
    assert_eq!(app.count(left).await, 99);
    let taken =
        "select count(*) from bookings.reservation where during @> '2026-11-22T23:00:00Z'::timestamptz";
    assert_eq!(app.count(taken).await, 1);
}

#[tokio::test]
async fn of_many_places_asked_for_at_once_ten_are_given() {
    let app = App::new().await;
    let browser = member(&app, 1).await;
    let tries = (0..14).map(|_| {
        let (mut browser, key) = (browser.clone(), app.key());
        tokio::spawn(async move { browser.post(WAITLIST, Some(key), &wanted()).await.status })
    });
    let statuses: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 10, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_takes_a_time_in_the_last_moment_waits_no_more() {
    let app = Arc::new(App::new().await);
    let mut booked = full(&app).await;
    let mut waiting = member(&app, 1).await;
    join(&app, &mut waiting).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let offer = entry(&mut waiting).await.offer.unwrap();
    let mut admin = app.administrator().await;
    let mut held = sqlx::Connection::begin(&mut admin).await.unwrap();
    sqlx::query("select from bookings.resource for update").execute(&mut *held).await.unwrap();
    let (path, key, details) =
        (format!("/api/v1/bookings/holds/{}/confirm", offer.hold_id), app.key(), app.details());
    let takes = tokio::spawn(async move { waiting.post(&path, Some(key), &details).await });
    app.somebody_waits().await;
    // Its time runs out while it is being taken.
    app.advance_to(offer.expires_at);
    app.run("bookings.offer_times").await;
    held.commit().await.unwrap();
    let taken = takes.await.unwrap();
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert_eq!(entry(&mut member(&app, 1).await).await.status, WaitlistStatus::Booked);
}
