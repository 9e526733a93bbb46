//! Who is asked about a time that is free, and in which order.

use jiff::SignedDuration;
use serde_json::json;
use shared_types::{
    bookings::{
        BookingsEvent, Confirmation, FeeWaiver,
        waitlist::{SimilarRoles, WaitlistEntry, WaitlistOffer, WaitlistStatus},
    },
    page::Page,
};
use uuid::Uuid;

use super::{WAITLIST, entry, full, join, let_go, member, wanted};
use crate::app::{App, Browser, COLLEAGUE, ELSEWHERE, LONG, LONG_COLLEAGUE, MONDAY, ROLE, minutes, monday};

/// In how many places the one who joined twice is asked.
const KEPT_FOR_TWICE: &str = "select count(*) from bookings.waitlist_entry where status = 'offered' \
     and account_id = '00000000-0000-0000-0000-000000000001'";

/// Somebody who waits in two places, and who joined after them in one.
async fn twice_and_once(app: &App) -> [Browser; 2] {
    let (mut twice, mut other) = (member(app, 1).await, member(app, 2).await);
    join(app, &mut twice).await;
    for browser in [&mut twice, &mut other] {
        app.advance(minutes(1));
        join(app, browser).await;
    }
    [twice, other]
}

/// What is held for somebody in one of their places.
async fn offered(browser: &mut Browser) -> WaitlistOffer {
    let page: Page<WaitlistEntry> = browser.get(WAITLIST).await.read();
    page.items.into_iter().find_map(|entry| entry.offer).expect("a time is held for them")
}

#[tokio::test]
async fn a_time_that_frees_up_is_held_for_who_joined_first_and_for_nobody_else() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let (mut first, mut second) = (member(&app, 1).await, member(&app, 2).await);
    assert_eq!(join(&app, &mut first).await.ahead, 0);
    app.advance(minutes(1));
    assert_eq!(join(&app, &mut second).await.ahead, 1);
    assert_eq!(app.run("bookings.offer_times").await, 0, "nothing is free");
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    app.advance(minutes(1));
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let asked = entry(&mut first).await;
    let offer = asked.offer.unwrap();
    assert_eq!((asked.status, offer.start), (WaitlistStatus::Offered, monday(10, 0)));
    assert_eq!(offer.expires_at, app.core.now() + minutes(30));
    assert_eq!(entry(&mut second).await.status, WaitlistStatus::Waiting);
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    let told = app.told("time_offered").await;
    let [BookingsEvent::TimeOffered(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((fact.account_id.0, fact.start), (Uuid::from_u128(1), monday(10, 0)));
    // Nobody else can confirm it, and the fee of who cancelled late is let go once somebody has.
    let confirm = format!("/api/v1/bookings/holds/{}/confirm", offer.hold_id);
    second.post(&confirm, Some(app.key()), &app.details()).await.problem(404, "not-found");
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 5_000);
    let made: Confirmation = first.post(&confirm, Some(app.key()), &app.details()).await.read();
    assert_eq!(first.appointment(made.appointment_id).await.start, monday(10, 0));
    assert_eq!(entry(&mut first).await.status, WaitlistStatus::Booked);
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 0);
    let booking_id = appointment.booking_id;
    assert_eq!(
        app.told("late_fee_waived").await,
        [BookingsEvent::LateFeeWaived { booking_id, waived_by: FeeWaiver::Refilled }]
    );
    let acts = app.audited(booking_id.0).await;
    assert_eq!(acts.iter().filter(|(act, _)| act == "waive_late_fee").count(), 1, "{acts:?}");
    let written = "select count(*) from bookings.appointment_transition join bookings.appointment using (appointment_id) \
                   where step = 'waive_fee' and appointment_transition.version = appointment.version";
    assert_eq!(app.count(written).await, 1);
}

#[tokio::test]
async fn who_declines_or_does_not_answer_keeps_their_place_and_the_next_one_is_asked() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let (mut first, mut second) = (member(&app, 1).await, member(&app, 2).await);
    join(&app, &mut first).await;
    app.advance(minutes(1));
    join(&app, &mut second).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let offer = entry(&mut first).await.offer.unwrap();
    assert_eq!(let_go(&mut first, offer).await.status, 204);
    assert_eq!(app.run("bookings.offer_times").await, 1, "at once");
    assert_eq!(entry(&mut first).await.status, WaitlistStatus::Waiting);
    let offer = entry(&mut second).await.offer.unwrap();
    assert_eq!(offer.start, monday(10, 0));
    app.advance_to(offer.expires_at);
    app.run("bookings.expire_holds").await;
    app.run("bookings.offer_times").await;
    assert_eq!(entry(&mut second).await.status, WaitlistStatus::Waiting);
    assert_eq!(app.run("bookings.offer_times").await, 0, "both were asked about it");
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    // Another time goes to the first one again.
    let (browser, appointment) = &mut booked[1];
    browser.cancel(appointment.appointment_id, 1).await;
    app.advance(minutes(2));
    let mut first = member(&app, 1).await;
    app.run("bookings.offer_times").await;
    assert!(entry(&mut first).await.offer.is_some());
}

