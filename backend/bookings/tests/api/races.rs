//! Many people at once.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::join_all;
use shared_types::{bookings::Confirmation, bookings::Hold};
use tokio::sync::Barrier;

use crate::app::{App, Browser, COLLEAGUE, LONG, LONG_COLLEAGUE, ROLE, Reply, monday};

/// Lets every browser do the same thing at the same moment.
async fn all_at_once<F, Fut>(browsers: Vec<Browser>, act: F) -> Vec<Reply>
where
    F: Fn(usize, Browser) -> Fut,
    Fut: Future<Output = Reply> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(browsers.len()));
    let tasks: Vec<_> = browsers
        .into_iter()
        .enumerate()
        .map(|(index, browser)| {
            let (barrier, acting) = (barrier.clone(), act(index, browser));
            tokio::spawn(async move {
                barrier.wait().await;
                acting.await
            })
        })
        .collect();
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_holds_on_one_time_one_wins() {
    let app = App::new().await;
    let keys: Vec<_> = (0..200).map(|_| app.key()).collect();
    let browsers = (0..200).map(|_| app.browser()).collect();
    let replies = all_at_once(browsers, |index, mut browser| {
        let key = keys[index];
        async move { browser.hold(key, ROLE, LONG, monday(10, 0)).await }
    })
    .await;
    let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 201);
    assert_eq!((won.len(), lost.len()), (1, 199));
    for reply in lost {
        let problem = reply.problem(409, "time-taken");
        assert_eq!(problem.alternatives.len(), 6, "{problem:?}");
        assert!(!problem.alternatives.contains(&monday(10, 0)));
        assert!(problem.alternatives.contains(&monday(10, 30)), "the nearest come first: {problem:?}");
    }
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    assert_eq!(app.count("select count(*) from bookings.hold").await, 1);
    assert_eq!(app.count("select count(*) from bookings.idempotency").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_confirms_of_one_hold_make_one_appointment() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let details = app.details();
    let keys: Vec<_> = (0..50).map(|_| app.key()).collect();
    let replies = all_at_once(vec![browser; 50], |index, mut browser| {
        let (key, hold, details) = (keys[index], hold.clone(), details.clone());
        async move { browser.confirm(key, &hold, &details).await }
    })
    .await;
    let named: Vec<Confirmation> = replies
        .iter()
        .map(|reply| {
            assert_eq!(reply.status, 200, "{}", reply.body);
            reply.read()
        })
        .collect();
    assert!(named.iter().all(|confirmation| *confirmation == named[0]));
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 1);
    assert_eq!(app.count("select count(*) from bookings.appointment_party").await, 1);
    assert_eq!(app.count("select count(*) from bookings.consent_receipt").await, 1);
    assert_eq!(app.told("appointment_confirmed").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_sent_twenty_times_at_once_gets_one_reply() {
    let app = App::new().await;
    let mut browser = app.browser();
    let other = app.hold(&mut browser, monday(9, 0)).await;
    let (hold_key, confirm_key, move_key) = (app.key(), app.key(), app.key());

    let replies = all_at_once(vec![browser.clone(); 20], |_, mut browser| async move {
        browser.hold(hold_key, ROLE, LONG, monday(10, 0)).await
    })
    .await;
    let hold: Hold = the_same(&replies, 201).read();
    assert_ne!(hold.hold_id, other.hold_id);
    assert_eq!(app.count("select count(*) from bookings.hold").await, 2);

    let details = app.details();
    let replies = all_at_once(vec![browser.clone(); 20], |_, mut browser| {
        let (hold, details) = (hold.clone(), details.clone());
        async move { browser.confirm(confirm_key, &hold, &details).await }
    })
    .await;
    let confirmation: Confirmation = the_same(&replies, 200).read();
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 1);

    let replies = all_at_once(vec![browser; 20], |_, mut browser| async move {
        browser.r#move(move_key, confirmation.appointment_id, 1, monday(14, 0)).await
    })
    .await;
    the_same(&replies, 200);
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 2);
}

