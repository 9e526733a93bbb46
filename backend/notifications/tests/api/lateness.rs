//! That a practitioner runs late: told once for each thing that is said, by the way that the patient wants, and not of what does
//! not stand any more.

use jiff::SignedDuration;
use serde_json::json;
use shared_types::{
    PatientId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, LatenessFact},
    users::{ContactChannel, PatientContact, UsersEvent},
};
use uuid::Uuid;

use crate::{
    World,
    answers::{SECRET, text},
    appointment, envelope,
    notices::notices,
};

const ADA: u128 = 0x1;
const MOBILE: &str = "+61491570006";
const OTHER_MOBILE: &str = "+61491570157";
const PATIENT: PatientId = PatientId(Uuid::from_u128(0xA));

/// An hour before the appointments of these tests begin.
const BEFORE: &str = "2026-11-23T21:15:00Z";

/// Ada's, with an account.
fn hers(booking: u128) -> AppointmentFact {
    AppointmentFact {
        account_id: Some(Uuid::from_u128(ADA).into()),
        patient_id: Some(PATIENT),
        ..appointment(booking)
    }
}

/// Confirmed days ago, and told of.
async fn confirm(world: &World, fact: AppointmentFact) {
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(fact))).await;
    world.send().await;
    world.at(BEFORE);
}

async fn late(world: &World, appointment: AppointmentFact, minutes: u16) {
    let fact = LatenessFact { appointment, minutes };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::LatenessSaid(fact))).await;
}

async fn wants(world: &World, contact_by: &[ContactChannel]) {
    say(world, 1, contact_by, Some(MOBILE)).await;
}

/// Ada says how she wants to be written to, and what her number is.
async fn say(world: &World, version: i32, contact_by: &[ContactChannel], mobile: Option<&str>) {
    let contact = PatientContact {
        patient_id: PATIENT,
        version,
        contact_by: contact_by.to_vec(),
        mobile: mobile.map(|mobile| mobile.to_owned().into()),
        language: "en".to_owned(),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::PatientContactChanged(contact))).await;
}

#[tokio::test]
async fn a_guest_is_told_by_mail_how_late_it_is_and_that_it_is_over() {
    let world = World::new().await;
    confirm(&world, appointment(1)).await;
    late(&world, appointment(1), 25).await;
    assert_eq!((world.send().await, world.send().await), (1, 0));
    late(&world, appointment(1), 0).await;
    assert_eq!((world.send().await, world.send().await), (1, 0));
    let subjects = world.mail.subjects();
    assert_eq!(
        subjects[1..],
        [
            "Likely to begin late: your appointment on Tuesday 24 November, 9:15 am",
            "On time after all: your appointment on Tuesday 24 November, 9:15 am",
        ]
    );
    let sent = world.mail.sent.lock().unwrap();
    let content = sent[1].content.expose();
    assert!(content.body_text.contains("about 25 minutes later than booked"), "{}", content.body_text);
    for clinical in ["Physiotherapist", "Initial consultation"] {
        assert!(!content.body_text.contains(clinical) && !content.body_html.contains(clinical), "{clinical}");
    }
    assert!(sent[1].unsubscribe.is_none(), "it cannot be switched off");
}

#[tokio::test]
async fn who_wants_texts_gets_one_and_who_wants_no_reminders_is_still_told() {
    let world = World::new().await;
    wants(&world, &[ContactChannel::Sms, ContactChannel::Email]).await;
    confirm(&world, hers(1)).await;
    late(&world, hers(1), 25).await;
    assert_eq!(world.send().await, 1);
    assert_eq!(
        world.sms.texts(),
        [
            "HelloMapper: your appointment on Tue 24 Nov, 9:15 am (Sydney time) is likely to begin about 25 minutes later than \
             booked. Please still come on time unless your practice tells you otherwise."
        ]
    );

    let world = World::new().await;
    wants(&world, &[]).await;
    confirm(&world, hers(1)).await;
    late(&world, hers(1), 25).await;
    assert_eq!(world.send().await, 1);
    assert_eq!((world.mail.subjects().len(), world.sms.texts().len()), (2, 0));
}

#[tokio::test]
async fn an_account_sees_it_and_it_is_taken_back_with_its_appointment() {
    let world = World::new().await;
    confirm(&world, hers(1)).await;
    late(&world, hers(1), 25).await;
    let told = notices(&world, ADA).await;
    assert_eq!(told["items"][0]["kind"], json!("running_late"));
    world.core.clock.advance(SignedDuration::from_mins(1));
    late(&world, hers(1), 0).await;
    assert_eq!(notices(&world, ADA).await["items"][0]["kind"], json!("on_time"));
    world.core.clock.advance(SignedDuration::from_mins(1));
    let status = AppointmentStatus::CancelledByProvider;
    let fact = AppointmentFact { sequence: 1, status, ..hers(1) };
    // Told of once more, because money came late: one notice is enough.
    for event in [fact.clone(), fact].map(BookingsEvent::AppointmentCancelled) {
        world.receive(&envelope(&world.core, "bookings", &event)).await;
    }
    let told = notices(&world, ADA).await;
    let kinds: Vec<_> = told["items"].as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    assert_eq!(kinds, [json!("cancelled"), json!("confirmed")]);
}

