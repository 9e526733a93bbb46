mod one_by_one;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    PractitionerRoleId,
    bookings::{Appointment, BookingsEvent, NextFreeFact},
    providers::{ProvidersEvent, RoleFact},
};

use crate::{
    app::{App, COLLEAGUE, ELSEWHERE, LONG, MONDAY, ROLE, minutes, monday},
    inbox::fact,
};

const EXPIRE: &str = "bookings.expire_holds";
const PUBLISH: &str = "bookings.publish_next_free";

impl App {
    /// What was told last of a role's next free times.
    async fn next_free(&self, role: PractitionerRoleId) -> NextFreeFact {
        let mut facts = self.told("next_free_changed").await.into_iter().filter_map(|event| match event {
            BookingsEvent::NextFreeChanged(fact) if fact.practitioner_role_id == role => Some(fact),
            _ => None,
        });
        facts.next_back().unwrap()
    }

    /// The first start that was told last of a role.
    async fn first_free(&self, role: PractitionerRoleId) -> Timestamp {
        self.next_free(role).await.types[0].starts[0]
    }
}

#[tokio::test]
async fn holds_whose_time_is_up_end_and_free_their_times() {
    let app = App::new().await;
    let mut browser = app.browser();
    app.hold(&mut browser, monday(9, 0)).await;
    app.advance(minutes(1));
    app.hold(&mut browser, monday(10, 0)).await;
    assert_eq!(app.run(EXPIRE).await, 0);
    app.advance(minutes(9));
    assert_eq!(app.run(EXPIRE).await, 1);
    assert_eq!(app.run(EXPIRE).await, 0);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    app.advance(minutes(1));
    assert_eq!(app.run(EXPIRE).await, 1);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    assert_eq!(app.count("select count(*) from bookings.hold where status = 'expired'").await, 2);
}

#[tokio::test]
async fn what_was_confirmed_or_let_go_does_not_expire() {
    let app = App::new().await;
    let mut browser = app.browser();
    app.book(&mut browser, monday(9, 0)).await;
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    browser.release(&hold).await;
    app.advance(minutes(10));
    assert_eq!(app.run(EXPIRE).await, 0);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_workers_expire_each_hold_once() {
    let app = Arc::new(App::new().await);
    for index in 0..16 {
        app.hold(&mut app.browser(), monday(9, 0) + minutes(30) * index).await;
    }
    app.advance(minutes(10));
    let workers = (0..4).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { app.run(EXPIRE).await })
    });
    let ended = futures::future::join_all(workers.collect::<Vec<_>>()).await;
    assert_eq!(ended.into_iter().map(Result::unwrap).sum::<u64>(), 16);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
}

#[tokio::test]
async fn the_next_eight_starts_of_every_type_are_told() {
    let app = App::new().await;
    assert_eq!(app.run(PUBLISH).await, 3);
    assert_eq!(app.run(PUBLISH).await, 0);
    let fact = app.next_free(ROLE).await;
    assert_eq!((fact.as_of, fact.types.len()), (app.core.now(), 2));
    let long = &fact.types[0];
    assert_eq!((long.appointment_type_id, long.price_cents.0, long.duration_minutes), (LONG, 8500, 30));
    let expected: Vec<_> = (0..8).map(|nth| monday(9, 0) + minutes(15) * nth).collect();
    assert_eq!(long.starts, expected);
    assert_eq!(long.valid_until, jiff::civil::date(2027, 1, 21));
    assert!(fact.types[1].bulk_billed);
}