#[tokio::test]
async fn who_said_no_to_a_time_is_not_asked_about_a_part_of_it_and_is_first_for_the_next() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let (mut first, mut second) = (member(&app, 1).await, member(&app, 2).await);
    join(&app, &mut first).await;
    app.advance(minutes(1));
    join(&app, &mut second).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    // The first one lets it lapse, the second one declines.
    assert_eq!(app.run("bookings.offer_times").await, 1);
    app.advance_to(entry(&mut first).await.offer.unwrap().expires_at);
    app.run("bookings.expire_holds").await;
    app.run("bookings.offer_times").await;
    let mut second = member(&app, 2).await;
    let offer = entry(&mut second).await.offer.expect("the next one is asked about the same time");
    assert_eq!(offer.start, monday(10, 0));
    assert_eq!(let_go(&mut second, offer).await.status, 204);
    let mut first = member(&app, 1).await;
    assert_eq!(entry(&mut first).await.ahead, 0, "in the place where they joined");
    assert_eq!(entry(&mut second).await.ahead, 1);
    assert_eq!(app.run("bookings.offer_times").await, 0, "nobody is asked twice");
    // The half hour after it frees up, too: a quarter past ten would be half of what both let go.
    let (browser, appointment) = &mut booked[1];
    browser.cancel(appointment.appointment_id, 1).await;
    app.advance(minutes(2));
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let offer = entry(&mut first).await.offer.expect("who joined first is asked first");
    assert_eq!(offer.start, monday(10, 30));
    assert!(entry(&mut second).await.offer.is_none());
}

#[tokio::test]
async fn whoever_waits_in_two_places_has_one_time_kept_for_them() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let [_, mut other] = twice_and_once(&app).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    assert_eq!(app.count(KEPT_FOR_TWICE).await, 1);
    // What frees up next is the other's, though they joined last.
    let (browser, appointment) = &mut booked[1];
    browser.cancel(appointment.appointment_id, 1).await;
    app.advance(minutes(2));
    assert_eq!(app.run("bookings.offer_times").await, 1);
    assert_eq!(app.count(KEPT_FOR_TWICE).await, 1);
    assert_eq!(entry(&mut other).await.offer.map(|offer| offer.start), Some(monday(10, 30)));
}

#[tokio::test]
async fn whoever_waits_in_two_places_is_one_before_others_and_nobody_before_themselves() {
    let app = App::new().await;
    let [mut twice, mut other] = twice_and_once(&app).await;
    let own: Page<WaitlistEntry> = twice.get(WAITLIST).await.read();
    assert_eq!(own.items.iter().map(|place| place.ahead).collect::<Vec<_>>(), [0, 0]);
    assert_eq!(entry(&mut other).await.ahead, 1);
}

#[tokio::test]
async fn of_two_times_that_free_up_at_once_whoever_waits_twice_has_one() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut twice = member(&app, 1).await;
    join(&app, &mut twice).await;
    join(&app, &mut twice).await;
    for (browser, appointment) in &mut booked {
        browser.cancel(appointment.appointment_id, 1).await;
    }
    assert_eq!(app.run("bookings.offer_times").await, 1);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 30)));
}

#[tokio::test]
async fn whoever_lets_a_time_go_in_one_place_is_not_asked_about_it_in_another() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let [mut twice, mut other] = twice_and_once(&app).await;
    // The first time they decline.
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let offer = offered(&mut twice).await;
    assert_eq!(let_go(&mut twice, offer).await.status, 204);
    assert_eq!(app.run("bookings.offer_times").await, 1);
    assert_eq!(app.count(KEPT_FOR_TWICE).await, 0);
    let offer = entry(&mut other).await.offer.expect("the next one is asked");
    assert_eq!(offer.start, monday(10, 0));
    assert_eq!(let_go(&mut other, offer).await.status, 204);
    assert_eq!(app.run("bookings.offer_times").await, 0, "all were asked");
    // The second one lapses.
    let (browser, appointment) = &mut booked[1];
    browser.cancel(appointment.appointment_id, 1).await;
    app.advance(minutes(2));
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let offer = offered(&mut twice).await;
    assert_eq!(offer.start, monday(10, 30));
    app.advance_to(offer.expires_at);
    app.run("bookings.expire_holds").await;
    app.run("bookings.offer_times").await;
    assert_eq!(app.count(KEPT_FOR_TWICE).await, 0);
    let offer = entry(&mut member(&app, 2).await).await.offer;
    assert_eq!(offer.map(|offer| offer.start), Some(monday(10, 30)));
}

#[tokio::test]
async fn who_joins_anew_is_asked_anew() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut browser = member(&app, 1).await;
    join(&app, &mut browser).await;
    let (guest, appointment) = &mut booked[0];
    guest.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let offer = offered(&mut browser).await;
    assert_eq!(let_go(&mut browser, offer).await.status, 204);
    assert_eq!(app.run("bookings.offer_times").await, 0);
    app.advance(minutes(1));
    join(&app, &mut browser).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    assert_eq!(offered(&mut browser).await.start, offer.start);
}

