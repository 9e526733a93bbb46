//! A guest who agreed to it is sent a text message where a letter does not arrive, and none instead of one; what is kept for that goes
//! with the booking. Whoever has an account, and cannot be sent a text, is told there that a letter did not arrive.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::json;
use shared_types::{
    bookings::{AppointmentFact, AppointmentStatus, BookingClaim, BookingsEvent, LatenessFact},
    users::{ContactChannel, ErasureRequest, UsersEvent},
};
use uuid::Uuid;

use crate::{
    World,
    answers::{SECRET, text},
    appointment,
    by_text::{
        ADA, MOBILE, MORNING, NIGHT, OTHER_MOBILE, PATIENT, confirm, hers, say, send_all, tell, wants_texts,
    },
    envelope,
    money::paid,
    notices::{notices, send},
    run,
};

pub const CONFIRMED: &str = "HelloMapper: your appointment on Tue 24 Nov, 9:15 am (Sydney time) is confirmed. For details, call the practice.";

/// A guest's, who agreed to texts.
pub fn agreed(booking: u128) -> AppointmentFact {
    AppointmentFact { text_to: Some(MOBILE.to_owned().into()), ..appointment(booking) }
}

pub fn cancelled(fact: AppointmentFact) -> BookingsEvent {
    let status = AppointmentStatus::CancelledByProvider;
    let sequence = fact.sequence + 1;
    BookingsEvent::AppointmentCancelled(AppointmentFact { sequence, status, manage_token: None, ..fact })
}

async fn numbers(world: &World) -> i64 {
    let count = sqlx::query_scalar("select count(*) from notifications.guest_number");
    count.fetch_one(&world.core.pool).await.unwrap()
}

#[tokio::test]
async fn what_cannot_be_mailed_goes_to_a_guest_by_text_each_once() {
    let world = World::new().await;
    world.mail.bounce();
    confirm(&world, agreed(1)).await;
    assert_eq!(send_all(&world).await, 2, "the letter, and the text in its place");
    world.core.clock.advance(SignedDuration::from_mins(1));
    let start: jiff::Timestamp = "2026-11-24T22:15:00Z".parse().unwrap();
    let end = start + SignedDuration::from_mins(30);
    let moved = AppointmentFact { sequence: 1, start, end, manage_token: None, ..agreed(1) };
    tell(&world, &BookingsEvent::AppointmentMoved(moved.clone())).await;
    assert_eq!(send_all(&world).await, 2);
    world.core.clock.advance(SignedDuration::from_mins(1));
    tell(&world, &cancelled(moved)).await;
    assert_eq!(send_all(&world).await, 2);
    assert_eq!(
        world.sms.texts(),
        [
            CONFIRMED,
            "HelloMapper: an appointment of yours has moved. It is now on Wed 25 Nov, 9:15 am (Sydney time). For details, call \
             the practice.",
            "HelloMapper: your appointment on Wed 25 Nov, 9:15 am (Sydney time) will not take place. For details, call the \
             practice.",
        ]
    );
    assert!(world.sms.sent.lock().unwrap().iter().all(|text| text.recipient.expose() == MOBILE));
}

#[tokio::test]
async fn a_guest_whose_mail_arrives_is_sent_no_text() {
    let world = World::new().await;
    confirm(&world, agreed(1)).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 0));
    assert_eq!(world.mail.subjects().len(), 1);
    // Of a member how late it is would go by text first.
    let late = LatenessFact { appointment: agreed(1), minutes: 25 };
    tell(&world, &BookingsEvent::LatenessSaid(late)).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 0));
    assert_eq!(world.mail.subjects().len(), 2);
}

#[tokio::test]
async fn no_guest_is_woken_and_what_waits_for_the_morning_is_not_sent_once_it_is_cancelled() {
    let world = World::new().await;
    world.at(NIGHT);
    world.mail.bounce();
    confirm(&world, agreed(1)).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 0));
    world.mail.refuse(false);
    world.core.clock.advance(SignedDuration::from_mins(1));
    tell(&world, &cancelled(agreed(1))).await;
    assert_eq!(send_all(&world).await, 1);
    world.at(MORNING);
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));

    let world = World::new().await;
    world.at(NIGHT);
    world.mail.bounce();
    confirm(&world, agreed(1)).await;
    assert_eq!(send_all(&world).await, 1);
    world.at(MORNING);
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(world.sms.texts(), [CONFIRMED]);
}

