//! A reminder comes by day and while it is of use, or not at all.

use shared_types::bookings::AppointmentFact;

use super::{confirm, far, plan};
use crate::{World, cuts::comes_to};

#[tokio::test]
async fn after_a_downtime_yesterdays_reminder_is_not_sent() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    // Both are overdue by now, and only the second is still of use.
    world.at("2026-12-01T01:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (2, 1));
    assert_eq!(
        world.plans(1).await,
        [
            plan(0, "reminder_two_days", "dropped", Some("late")),
            plan(0, "reminder_three_hours", "written", None)
        ]
    );
    confirm(&world, AppointmentFact { start: "2026-12-05T03:00:00Z".parse().unwrap(), ..far(2) }).await;
    world.at("2026-12-05T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (2, 0), "it has begun");
}

#[tokio::test]
async fn nobody_is_woken_by_what_a_downtime_left() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    // Sunday 11 pm in Sydney.
    world.at("2026-11-29T12:00:00Z");
    assert_eq!((world.remind().await, world.remind().await, world.send().await), (1, 0, 0));
    world.at("2026-11-29T21:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
}

#[tokio::test]
async fn what_was_written_in_the_evening_is_not_sent_at_night() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    // Sunday 8:59 pm in Sydney; nothing is sent until 11 pm.
    world.at("2026-11-29T09:59:00Z");
    assert_eq!(world.remind().await, 1);
    world.at("2026-11-29T12:00:00Z");
    assert_eq!((world.send().await, world.send().await), (1, 0));
    assert_eq!(world.mail.subjects().len(), 1, "the confirmation alone");
    world.at("2026-11-29T21:00:00Z");
    assert_eq!(world.send().await, 1);
    assert_eq!(world.mail.subjects().len(), 2);
    let attempts: i32 =
        sqlx::query_scalar("select attempts from notifications.message where template = 'reminder_two_days'")
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
    assert_eq!(attempts, 1, "waiting is no try");
}

#[tokio::test]
async fn a_reminder_that_could_not_be_sent_in_time_is_dropped() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    world.at("2026-11-29T03:00:00Z");
    world.remind().await;
    world.mail.refuse(true);
    assert_eq!(world.send().await, 1);
    world.mail.refuse(false);
    world.at("2026-11-30T03:00:00Z");
    assert_eq!(world.send().await, 0);
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "dropped", Some("late")));
    let dropped = ("reminder_two_days".to_owned(), "dropped".to_owned());
    assert!(world.messages().await.contains(&dropped));
}

#[tokio::test]
async fn a_reminder_whose_time_runs_out_in_the_hands_of_who_sends_it_is_not_sent() {
    let world = World::new().await;
    confirm(&world, far(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!(world.remind().await, 1);
    world.at("2026-11-30T03:00:00Z");
    // Who looks for what is too late passes over what another has at the moment; who sends waits for it.
    let mut other = world.core.begin().await.unwrap();
    sqlx::query("select from notifications.message_plan for update").execute(&mut *other).await.unwrap();
    let mut admin = world.database.administrator().await;
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let lets_go = async {
        comes_to(&mut admin, waiting, 1).await;
        other.rollback().await.unwrap();
    };
    let (tried, ()) = tokio::join!(world.send(), lets_go);
    assert_eq!((tried, world.send().await), (1, 0));
    assert_eq!(world.mail.subjects().len(), 1, "the confirmation alone");
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "dropped", Some("late")));
}