#[tokio::test]
async fn nobody_is_told_of_what_is_cancelled_not_even_what_was_written() {
    let world = World::new().await;
    confirm(&world, appointment(1)).await;
    late(&world, appointment(1), 25).await;
    world.mail.refuse(true);
    assert_eq!(world.send().await, 1);
    world.receive(&crate::cancelled(&world.core, 1)).await;
    late(&world, appointment(1), 45).await;
    world.mail.refuse(false);
    world.core.clock.advance(SignedDuration::from_mins(10));
    world.send().await;
    world.send().await;
    let subjects = world.mail.subjects();
    assert!(subjects.iter().all(|subject| !subject.contains("begin late")), "{subjects:?}");
    let queued = ("running_late".to_owned(), "dropped".to_owned());
    assert_eq!(world.messages().await.iter().filter(|message| **message == queued).count(), 1);
}

#[tokio::test]
async fn what_is_said_later_takes_the_place_of_what_is_not_sent() {
    let world = World::new().await;
    confirm(&world, appointment(1)).await;
    late(&world, appointment(1), 25).await;
    world.core.clock.advance(SignedDuration::from_secs(1));
    late(&world, appointment(1), 45).await;
    assert_eq!((world.send().await, world.send().await), (1, 0));
    let sent = world.mail.sent.lock().unwrap();
    assert!(sent[1].content.expose().body_text.contains("about 45 minutes"));
}

#[tokio::test]
async fn what_could_not_be_sent_before_the_start_is_dropped_and_late_news_are_none() {
    let world = World::new().await;
    confirm(&world, appointment(1)).await;
    late(&world, appointment(1), 25).await;
    world.mail.refuse(true);
    assert_eq!(world.send().await, 1);
    world.mail.refuse(false);
    world.at("2026-11-23T22:15:00Z");
    assert_eq!(world.send().await, 0);
    late(&world, appointment(1), 45).await;
    assert_eq!(world.send().await, 0);
    assert_eq!(world.messages().await.last().unwrap(), &("running_late".to_owned(), "dropped".to_owned()));
    // Nor of a time at which it is not any more.
    let world = World::new().await;
    confirm(&world, appointment(1)).await;
    let elsewhere = AppointmentFact { start: "2026-11-24T01:00:00Z".parse().unwrap(), ..appointment(1) };
    late(&world, elsewhere, 25).await;
    assert_eq!(world.send().await, 0);
}

