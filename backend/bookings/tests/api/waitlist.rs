//! Waiting for an earlier time: who is asked when, and what becomes of an offer.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    OrganizationId, PatientId, WaitlistEntryId,
    bookings::{
        BookingsEvent, Confirmation, FeeWaiver,
        waitlist::{
            OfferStatus, PracticeWaiting, RemovalReason, SimilarRoles, WaitlistEntry, WaitlistOffer,
            WaitlistStatus,
        },
    },
    page::Page,
    users::{Claims, StaffRole},
};
use uuid::Uuid;

use crate::{
    app::{App, Browser, COLLEAGUE, ELSEWHERE, LONG, LONG_COLLEAGUE, MONDAY, ROLE, Reply, minutes, monday},
    members::{ada, claims, signed_in},
    practice::{at_practice, desk, staff_of},
};

const WAITLIST: &str = "/api/v1/bookings/me/waitlist";

/// Monday between ten and eleven.
fn wanted() -> Value {
    json!({
        "practitioner_role_id": ROLE,
        "appointment_type_id": LONG,
        "wishes": {"weekdays": 1, "from": "10:00:00", "until": "10:59:00", "first": "2026-11-23", "last": "2026-11-23"},
    })
}

async fn join(app: &App, browser: &mut Browser) -> WaitlistEntry {
    let reply = browser.post(WAITLIST, Some(app.key()), &wanted()).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

/// A member with that account.
async fn member(app: &App, account: u128) -> Browser {
    let patient_id = Some(PatientId(Uuid::from_u128(0xF0 + account)));
    signed_in(app, &Claims { patient_id, ..claims(app, account) }).await
}

async fn entry(browser: &mut Browser) -> WaitlistEntry {
    let page: Page<WaitlistEntry> = browser.get(WAITLIST).await.read();
    assert_eq!(page.items.len(), 1);
    page.items.into_iter().next().unwrap()
}

async fn let_go(browser: &mut Browser, offer: WaitlistOffer) -> Reply {
    let path = format!("/api/v1/bookings/holds/{}", offer.hold_id);
    browser.send(Request::delete(path).body(Body::empty()).unwrap()).await
}

/// Ten and half past ten are booked; says by whom, the first one first.
async fn full(app: &App) -> Vec<(Browser, shared_types::bookings::Appointment)> {
    let mut booked = Vec::new();
    for start in [monday(10, 0), monday(10, 30)] {
        let mut browser = app.browser();
        let appointment = app.book(&mut browser, start).await;
        booked.push((browser, appointment));
    }
    booked
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
async fn leaving_lets_an_offered_time_go() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut waiting = member(&app, 1).await;
    let joined = join(&app, &mut waiting).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let path = format!("{WAITLIST}/{}", joined.waitlist_entry_id);
    let leave = || Request::delete(&path).body(Body::empty()).unwrap();
    let mut stranger = member(&app, 2).await;
    stranger.send(leave()).await.problem(404, "not-found");
    for _ in 0..2 {
        assert_eq!(waiting.send(leave()).await.status, 204);
    }
    assert_eq!(entry(&mut waiting).await.status, WaitlistStatus::Withdrawn);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    app.advance(minutes(2));
    assert_eq!(app.run("bookings.offer_times").await, 0);
}

#[tokio::test]
async fn what_cannot_come_is_refused_and_ten_places_are_enough() {
    let app = App::new().await;
    let mut browser = member(&app, 1).await;
    let mut wrong = wanted();
    wrong["wishes"]["weekdays"] = json!(0);
    wrong["wishes"]["last"] = json!("2026-11-01");
    let problem = browser.post(WAITLIST, Some(app.key()), &wrong).await.problem(422, "invalid");
    assert_eq!(problem.errors.len(), 2);
    let mut stranger = wanted();
    stranger["patient_id"] = json!(Uuid::from_u128(0xB));
    browser.post(WAITLIST, Some(app.key()), &stranger).await.problem(404, "not-found");
    app.browser().post(WAITLIST, Some(app.key()), &wanted()).await.problem(401, "signed-out");
    let key = app.key();
    for _ in 0..2 {
        assert_eq!(browser.post(WAITLIST, Some(key), &wanted()).await.status, 201);
    }
    for _ in 0..9 {
        join(&app, &mut browser).await;
    }
    browser.post(WAITLIST, Some(app.key()), &wanted()).await.problem(409, "waitlist-full");
    let page: Page<WaitlistEntry> = browser.get(WAITLIST).await.read();
    assert_eq!(page.items.len(), 10);
}

#[tokio::test]
async fn a_place_closes_after_its_last_day_and_is_forgotten_in_time() {
    let app = App::new().await;
    let mut waiting = signed_in(&app, &ada(&app)).await;
    full(&app).await;
    join(&app, &mut waiting).await;
    app.advance_to(monday(23, 0) + SignedDuration::from_hours(2));
    app.run("bookings.offer_times").await;
    assert_eq!(app.count("select count(*) from bookings.waitlist_entry where status = 'closed'").await, 1);
    app.advance(SignedDuration::from_hours(24 * 90) + minutes(1));
    app.run("bookings.offer_times").await;
    assert_eq!(app.count("select count(*) from bookings.waitlist_entry").await, 0);
}

/// Everybody who waits, as the desk sees them.
async fn at_the_desk(app: &App) -> Vec<PracticeWaiting> {
    let reply = desk(app).await.get(&at_practice("waitlist")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read::<Page<PracticeWaiting>>().items
}

async fn remove(browser: &mut Browser, path: &str, entry: WaitlistEntryId) -> Reply {
    browser.post(&format!("{path}/{entry}/remove"), None, &json!({"reason": "seen"})).await
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_who_wait_for_one_time_one_at_a_time_is_asked() {
    let app = Arc::new(App::new().await);
    let mut booked = full(&app).await;
    for account in 0..100 {
        join(&app, &mut member(&app, 1_000 + account).await).await;
        app.advance(SignedDuration::from_secs(1));
    }
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    for turn in 0..5 {
        let workers = (0..8).map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { app.run("bookings.offer_times").await })
        });
        let offered: u64 = join_all(workers).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(offered, 1, "turn {turn}");
        let open = "select count(*) from bookings.waitlist_offer where status = 'open'";
        assert_eq!(app.count(open).await, 1, "turn {turn}");
        let mut asked = member(&app, 1_000 + turn).await;
        let offer = entry(&mut asked).await.offer.expect("in the order in which they joined");
        assert_eq!(i128::from(offer.passed), i128::try_from(turn).unwrap());
        if turn < 4 {
            assert_eq!(let_go(&mut asked, offer).await.status, 204);
            continue;
        }
        // Everybody tries to take what is held for one of them.
        let confirm = format!("/api/v1/bookings/holds/{}/confirm", offer.hold_id);
        let mut browsers = Vec::new();
        for account in 0..100 {
            browsers.push(member(&app, 1_000 + account).await);
        }
        let tries = browsers.into_iter().map(|mut browser| {
            let (app, confirm, details) = (Arc::clone(&app), confirm.clone(), app.details());
            tokio::spawn(async move { browser.post(&confirm, Some(app.key()), &details).await.status })
        });
        let statuses: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses[usize::try_from(turn).unwrap()], 200);
    }
    app.advance(minutes(5));
    assert_eq!(app.run("bookings.offer_times").await, 0, "the time is gone");
    let left = "select count(*) from bookings.waitlist_entry where status = 'waiting'";
    assert_eq!(app.count(left).await, 99);
    let taken =
        "select count(*) from bookings.reservation where during @> '2026-11-22T23:00:00Z'::timestamptz";
    assert_eq!(app.count(taken).await, 1);
}

