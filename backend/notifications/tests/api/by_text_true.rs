//! A text message in the place of a letter says what is true when it goes, to the number that its patient has then, and the practice
//! learns of what nobody was told.

use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::SignedDuration;
use notifications::gateways::{
    Gateways,
    mail::{Letter, Mail, MailError},
};
use shared_types::{
    AudCents, OrganizationId, SeriesId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, ProposalFact, SeriesFact},
    payments::{
        AssignmentFact, PaymentsEvent,
        assignment::{AssignmentKind, AssignmentStatus},
    },
    users::{AccountMail, ContactChannel, PatientContact, UsersEvent},
};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    SmsRecorder, World,
    answers::{SECRET, text},
    by_text::{
        ADA, MOBILE, MORNING, NIGHT, OTHER_MOBILE, PATIENT, confirm, hers, letter, offered, say, send_all,
        tell, wants_texts, without_address,
    },
    cuts::comes_to,
    envelope, receive, run, web_push,
};

const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0xB1));
const SERIES: SeriesId = SeriesId(Uuid::from_u128(0x5E));

fn cancelled(fact: AppointmentFact) -> BookingsEvent {
    let status = AppointmentStatus::CancelledByPatient;
    BookingsEvent::AppointmentCancelled(AppointmentFact {
        sequence: fact.sequence + 1,
        status,
        manage_token: None,
        ..fact
    })
}

/// Hers, so many hours from the beginning of the test on.
fn in_hours(hours: i64) -> AppointmentFact {
    let begun: jiff::Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
    let start = begun + SignedDuration::from_hours(hours);
    AppointmentFact { start, end: start + SignedDuration::from_mins(30), ..hers(1) }
}

#[tokio::test]
async fn a_letter_that_is_tried_past_its_visit_goes_no_other_way() {
    for (hours, texts) in [(5, 0), (9, 1)] {
        let world = World::new().await;
        wants_texts(&world).await;
        world.mail.refuse(true);
        confirm(&world, in_hours(hours)).await;
        for wait in [1, 5, 30, 120, 360] {
            assert_eq!(send_all(&world).await, 1);
            world.core.clock.advance(SignedDuration::from_mins(wait));
        }
        assert_eq!(send_all(&world).await, 1 + texts);
        assert_eq!(world.sms.texts().len() as u64, texts, "{hours} hours ahead");
    }
}

#[tokio::test]
async fn a_letter_about_a_visit_that_does_not_stand_any_more_goes_no_other_way() {
    let world = World::new().await;
    wants_texts(&world).await;
    confirm(&world, hers(1)).await;
    let status = AppointmentStatus::EnteredInError;
    tell(&world, &BookingsEvent::AppointmentChanged(AppointmentFact { sequence: 1, status, ..hers(1) }))
        .await;
    world.mail.bounce();
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 0));
}

#[tokio::test]
async fn a_text_that_could_not_be_sent_before_its_visit_is_not_sent_after_it() {
    let world = World::new().await;
    wants_texts(&world).await;
    world.mail.bounce();
    *world.sms.refusing.lock().unwrap() = Some(503);
    confirm(&world, in_hours(1)).await;
    assert_eq!(send_all(&world).await, 2);
    *world.sms.refusing.lock().unwrap() = None;
    world.core.clock.advance(SignedDuration::from_hours(1));
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));
}

/// A mail server that is slow to say that nobody has the address.
#[derive(Default)]
struct Slow {
    asked: Notify,
    may_answer: Notify,
}

impl Mail for Slow {
    fn send<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            self.asked.notify_one();
            self.may_answer.notified().await;
            Err(MailError::Refused("550".to_owned()))
        })
    }
}

