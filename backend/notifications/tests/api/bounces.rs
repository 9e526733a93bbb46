//! What mail servers report later of letters that they took.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use jiff::SignedDuration;
use notifications::gateways::{bounce_address::BounceAddress, push_key::PushKey};
use serde_json::json;
use shared_types::{
    MessageId,
    bookings::{AppointmentFact, BookingsEvent, LatenessFact, ProposalFact},
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{
    Recorder, World, bounces,
    by_text::{confirm, send_all, tell},
    guest_texts::{CONFIRMED, agreed, cancelled},
    practice::{OURS, undelivered},
};

/// As a mail server writes it.
pub fn report(action: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mail.example\r\nTo: bounce@example.org\r\nSubject: About your letter\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"part\"\r\n\r\n\
         --part\r\nContent-Type: text/plain\r\n\r\nAbout ada@example.org\r\n\r\n\
         --part\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n\
         Final-Recipient: rfc822; ada@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>: nobody\r\n\r\n--part--\r\n"
    )
}

/// Hands a report on as Postfix does, and gives the status.
pub async fn come_back(world: &World, to: &str, mail: String) -> u16 {
    let request = Request::post("/api/v1/notifications/bounces")
        .header("content-type", "message/rfc822")
        .header("x-original-to", to);
    world.call(request.body(Body::from(mail)).unwrap()).await.0
}

/// Where the last try of the newest letter comes back to.
pub async fn sender_of_newest(world: &World) -> String {
    let (id, attempts): (Uuid, i32) = sqlx::query_as(
        "select message_id, greatest(attempts, 1) from notifications.message where channel = 'email' \
         order by created_at desc, message_id desc limit 1",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap();
    bounces().of(id.into(), attempts).unwrap().to_string()
}

/// Of a guest who agreed to texts, with that practice.
fn theirs(fact: AppointmentFact) -> AppointmentFact {
    let mut fact = fact;
    fact.role.organization_id = Some(OURS);
    fact
}

#[tokio::test]
async fn a_letter_that_came_back_is_seen_by_the_practice_and_goes_to_a_guest_by_text_once() {
    let world = World::new().await;
    confirm(&world, theirs(agreed(1))).await;
    assert_eq!(send_all(&world).await, 1);
    let to = sender_of_newest(&world).await;
    for (action, status) in [("delayed", "4.4.1"), ("relayed", "2.0.0"), ("delivered", "2.0.0")] {
        assert_eq!(come_back(&world, &to, report(action, status)).await, 204, "{action}");
    }
    assert_eq!(
        come_back(&world, &to, "Subject: Out of office\r\n\r\nBack on Monday\r\n".to_owned()).await,
        204
    );
    assert!(undelivered(&world).await.is_empty());
    assert_eq!(world.messages().await, [("appointment_confirmed".to_owned(), "sent".to_owned())]);

    for _ in 0..2 {
        assert_eq!(come_back(&world, &to, report("failed", "5.1.1")).await, 204);
    }
    let list = undelivered(&world).await;
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!(list[0]["reason"], "refused");
    assert_eq!(list[0]["why"], "a mail server reported 5.1.1");
    assert_eq!(list[0]["can_be_sent_again"], json!(false), "its words are forgotten");
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(world.sms.texts(), [CONFIRMED]);
    // And once more, by the time the text has gone.
    assert_eq!(come_back(&world, &to, report("failed", "5.2.2")).await, 204);
    assert_eq!((send_all(&world).await, undelivered(&world).await.len()), (0, 1));
}

#[tokio::test]
async fn what_comes_to_no_address_of_ours_changes_nothing() {
    let world = World::new().await;
    confirm(&world, agreed(1)).await;
    assert_eq!(send_all(&world).await, 1);
    let to = sender_of_newest(&world).await;
    let stranger = PushKey::from_secret(&[7; 32]).unwrap();
    let stranger = BounceAddress::new("bounce@example.org".parse().unwrap(), &stranger).unwrap();
    let (ours, _) = bounces().read(&to).unwrap();
    let nobody: MessageId = Uuid::from_u128(99).into();
    for address in [
        stranger.of(ours, 1).unwrap().to_string(),
        to.replace("bounce+", "bounce+0"),
        "bounce@example.org".to_owned(),
        String::new(),
        // Made by us, of a letter that is not there any more.
        bounces().of(nobody, 1).unwrap().to_string(),
    ] {
        assert_eq!(come_back(&world, &address, report("failed", "5.1.1")).await, 404, "{address}");
    }
    assert_eq!(world.messages().await, [("appointment_confirmed".to_owned(), "sent".to_owned())]);
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));
}