#[tokio::test]
async fn who_stops_texts_before_one_is_sent_is_told_by_mail_how_late_it_is() {
    let world = World::answered_by(Some(SECRET)).await;
    wants(&world, &[ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    late(&world, hers(1), 25).await;
    for id in ["SM1", "SM2"] {
        text(&world, id, MOBILE, "STOP").await;
    }
    assert_eq!((world.send().await, world.send().await), (1, 0));
    assert_eq!(world.sms.texts(), [""; 0], "nothing is sent there any more");
    {
        let sent = world.mail.sent.lock().unwrap();
        let content = sent[1].content.expose();
        assert_eq!((sent.len(), sent[1].recipient.expose().as_str()), (2, "ada@example.org"));
        assert!(content.body_text.contains("about 25 minutes later than booked"), "{}", content.body_text);
    }
    // What is said next goes by mail at once.
    world.core.clock.advance(SignedDuration::from_mins(5));
    late(&world, hers(1), 0).await;
    assert_eq!(world.send().await, 1);
    assert_eq!((world.mail.subjects().len(), world.sms.texts().len()), (3, 0));
}

#[tokio::test]
async fn a_text_that_was_given_up_is_told_by_mail_once_unless_that_comes_too_late() {
    for (sends_at, told) in [(BEFORE, 1), ("2026-11-23T22:15:00Z", 0)] {
        let world = World::answered_by(Some(SECRET)).await;
        wants(&world, &[ContactChannel::Sms]).await;
        confirm(&world, hers(1)).await;
        late(&world, hers(1), 25).await;
        *world.sms.refusing.lock().unwrap() = Some(400);
        assert_eq!(world.send().await, 1);
        world.at(sends_at);
        assert_eq!((world.send().await, world.send().await), (told, 0), "{sends_at}");
        assert_eq!(world.mail.subjects().len() as u64, 1 + told, "{sends_at}");
        let given_up = ("running_late".to_owned(), "dead".to_owned());
        assert!(world.messages().await.contains(&given_up));
        // Who stops texts then is not told once more.
        text(&world, "SM1", MOBILE, "STOP").await;
        assert_eq!(world.send().await, 0, "{sends_at}");
        assert!(!world.messages().await.contains(&given_up), "nobody can send it again");
    }
}

#[tokio::test]
async fn a_text_does_not_wait_for_a_mail_that_is_tried_again() {
    let world = World::new().await;
    wants(&world, &[ContactChannel::Sms]).await;
    world.mail.refuse(true);
    confirm(&world, hers(1)).await;
    late(&world, hers(1), 25).await;
    // The letter's second try is due as well, and as vain.
    assert_eq!(world.send().await, 2);
    assert_eq!(world.sms.texts().len(), 1);
    let waits = ("appointment_confirmed".to_owned(), "queued".to_owned());
    assert_eq!(world.messages().await[0], waits);
}

#[tokio::test]
async fn who_has_another_number_before_a_text_is_sent_gets_it_there_and_nobody_at_the_old_one_does() {
    // Not tried yet; to be tried again later.
    for refused in [None, Some(503)] {
        let world = World::new().await;
        wants(&world, &[ContactChannel::Sms]).await;
        confirm(&world, hers(1)).await;
        late(&world, hers(1), 25).await;
        if refused.is_some() {
            *world.sms.refusing.lock().unwrap() = refused;
            assert_eq!(world.send().await, 1, "{refused:?}");
            *world.sms.refusing.lock().unwrap() = None;
        }
        for version in [2, 3] {
            say(&world, version, &[ContactChannel::Sms], Some(OTHER_MOBILE)).await;
        }
        assert_eq!((world.send().await, world.send().await), (1, 0), "{refused:?}");
        let sent = world.sms.sent.lock().unwrap();
        let numbers: Vec<_> = sent.iter().map(|text| text.recipient.expose().as_str()).collect();
        assert_eq!(numbers, [OTHER_MOBILE], "{refused:?}");
        assert_eq!(world.mail.subjects().len(), 1, "{refused:?}");
    }
    // Given up at the old one, it goes by mail already.
    let world = World::new().await;
    wants(&world, &[ContactChannel::Sms]).await;
    confirm(&world, hers(1)).await;
    late(&world, hers(1), 25).await;
    *world.sms.refusing.lock().unwrap() = Some(400);
    assert_eq!(world.send().await, 1);
    *world.sms.refusing.lock().unwrap() = None;
    say(&world, 2, &[ContactChannel::Sms], Some(OTHER_MOBILE)).await;
    assert_eq!((world.send().await, world.send().await), (1, 0));
    assert_eq!((world.sms.texts().len(), world.mail.subjects().len()), (0, 2));
}

#[tokio::test]
async fn who_wants_no_texts_any_more_before_one_is_sent_is_told_by_mail_how_late_it_is() {
    for (contact_by, mobile) in [
        (vec![ContactChannel::Email], Some(MOBILE)),
        (vec![], Some(MOBILE)),
        (vec![ContactChannel::Sms], None),
    ] {
        let world = World::new().await;
        wants(&world, &[ContactChannel::Sms]).await;
        confirm(&world, hers(1)).await;
        late(&world, hers(1), 25).await;
        say(&world, 2, &contact_by, mobile).await;
        assert_eq!((world.send().await, world.send().await), (1, 0), "{contact_by:?}");
        assert_eq!(world.sms.texts(), [""; 0], "{contact_by:?}");
        let sent = world.mail.sent.lock().unwrap();
        let text = &sent[1].content.expose().body_text;
        assert!(text.contains("about 25 minutes later than booked"), "{text}");
    }
}

#[tokio::test]
async fn a_number_where_texts_were_stopped_gets_none_because_somebody_has_it_now() {
    let world = World::answered_by(Some(SECRET)).await;
    say(&world, 1, &[ContactChannel::Sms], Some(OTHER_MOBILE)).await;
    text(&world, "SM1", OTHER_MOBILE, "STOP").await;
    say(&world, 2, &[ContactChannel::Sms], Some(MOBILE)).await;
    confirm(&world, hers(1)).await;
    late(&world, hers(1), 25).await;
    say(&world, 3, &[ContactChannel::Sms], Some(OTHER_MOBILE)).await;
    assert_eq!((world.send().await, world.send().await), (1, 0));
    assert_eq!((world.mail.subjects().len(), world.sms.texts().len()), (2, 0));
}

#[tokio::test]
async fn what_is_chosen_anew_once_the_appointment_should_have_begun_is_not_sent() {
    for (contact_by, mobile) in
        [(vec![ContactChannel::Sms], OTHER_MOBILE), (vec![ContactChannel::Email], MOBILE)]
    {
        let world = World::new().await;
        wants(&world, &[ContactChannel::Sms]).await;
        confirm(&world, hers(1)).await;
        late(&world, hers(1), 25).await;
        world.at("2026-11-23T22:15:00Z");
        say(&world, 2, &contact_by, Some(mobile)).await;
        assert_eq!(world.send().await, 0, "{contact_by:?}");
        let dropped = ("running_late".to_owned(), "dropped".to_owned());
        assert_eq!(world.messages().await.last(), Some(&dropped), "{contact_by:?}");
    }
}
