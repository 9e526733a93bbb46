//! What a letter cannot tell goes by text message: to a patient who wants those, once for each cause, and nothing that proves who reads
//! a mail.

use jiff::SignedDuration;
use kernel::outbox::Envelope;
use shared_types::{
    AccountId, PatientId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, OfferFact, ProposalFact, SeriesFact},
    users::{AccountMail, ContactChannel, MailRequest, PatientContact, UsersEvent},
};
use uuid::Uuid;

use crate::{
    World,
    answers::{SECRET, text},
    appointment, code_requested, envelope,
};

pub const ADA: AccountId = AccountId(Uuid::from_u128(0x1));
pub const PATIENT: PatientId = PatientId(Uuid::from_u128(0xA));
pub const MOBILE: &str = "+61491570006";
pub const OTHER_MOBILE: &str = "+61491570157";
const CONFIRMED: &str = "HelloMapper: your appointment on Tue 24 Nov, 9:15 am (Sydney time) is confirmed. Details are in your account.";
/// Eleven at night in Sydney, and eight in the morning.
pub const NIGHT: &str = "2026-11-22T12:00:00Z";
pub const MORNING: &str = "2026-11-22T21:00:00Z";

/// Ada's, with an account.
pub fn hers(booking: u128) -> AppointmentFact {
    AppointmentFact { account_id: Some(ADA), patient_id: Some(PATIENT), ..appointment(booking) }
}

/// Hers, as the desk booked it without an address.
pub fn without_address(booking: u128) -> AppointmentFact {
    AppointmentFact { email: String::new().into(), manage_token: None, ..hers(booking) }
}

/// Ada says how she wants to be written to.
pub async fn say(world: &World, version: i32, contact_by: &[ContactChannel], mobile: Option<&str>) {
    let contact = PatientContact {
        patient_id: PATIENT,
        version,
        contact_by: contact_by.to_vec(),
        mobile: mobile.map(|mobile| mobile.to_owned().into()),
        language: "en".to_owned(),
    };
    world.receive(&envelope(&world.core, "users", &UsersEvent::PatientContactChanged(contact))).await;
}

pub async fn wants_texts(world: &World) {
    say(world, 1, &[ContactChannel::Email, ContactChannel::Sms], Some(MOBILE)).await;
}

pub async fn tell(world: &World, event: &BookingsEvent) {
    world.receive(&envelope(&world.core, "bookings", event)).await;
}

pub async fn confirm(world: &World, fact: AppointmentFact) {
    tell(world, &BookingsEvent::AppointmentConfirmed(fact)).await;
}

/// Sends until nothing is due. Says how many tries that were.
pub async fn send_all(world: &World) -> u64 {
    let mut tried = 0;
    loop {
        match world.send().await {
            0 => return tried,
            more => tried += more,
        }
    }
}

#[tokio::test]
async fn news_whose_mail_bounces_go_by_text_message_each_once() {
    let world = World::new().await;
    wants_texts(&world).await;
    world.mail.bounce();
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 2, "the letter, and the text in its place");
    world.core.clock.advance(SignedDuration::from_mins(1));
    let moved = AppointmentFact {
        sequence: 1,
        start: "2026-11-24T22:15:00Z".parse().unwrap(),
        end: "2026-11-24T22:45:00Z".parse().unwrap(),
        ..hers(1)
    };
    tell(&world, &BookingsEvent::AppointmentMoved(moved.clone())).await;
    assert_eq!(send_all(&world).await, 2);
    world.core.clock.advance(SignedDuration::from_mins(1));
    let status = AppointmentStatus::CancelledByProvider;
    tell(&world, &BookingsEvent::AppointmentCancelled(AppointmentFact { sequence: 2, status, ..moved }))
        .await;
    assert_eq!(send_all(&world).await, 2);
    assert_eq!(
        world.sms.texts(),
        [
            CONFIRMED,
            "HelloMapper: an appointment of yours has moved. It is now on Wed 25 Nov, 9:15 am (Sydney time). Details are in \
             your account.",
            "HelloMapper: your appointment on Wed 25 Nov, 9:15 am (Sydney time) will not take place. Details are in your \
             account.",
        ]
    );
    assert!(world.sms.sent.lock().unwrap().iter().all(|text| text.recipient.expose() == MOBILE));
    let kept: i64 = sqlx::query_scalar(
        "select count(*) from notifications.message where channel = 'sms' and (status <> 'sent' or body_text is not null)",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap();
    assert_eq!(kept, 0, "what a text said is forgotten once it is sent");
}

#[tokio::test]
async fn what_could_not_be_sent_for_hours_goes_by_text_message_in_the_end() {
    let world = World::new().await;
    wants_texts(&world).await;
    world.mail.refuse(true);
    confirm(&world, hers(1)).await;
    for wait in [1, 5, 30, 120, 360] {
        assert_eq!(send_all(&world).await, 1);
        assert_eq!(world.sms.texts(), [""; 0], "it is still tried by mail");
        world.core.clock.advance(SignedDuration::from_mins(wait));
    }
    assert_eq!(send_all(&world).await, 2);
    assert_eq!(world.sms.texts(), [CONFIRMED]);
    world.mail.refuse(false);
    world.core.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(send_all(&world).await, 0);
}