fn the_same(replies: &[Reply], status: u16) -> &Reply {
    for reply in replies {
        assert_eq!(reply.status, status, "{}", reply.body);
        assert_eq!(reply.body, replies[0].body);
    }
    &replies[0]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_guest_asking_for_many_times_at_once_keeps_two() {
    let app = App::new().await;
    let mut browser = app.browser();
    let first = app.hold(&mut browser, monday(9, 0)).await;
    browser.release(&first).await;
    let keys: Vec<_> = (0..14).map(|_| app.key()).collect();
    let replies = all_at_once(vec![browser; 14], |index, mut browser| {
        let (key, start) = (keys[index], monday(9, 30) + crate::app::minutes(30) * index as i32);
        async move { browser.hold(key, ROLE, LONG, start).await }
    })
    .await;
    let statuses: BTreeSet<_> = replies.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses, BTreeSet::from([201, 409]));
    assert_eq!(app.count("select count(*) from bookings.hold where status = 'active'").await, 2);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_moves_onto_one_time_leave_one_there_and_nine_where_they_were() {
    let app = App::new().await;
    let mut moving = Vec::new();
    for index in 0..10 {
        let mut browser = app.browser();
        let appointment = app.book(&mut browser, monday(9, 0) + crate::app::minutes(30) * index).await;
        moving.push((browser, appointment, app.key()));
    }
    let browsers = moving.iter().map(|(browser, ..)| browser.clone()).collect();
    let replies = all_at_once(browsers, |index, mut browser| {
        let (id, key) = (moving[index].1.appointment_id, moving[index].2);
        async move { browser.r#move(key, id, 1, monday(16, 0)).await }
    })
    .await;
    let moved = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(moved, 1);
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        assert!(!reply.problem(409, "time-taken").alternatives.is_empty());
    }
    let stands = "select count(*) from bookings.appointment where status = 'confirmed'";
    assert_eq!(app.count(stands).await, 10);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_cancelling_and_moving_at_once_one_wins_and_the_other_is_told() {
    let app = App::new().await;
    for round in 0..10 {
        let mut browser = app.browser();
        let appointment = app.book(&mut browser, monday(9, 0)).await;
        let (id, key) = (appointment.appointment_id, app.key());
        let replies = all_at_once(vec![browser.clone(); 2], |index, mut browser| async move {
            if index == 0 {
                browser.cancel(id, 1).await
            } else {
                browser.r#move(key, id, 1, monday(11, 0)).await
            }
        })
        .await;
        let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "round {round}: {replies:?}");
        if replies[1].status == 200 {
            let moved: shared_types::bookings::Appointment = replies[1].read();
            assert_eq!(browser.cancel(moved.appointment_id, moved.version).await.status, 200);
        }
        assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_address_confirming_with_two_people_at_once_gets_two_bookings_in_all() {
    let app = App::new().await;
    for (hour, round) in [(9, 1), (11, 2), (13, 3)] {
        let details = crate::app::details(900 + round);
        let mut browser = app.browser();
        let first = app.hold(&mut browser, monday(hour, 0)).await;
        assert_eq!(browser.confirm(app.key(), &first, &details).await.status, 200);
        let here = app.hold(&mut browser, monday(hour, 30)).await;
        let there: Hold = browser.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(hour, 30)).await.read();
        let (holds, keys) = ([here, there], [app.key(), app.key()]);
        let replies = all_at_once(vec![browser; 2], |index, mut browser| {
            let (key, hold, details) = (keys[index], holds[index].clone(), details.clone());
            async move { browser.confirm(key, &hold, &details).await }
        })
        .await;
        let refused: Vec<_> = replies.iter().filter(|reply| reply.status != 200).collect();
        assert_eq!(refused.len(), 1, "{replies:?}");
        refused[0].problem(409, "too-many-bookings");
    }
}
