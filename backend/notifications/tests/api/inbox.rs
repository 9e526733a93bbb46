use kernel::{Chance, keys::Signer};
use shared_types::{
    Zone,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    users::{AccountMail, MailPractice, MailRequest, UsersEvent},
};

use crate::{World, appointment, cancelled, code_requested, confirmed, envelope, moved};

fn queued(template: &str) -> (String, String) {
    (template.to_owned(), "queued".to_owned())
}

#[tokio::test]
async fn each_fact_becomes_one_message() {
    let world = World::new().await;
    for event in [
        confirmed(&world.core, 1),
        code_requested(&world.core, 1),
        moved(&world.core, 1),
        cancelled(&world.core, 1),
    ] {
        world.receive(&event).await;
        world.core.clock.advance(jiff::SignedDuration::from_secs(1));
    }
    let dropped = |template: &str| (template.to_owned(), "dropped".to_owned());
    assert_eq!(
        world.messages().await,
        [
            dropped("appointment_confirmed"),
            queued("manage_code"),
            dropped("appointment_moved"),
            queued("appointment_cancelled")
        ],
        "what is not true any more is not sent"
    );
}

#[tokio::test]
async fn the_same_event_twice_is_one_message() {
    let world = World::new().await;
    let event = confirmed(&world.core, 1);
    world.receive(&event).await;
    world.receive(&event).await;
    // Even if the inbox had forgotten it.
    let mut tx = world.core.begin().await.unwrap();
    world.service.subscriber.receive(&mut tx, &event).await.unwrap();
    world.core.commit(tx).await.unwrap();
    assert_eq!(world.messages().await, [queued("appointment_confirmed")]);
    let mut admin = world.database.administrator().await;
    let audited: Vec<(String, String)> =
        sqlx::query_as("select actor, action from notifications.audit_entry")
            .fetch_all(&mut admin)
            .await
            .unwrap();
    assert_eq!(audited, [("notifications.inbox".to_owned(), "queue_message".to_owned())]);
}

#[tokio::test]
async fn a_fact_that_was_overtaken_is_not_told() {
    let world = World::new().await;
    world.receive(&cancelled(&world.core, 1)).await;
    world.receive(&moved(&world.core, 1)).await;
    world.receive(&confirmed(&world.core, 1)).await;
    world.receive(&confirmed(&world.core, 2)).await;
    let mut messages = world.messages().await;
    messages.sort();
    assert_eq!(messages, [queued("appointment_cancelled"), queued("appointment_confirmed")]);
}

#[tokio::test]
async fn unknown_events_are_passed_over_and_broken_ones_refused_without_quoting_them() {
    let world = World::new().await;
    let mut event = confirmed(&world.core, 1);
    event.name = "appointment_dreamt_of".to_owned();
    world.receive(&event).await;
    let mut broken = confirmed(&world.core, 2);
    broken.body["start"] = serde_json::json!("ada@example.org");
    let mut tx = world.core.begin().await.unwrap();
    let error = world.service.subscriber.receive(&mut tx, &broken).await.unwrap_err();
    assert!(!format!("{error:#?}").contains("ada"), "{error:#?}");
    assert_eq!(world.messages().await, []);
}

#[tokio::test]
async fn the_key_of_sessions_is_learned() {
    let world = World::new().await;
    let key = Signer::generate(&Chance::seeded(1)).published("users");
    let event = UsersEvent::SigningKeyPublished(key.clone());
    world.receive(&envelope(&world.core, "users", &event)).await;
    let known: Vec<String> = sqlx::query_scalar("select kid from notifications.signing_key")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(known, [key.kid]);
}

#[tokio::test]
async fn a_letter_about_an_account_is_sent_and_forgotten() {
    let world = World::new().await;
    let request = MailRequest {
        mail: AccountMail::ResetPassword,
        account_id: uuid::Uuid::from_u128(1).into(),
        email: "ada@example.org".to_owned().into(),
        token: Some("0123456789abcdef0123456789abcdef".to_owned().into()),
        expires_at: Some("2026-11-22T01:00:00Z".parse().unwrap()),
        device: None,
        practice: None,
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::MailRequested(request))).await;
    assert_eq!(world.messages().await, [queued("reset_password")]);
    assert_eq!(world.send().await, 1);
    let sent = world.mail.sent.lock().unwrap().clone();
    assert_eq!(sent[0].recipient.expose(), "ada@example.org");
    let body = &sent[0].content.expose().body_text;
    assert!(
        body.contains("https://hellomapper.example/account/reset#0123456789abcdef0123456789abcdef"),
        "{body}"
    );
    assert!(body.contains("The link works for one hour, once."), "{body}");
    let kept: i64 =
        sqlx::query_scalar("select count(*) from notifications.message where body_text is not null")
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_practice_is_written_to_once_of_what_waits_for_it_and_not_once_that_is_over() {
    let world = World::new().await;
    let practice = uuid::Uuid::from_u128(0xB1);
    let until = "2026-11-22T06:00:00Z";
    let asked = |mail| {
        let request = MailRequest {
            mail,
            account_id: uuid::Uuid::from_u128(1).into(),
            email: "olga@example.org".to_owned().into(),
            token: None,
            expires_at: Some(until.parse().unwrap()),
            device: None,
            practice: Some(MailPractice { organization_id: practice.into(), time_zone: Zone::SYDNEY }),
        };
        envelope(&world.core, "users", &UsersEvent::MailRequested(request))
    };
    let event = asked(AccountMail::RequestWaits);
    world.receive(&event).await;
    world.receive(&event).await;
    assert_eq!(world.messages().await, [queued("request_waits")]);
    assert_eq!((world.send().await, world.send().await), (1, 0));
    let sent = world.mail.sent.lock().unwrap().clone();
    assert_eq!(sent[0].recipient.expose(), "olga@example.org");
    let body = &sent[0].content.expose().body_text;
    assert!(body.contains(&format!("https://hellomapper.example/calendar/{practice}/requests")), "{body}");
    assert!(body.contains("You can answer until Sunday 22 November, 5:00 pm, Sydney time."), "{body}");
    world.receive(&asked(AccountMail::AbsenceSaid)).await;
    world.at(until);
    assert_eq!(world.send().await, 0, "there is nothing to answer any more");
}

#[tokio::test]
async fn a_request_is_told_with_its_link_and_the_answer_after_it() {
    let world = World::new().await;
    let asked = AppointmentFact {
        status: AppointmentStatus::Requested,
        reply_by: Some("2026-11-22T22:00:00Z".parse().unwrap()),
        ..appointment(1)
    };
    let taken = AppointmentFact { sequence: 1, manage_token: None, ..appointment(1) };
    let events = [BookingsEvent::AppointmentRequested(asked), BookingsEvent::AppointmentConfirmed(taken)];
    for event in events {
        world.receive(&envelope(&world.core, "bookings", &event)).await;
        world.core.clock.advance(jiff::SignedDuration::from_secs(1));
    }
    assert_eq!(world.messages().await, [queued("appointment_requested"), queued("appointment_confirmed")]);
    assert_eq!((world.send().await, world.send().await), (1, 1));
    let sent = world.mail.sent.lock().unwrap();
    assert!(sent[0].content.expose().body_text.contains("/manage/0123456789abcdef0123456789abcdef"));
}

#[tokio::test]
async fn a_code_that_comes_too_late_to_open_anything_is_not_sent() {
    let world = World::new().await;
    let late = code_requested(&world.core, 1);
    world.at("2026-11-22T00:10:00Z");
    world.receive(&late).await;
    assert_eq!(world.messages().await, []);
}