#[tokio::test]
async fn a_practice_sees_who_waits_in_which_order_and_names_only_those_who_were_there() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut known = signed_in(&app, &ada(&app)).await;
    app.book(&mut known, monday(12, 0)).await;
    let mut newcomer = member(&app, 2).await;
    join(&app, &mut newcomer).await;
    app.advance(minutes(1));
    join(&app, &mut known).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let waiting = at_the_desk(&app).await;
    let seen: Vec<_> = waiting.iter().map(|one| (one.position, one.name.is_some(), one.status)).collect();
    assert_eq!(seen, [(1, false, WaitlistStatus::Offered), (2, true, WaitlistStatus::Waiting)]);
    assert_eq!(waiting[1].name.as_ref().unwrap().expose().split(' ').next(), Some("Ada"));
    let [offer] = waiting[0].offers.as_slice() else { panic!("{waiting:?}") };
    assert_eq!((offer.start, offer.status), (monday(10, 0), OfferStatus::Open));
    let offer = entry(&mut newcomer).await.offer.unwrap();
    let_go(&mut newcomer, offer).await;
    assert_eq!(at_the_desk(&app).await[0].offers[0].status, OfferStatus::Declined);
    let another = OrganizationId(Uuid::from_u128(0x42));
    let mut others = staff_of(&app, another, StaffRole::Reception).await;
    let path = format!("/api/v1/bookings/practices/{another}/waitlist");
    assert!(others.get(&path).await.read::<Page<PracticeWaiting>>().items.is_empty());
    remove(&mut others, &path, waiting[0].waitlist_entry_id).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_practice_ends_a_place_with_it_says_why_and_lets_an_offered_time_go() {
    let app = App::new().await;
    let mut booked = full(&app).await;
    let mut waiting = member(&app, 1).await;
    let joined = join(&app, &mut waiting).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let path = at_practice("waitlist");
    let mut desk = desk(&app).await;
    desk.post(&format!("{path}/{}/remove", joined.waitlist_entry_id), None, &json!({}))
        .await
        .problem(422, "invalid");
    for _ in 0..2 {
        assert_eq!(remove(&mut desk, &path, joined.waitlist_entry_id).await.status, 204);
    }
    let ended = entry(&mut waiting).await;
    assert_eq!((ended.status, ended.removed_reason), (WaitlistStatus::Removed, Some(RemovalReason::Seen)));
    assert!(ended.offer.is_none() && at_the_desk(&app).await.is_empty());
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));

    // What they wait for elsewhere stays.
    let mut elsewhere = member(&app, 2).await;
    let mut wanted = wanted();
    wanted["others"] =
        json!([{"practitioner_role_id": ELSEWHERE, "appointment_type_id": crate::app::LONG_ELSEWHERE}]);
    let both: WaitlistEntry = elsewhere.post(WAITLIST, Some(app.key()), &wanted).await.read();
    assert_eq!(remove(&mut desk, &path, both.waitlist_entry_id).await.status, 204);
    let left = entry(&mut elsewhere).await;
    assert_eq!((left.status, left.with.len()), (WaitlistStatus::Waiting, 1));
    assert_eq!(left.with[0].practitioner_role_id, ELSEWHERE);
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