/// A server that took a letter may have been too slow to say so, or be faster with its report than we with our note.
#[tokio::test]
async fn a_letter_that_waits_for_another_try_is_not_tried_again_once_it_came_back() {
    let world = World::new().await;
    confirm(&world, theirs(agreed(1))).await;
    let to = sender_of_newest(&world).await;
    // Nobody has it yet, so nobody can report on it.
    assert_eq!(come_back(&world, &to, report("failed", "5.1.1")).await, 204);
    assert!(undelivered(&world).await.is_empty());
    world.mail.refuse(true);
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(come_back(&world, &to, report("failed", "5.1.1")).await, 204);
    assert_eq!(undelivered(&world).await[0]["why"], "a mail server reported 5.1.1");
    world.core.clock.advance(SignedDuration::from_mins(1));
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 1), "the text, and no letter");
}

#[tokio::test]
async fn a_reminder_that_came_back_goes_the_next_way() {
    let world = World::new().await;
    let start: jiff::Timestamp = "2026-12-01T03:00:00Z".parse().unwrap();
    confirm(&world, AppointmentFact { start, end: start + SignedDuration::from_mins(30), ..agreed(1) }).await;
    assert_eq!(send_all(&world).await, 1);
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, send_all(&world).await), (1, 1));
    let to = sender_of_newest(&world).await;
    assert_eq!(world.remind().await, 0);
    assert_eq!(come_back(&world, &to, report("failed", "5.1.1")).await, 204);
    assert_eq!((world.remind().await, send_all(&world).await), (1, 1));
    let sent = world.sms.texts();
    assert!(sent.len() == 1 && sent[0].contains("Tue 1 Dec, 2:00 pm"), "{sent:?}");
    assert_eq!(world.remind().await, 0);
}

#[tokio::test]
async fn what_is_not_true_any_more_goes_no_other_way_once_its_letter_came_back() {
    // How late it is, once that was said anew.
    let world = World::new().await;
    confirm(&world, agreed(1)).await;
    assert_eq!(send_all(&world).await, 1);
    world.at("2026-11-23T20:30:00Z");
    let late = |minutes| BookingsEvent::LatenessSaid(LatenessFact { appointment: agreed(1), minutes });
    let mut letters = Vec::new();
    for minutes in [25, 0] {
        tell(&world, &late(minutes)).await;
        assert_eq!(send_all(&world).await, 1);
        letters.push(sender_of_newest(&world).await);
        world.core.clock.advance(SignedDuration::from_mins(1));
    }
    for to in letters.iter().rev() {
        assert_eq!(come_back(&world, to, report("failed", "5.1.1")).await, 204);
    }
    assert_eq!(send_all(&world).await, 1);
    let sent = world.sms.texts();
    assert!(sent.len() == 1 && sent[0].contains("as booked after all"), "{sent:?}");

    // How late it is, and another time, once it is cancelled; and that time alone, once it is withdrawn.
    let start: jiff::Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
    let proposed = ProposalFact {
        appointment: agreed(1),
        start,
        end: start + SignedDuration::from_mins(30),
        expires_at: "2026-11-23T22:00:00Z".parse().unwrap(),
    };
    let proposed = BookingsEvent::TimeProposed(proposed);
    let withdrawn = BookingsEvent::ProposalWithdrawn { booking_id: agreed(1).booking_id };
    for (told, over, texts) in [
        (late(25), cancelled(agreed(1)), 0),
        (proposed.clone(), cancelled(agreed(1)), 0),
        (proposed, withdrawn.clone(), 0),
        (late(25), withdrawn, 1),
    ] {
        let world = World::new().await;
        confirm(&world, agreed(1)).await;
        assert_eq!(send_all(&world).await, 1);
        world.at("2026-11-23T20:30:00Z");
        tell(&world, &told).await;
        assert_eq!(send_all(&world).await, 1);
        let to = sender_of_newest(&world).await;
        world.core.clock.advance(SignedDuration::from_mins(1));
        tell(&world, &over).await;
        send_all(&world).await;
        assert_eq!(come_back(&world, &to, report("failed", "5.1.1")).await, 204);
        send_all(&world).await;
        assert_eq!(world.sms.texts().len(), texts, "{told:?} {over:?}");
    }
}

#[tokio::test]
async fn without_the_setting_nothing_is_there() {
    let (_database, _core, service) = World::with(Arc::new(Recorder::default())).await;
    let request = Request::post("/api/v1/notifications/bounces")
        .header("x-original-to", bounces().of(Uuid::from_u128(1).into(), 1).unwrap().to_string());
    let request = request.body(Body::from(report("failed", "5.1.1"))).unwrap();
    let response = service.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 404);
}