#[tokio::test]
async fn a_letter_that_is_given_up_while_its_visit_is_being_cancelled_brings_no_text() {
    let (mail, sms) = (Arc::new(Slow::default()), Arc::new(SmsRecorder::default()));
    let gateways =
        Gateways { mail: mail.clone(), sms: Some(sms), answers: None, bounces: None, push: web_push() };
    let (database, core, service) = World::through(&gateways).await;
    let contact = PatientContact {
        patient_id: PATIENT,
        version: 1,
        contact_by: vec![ContactChannel::Sms],
        mobile: Some(MOBILE.to_owned().into()),
        language: "en".to_owned(),
    };
    let told = UsersEvent::PatientContactChanged(contact);
    receive(&core, &service, &envelope(&core, "users", &told)).await;
    let asked_for = AppointmentFact { status: AppointmentStatus::Requested, ..hers(1) };
    let told = BookingsEvent::AppointmentRequested(asked_for.clone());
    receive(&core, &service, &envelope(&core, "bookings", &told)).await;
    let mut admin = database.administrator().await;
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let cancelling = async {
        mail.asked.notified().await;
        core.clock.advance(SignedDuration::from_mins(1));
        let told = envelope(&core, "bookings", &cancelled(asked_for));
        let mut tx = core.begin().await.unwrap();
        service.subscriber.receive(&mut tx, &told).await.unwrap();
        mail.may_answer.notify_one();
        comes_to(&mut admin, waiting, 1).await;
        core.commit(tx).await.unwrap();
    };
    let (tried, ()) = tokio::join!(run(&service, "notifications.send_messages"), cancelling);
    assert_eq!(tried, 1);
    let texts: i64 = sqlx::query_scalar("select count(*) from notifications.message where channel = 'sms'")
        .fetch_one(&core.pool)
        .await
        .unwrap();
    assert_eq!(texts, 0);
}

/// Ada is asked for her benefit: for the visit, or for all at the practice.
fn asked(kind: AssignmentKind) -> PaymentsEvent {
    PaymentsEvent::AssignmentChanged(AssignmentFact {
        assignment_id: Uuid::from_u128(1).into(),
        booking_id: (kind != AssignmentKind::Enduring).then_some(hers(1).booking_id),
        organization_id: PRACTICE,
        account_id: Some(ADA),
        patient_id: Some(PATIENT),
        status: AssignmentStatus::Offered,
        kind,
        service_from: "2026-11-24".parse().unwrap(),
        token: Some("5ec4e7".to_owned().into()),
    })
}

#[tokio::test]
async fn what_was_asked_for_a_visit_is_over_with_it_and_what_was_asked_for_all_names_none() {
    let of_all = "HelloMapper: you are asked to assign your Medicare benefit for your visits to a practice. Details are in your \
                  account.";
    for (kind, expected) in [(AssignmentKind::Pre, vec![]), (AssignmentKind::Enduring, vec![of_all])] {
        let world = World::new().await;
        wants_texts(&world).await;
        world.at(NIGHT);
        world.mail.bounce();
        let mut fact = AppointmentFact { bulk_billed: true, price_cents: AudCents::ZERO, ..hers(1) };
        fact.role.organization_id = Some(PRACTICE);
        confirm(&world, fact.clone()).await;
        world.receive(&envelope(&world.core, "payments", &asked(kind))).await;
        assert_eq!(send_all(&world).await, 2);
        world.mail.refuse(false);
        world.core.clock.advance(SignedDuration::from_mins(1));
        tell(&world, &cancelled(fact)).await;
        assert_eq!(send_all(&world).await, 1);
        world.at(MORNING);
        send_all(&world).await;
        assert_eq!(world.sms.texts(), expected, "{kind:?}");
    }
}

/// Tuesdays, from 24 November 2026 on.
fn visit(booking: u128, email: &str) -> AppointmentFact {
    let week = SignedDuration::from_hours(24 * 7 * (i64::try_from(booking).unwrap() - 1));
    let fact = hers(booking);
    let (start, end, email) = (fact.start + week, fact.end + week, email.to_owned().into());
    AppointmentFact { start, end, email, series_id: Some(SERIES), manage_token: None, ..fact }
}

