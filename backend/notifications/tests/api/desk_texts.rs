//! Who gave the desk a mobile and no address, and agreed to text messages, is told everything there, at once; who did not agree is told
//! by the desk.

use jiff::SignedDuration;
use shared_types::{
    SeriesId,
    bookings::{AppointmentFact, BookingsEvent, LatenessFact, SeriesFact},
};
use uuid::Uuid;

use crate::{
    World,
    answers::{SECRET, text},
    by_text::{MOBILE, MORNING, NIGHT, confirm, send_all, tell},
    guest_texts::{agreed, cancelled},
};

const CONFIRMED: &str = "HelloMapper: your appointment on Tue 24 Nov, 9:15 am (Sydney time) is confirmed. For details, call the practice.";
const OFF: &str = "HelloMapper: your appointment on Tue 24 Nov, 9:15 am (Sydney time) will not take place. For details, call the practice.";

/// As the desk booked it, without an address, for who agreed.
fn by_text(booking: u128) -> AppointmentFact {
    AppointmentFact { email: String::new().into(), manage_token: None, ..agreed(booking) }
}

#[tokio::test]
async fn who_agreed_at_the_desk_is_told_by_text_what_becomes_of_it() {
    let world = World::new().await;
    confirm(&world, by_text(1)).await;
    assert_eq!(send_all(&world).await, 1);
    // Half past seven in Sydney, less than two hours before: it waits for no morning.
    world.at("2026-11-23T20:30:00Z");
    let late = LatenessFact { appointment: by_text(1), minutes: 25 };
    tell(&world, &BookingsEvent::LatenessSaid(late)).await;
    assert_eq!(send_all(&world).await, 1);
    world.core.clock.advance(SignedDuration::from_mins(1));
    tell(&world, &cancelled(by_text(1))).await;
    assert_eq!(send_all(&world).await, 1);
    let texts = world.sms.texts();
    assert_eq!((texts.len(), texts[0].as_str(), texts[2].as_str()), (3, CONFIRMED, OFF));
    assert!(texts[1].contains("likely to begin about 25 minutes later than booked"), "{texts:?}");
    assert!(world.sms.sent.lock().unwrap().iter().all(|text| text.recipient.expose() == MOBILE));
    assert_eq!(world.mail.subjects(), [""; 0]);
}

#[tokio::test]
async fn who_agreed_at_the_desk_is_reminded_by_text() {
    let world = World::new().await;
    let start: jiff::Timestamp = "2026-12-01T03:00:00Z".parse().unwrap();
    let far = AppointmentFact { start, end: start + SignedDuration::from_mins(30), ..by_text(1) };
    confirm(&world, far).await;
    assert_eq!(send_all(&world).await, 1);
    for before in ["2026-11-29T03:00:00Z", "2026-12-01T00:00:00Z"] {
        world.at(before);
        assert_eq!((world.remind().await, send_all(&world).await), (1, 1), "{before}");
    }
    let texts = world.sms.texts();
    assert!(texts.len() == 3 && texts[1..].iter().all(|text| text.contains("2:00 pm")), "{texts:?}");
}

#[tokio::test]
async fn who_agreed_at_the_desk_is_not_woken_and_can_stop_it() {
    let world = World::answered_by(Some(SECRET)).await;
    world.at(NIGHT);
    confirm(&world, by_text(1)).await;
    assert_eq!(send_all(&world).await, 0);
    world.at(MORNING);
    assert_eq!(send_all(&world).await, 1);
    text(&world, "SM1", MOBILE, "STOP").await;
    world.core.clock.advance(SignedDuration::from_mins(1));
    tell(&world, &cancelled(by_text(1))).await;
    assert_eq!((send_all(&world).await, world.sms.texts()), (0, vec![CONFIRMED.to_owned()]));
}

#[tokio::test]
async fn who_did_not_agree_at_the_desk_is_sent_nothing() {
    let world = World::new().await;
    let silent = || AppointmentFact { text_to: None, ..by_text(1) };
    confirm(&world, silent()).await;
    let late = LatenessFact { appointment: silent(), minutes: 25 };
    tell(&world, &BookingsEvent::LatenessSaid(late)).await;
    world.at("2026-11-23T19:15:00Z");
    world.remind().await;
    tell(&world, &cancelled(silent())).await;
    assert_eq!((send_all(&world).await, world.sms.texts().len()), (0, 0));
}

#[tokio::test]
async fn what_is_left_of_a_series_sends_who_has_no_account_to_the_practice() {
    let world = World::new().await;
    world.at(NIGHT);
    let series_id = SeriesId(Uuid::from_u128(0x5));
    let visit = |booking: u128| {
        let week = SignedDuration::from_hours(24 * 7 * (i64::try_from(booking).unwrap() - 1));
        let fact = by_text(booking);
        let (start, end) = (fact.start + week, fact.end + week);
        AppointmentFact { start, end, series_id: Some(series_id), ..fact }
    };
    let visits: Vec<_> = (1..=2).map(visit).collect();
    for visit in &visits {
        confirm(&world, visit.clone()).await;
    }
    tell(&world, &BookingsEvent::SeriesBooked(SeriesFact { series_id, visits })).await;
    world.core.clock.advance(SignedDuration::from_mins(1));
    tell(&world, &cancelled(visit(1))).await;
    world.at(MORNING);
    send_all(&world).await;
    let left = "HelloMapper: your appointment on Tue 1 Dec, 9:15 am (Sydney time) is confirmed. For details, call the practice.";
    let mut texts = world.sms.texts();
    texts.sort();
    assert_eq!(texts, [left, OFF]);
}
