//! A crowd that wants what there is little of, and hours that change under people's hands.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    body::Body,
    http::{Request, header},
};
use futures::future::join_all;
use jiff::Timestamp;
use kernel::Chance;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId,
    bookings::{Confirmation, Hold, schedule::SchedulePut},
    users::StaffRole,
};
use tokio::sync::Barrier;

use crate::{
    app::{App, Browser, LONG, MONDAY, ROLE, Reply, minutes, monday},
    practice::{at_practice, staff},
    storms::NEVER,
};

const CLIENTS: usize = 1_000;
const TIMES: usize = 10;
/// How many people book while hours change.
const PATIENTS: u64 = 40;

/// The nth half hour from nine on.
fn half_hour(nth: usize) -> Timestamp {
    monday(9, 0) + minutes(30) * i32::try_from(nth).unwrap()
}

/// Wants one time with one key, and asks again for as long as the service says that it is busy.
async fn wants(app: &App, start: Timestamp) -> (Browser, Reply) {
    let (key, mut browser) = (app.key(), app.browser());
    loop {
        let reply = browser.hold(key, ROLE, LONG, start).await;
        if reply.status < 500 {
            return (browser, reply);
        }
        assert_eq!(reply.status, 503, "{}", reply.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_people_and_ten_times_make_ten_bookings() {
    let app = Arc::new(App::with_burst(10_000).await);
    app.change("update bookings.schedule set step_minutes = 30, horizon_days = 1").await;
    app.change("update bookings.availability_rule set closes = '14:00'").await;
    assert_eq!(app.free_on(ROLE, LONG, MONDAY).await.len(), TIMES);
    let barrier = Arc::new(Barrier::new(CLIENTS));
    let clients = (0..CLIENTS).map(|nth| {
        let (app, barrier) = (Arc::clone(&app), Arc::clone(&barrier));
        tokio::spawn(async move {
            barrier.wait().await;
            wants(&app, half_hour(nth % TIMES)).await
        })
    });
    let asked = join_all(clients.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap);
    let (won, lost): (Vec<_>, Vec<_>) = asked.partition(|(_, reply)| reply.status == 201);
    assert_eq!((won.len(), lost.len()), (TIMES, CLIENTS - TIMES));
    for (_, reply) in &lost {
        reply.problem(409, "time-taken");
    }
    let starts: BTreeSet<_> = won.iter().map(|(_, reply)| reply.read::<Hold>().start).collect();
    assert_eq!(starts.len(), TIMES, "each time once");
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 10);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
    for (mut browser, reply) in won {
        app.confirm(&mut browser, &reply.read()).await;
    }
    assert_eq!(app.count("select count(*) from bookings.appointment where status = 'confirmed'").await, 10);
    assert_eq!(app.told("appointment_confirmed").await.len(), TIMES);
}

/// Sets the hours, as last seen, to end at noon and at five in turn, until it is over. Says how often that was done.
async fn edits(app: Arc<App>, over: Arc<AtomicBool>) -> usize {
    let mut manager = staff(&app, StaffRole::Manager).await;
    let mut done = 0;
    while !over.load(Ordering::SeqCst) || done == 0 {
        let closes = if done % 2 == 0 { "12:00:00" } else { "17:00:00" };
        let reply = closes_at(&mut manager, closes).await;
        match reply.status {
            200 => done += 1,
            // Somebody else was quicker.
            409 => drop(reply.problem(409, "stale-version")),
            _ => panic!("{}", reply.body),
        }
    }
    done
}

async fn closes_at(manager: &mut Browser, closes: &str) -> Reply {
    let path = at_practice(&format!("roles/{ROLE}/schedule"));
    let mut wanted: Value = manager.get(&path).await.body["schedule"].clone();
    wanted["rules"][0]["rule"]["closes"] = json!(closes);
    let request = Request::put(path).header(header::CONTENT_TYPE, "application/json");
    manager.send(request.body(Body::from(wanted.to_string())).unwrap()).await
}

/// Tries three half hours of a day, and confirms each that is kept.
async fn books(app: Arc<App>, chance: Chance) -> Vec<(AppointmentId, Timestamp)> {
    let mut booked = Vec::new();
    for _ in 0..3 {
        let mut browser = app.browser();
        let start = half_hour(usize::from(u16::from_be_bytes(chance.bytes())) % 16);
        let reply = browser.hold(app.key(), ROLE, LONG, start).await;
        if reply.status != 201 {
            reply.problem(409, "time-taken");
            continue;
        }
        let hold: Hold = reply.read();
        // What is kept stays, whatever the hours have become.
        let made: Confirmation = app.confirm(&mut browser, &hold).await;
        booked.push((made.appointment_id, start));
    }
    booked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hours_that_change_while_people_book_touch_nothing_that_is_booked() {
    let app = Arc::new(App::with_burst(10_000).await);
    let over = Arc::new(AtomicBool::new(false));
    let editors: Vec<_> = (0..2).map(|_| tokio::spawn(edits(Arc::clone(&app), Arc::clone(&over)))).collect();
    let patients = (0..PATIENTS).map(|nth| tokio::spawn(books(Arc::clone(&app), Chance::seeded(nth))));
    let booked = join_all(patients.collect::<Vec<_>>()).await.into_iter().flat_map(Result::unwrap);
    let booked: Vec<_> = booked.collect();
    over.store(true, Ordering::SeqCst);
    let done: usize = join_all(editors).await.into_iter().map(Result::unwrap).sum();
    assert!(done > 1 && !booked.is_empty(), "{done} edits, {} bookings", booked.len());
    let version: i64 = i64::try_from(done).unwrap() + 1;
    let stored = "select version::bigint from bookings.schedule \
        where practitioner_role_id = '00000000-0000-0000-0000-000000000011'";
    assert_eq!(app.count(stored).await, version, "each edit counted once");

    let stands = "select count(*) from bookings.appointment where status = 'confirmed' and version = 1";
    assert_eq!(app.count(stands).await, i64::try_from(booked.len()).unwrap());
    for (what, count) in NEVER {
        assert_eq!(app.count(count).await, 0, "{what}");
    }
    // What lies outside of the hours as they are at last is named, all of it.
    let reply = closes_at(&mut staff(&app, StaffRole::Manager).await, "12:00:00").await;
    let named = reply.read::<SchedulePut>().outside.into_iter().map(|one| one.appointment_id);
    let outside = booked.iter().filter(|(_, start)| *start > monday(11, 30)).map(|(id, _)| *id);
    assert_eq!(named.collect::<BTreeSet<_>>(), outside.collect::<BTreeSet<_>>());
}