#[tokio::test]
async fn of_many_places_asked_for_at_once_ten_are_given() {
    let app = App::new().await;
    let browser = member(&app, 1).await;
    let tries = (0..14).map(|_| {
        let (mut browser, key) = (browser.clone(), app.key());
        tokio::spawn(async move { browser.post(WAITLIST, Some(key), &wanted()).await.status })
    });
    let statuses: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 10, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_takes_a_time_in_the_last_moment_waits_no_more() {
    let app = Arc::new(App::new().await);
    let mut booked = full(&app).await;
    let mut waiting = member(&app, 1).await;
    join(&app, &mut waiting).await;
    let (browser, appointment) = &mut booked[0];
    browser.cancel(appointment.appointment_id, 1).await;
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let offer = entry(&mut waiting).await.offer.unwrap();
    let mut admin = app.administrator().await;
    let mut held = sqlx::Connection::begin(&mut admin).await.unwrap();
    sqlx::query("select from bookings.resource for update").execute(&mut *held).await.unwrap();
    let (path, key, details) =
        (format!("/api/v1/bookings/holds/{}/confirm", offer.hold_id), app.key(), app.details());
    let takes = tokio::spawn(async move { waiting.post(&path, Some(key), &details).await });
    app.somebody_waits().await;
    // Its time runs out while it is being taken.
    app.advance_to(offer.expires_at);
    app.run("bookings.offer_times").await;
    held.commit().await.unwrap();
    let taken = takes.await.unwrap();
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert_eq!(entry(&mut member(&app, 1).await).await.status, WaitlistStatus::Booked);
}