#[tokio::test]
async fn a_guest_who_answers_stop_is_sent_no_more() {
    let world = World::answered_by(Some(SECRET)).await;
    world.mail.bounce();
    confirm(&world, agreed(1)).await;
    assert_eq!(send_all(&world).await, 2);
    text(&world, "SM1", MOBILE, "STOP").await;
    world.core.clock.advance(SignedDuration::from_mins(1));
    tell(&world, &cancelled(agreed(1))).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 1));
    let noted: i64 =
        sqlx::query_scalar("select count(*) from notifications.audit_entry where action = 'stop_reminders'")
            .fetch_one(&mut world.database.administrator().await)
            .await
            .unwrap();
    assert_eq!(noted, 1);
}

/// A guest's, nine days away.
fn far() -> AppointmentFact {
    AppointmentFact {
        start: "2026-12-01T03:00:00Z".parse().unwrap(),
        end: "2026-12-01T03:30:00Z".parse().unwrap(),
        ..agreed(1)
    }
}

#[tokio::test]
async fn a_reminder_that_cannot_be_mailed_goes_to_a_guest_by_text_and_counts_what_they_answer() {
    let world = World::answered_by(Some(SECRET)).await;
    confirm(&world, far()).await;
    assert_eq!(send_all(&world).await, 1);
    world.at("2026-12-01T00:00:00Z");
    // Of a member this one would go by text first.
    assert_eq!((world.remind().await, send_all(&world).await), (2, 1));
    assert_eq!((world.sms.texts().len(), world.mail.subjects().len()), (0, 2));

    let world = World::answered_by(Some(SECRET)).await;
    confirm(&world, far()).await;
    assert_eq!(send_all(&world).await, 1);
    world.mail.bounce();
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, send_all(&world).await), (1, 1));
    assert_eq!((world.remind().await, send_all(&world).await), (1, 1));
    assert_eq!((world.remind().await, send_all(&world).await), (0, 0));
    let sent = world.sms.texts();
    assert!(sent.len() == 1 && sent[0].contains("Tue 1 Dec, 2:00 pm"), "{sent:?}");
    text(&world, "SM1", MOBILE, "Y").await;
    assert_eq!(world.told("attendance_answered").await.len(), 1);
}

#[tokio::test]
async fn a_guest_who_wants_no_reminders_by_mail_gets_none_by_text() {
    let world = World::new().await;
    confirm(&world, far()).await;
    assert_eq!(send_all(&world).await, 1);
    sqlx::query("insert into notifications.reminder_stop values ('email', 'ada@example.org', now())")
        .execute(&world.core.pool)
        .await
        .unwrap();
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, send_all(&world).await), (1, 0));
    assert_eq!(world.plans(1).await[0].3.as_deref(), Some("unwanted"));
}

#[tokio::test]
async fn a_number_goes_with_what_it_is_kept_for() {
    let claim = BookingClaim { booking_id: agreed(1).booking_id, account_id: ADA, patient_id: PATIENT };
    let destroyed = BookingsEvent::BookingDestroyed { booking_id: agreed(1).booking_id };
    for event in [BookingsEvent::BookingClaimed(claim), destroyed] {
        let world = World::new().await;
        confirm(&world, agreed(1)).await;
        assert_eq!(numbers(&world).await, 1);
        tell(&world, &event).await;
        assert_eq!(numbers(&world).await, 0);
        // What was on its way by then brings it back no more.
        if matches!(event, BookingsEvent::BookingClaimed(_)) {
            let late = AppointmentFact { sequence: 1, manage_token: None, ..agreed(1) };
            tell(&world, &BookingsEvent::AppointmentMoved(late)).await;
            assert_eq!(numbers(&world).await, 0);
        }
    }
    let world = World::new().await;
    confirm(&world, agreed(1)).await;
    world.core.clock.advance(SignedDuration::from_hours(92 * 24));
    run(&world.service, "notifications.destroy_expired").await;
    assert_eq!(numbers(&world).await, 0);
}

#[tokio::test]
async fn what_waits_for_a_guest_goes_as_the_member_wants_who_has_the_booking_by_then() {
    for (contact, sent_to) in [
        (None, vec![]),
        (Some((vec![ContactChannel::Email], Some(MOBILE))), vec![]),
        (Some((vec![ContactChannel::Email, ContactChannel::Sms], Some(OTHER_MOBILE))), vec![OTHER_MOBILE]),
    ] {
        let world = World::new().await;
        if let Some((contact_by, mobile)) = &contact {
            say(&world, 1, contact_by, *mobile).await;
        }
        world.at(NIGHT);
        world.mail.bounce();
        confirm(&world, agreed(1)).await;
        assert_eq!(send_all(&world).await, 1);
        let claim = BookingClaim { booking_id: agreed(1).booking_id, account_id: ADA, patient_id: PATIENT };
        tell(&world, &BookingsEvent::BookingClaimed(claim)).await;
        world.at(MORNING);
        send_all(&world).await;
        let sent = world.sms.sent.lock().unwrap();
        let recipients: Vec<_> = sent.iter().map(|text| text.recipient.expose().as_str()).collect();
        assert_eq!(recipients, sent_to, "{contact:?}");
    }
}