#[tokio::test]
async fn whoever_would_go_to_a_colleague_is_asked_about_the_colleagues_times_too() {
    let app = App::new().await;
    let path = format!("/api/v1/bookings/roles/{ROLE}/similar?appointment_type={LONG}");
    let similar: SimilarRoles = app.browser().get(&path).await.read();
    let [colleague] = similar.items.as_slice() else { panic!("{similar:?}") };
    assert_eq!(
        (colleague.role.practitioner_role_id, colleague.appointment_type_id),
        (COLLEAGUE, LONG_COLLEAGUE)
    );
    // The other practice is nine kilometres away: known once both places are.
    app.change("update bookings.role set lat = -33.82, lon = 151.01 where organization_id = '00000000-0000-0000-0000-000000000041'")
        .await;
    app.change("update bookings.role set lat = -33.90, lon = 151.01 where organization_id = '00000000-0000-0000-0000-000000000042'")
        .await;
    for (within, expected) in [(8, vec![COLLEAGUE]), (10, vec![COLLEAGUE, ELSEWHERE])] {
        let near: SimilarRoles = app.browser().get(&format!("{path}&within_km={within}")).await.read();
        let roles: Vec<_> = near.items.iter().map(|one| one.role.practitioner_role_id).collect();
        assert_eq!(roles, expected, "{within} km");
    }
    app.browser().get(&format!("{path}&within_km=101")).await.problem(422, "invalid");

    full(&app).await;
    let mut browser = member(&app, 1).await;
    let mut wanted = wanted();
    let other = |appointment_type| json!({"practitioner_role_id": COLLEAGUE, "appointment_type_id": appointment_type});
    wanted["others"] = json!([other(LONG)]);
    let problem = browser.post(WAITLIST, Some(app.key()), &wanted).await.problem(422, "invalid");
    assert_eq!(problem.errors[0].pointer, "/others/0", "it is a type of somebody else");
    wanted["others"] = json!([other(LONG_COLLEAGUE), other(LONG_COLLEAGUE)]);
    let joined: WaitlistEntry = browser.post(WAITLIST, Some(app.key()), &wanted).await.read();
    assert_eq!(
        joined.with.iter().map(|with| with.name.as_str()).collect::<Vec<_>>(),
        ["Dr Ada Nguyen", "Cy Colleague"]
    );
    assert_eq!(app.run("bookings.offer_times").await, 1, "the colleague is free");
    let offer = entry(&mut browser).await.offer.unwrap();
    assert_eq!((offer.practitioner_role_id, offer.start, offer.passed), (COLLEAGUE, monday(10, 0), 0));
    assert_eq!(app.run("bookings.offer_times").await, 0, "one time at once");
}

#[tokio::test]
async fn what_goes_wrong_with_one_practitioner_keeps_nobody_else_waiting() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let (mut first, mut second) = (member(&app, 1).await, member(&app, 2).await);
    join(&app, &mut first).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    app.advance(minutes(1));
    let mut wanted = wanted();
    wanted["practitioner_role_id"] = json!(COLLEAGUE);
    wanted["appointment_type_id"] = json!(LONG_COLLEAGUE);
    let reply = second.post(WAITLIST, Some(app.key()), &wanted).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    app.change("update bookings.role set time_zone = 'Nowhere' where practitioner_role_id = '00000000-0000-0000-0000-000000000011'")
        .await;
    app.failure("bookings.offer_times").await;
    let offer = entry(&mut second).await.offer.expect("who waits for a colleague is asked");
    assert_eq!(offer.practitioner_role_id, COLLEAGUE);
    assert_eq!(app.count("select count(*) from bookings.waitlist_offer").await, 1);
    app.change("update bookings.role set time_zone = 'Australia/Sydney' where practitioner_role_id = '00000000-0000-0000-0000-000000000011'")
        .await;
    assert_eq!(app.run("bookings.offer_times").await, 1, "it was due as before");
    assert!(entry(&mut first).await.offer.is_some());
}

#[tokio::test]
async fn nobody_is_asked_at_night() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut waiting = member(&app, 1).await;
    join(&app, &mut waiting).await;
    // Sunday, nine in the evening.
    app.advance(SignedDuration::from_hours(10));
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 0);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)), "others can take it meanwhile");
    app.advance_to(monday(7, 0));
    assert_eq!(app.run("bookings.offer_times").await, 1);
}

#[tokio::test]
async fn an_offer_is_none_of_the_two_times_that_one_may_hold() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut waiting = member(&app, 1).await;
    join(&app, &mut waiting).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    app.hold(&mut waiting, monday(13, 0)).await;
    app.hold(&mut waiting, monday(14, 0)).await;
    let third = waiting.hold(app.key(), ROLE, LONG, monday(15, 0)).await;
    third.problem(409, "too-many-holds");
}
