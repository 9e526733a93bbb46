//! The jobs that end what nobody answered or paid for, that read and tell other programs, and that seal; and the steps around a visit
//! that went otherwise than it was booked.

use std::collections::HashSet;

use kernel::testing::Cuts;
use serde_json::json;
use shared_types::{
    bookings::{
        Appointment, AppointmentStatus, dispute::DisputeStanding, practice::CalendarAppointment,
        proposal::Proposal, webhook::DeliveryStatus,
    },
    users::StaffRole,
};

use super::{APPOINTMENTS, TUESDAY, nothing_is_wrong, once, steps, works_off};
use crate::{
    app::{App, BORN, LONG, ROLE, minutes, monday, post, wall},
    external_calendar::{self, Server},
    members::{ada, signed_in},
    practice::{at_practice, staff},
    webhooks::{self, Program},
};

#[tokio::test]
async fn what_nobody_answered_or_paid_for_ends_once() {
    let app = App::new().await;
    let mut owner = staff(&app, StaffRole::Owner).await;
    let mut lapse = app.core.now();
    for hour in [10, 11] {
        let theirs = app.book(&mut app.browser(), wall(TUESDAY, hour, 0)).await;
        let path = at_practice(&format!("appointments/{}/proposal", theirs.appointment_id));
        let body = json!({"version": 1, "start": wall(TUESDAY, hour + 4, 0)});
        let reply = owner.post(&path, None, &body).await;
        lapse = lapse.max(reply.read::<Proposal>().expires_at);
    }
    app.collects_after_visits().await;
    for hour in [14, 15] {
        app.awaiting(&mut app.browser(), monday(hour, 0)).await;
    }
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    app.advance(minutes(35));
    works_off(&app, &mut cuts, "bookings.give_up_awaiting").await;
    assert_eq!(app.count("select count(*) from bookings.appointment where status = 'expired'").await, 2);
    assert_eq!(app.told("appointment_cancelled").await.len(), 2);

    app.advance_to(lapse);
    works_off(&app, &mut cuts, "bookings.lapse_proposals").await;
    assert_eq!(app.told("time_not_taken").await.len(), 2);
    assert_eq!(app.count("select count(*) from bookings.appointment where status = 'confirmed'").await, 2);
    nothing_is_wrong(&app, &["give_up"]).await;
}

#[tokio::test]
async fn what_other_programs_are_told_and_asked_is_gone_on_with_once_a_claim_is_over() {
    let (app, program, server) = (App::new().await, Program::default(), Server::start().await);
    let hook = webhooks::create(&app, &program.start(204).await).await;
    app.book(&mut app.browser(), wall(TUESDAY, 10, 0)).await;
    webhooks::carry(&app).await;
    external_calendar::given(&app, &server.at("/calendar.ics")).await;
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    for (job, claim) in [("bookings.send_webhooks", 2), ("bookings.read_calendars", 10)] {
        works_off(&app, &mut cuts, job).await;
        // Whoever is cut off while it has something leaves it to the next one, a little later.
        app.advance(minutes(claim));
        assert_eq!(app.run(job).await, 1, "{job}");
        assert_eq!(app.run(job).await, 0, "{job}");
    }
    let log = webhooks::log(&app, &hook).await;
    let [delivery] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!(delivery.status, DeliveryStatus::Delivered);
    let told = program.seen().into_iter().map(|(headers, _)| headers["webhook-id"].clone());
    let told: HashSet<_> = told.collect();
    assert_eq!(told.len(), 1, "however often it is told, it is known to be the same");
    assert_eq!(external_calendar::state(&app).await.calendar.unwrap().busy_spans, 1);
    nothing_is_wrong(&app, &[]).await;
}

#[tokio::test]
async fn sealing_that_is_cut_off_leaves_each_secret_as_it_was_or_sealed() {
    let (app, program, server) = (App::new().await, Program::default(), Server::start().await);
    webhooks::create(&app, &program.start(204).await).await;
    external_calendar::given(&app, &server.at("/calendar.ics")).await;
    app.change(
        "update bookings.webhook set secret = decode(repeat('73', 32), 'hex'), sealed_secret = null, key_id = null",
    )
    .await;
    let plain = "update bookings.external_calendar set address = $1, host = null, key_id = null, sealed_address = null";
    let mut conn = app.database.connect("bookings_migrate").await;
    sqlx::query(plain).bind(server.at("/calendar.ics")).execute(&mut conn).await.unwrap();
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    works_off(&app, &mut cuts, "bookings.seal_secrets").await;
    let left = "select (select count(*) from bookings.webhook where secret is not null) \
                + (select count(*) from bookings.external_calendar where address is not null)";
    assert_eq!(app.count(left).await, 0);
    assert_eq!(app.run("bookings.read_calendars").await, 1);
    assert_eq!(external_calendar::state(&app).await.calendar.unwrap().busy_spans, 1);
}