#[tokio::test]
async fn a_reminder_that_waits_for_a_guest_is_not_texted_to_a_member_who_has_said_nothing() {
    let world = World::new().await;
    confirm(&world, far()).await;
    assert_eq!(send_all(&world).await, 1);
    world.mail.bounce();
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, send_all(&world).await, world.remind().await), (1, 1, 1));
    let claim = BookingClaim { booking_id: agreed(1).booking_id, account_id: ADA, patient_id: PATIENT };
    tell(&world, &BookingsEvent::BookingClaimed(claim)).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));
    assert_eq!(world.plans(1).await[0].3.as_deref(), Some("unwanted"));
}

#[tokio::test]
async fn the_number_of_who_did_not_book_goes_after_a_month() {
    let world = World::new().await;
    let far = |booking| {
        let start = paid(booking).start + SignedDuration::from_hours(24 * 90);
        AppointmentFact { start, end: start, text_to: Some(MOBILE.to_owned().into()), ..paid(booking) }
    };
    tell(&world, &BookingsEvent::PaymentAwaited(far(1))).await;
    tell(&world, &BookingsEvent::PaymentAwaited(far(2))).await;
    confirm(&world, far(2)).await;
    for (days, left) in [(29, 2), (2, 1)] {
        world.core.clock.advance(SignedDuration::from_hours(24 * days));
        run(&world.service, "notifications.destroy_expired").await;
        assert_eq!(numbers(&world).await, left);
    }
}

#[tokio::test]
async fn erasing_who_has_the_address_takes_the_number_and_what_waits_to_go_there() {
    let world = World::new().await;
    world.at(NIGHT);
    world.mail.bounce();
    confirm(&world, agreed(1)).await;
    assert_eq!(send_all(&world).await, 1);
    tell(&world, &cancelled(agreed(1))).await;
    let other = AppointmentFact { email: "bo@example.org".to_owned().into(), ..agreed(2) };
    confirm(&world, other).await;
    let request = ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id: ADA,
        patient_id: Some(PATIENT),
        dependants: Vec::new(),
        email: "Ada@Example.org".to_owned().into(),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::ErasureRequested(request))).await;
    let left: (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from notifications.guest_number), \
         (select count(*) from notifications.guest_number where email = 'bo@example.org'), \
         (select count(*) from notifications.message where booking_id = $1)",
    )
    .bind(agreed(1).booking_id.0)
    .fetch_one(&world.core.pool)
    .await
    .unwrap();
    assert_eq!(left, (1, 1, 0));
}

/// The kinds of what an account was told, in order of their names.
async fn kinds(world: &World) -> Vec<String> {
    let notices = notices(world, ADA.0.as_u128()).await;
    let kinds =
        notices["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap().to_owned());
    let mut kinds: Vec<_> = kinds.collect();
    kinds.sort();
    kinds
}

#[tokio::test]
async fn whoever_cannot_be_sent_a_text_is_told_on_the_site_that_a_letter_did_not_arrive() {
    let world = World::new().await;
    world.mail.bounce();
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(kinds(&world).await, ["confirmed", "letter_undelivered"]);
    // Who got the text knows it.
    let world = World::new().await;
    wants_texts(&world).await;
    world.mail.bounce();
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 2);
    assert_eq!(kinds(&world).await, ["confirmed"]);
}

#[tokio::test]
async fn a_text_that_cannot_be_sent_either_leaves_the_notice() {
    let world = World::new().await;
    wants_texts(&world).await;
    world.mail.bounce();
    *world.sms.refusing.lock().unwrap() = Some(400);
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 2);
    assert_eq!(kinds(&world).await, ["confirmed", "letter_undelivered"]);
}

#[tokio::test]
async fn nothing_is_said_of_a_letter_about_a_visit_that_is_off_nor_to_who_wants_no_notices() {
    let world = World::new().await;
    confirm(&world, hers(1)).await;
    let status = AppointmentStatus::EnteredInError;
    tell(&world, &BookingsEvent::AppointmentChanged(AppointmentFact { sequence: 1, status, ..hers(1) }))
        .await;
    world.mail.bounce();
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(kinds(&world).await, ["confirmed"]);

    let world = World::new().await;
    let wanted = json!({"version": 0, "in_app": false, "names": "plain", "quiet_from": "21:00:00", "quiet_until": "08:00:00"});
    let (status, said) = send(&world, ADA.0.as_u128(), Method::PUT, "preferences", &wanted).await;
    assert_eq!(status, 200, "{said}");
    world.mail.bounce();
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(kinds(&world).await, [""; 0]);
}