#[tokio::test]
async fn a_text_about_a_series_says_what_is_left_of_it() {
    let all = "HelloMapper: your appointments are confirmed. Details are in your account.";
    let last = "HelloMapper: your appointment on Tue 8 Dec, 9:15 am (Sydney time) is confirmed. Details are in your account.";
    for email in ["", "ada@example.org"] {
        for (off, expected) in
            [(vec![], vec![all]), (vec![1], vec![all]), (vec![1, 2], vec![last]), (vec![2, 1, 3], vec![])]
        {
            let world = World::new().await;
            wants_texts(&world).await;
            world.at(NIGHT);
            world.mail.bounce();
            let visits: Vec<_> = (1..=3).map(|booking| visit(booking, email)).collect();
            for visit in &visits {
                confirm(&world, visit.clone()).await;
            }
            let series = SeriesFact { series_id: SERIES, visits };
            tell(&world, &BookingsEvent::SeriesBooked(series)).await;
            send_all(&world).await;
            for booking in &off {
                world.core.clock.advance(SignedDuration::from_mins(1));
                tell(&world, &cancelled(visit(*booking, email))).await;
                send_all(&world).await;
            }
            world.at(MORNING);
            send_all(&world).await;
            let (confirmed, others): (Vec<_>, Vec<_>) =
                world.sms.texts().into_iter().partition(|text| text.contains("confirmed"));
            assert_eq!(confirmed, expected, "{off:?}");
            assert_eq!(others.len(), off.len(), "each cancellation is told: {others:?}");
        }
    }
}

#[tokio::test]
async fn a_proposal_to_who_has_no_address_says_until_when_it_can_be_answered() {
    let world = World::new().await;
    wants_texts(&world).await;
    confirm(&world, without_address(1)).await;
    assert_eq!(send_all(&world).await, 1);
    let start: jiff::Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
    let proposed = ProposalFact {
        appointment: without_address(1),
        start,
        end: start + SignedDuration::from_mins(30),
        expires_at: "2026-11-22T20:00:00Z".parse().unwrap(),
    };
    // It ends before the morning, so it does not wait for that.
    world.at(NIGHT);
    tell(&world, &BookingsEvent::TimeProposed(proposed)).await;
    assert_eq!(send_all(&world).await, 1);
    let text = world.sms.texts().pop().unwrap();
    assert!(text.contains(" Please answer by Mon 23 Nov, 7:00 am. "), "{text}");
}

/// Status, and whether number and words are forgotten, of the text message that there is.
async fn the_text(world: &World) -> (String, bool) {
    sqlx::query_as(
        "select status, recipient is null and body_text is null from notifications.message where channel = 'sms'",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_practice_learns_that_a_text_is_not_sent_which_was_all_that_there_was() {
    for (fact, status) in [(without_address(1), "dead"), (hers(1), "dropped")] {
        for contact in
            [None, Some((vec![ContactChannel::Email], Some(MOBILE))), Some((vec![ContactChannel::Sms], None))]
        {
            let world = World::answered_by(Some(SECRET)).await;
            wants_texts(&world).await;
            world.at(NIGHT);
            world.mail.bounce();
            confirm(&world, fact.clone()).await;
            send_all(&world).await;
            assert_eq!(the_text(&world).await, ("queued".to_owned(), false));
            match &contact {
                None => text(&world, "SM1", MOBILE, "STOP").await,
                Some((contact_by, mobile)) => say(&world, 2, contact_by, *mobile).await,
            }
            assert_eq!(the_text(&world).await, (status.to_owned(), true), "{contact:?}");
            world.at(MORNING);
            assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));
        }
    }
}

#[tokio::test]
async fn an_offer_goes_to_the_number_that_its_patient_has_then_or_nowhere() {
    for (contact_by, expected) in
        [(vec![ContactChannel::Sms], vec![OTHER_MOBILE]), (vec![ContactChannel::Email], vec![])]
    {
        let world = World::new().await;
        wants_texts(&world).await;
        world.mail.bounce();
        *world.sms.refusing.lock().unwrap() = Some(503);
        world.receive(&offered(&world, ADA, Some(PATIENT))).await;
        world.receive(&letter(&world, AccountMail::TimeOffered)).await;
        assert_eq!(send_all(&world).await, 2);
        *world.sms.refusing.lock().unwrap() = None;
        say(&world, 2, &contact_by, Some(OTHER_MOBILE)).await;
        world.core.clock.advance(SignedDuration::from_mins(1));
        send_all(&world).await;
        let sent = world.sms.sent.lock().unwrap();
        let numbers: Vec<_> = sent.iter().map(|text| text.recipient.expose().as_str()).collect();
        assert_eq!(numbers, expected, "{contact_by:?}");
    }
}
