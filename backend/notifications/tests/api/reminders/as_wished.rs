//! A reminder goes by the ways that its patient wants, and the next where one fails.

use jiff::SignedDuration;
use shared_types::{
    PatientId,
    bookings::AppointmentFact,
    users::{ContactChannel, PatientContact, UsersEvent},
};
use uuid::Uuid;

use super::{confirm, far, plan};
use crate::{World, envelope};

const ADA: PatientId = PatientId(Uuid::from_u128(0xA));

/// The same as Ada's, with an account.
fn hers(booking: u128) -> AppointmentFact {
    AppointmentFact { account_id: Some(Uuid::from_u128(1).into()), patient_id: Some(ADA), ..far(booking) }
}

async fn wants(world: &World, version: i32, contact_by: &[ContactChannel]) {
    let contact = PatientContact {
        patient_id: ADA,
        version,
        contact_by: contact_by.to_vec(),
        mobile: Some("+61491570006".to_owned().into()),
        language: "en".to_owned(),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::PatientContactChanged(contact))).await;
}

#[tokio::test]
async fn a_patient_is_reminded_as_they_wish() {
    let world = World::new().await;
    wants(&world, 2, &[ContactChannel::Email, ContactChannel::Sms]).await;
    wants(&world, 1, &[]).await;
    confirm(&world, hers(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    {
        let sent = world.mail.sent.lock().unwrap();
        let body = &sent.last().unwrap().content.expose().body_text;
        assert!(body.contains("https://hellomapper.example/account/appointments"), "{body}");
    }
    world.at("2026-12-01T00:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!(
        world.sms.texts(),
        [
            "HelloMapper: appointment at Harbour Practice on Tue 1 Dec, 2:00 pm (Sydney time). To move or cancel it, call \
             (02) 5550 1234. To end texts: https://hellomapper.example/account/profile"
        ]
    );
    assert_eq!(world.mail.subjects().len(), 2);
}

#[tokio::test]
async fn what_was_written_goes_by_a_way_that_its_patient_still_wants() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Email, ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    world.at("2026-12-01T00:00:00Z");
    assert_eq!(world.remind().await, 2, "the one of two days is over");
    wants(&world, 2, &[ContactChannel::Email]).await;
    assert_eq!(world.send().await, 0, "no text to who wants none any more");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert!(world.sms.texts().is_empty());
    assert_eq!(world.mail.subjects().len(), 2);

    // Also by one that would have come before, had it been wanted then.
    wants(&world, 3, &[ContactChannel::Sms]).await;
    confirm(&world, AppointmentFact { start: "2026-12-09T03:00:00Z".parse().unwrap(), ..hers(2) }).await;
    world.at("2026-12-07T03:00:00Z");
    assert_eq!(world.remind().await, 1);
    wants(&world, 4, &[ContactChannel::Email]).await;
    assert_eq!((world.send().await, world.remind().await, world.send().await), (0, 1, 1));
    assert!(world.sms.texts().is_empty());

    // And by none, if none is wanted.
    world.at("2026-12-09T00:00:00Z");
    assert_eq!(world.remind().await, 1);
    wants(&world, 5, &[]).await;
    assert_eq!((world.send().await, world.remind().await), (0, 0));
    assert_eq!(world.plans(2).await[1], plan(0, "reminder_three_hours", "dropped", Some("unwanted")));
}

#[tokio::test]
async fn a_text_that_waits_goes_to_the_number_that_is_right_by_then() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!(world.remind().await, 1);
    let contact = PatientContact {
        patient_id: ADA,
        version: 2,
        contact_by: vec![ContactChannel::Sms],
        mobile: Some("+61491570157".to_owned().into()),
        language: "en".to_owned(),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::PatientContactChanged(contact))).await;
    assert_eq!(world.send().await, 1);
    let sent = world.sms.sent.lock().unwrap();
    assert_eq!(
        sent.iter().map(|text| text.recipient.expose().as_str()).collect::<Vec<_>>(),
        ["+61491570157"]
    );
}

#[tokio::test]
async fn who_wants_no_reminders_gets_none_and_all_the_news() {
    let world = World::new().await;
    wants(&world, 1, &[]).await;
    confirm(&world, hers(1)).await;
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 0));
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "dropped", Some("unwanted")));
    assert_eq!(world.mail.subjects().len(), 1);
}

#[tokio::test]
async fn a_way_that_fails_for_good_gives_the_turn_to_the_next_once() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Email, ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    world.mail.bounce();
    world.at("2026-11-29T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!((world.remind().await, world.send().await), (0, 0));
    assert_eq!(world.sms.texts().len(), 1);
    assert_eq!(world.plans(1).await[0], plan(0, "reminder_two_days", "written", None));
}

#[tokio::test]
async fn a_reminder_goes_the_next_way_where_another_try_would_come_too_late() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Email, ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    *world.sms.refusing.lock().unwrap() = Some(503);
    world.at("2026-12-01T00:00:00Z");
    assert_eq!(world.remind().await, 2, "the one of two days is over");
    for wait in [1, 5, 30] {
        assert_eq!((world.send().await, world.remind().await), (1, 0));
        world.core.clock.advance(SignedDuration::from_mins(wait));
    }
    // The fifth try would come two hours later, when it is of no use any more.
    assert_eq!((world.send().await, world.remind().await, world.send().await), (1, 1, 1));
    assert_eq!(world.mail.subjects().len(), 2, "the confirmation, and the reminder");
    assert!(world.sms.texts().is_empty());
}

/// Its news are destroyed by then, and whose it is stays known.
#[tokio::test]
async fn who_booked_months_ahead_is_reminded_as_they_wish() {
    let world = World::new().await;
    wants(&world, 1, &[ContactChannel::Sms]).await;
    let start: jiff::Timestamp = "2027-03-22T03:00:00Z".parse().unwrap();
    let visit = AppointmentFact { start, end: start + SignedDuration::from_mins(30), ..hers(1) };
    confirm(&world, visit).await;
    world.at("2027-02-21T00:00:00Z");
    assert_eq!(
        crate::run(&world.service, "notifications.destroy_expired").await,
        2,
        "the news and its notice"
    );
    world.at("2027-03-20T03:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    assert_eq!((world.sms.texts().len(), world.mail.subjects().len()), (1, 1));
    // And goes with the last that is kept of it.
    world.core.clock.advance(SignedDuration::from_hours(100 * 24));
    crate::run(&world.service, "notifications.destroy_expired").await;
    let known: i64 = sqlx::query_scalar("select count(*) from notifications.booking_owner")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(known, 0);
}