#[tokio::test]
async fn nobody_is_sent_a_text_who_does_not_want_one_or_whom_we_cannot_send_one() {
    for contact in [
        // A guest who did not agree to texts.
        None,
        Some((vec![ContactChannel::Email], Some(MOBILE))),
        Some((vec![], Some(MOBILE))),
        Some((vec![ContactChannel::Email, ContactChannel::Sms], None)),
    ] {
        let world = World::new().await;
        if let Some((contact_by, mobile)) = &contact {
            say(&world, 1, contact_by, *mobile).await;
        }
        world.mail.bounce();
        confirm(&world, if contact.is_some() { hers(1) } else { appointment(1) }).await;
        assert_eq!(send_all(&world).await, 1, "{contact:?}");
        assert_eq!(world.messages().await, [("appointment_confirmed".to_owned(), "dead".to_owned())]);
    }
    let world = World::answered_by(Some(SECRET)).await;
    wants_texts(&world).await;
    text(&world, "SM1", MOBILE, "STOP").await;
    world.mail.bounce();
    confirm(&world, hers(1)).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 0));
}

#[tokio::test]
async fn a_proposed_time_goes_by_text_message_with_its_end_and_not_after_it() {
    let world = World::new().await;
    wants_texts(&world).await;
    world.mail.bounce();
    let start: jiff::Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
    let proposed = ProposalFact {
        appointment: hers(1),
        start,
        end: start + SignedDuration::from_mins(30),
        expires_at: "2026-11-22T06:00:00Z".parse().unwrap(),
    };
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 2);
    tell(&world, &BookingsEvent::TimeProposed(proposed.clone())).await;
    *world.sms.refusing.lock().unwrap() = Some(503);
    assert_eq!(send_all(&world).await, 2);
    *world.sms.refusing.lock().unwrap() = None;
    world.core.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(
        world.sms.texts()[1..],
        [
            "HelloMapper: the practice proposes another time for your appointment on Tue 24 Nov, 9:15 am (Sydney time). It \
             stands until you agree. Please answer by Sun 22 Nov, 5:00 pm. Details are in your account."
        ]
    );
    tell(&world, &BookingsEvent::TimeProposed(proposed)).await;
    *world.sms.refusing.lock().unwrap() = Some(503);
    assert_eq!(send_all(&world).await, 2);
    *world.sms.refusing.lock().unwrap() = None;
    world.at("2026-11-22T06:00:00Z");
    assert_eq!(send_all(&world).await, 0, "the time for an answer is over");
}

pub fn offered(world: &World, account_id: AccountId, patient: Option<PatientId>) -> Envelope {
    let start: jiff::Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    let fact = OfferFact {
        waitlist_entry_id: Uuid::from_u128(0x31).into(),
        hold_id: Uuid::from_u128(0x32).into(),
        account_id,
        patient_id: patient,
        role: appointment(1).role,
        discreet: false,
        start,
        end: start + SignedDuration::from_mins(30),
        expires_at: "2026-11-22T02:00:00Z".parse().unwrap(),
    };
    envelope(&world.core, "bookings", &BookingsEvent::TimeOffered(fact))
}

pub fn letter(world: &World, mail: AccountMail) -> Envelope {
    let request = MailRequest {
        mail,
        account_id: ADA,
        email: "ada@example.org".to_owned().into(),
        token: None,
        expires_at: Some("2026-11-22T02:00:00Z".parse().unwrap()),
        device: None,
        practice: None,
    };
    envelope(&world.core, "users", &UsersEvent::MailRequested(request))
}

#[tokio::test]
async fn a_time_that_is_held_for_who_waits_goes_by_text_message() {
    let world = World::new().await;
    wants_texts(&world).await;
    world.mail.bounce();
    world.receive(&offered(&world, ADA, Some(PATIENT))).await;
    world.receive(&letter(&world, AccountMail::TimeOffered)).await;
    assert_eq!(send_all(&world).await, 2);
    assert_eq!(
        world.sms.texts(),
        [
            "HelloMapper: a time that you wait for is held for you. Please answer by Sun 22 Nov, 1:00 pm (Sydney time). Details are \
             in your account."
        ]
    );
    // Somebody else's offer says nothing of hers, and two that end together say nothing of whom a letter means.
    for also in [(AccountId(Uuid::from_u128(0x2)), None), (ADA, Some(PatientId(Uuid::from_u128(0xB))))] {
        let world = World::new().await;
        wants_texts(&world).await;
        world.mail.bounce();
        let (account_id, patient) = also;
        if account_id == ADA {
            world.receive(&offered(&world, ADA, Some(PATIENT))).await;
        }
        world.receive(&offered(&world, account_id, patient)).await;
        world.receive(&letter(&world, AccountMail::TimeOffered)).await;
        assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 0));
    }
}

