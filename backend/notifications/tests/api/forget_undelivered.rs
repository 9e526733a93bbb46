use jiff::SignedDuration;

use crate::{World, confirmed, run};

#[tokio::test]
async fn what_was_given_up_is_forgotten_after_a_week() {
    let world = World::new().await;
    world.receive(&confirmed(&world.core, 1)).await;
    sqlx::query("update notifications.message set status = 'dead'").execute(&world.core.pool).await.unwrap();
    let forget = || run(&world.service, "notifications.forget_undelivered");
    world.core.clock.advance(SignedDuration::from_hours(7 * 24));
    assert_eq!(forget().await, 0);
    world.core.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(forget().await, 1);
    assert_eq!(forget().await, 0);
    let left: i32 = sqlx::query_scalar(
        "select num_nonnulls(recipient, subject, body_text, body_html, calendar) from notifications.message",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap();
    assert_eq!(left, 0);
}