#[tokio::test]
async fn what_went_otherwise_than_booked_is_written_down_whole_or_not_at_all() {
    let app = App::new().await;
    let mut ada_there = signed_in(&app, &ada(&app)).await;
    let came = app.book(&mut app.browser(), monday(9, 0)).await;
    let seen = app.book(&mut app.browser(), monday(9, 30)).await;
    let absent = app.book(&mut ada_there, monday(10, 0)).await;
    let missed = app.book(&mut ada_there, monday(10, 30)).await;
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    app.advance_to(monday(9, 0));
    let mut owner = staff(&app, StaffRole::Owner).await;
    steps(&mut cuts, &mut owner, came.appointment_id, &["arrive", "undo_arrival"]).await;

    app.advance_to(monday(12, 0));
    let (mut owner, mut patient) = (staff(&app, StaffRole::Owner).await, signed_in(&app, &ada(&app)).await);
    steps(&mut cuts, &mut owner, seen.appointment_id, &["took_place"]).await;
    let path = format!("{APPOINTMENTS}/{}/absence", absent.appointment_id);
    let body = json!({"version": 1}).to_string();
    let told: Appointment = once(&mut cuts, &mut patient, || post(&path, None, body.clone())).await.read();
    assert_eq!(told.status, AppointmentStatus::NoShowProvider);

    steps(&mut cuts, &mut owner, missed.appointment_id, &["no_show"]).await;
    let path = format!("{APPOINTMENTS}/{}/dispute", missed.appointment_id);
    let body = json!({"version": 2, "text": "I was there."}).to_string();
    let opened: DisputeStanding =
        once(&mut cuts, &mut patient, || post(&path, None, body.clone())).await.read();
    assert!(opened.dispute.is_some());
    assert_eq!(app.told("dispute_opened").await.len(), 1);
    let path = at_practice(&format!("appointments/{}/waive-fee", missed.appointment_id));
    let (key, body) = (Some(app.key()), json!({"version": 2}).to_string());
    once(&mut cuts, &mut owner, || post(&path, key, body.clone())).await;
    assert_eq!(app.told("late_fee_waived").await.len(), 1);
    let taken = ["arrive", "undo_arrival", "took_place", "practitioner_absent", "no_show", "waive_fee"];
    nothing_is_wrong(&app, &taken).await;
}

#[tokio::test]
async fn a_series_is_there_whole_or_not_at_all_and_so_is_what_is_taken_back_of_it() {
    let app = App::new().await;
    let mut owner = staff(&app, StaffRole::Owner).await;
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    let first = jiff::civil::date(2026, 11, 30);
    let starts = [first, first.saturating_add(jiff::Span::new().weeks(1))].map(|day| wall(day, 10, 0));
    let (path, key) = (at_practice("series"), Some(app.key()));
    let body = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "starts": starts, "agreed": true,
        "patient": {"name": "Bo Lee", "date_of_birth": BORN, "email": "bo@example.org"},
    })
    .to_string();
    let made = once(&mut cuts, &mut owner, || post(&path, key, body.clone())).await;
    let visits: Vec<CalendarAppointment> = serde_json::from_value(made.body["items"].clone()).unwrap();
    assert_eq!(visits.len(), 2);
    let series_id = made.body["items"][0]["series_id"].as_str().unwrap().to_owned();
    let path = at_practice(&format!("series/{series_id}/cancel"));
    let of: Vec<_> = visits
        .iter()
        .map(|visit| json!({"appointment_id": visit.appointment_id, "version": visit.version}))
        .collect();
    let body = json!({"visits": of, "action": "cancel", "reason": "emergency"}).to_string();
    once(&mut cuts, &mut owner, || post(&path, None, body.clone())).await;
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    assert_eq!(app.told("appointment_cancelled").await.len(), 2);
    nothing_is_wrong(&app, &["cancel_by_provider"]).await;
}