#[tokio::test]
async fn what_shows_who_reads_a_mail_goes_no_other_way() {
    let world = World::new().await;
    wants_texts(&world).await;
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 1);
    world.mail.bounce();
    world.receive(&offered(&world, ADA, Some(PATIENT))).await;
    world.receive(&code_requested(&world.core, 1)).await;
    world.receive(&letter(&world, AccountMail::ResetPassword)).await;
    world.receive(&letter(&world, AccountMail::NewDevice)).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (3, 0));
}

#[tokio::test]
async fn who_has_no_address_and_wants_texts_gets_one_for_each_thing_that_happens() {
    let world = World::new().await;
    wants_texts(&world).await;
    confirm(&world, without_address(1)).await;
    assert_eq!(send_all(&world).await, 1);
    let visits = vec![AppointmentFact { series_id: Some(Uuid::from_u128(0x5).into()), ..without_address(2) }];
    confirm(&world, visits[0].clone()).await;
    let series = SeriesFact { series_id: Uuid::from_u128(0x5).into(), visits };
    tell(&world, &BookingsEvent::SeriesBooked(series)).await;
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(
        world.sms.texts(),
        [CONFIRMED, "HelloMapper: your appointments are confirmed. Details are in your account."]
    );
    assert_eq!(world.mail.subjects(), [""; 0]);
    // Who is a guest there is told by the desk.
    let guest = AppointmentFact { account_id: None, patient_id: None, ..without_address(3) };
    confirm(&world, guest).await;
    assert_eq!(send_all(&world).await, 0);
}

#[tokio::test]
async fn nobody_is_woken_by_what_can_wait_and_everybody_by_what_cannot() {
    let world = World::new().await;
    wants_texts(&world).await;
    world.at(NIGHT);
    confirm(&world, without_address(1)).await;
    assert_eq!(send_all(&world).await, 0);
    world.at("2026-11-22T20:59:59Z");
    assert_eq!(send_all(&world).await, 0);
    world.at(MORNING);
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 1));

    let world = World::new().await;
    wants_texts(&world).await;
    world.at(NIGHT);
    world.mail.bounce();
    let soon = AppointmentFact {
        start: "2026-11-22T22:00:00Z".parse().unwrap(),
        end: "2026-11-22T22:30:00Z".parse().unwrap(),
        ..hers(1)
    };
    confirm(&world, soon).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (2, 1));
}

#[tokio::test]
async fn a_text_that_could_not_be_sent_in_the_evening_wakes_nobody() {
    let world = World::new().await;
    wants_texts(&world).await;
    // Two minutes before nine in the evening in Sydney, and five minutes after.
    world.at("2026-11-22T09:58:00Z");
    world.mail.bounce();
    *world.sms.refusing.lock().unwrap() = Some(503);
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 2);
    *world.sms.refusing.lock().unwrap() = None;
    world.at("2026-11-22T10:05:00Z");
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 0));
    world.at(MORNING);
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(world.sms.texts(), [CONFIRMED]);
}

#[tokio::test]
async fn a_text_that_waits_for_the_morning_is_not_sent_once_something_else_is_true() {
    let world = World::new().await;
    wants_texts(&world).await;
    world.at(NIGHT);
    world.mail.bounce();
    confirm(&world, hers(1)).await;
    assert_eq!(send_all(&world).await, 1);
    world.mail.refuse(false);
    world.core.clock.advance(SignedDuration::from_mins(1));
    let status = AppointmentStatus::CancelledByPatient;
    tell(&world, &BookingsEvent::AppointmentCancelled(AppointmentFact { sequence: 1, status, ..hers(1) }))
        .await;
    assert_eq!(send_all(&world).await, 1);
    world.at(MORNING);
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));
    assert!(world.mail.subjects()[0].starts_with("Appointment cancelled"), "{:?}", world.mail.subjects());
}

#[tokio::test]
async fn a_text_that_waits_goes_to_the_number_that_its_patient_has_then_or_nowhere() {
    for (contact_by, mobile, expected) in [
        (vec![ContactChannel::Sms], Some(OTHER_MOBILE), vec![OTHER_MOBILE]),
        (vec![ContactChannel::Email], Some(MOBILE), vec![]),
        (vec![ContactChannel::Sms], None, vec![]),
    ] {
        let world = World::new().await;
        wants_texts(&world).await;
        world.at(NIGHT);
        confirm(&world, without_address(1)).await;
        say(&world, 2, &contact_by, mobile).await;
        world.at(MORNING);
        send_all(&world).await;
        let sent = world.sms.sent.lock().unwrap();
        let numbers: Vec<_> = sent.iter().map(|text| text.recipient.expose().as_str()).collect();
        assert_eq!(numbers, expected, "{contact_by:?}");
    }
    let world = World::answered_by(Some(SECRET)).await;
    wants_texts(&world).await;
    world.at(NIGHT);
    confirm(&world, without_address(1)).await;
    text(&world, "SM1", MOBILE, "STOP").await;
    world.at(MORNING);
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));
}
