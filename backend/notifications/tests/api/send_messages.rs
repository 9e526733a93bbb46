use jiff::SignedDuration;

use crate::{World, cancelled, code_requested, confirmed, moved};

/// What is left in a message's columns.
async fn remains(world: &World) -> (String, i32, Option<String>, bool) {
    sqlx::query_as(
        "select status, attempts, last_error, num_nonnulls(recipient, subject, body_text, body_html, calendar) > 0 \
         from notifications.message",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_queued_message_goes_out_once_and_is_forgotten() {
    let world = World::new().await;
    world.receive(&confirmed(&world.core, 1)).await;
    assert_eq!(world.send().await, 1);
    assert_eq!(world.send().await, 0);
    {
        let sent = world.mail.sent.lock().unwrap();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].recipient.expose(), "ada@example.org");
        let content = sent[0].content.expose();
        assert!(content.body_text.contains("/manage/0123456789abcdef0123456789abcdef"));
        assert_eq!(content.calendar.as_ref().unwrap().method, "PUBLISH");
    }
    assert_eq!(remains(&world).await, ("sent".to_owned(), 1, None, false));
    let mut admin = world.database.administrator().await;
    let acts: Vec<String> =
        sqlx::query_scalar("select action from notifications.audit_entry order by audit_entry_id")
            .fetch_all(&mut admin)
            .await
            .unwrap();
    assert_eq!(acts.len(), 2);
    assert!(acts.contains(&"send_message".to_owned()));
}

#[tokio::test]
async fn a_refused_message_is_tried_six_times_and_given_up() {
    let world = World::new().await;
    world.receive(&confirmed(&world.core, 1)).await;
    world.mail.refuse(true);
    let waits = [1, 5, 30, 120, 360].map(SignedDuration::from_mins);
    for (tries, wait) in (1..).zip(waits) {
        assert_eq!(world.send().await, 1, "try {tries}");
        assert_eq!(
            remains(&world).await,
            ("queued".to_owned(), tries, Some("the mail server refused with 450".to_owned()), true)
        );
        world.core.clock.advance(wait - SignedDuration::from_secs(1));
        assert_eq!(world.send().await, 0, "too early after try {tries}");
        world.core.clock.advance(SignedDuration::from_secs(1));
    }
    assert_eq!(world.send().await, 1);
    assert_eq!(remains(&world).await.0, "dead");
    world.core.clock.advance(SignedDuration::from_hours(24));
    world.mail.refuse(false);
    assert_eq!(world.send().await, 0);
    assert_eq!(world.mail.subjects(), [""; 0]);
}

#[tokio::test]
async fn a_message_whose_worker_died_is_sent_again_after_the_lease() {
    let world = World::new().await;
    world.receive(&confirmed(&world.core, 1)).await;
    // As a process leaves it that took the message and died.
    sqlx::query("update notifications.message set attempts = 1, next_attempt_at = next_attempt_at + interval '10 minutes'")
        .execute(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(world.send().await, 0);
    world.core.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(world.send().await, 1);
    assert_eq!(remains(&world).await, ("sent".to_owned(), 2, None, false));
}

#[tokio::test]
async fn two_workers_at_once_send_each_message_once() {
    let world = World::new().await;
    for booking in 1..=30 {
        world.receive(&confirmed(&world.core, booking)).await;
    }
    let (first, second) = tokio::join!(world.send(), world.send());
    assert_eq!(first + second + world.send().await, 30);
    let mut ids: Vec<_> = world.mail.sent.lock().unwrap().iter().map(|letter| letter.message_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 30);
    assert_eq!(world.mail.sent.lock().unwrap().len(), 30);
}

#[tokio::test]
async fn messages_about_one_booking_keep_their_order() {
    let world = World::new().await;
    world.receive(&confirmed(&world.core, 1)).await;
    world.mail.refuse(true);
    assert_eq!(world.send().await, 1);
    world.mail.refuse(false);
    world.core.clock.advance(SignedDuration::from_secs(10));
    world.receive(&moved(&world.core, 1)).await;
    world.core.clock.advance(SignedDuration::from_secs(10));
    world.receive(&cancelled(&world.core, 1)).await;
    assert_eq!(world.send().await, 0, "later news waits for the first");
    world.core.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(
        [world.send().await, world.send().await, world.send().await, world.send().await],
        [1, 1, 1, 0]
    );
    let subjects = world.mail.subjects();
    let first_words: Vec<_> = subjects.iter().map(|subject| subject.split(':').next().unwrap()).collect();
    assert_eq!(first_words, ["Appointment confirmed", "Appointment moved", "Appointment cancelled"]);
}

#[tokio::test]
async fn a_code_does_not_wait_for_other_messages() {
    let world = World::new().await;
    world.receive(&confirmed(&world.core, 1)).await;
    world.mail.refuse(true);
    world.send().await;
    world.mail.refuse(false);
    world.core.clock.advance(SignedDuration::from_secs(10));
    world.receive(&code_requested(&world.core, 1)).await;
    assert_eq!(world.send().await, 1);
    assert_eq!(world.mail.subjects(), ["Your code for your appointment"]);
}
