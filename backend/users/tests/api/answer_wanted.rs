//! Who runs a practice is written to where a patient waits for its answer.

use jiff::SignedDuration;
use kernel::Service;
use serde_json::Value;
use shared_types::{
    Zone,
    bookings::{AbsenceFact, AppointmentFact, AppointmentStatus, BookingsEvent},
    users::{AccountMail, MailPractice, MailRequest},
};
use uuid::Uuid;

use crate::{
    World,
    sealed::{PRACTICE, appointment},
};

const OWNER: &str = "olga@example.org";

/// An owner of the practice, and somebody at its desk, who does not run it.
async fn staff(world: &World, service: &Service) {
    for (email, role) in [(OWNER, "owner"), ("desk@example.org", "reception")] {
        world.account(service, email).await;
        let account_id = world.account_id(email).await;
        sqlx::query(
            "insert into users.membership (organization_id, account_id, email, roles, created_at, updated_at) \
             values ($1, $2, $3, array[$4], now(), now())",
        )
        .bind(PRACTICE.0)
        .bind(account_id)
        .bind(email)
        .bind(role)
        .execute(&mut world.database.administrator().await)
        .await
        .unwrap();
    }
}

/// The letters that ask for a practice's answer.
async fn letters(world: &World) -> Vec<MailRequest> {
    let bodies: Vec<Value> = sqlx::query_scalar(
        "select body from users.outbox where name = 'mail_requested' and body->'practice' is not null \
         order by position",
    )
    .fetch_all(&world.core.pool)
    .await
    .unwrap();
    bodies.into_iter().map(|body| serde_json::from_value(body).unwrap()).collect()
}

fn is_asked(letter: &MailRequest, about: AccountMail, until: jiff::Timestamp) {
    assert_eq!((letter.mail, letter.email.expose().as_str()), (about, OWNER));
    assert_eq!(letter.expires_at, Some(until));
    let practice = MailPractice { organization_id: PRACTICE, time_zone: Zone::SYDNEY };
    assert_eq!((letter.practice, letter.token.is_none()), (Some(practice), true));
}

#[tokio::test]
async fn who_runs_a_practice_is_written_to_once_for_each_request_and_never_for_what_is_booked_at_once() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    staff(&world, &service).await;
    let until = world.core.now() + SignedDuration::from_hours(24);
    let fact = |nth, reply_by| AppointmentFact {
        status: AppointmentStatus::Requested,
        reply_by: Some(reply_by),
        ..appointment(Uuid::from_u128(nth).into())
    };
    world.told_by(&service, "bookings", &BookingsEvent::AppointmentRequested(fact(1, until))).await;
    let sent = letters(&world).await;
    let [letter] = sent.as_slice() else { panic!("once, though the event came twice: {sent:?}") };
    is_asked(letter, AccountMail::RequestWaits, until);
    world.told_by(&service, "bookings", &BookingsEvent::AppointmentRequested(fact(2, until))).await;
    assert_eq!(letters(&world).await.len(), 2, "another request is another letter");

    let late = fact(3, world.core.now());
    world.told_by(&service, "bookings", &BookingsEvent::AppointmentRequested(late)).await;
    let booked = appointment(Uuid::from_u128(4).into());
    world.told_by(&service, "bookings", &BookingsEvent::AppointmentConfirmed(booked)).await;
    assert_eq!(letters(&world).await.len(), 2);
}

#[tokio::test]
async fn who_runs_a_practice_is_written_to_where_a_patient_says_that_nobody_was_there() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    staff(&world, &service).await;
    let until = world.core.now() + SignedDuration::from_hours(24);
    let fact = |answer_by| {
        let booking_id = Uuid::from_u128(1).into();
        AbsenceFact { booking_id, organization_id: PRACTICE, answer_by, time_zone: Zone::SYDNEY }
    };
    world.told_by(&service, "bookings", &BookingsEvent::AbsenceSaid(fact(until))).await;
    let sent = letters(&world).await;
    let [letter] = sent.as_slice() else { panic!("once, though the event came twice: {sent:?}") };
    is_asked(letter, AccountMail::AbsenceSaid, until);
    world.told_by(&service, "bookings", &BookingsEvent::AbsenceSaid(fact(world.core.now()))).await;
    assert_eq!(letters(&world).await.len(), 1, "there is nothing to answer any more");
}