#[tokio::test]
async fn every_change_of_what_is_free_is_told_for_all_roles_of_the_person() {
    let app = App::new().await;
    app.run(PUBLISH).await;
    let mut browser = app.browser();

    let hold = app.hold(&mut browser, monday(9, 0)).await;
    assert_eq!(app.run(PUBLISH).await, 2);
    assert_eq!(app.first_free(ROLE).await, monday(9, 30));
    assert_eq!(app.first_free(ELSEWHERE).await, monday(9, 30));
    assert_eq!(app.first_free(COLLEAGUE).await, monday(9, 0));

    browser.release(&hold).await;
    assert_eq!(app.run(PUBLISH).await, 2);
    assert_eq!(app.first_free(ELSEWHERE).await, monday(9, 0));

    app.hold(&mut browser, monday(9, 0)).await;
    app.run(PUBLISH).await;
    app.advance(minutes(10));
    app.run(EXPIRE).await;
    assert_eq!(app.run(PUBLISH).await, 2);
    assert_eq!(app.first_free(ROLE).await, monday(9, 0));

    let booked = app.book(&mut browser, monday(9, 0)).await;
    assert_eq!(app.run(PUBLISH).await, 2);
    assert_eq!(app.first_free(ROLE).await, monday(9, 30));

    let moved: Appointment = browser.r#move(app.key(), booked.appointment_id, 1, monday(9, 15)).await.read();
    assert_eq!(app.run(PUBLISH).await, 2);
    assert_eq!(app.first_free(ROLE).await, monday(9, 45));

    browser.cancel(moved.appointment_id, 1).await;
    assert_eq!(app.run(PUBLISH).await, 2);
    assert_eq!(app.first_free(ELSEWHERE).await, monday(9, 0));
}

#[tokio::test]
async fn times_are_told_again_before_they_run_out() {
    let app = App::new().await;
    app.run(PUBLISH).await;
    // Eight starts from nine o'clock: at a quarter past nine the sixth is an hour away, and can be booked no more.
    app.advance_to(monday(9, 15) - SignedDuration::from_secs(1));
    assert_eq!(app.run(PUBLISH).await, 0);
    app.advance(SignedDuration::from_secs(1));
    assert_eq!(app.run(PUBLISH).await, 3);
    assert_eq!(app.first_free(ROLE).await, monday(10, 15), "an hour's notice");
}

#[tokio::test]
async fn a_role_that_takes_no_bookings_tells_none() {
    let app = App::new().await;
    app.change("update bookings.role set bookable = false where practitioner_role_id = '00000000-0000-0000-0000-000000000011'")
        .await;
    assert_eq!(app.run(PUBLISH).await, 3);
    assert!(app.next_free(ROLE).await.types.iter().all(|of_type| of_type.starts.is_empty()));
    app.advance(SignedDuration::from_hours(23));
    app.run(PUBLISH).await;
    app.advance(SignedDuration::from_hours(1));
    assert_ne!(app.run(PUBLISH).await, 0, "and is looked at again each day");
}

#[tokio::test]
async fn what_is_free_with_a_role_that_opens_is_told_at_once_and_not_a_day_later() {
    let app = App::new().await;
    let open = fact(ROLE, "Dr Ada Nguyen");
    let closed = RoleFact { bookable: false, ..open.clone() };
    app.receive("providers", 2, &ProvidersEvent::PractitionerRoleChanged(closed)).await;
    app.run(PUBLISH).await;
    assert!(app.next_free(ROLE).await.types.iter().all(|of_type| of_type.starts.is_empty()));
    app.receive("providers", 3, &ProvidersEvent::PractitionerRoleChanged(open)).await;
    app.run(PUBLISH).await;
    assert_eq!(app.first_free(ROLE).await, monday(9, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hold_that_commits_while_times_are_told_is_told_after_it() {
    let app = Arc::new(App::new().await);
    // Stops the hold after its last change and before its commit.
    let mut gate = app.administrator().await;
    sqlx::query("begin").execute(&mut gate).await.unwrap();
    sqlx::query("lock table bookings.audit_entry in share mode").execute(&mut gate).await.unwrap();
    let holding = {
        let app = app.clone();
        tokio::spawn(async move { app.hold(&mut app.browser(), monday(9, 0)).await })
    };
    app.somebody_waits().await;
    app.run(PUBLISH).await;
    sqlx::query("rollback").execute(&mut gate).await.unwrap();
    holding.await.unwrap();
    app.run(PUBLISH).await;
    assert_eq!(app.first_free(ROLE).await, monday(9, 30));
    assert_eq!(app.first_free(ELSEWHERE).await, monday(9, 30));
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(9, 0)));
}
