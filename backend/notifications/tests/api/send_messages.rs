use jiff::SignedDuration;
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, ProposalFact},
    users::{AccountMail, MailRequest, UsersEvent},
};
use uuid::Uuid;

use crate::{World, appointment, cancelled, code_requested, confirmed, envelope, moved};

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
    assert_eq!(world.send().await, 0, "later news waits for the first");
    world.core.clock.advance(SignedDuration::from_mins(1));
    assert_eq!([world.send().await, world.send().await, world.send().await], [1, 1, 0]);
    world.receive(&cancelled(&world.core, 1)).await;
    assert_eq!([world.send().await, world.send().await], [1, 0]);
    let subjects = world.mail.subjects();
    let first_words: Vec<_> = subjects.iter().map(|subject| subject.split(':').next().unwrap()).collect();
    assert_eq!(first_words, ["Appointment confirmed", "Appointment moved", "Appointment cancelled"]);
}

/// A booking that is asked for, confirmed and moved while the mail server is down; its cancellation, once it is back.
async fn off_while_nothing_went(off: AppointmentFact) -> Vec<String> {
    let world = World::new().await;
    let (status, sequence) = (AppointmentStatus::Requested, 0);
    let asked = AppointmentFact { status, sequence, ..off.clone() };
    let taken = AppointmentFact { status: AppointmentStatus::Confirmed, manage_token: None, ..off.clone() };
    let told = [
        BookingsEvent::AppointmentRequested(asked),
        BookingsEvent::AppointmentConfirmed(AppointmentFact { sequence: 1, ..taken.clone() }),
        BookingsEvent::AppointmentMoved(AppointmentFact { sequence: 2, ..taken }),
        BookingsEvent::AppointmentCancelled(AppointmentFact { sequence: 3, manage_token: None, ..off }),
    ];
    world.mail.refuse(true);
    for event in told {
        world.receive(&envelope(&world.core, "bookings", &event)).await;
        world.send().await;
        world.core.clock.advance(SignedDuration::from_secs(10));
    }
    world.mail.refuse(false);
    world.core.clock.advance(SignedDuration::from_mins(1));
    while world.send().await > 0 {}
    let subjects = world.mail.subjects();
    subjects.iter().map(|subject| subject.split(':').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_cancellation_waits_for_no_news_that_are_over_by_then_and_none_of_those_follow_it() {
    for status in [
        AppointmentStatus::CancelledByPatient,
        AppointmentStatus::CancelledByProvider,
        AppointmentStatus::CancelledByAdmin,
    ] {
        let sent = off_while_nothing_went(AppointmentFact { status, ..appointment(1) }).await;
        assert_eq!(sent, ["Appointment cancelled"], "{status:?}");
    }
    let taken = off_while_nothing_went(AppointmentFact {
        status: AppointmentStatus::CancelledLate,
        account_id: Some(Uuid::from_u128(0xADA).into()),
        ..appointment(1)
    });
    assert_eq!(taken.await, ["Appointment cancelled"], "they object in their account");
}

#[tokio::test]
async fn a_guest_who_may_owe_a_fee_still_gets_the_link_behind_which_they_object() {
    let late = AppointmentFact { status: AppointmentStatus::CancelledLate, ..appointment(1) };
    let sent = off_while_nothing_went(late).await;
    assert_eq!(sent, ["Appointment requested", "Appointment confirmed", "Appointment cancelled"]);
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

/// A letter about an account, whose link works until then.
fn letter(world: &World, mail: AccountMail, expires_at: &str) -> kernel::outbox::Envelope {
    let request = MailRequest {
        mail,
        account_id: Uuid::from_u128(1).into(),
        email: "ada@example.org".to_owned().into(),
        token: Some("0123456789abcdef0123456789abcdef".to_owned().into()),
        expires_at: Some(expires_at.parse().unwrap()),
        device: None,
        practice: None,
    };
    envelope(&world.core, "users", &UsersEvent::MailRequested(request))
}

/// A time that is proposed for an appointment, until then.
fn proposed(world: &World, start: &str, expires_at: &str) -> kernel::outbox::Envelope {
    let start: jiff::Timestamp = start.parse().unwrap();
    let fact = ProposalFact {
        appointment: appointment(1),
        start,
        end: start + SignedDuration::from_mins(30),
        expires_at: expires_at.parse().unwrap(),
    };
    envelope(&world.core, "bookings", &BookingsEvent::TimeProposed(fact))
}

#[tokio::test]
async fn what_ran_out_while_the_mail_server_was_busy_is_not_sent_late() {
    let world = World::new().await;
    world.mail.refuse(true);
    world.receive(&code_requested(&world.core, 1)).await;
    world.receive(&letter(&world, AccountMail::ResetPassword, "2026-11-22T00:30:00Z")).await;
    world.receive(&letter(&world, AccountMail::PasswordChanged, "2026-11-22T00:30:00Z")).await;
    for minutes in [1, 5, 30] {
        assert_eq!(world.send().await, 3);
        world.core.clock.advance(SignedDuration::from_mins(minutes));
    }
    world.mail.refuse(false);
    assert_eq!(world.send().await, 1, "that the password changed is worth knowing");
    assert_eq!(world.mail.subjects().len(), 1);
    let statuses = world.messages().await;
    assert!(statuses.contains(&("manage_code".to_owned(), "dropped".to_owned())), "{statuses:?}");
    assert!(statuses.contains(&("reset_password".to_owned(), "dropped".to_owned())), "{statuses:?}");
    let kept =
        "select count(*) from notifications.message where recipient is not null or body_text is not null";
    assert_eq!(sqlx::query_scalar::<_, i64>(kept).fetch_one(&world.core.pool).await.unwrap(), 0);
}

#[tokio::test]
async fn of_a_time_that_is_no_longer_proposed_nobody_is_written_to() {
    let world = World::new().await;
    let until = "2026-11-22T06:00:00Z";
    world.receive(&proposed(&world, "2026-11-25T00:00:00Z", until)).await;
    world.core.clock.advance(SignedDuration::from_secs(1));
    world.receive(&proposed(&world, "2026-11-26T00:00:00Z", until)).await;
    assert_eq!(world.send().await, 1, "the later one takes the place of the earlier");
    assert!(world.mail.subjects()[0].contains("26"), "{:?}", world.mail.subjects());
    world.receive(&proposed(&world, "2026-11-27T00:00:00Z", until)).await;
    let booking_id = Uuid::from_u128(1).into();
    let withdrawn = BookingsEvent::ProposalWithdrawn { booking_id };
    world.receive(&envelope(&world.core, "bookings", &withdrawn)).await;
    assert_eq!(world.send().await, 0);
    world.receive(&proposed(&world, "2026-11-28T00:00:00Z", until)).await;
    world.at(until);
    assert_eq!(world.send().await, 0, "the time for an answer is over");
}
