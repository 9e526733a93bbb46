//! A guest who agreed to texts is told by one how late it is, where the letter that says so does not arrive.

use jiff::SignedDuration;
use shared_types::{
    bookings::{AppointmentFact, BookingClaim, BookingsEvent, LatenessFact},
    users::ContactChannel,
};

use crate::{
    World,
    answers::{SECRET, text},
    appointment,
    by_text::{ADA, MOBILE, OTHER_MOBILE, PATIENT, confirm, say, send_all, tell},
    guest_texts::{agreed, cancelled},
};

const LATE: &str = "HelloMapper: your appointment on Tue 24 Nov, 9:15 am (Sydney time) is likely to begin about 25 minutes later than \
    booked. Please still come on time unless your practice tells you otherwise.";
/// Half past seven in Sydney, which is when many are asleep: it waits for no morning.
const EARLY: &str = "2026-11-23T20:30:00Z";

/// A guest's booking was confirmed days ago, and no letter arrives any more.
async fn shut_out(world: &World, fact: AppointmentFact) {
    confirm(world, fact).await;
    assert_eq!(send_all(world).await, 1);
    world.at(EARLY);
    world.mail.bounce();
}

async fn late(world: &World, appointment: AppointmentFact, minutes: u16) {
    tell(world, &BookingsEvent::LatenessSaid(LatenessFact { appointment, minutes })).await;
}

/// The letter that says it bounces, and the text in its place is to be tried again later.
async fn leave_a_text_waiting(world: &World) {
    late(world, agreed(1), 25).await;
    *world.sms.refusing.lock().unwrap() = Some(503);
    assert_eq!(send_all(world).await, 2);
    *world.sms.refusing.lock().unwrap() = None;
}

#[tokio::test]
async fn how_late_it_is_goes_to_a_guest_by_text_where_the_letter_does_not_arrive() {
    let world = World::new().await;
    shut_out(&world, agreed(1)).await;
    late(&world, agreed(1), 25).await;
    assert_eq!(send_all(&world).await, 2, "the letter, and the text in its place");
    world.core.clock.advance(SignedDuration::from_mins(1));
    late(&world, agreed(1), 0).await;
    assert_eq!(send_all(&world).await, 2);
    assert_eq!(
        world.sms.texts(),
        [
            LATE,
            "HelloMapper: your appointment on Tue 24 Nov, 9:15 am (Sydney time) is likely to begin as booked after all. Please \
             come on time.",
        ]
    );
    assert!(world.sms.sent.lock().unwrap().iter().all(|text| text.recipient.expose() == MOBILE));
}

#[tokio::test]
async fn no_guest_is_told_by_text_how_late_it_is_who_did_not_agree_or_has_stopped_texts() {
    let world = World::new().await;
    shut_out(&world, appointment(1)).await;
    late(&world, appointment(1), 25).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 0));

    let world = World::answered_by(Some(SECRET)).await;
    shut_out(&world, agreed(1)).await;
    text(&world, "SM1", MOBILE, "STOP").await;
    late(&world, agreed(1), 25).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (1, 0));

    // Nor who stops them while it waits.
    let world = World::answered_by(Some(SECRET)).await;
    shut_out(&world, agreed(1)).await;
    leave_a_text_waiting(&world).await;
    text(&world, "SM1", MOBILE, "STOP").await;
    world.core.clock.advance(SignedDuration::from_mins(10));
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));
}

#[tokio::test]
async fn a_text_about_lateness_that_waits_is_not_sent_once_it_is_over() {
    // Cancelled, said anew, or begun.
    let world = World::new().await;
    shut_out(&world, agreed(1)).await;
    leave_a_text_waiting(&world).await;
    tell(&world, &cancelled(agreed(1))).await;
    world.core.clock.advance(SignedDuration::from_mins(10));
    send_all(&world).await;
    let sent = world.sms.texts();
    assert!(sent.len() == 1 && sent[0].contains("will not take place"), "{sent:?}");

    let world = World::new().await;
    shut_out(&world, agreed(1)).await;
    leave_a_text_waiting(&world).await;
    world.core.clock.advance(SignedDuration::from_mins(10));
    late(&world, agreed(1), 45).await;
    assert_eq!(send_all(&world).await, 2);
    let sent = world.sms.texts();
    assert!(sent.len() == 1 && sent[0].contains("about 45 minutes"), "{sent:?}");

    let world = World::new().await;
    shut_out(&world, agreed(1)).await;
    leave_a_text_waiting(&world).await;
    world.at("2026-11-23T22:15:00Z");
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));
}

#[tokio::test]
async fn a_text_about_lateness_that_cannot_be_sent_either_goes_no_third_way() {
    let world = World::new().await;
    shut_out(&world, agreed(1)).await;
    *world.sms.refusing.lock().unwrap() = Some(400);
    late(&world, agreed(1), 25).await;
    assert_eq!(send_all(&world).await, 2);
    world.mail.refuse(false);
    *world.sms.refusing.lock().unwrap() = None;
    world.core.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(send_all(&world).await, 0);
    let dead = ("running_late".to_owned(), "dead".to_owned());
    assert_eq!(world.messages().await.iter().filter(|message| **message == dead).count(), 2);
}

#[tokio::test]
async fn what_waits_of_lateness_goes_as_the_member_wants_who_has_the_booking_by_then() {
    let both = vec![ContactChannel::Email, ContactChannel::Sms];
    for (contact, sent_to) in [
        (None, vec![]),
        (Some((vec![ContactChannel::Email], MOBILE)), vec![]),
        (Some((both.clone(), OTHER_MOBILE)), vec![OTHER_MOBILE]),
        (Some((both, MOBILE)), vec![MOBILE]),
    ] {
        let world = World::new().await;
        if let Some((contact_by, mobile)) = &contact {
            say(&world, 1, contact_by, Some(*mobile)).await;
        }
        shut_out(&world, agreed(1)).await;
        leave_a_text_waiting(&world).await;
        let claim = BookingClaim { booking_id: agreed(1).booking_id, account_id: ADA, patient_id: PATIENT };
        tell(&world, &BookingsEvent::BookingClaimed(claim)).await;
        world.core.clock.advance(SignedDuration::from_mins(10));
        send_all(&world).await;
        let sent = world.sms.sent.lock().unwrap();
        let recipients: Vec<_> = sent.iter().map(|text| text.recipient.expose().as_str()).collect();
        assert_eq!(recipients, sent_to, "{contact:?}");
    }
}
