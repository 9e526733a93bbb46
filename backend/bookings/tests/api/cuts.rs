//! The connection ends before each statement that writes, of each kind of step, of each job and of each event that is heard
//! (`kinds.rs` sees to it that none is left out). Of a step or an event nothing is left then, and once it is let through it has been
//! taken once; a job goes on where it was.

mod deciding;
mod heard;
mod kinds;
mod others;
mod paying;

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::{Timestamp, civil::Date};
use kernel::{inbox, testing::Cuts};
use serde::Serialize;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, PatientId, PractitionerRoleId,
    bookings::{
        Appointment, Confirmation, Hold, practice::CalendarAppointment, proposal::Proposal,
        waitlist::WaitlistEntry,
    },
    users::{Claims, StaffRole},
};
use uuid::Uuid;

use crate::{
    app::{
        App, BORN, Browser, COLLEAGUE, LONG, LONG_COLLEAGUE, MONDAY, ROLE, Reply, minutes, monday, post,
        wall, wanted,
    },
    members::{claims, signed_in},
    practice::{at_practice, staff},
};

const HOLDS: &str = "/api/v1/bookings/holds";
const APPOINTMENTS: &str = "/api/v1/bookings/appointments";
const WAITLIST: &str = "/api/v1/bookings/me/waitlist";
const TUESDAY: Date = jiff::civil::date(2026, 11, 24);

/// What must never be, as counts that must be zero.
const NEVER: [(&str, &str); 3] = [
    (
        "a step that was told twice",
        "select count(*) from (select from bookings.outbox where aggregate = 'booking' \
         group by aggregate_id, aggregate_version having count(*) > 1) twice",
    ),
    (
        "a step that nobody was told of",
        "select count(*) from bookings.appointment_transition step where not exists ( \
         select from bookings.outbox where aggregate_id = step.booking_id::text)",
    ),
    ("a key without its reply", "select count(*) from bookings.idempotency where reply_body is null"),
];

/// Sends the same request again and again, cut off before each of its writing statements in turn, until it is let through.
async fn once(cuts: &mut Cuts, browser: &mut Browser, request: impl Fn() -> Request<Body>) -> Reply {
    let nothing_is_left = |reply: Reply, same: bool| {
        assert!(reply.status >= 500, "{reply:?}");
        assert!(same, "something is left of what was cut off");
    };
    let (reply, times) = cuts.everywhere(async || browser.send(request()).await, nothing_is_left).await;
    assert!((200..300).contains(&reply.status), "{reply:?}");
    assert!(times > 1, "it was cut {times} times");
    reply
}

/// Hands an event over as the relay does, cut off before each of its writing statements in turn, until it is let through; and then once
/// more, which changes nothing.
async fn receives<E: Serialize>(app: &App, cuts: &mut Cuts, (producer, version): (&str, i64), event: &E) {
    let told = app.envelope(producer, version, event);
    let nothing_is_left = |done: anyhow::Result<()>, same: bool| {
        assert!(done.is_err() && same, "something is left of {}", told.name);
    };
    let receive = async || inbox::receive(&app.core, &*app.subscriber, &told).await;
    let (done, times) = cuts.everywhere(receive, nothing_is_left).await;
    done.unwrap();
    assert!(times > 1, "{} was cut {times} times", told.name);
    let before = cuts.stored().await;
    inbox::receive(&app.core, &*app.subscriber, &told).await.unwrap();
    assert!(cuts.stored().await == before, "{} was taken twice", told.name);
}

/// Lets a job run, cut off before each of its writing statements in turn, until nothing is left to do.
async fn works_off(app: &App, cuts: &mut Cuts, name: &str) {
    let job = app.jobs.iter().find(|known| known.name == kinds::job(name)).unwrap();
    let fails = |done: anyhow::Result<u64>, _: bool| assert!(done.is_err(), "{name} did not notice");
    let (done, times) = cuts.everywhere(async || job.run_once().await, fails).await;
    done.unwrap();
    assert!(times > 1, "{name} was cut {times} times");
    while job.run_once().await.unwrap() > 0 {}
}

/// Nothing is as it must never be, and these kinds of steps were taken.
async fn nothing_is_wrong(app: &App, steps: &[&str]) {
    for (what, count) in NEVER {
        assert_eq!(app.count(count).await, 0, "{what}");
    }
    let history = "select distinct step from bookings.appointment_transition";
    let taken: Vec<String> =
        sqlx::query_scalar(history).fetch_all(&mut app.administrator().await).await.unwrap();
    let taken: BTreeSet<_> = taken.iter().map(String::as_str).collect();
    let expected: BTreeSet<_> = steps.iter().map(|step| kinds::step(step)).collect();
    assert_eq!(taken, expected);
}

#[tokio::test]
async fn every_step_of_a_patient_is_taken_whole_or_not_at_all() {
    let app = App::new().await;
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    let mut patient = app.browser();
    let [key, confirming, moving, again] = std::array::from_fn(|_| Some(app.key()));
    let body = wanted(ROLE, LONG, monday(10, 0)).to_string();
    let hold: Hold = once(&mut cuts, &mut patient, || post(HOLDS, key, body.clone())).await.read();
    let (path, body) = (format!("{HOLDS}/{}/confirm", hold.hold_id), app.details().to_string());
    let made: Confirmation =
        once(&mut cuts, &mut patient, || post(&path, confirming, body.clone())).await.read();
    let path = format!("{APPOINTMENTS}/{}/move", made.appointment_id);
    let body = json!({"version": 1, "start": monday(11, 0)}).to_string();
    let moved: Appointment = once(&mut cuts, &mut patient, || post(&path, moving, body.clone())).await.read();
    let path = format!("{APPOINTMENTS}/{}/cancel", moved.appointment_id);
    let body = json!({"version": moved.version}).to_string();
    once(&mut cuts, &mut patient, || post(&path, None, body.clone())).await;
    let body = wanted(ROLE, LONG, monday(12, 0)).to_string();
    let hold: Hold = once(&mut cuts, &mut patient, || post(HOLDS, again, body.clone())).await.read();
    let path = format!("{HOLDS}/{}", hold.hold_id);
    once(&mut cuts, &mut patient, || Request::delete(&path).body(Body::empty()).unwrap()).await;

    for event in ["appointment_confirmed", "appointment_moved", "appointment_cancelled"] {
        assert_eq!(app.told(event).await.len(), 1, "{event}");
    }
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    assert_eq!(app.count("select count(*) from bookings.hold").await, 2);
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 2);
    nothing_is_wrong(&app, &["reschedule", "cancel_by_patient"]).await;
}

/// Somebody new books half an hour, or asks for it where the practice answers first.
async fn booked(app: &App, role: PractitionerRoleId, start: Timestamp) -> AppointmentId {
    let mut patient = app.browser();
    let of = if role == COLLEAGUE { LONG_COLLEAGUE } else { LONG };
    let hold: Hold = patient.hold(app.key(), role, of, start).await.read();
    app.confirm(&mut patient, &hold).await.appointment_id
}

/// Staff take steps with an appointment, one after the other.
async fn steps(cuts: &mut Cuts, owner: &mut Browser, id: AppointmentId, acts: &[&str]) {
    let path = at_practice(&format!("appointments/{id}/transitions"));
    for (version, act) in (1..).zip(acts) {
        let body = json!({
            "action": act, "version": version, "reason": "other", "attested": true, "waive_fee": false,
        });
        let body = body.to_string();
        let after: CalendarAppointment = once(cuts, owner, || post(&path, None, body.clone())).await.read();
        assert_eq!(after.version, version + 1, "{act}");
    }
}

#[tokio::test]
async fn every_step_of_the_desk_is_taken_whole_or_not_at_all() {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true \
         where appointment_type_id = '00000000-0000-0000-0000-000000000024'",
    )
    .await;
    let taken = booked(&app, COLLEAGUE, monday(10, 0)).await;
    let declined = booked(&app, COLLEAGUE, monday(11, 0)).await;
    let cancelled = booked(&app, ROLE, monday(9, 0)).await;
    let visit = booked(&app, ROLE, monday(10, 0)).await;
    let missed = booked(&app, ROLE, monday(10, 30)).await;
    let alone = booked(&app, ROLE, monday(11, 0)).await;
    let mistaken = booked(&app, ROLE, monday(11, 30)).await;
    let called = booked(&app, ROLE, monday(16, 0)).await;
    let mut owner = staff(&app, StaffRole::Owner).await;
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    steps(&mut cuts, &mut owner, taken, &["accept"]).await;
    steps(&mut cuts, &mut owner, declined, &["decline"]).await;
    steps(&mut cuts, &mut owner, cancelled, &["cancel"]).await;
    app.advance_to(monday(12, 0));
    let mut owner = staff(&app, StaffRole::Owner).await;
    let visiting =
        ["arrive", "check_in", "undo_check_in", "check_in", "start", "complete", "undo_completion"];
    steps(&mut cuts, &mut owner, visit, &visiting).await;
    steps(&mut cuts, &mut owner, missed, &["no_show"]).await;
    steps(&mut cuts, &mut owner, alone, &["practitioner_absent"]).await;
    steps(&mut cuts, &mut owner, mistaken, &["enter_in_error"]).await;
    steps(&mut cuts, &mut owner, called, &["cancel_for_patient"]).await;
    assert_eq!(app.count("select count(*) from bookings.appointment_transition").await, 14);
    let taken = [
        "accept",
        "decline",
        "cancel_by_provider",
        "arrive",
        "check_in",
        "undo_check_in",
        "start",
        "complete",
        "undo_completion",
        "no_show",
        "practitioner_absent",
        "enter_in_error",
        "cancel_by_patient",
    ];
    nothing_is_wrong(&app, &taken).await;
}

fn put(path: &str, body: &Value) -> Request<Body> {
    let request = Request::put(path).header(header::CONTENT_TYPE, "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

#[tokio::test]
async fn what_the_desk_books_moves_proposes_and_sets_is_there_whole_or_not_at_all() {
    let app = App::new().await;
    let mut owner = staff(&app, StaffRole::Owner).await;
    let mut patient = app.browser();
    let theirs = app.book(&mut patient, wall(TUESDAY, 10, 0)).await;
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    let [booking, moving] = std::array::from_fn(|_| Some(app.key()));
    let body = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": monday(10, 0),
        "patient": {"name": "Bo Lee", "date_of_birth": BORN, "email": "bo@example.org"},
    });
    let (path, body) = (at_practice("appointments"), body.to_string());
    let made: CalendarAppointment =
        once(&mut cuts, &mut owner, || post(&path, booking, body.clone())).await.read();
    let path = at_practice(&format!("appointments/{}/reschedule", made.appointment_id));
    let body = json!({"version": 1, "start": monday(11, 0), "end": monday(11, 45)}).to_string();
    once(&mut cuts, &mut owner, || post(&path, moving, body.clone())).await;

    let path = at_practice(&format!("appointments/{}/proposal", theirs.appointment_id));
    let body = json!({"version": 1, "start": wall(TUESDAY, 14, 0)}).to_string();
    let proposal: Proposal = once(&mut cuts, &mut owner, || post(&path, None, body.clone())).await.read();
    let path = format!("{APPOINTMENTS}/{}/proposal/answer", theirs.appointment_id);
    let body = json!({"proposal_id": proposal.proposal_id, "agree": true}).to_string();
    once(&mut cuts, &mut patient, || post(&path, None, body.clone())).await;

    let path = at_practice(&format!("roles/{ROLE}/schedule"));
    let mut schedule = owner.get(&path).await.body["schedule"].clone();
    schedule["rules"][0]["rule"]["closes"] = json!("12:00:00");
    schedule["leave"] = json!([{"first": "2026-11-25", "last": "2026-11-25"}]);
    once(&mut cuts, &mut owner, || put(&path, &schedule)).await;
    let set = owner.get(&path).await.body["schedule"].clone();
    assert_eq!((&set["version"], set["rules"].as_array().map(Vec::len)), (&json!(2), Some(1)));

    assert_eq!(app.count("select count(*) from bookings.appointment where status = 'confirmed'").await, 2);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2);
    assert_eq!(app.told("appointment_moved").await.len(), 2);
    nothing_is_wrong(&app, &["reschedule"]).await;
}

#[tokio::test]
async fn jobs_that_are_cut_off_lose_nothing_and_do_nothing_twice() {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true \
         where appointment_type_id = '00000000-0000-0000-0000-000000000024'",
    )
    .await;
    for hour in [9, 10, 11] {
        app.hold(&mut app.browser(), monday(hour, 0)).await;
        booked(&app, COLLEAGUE, monday(hour, 0)).await;
    }
    for hour in [13, 14, 15] {
        booked(&app, ROLE, monday(hour, 0)).await;
    }
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    works_off(&app, &mut cuts, "bookings.publish_next_free").await;
    assert_eq!(app.told("next_free_changed").await.len(), 3, "one for each role with a schedule");

    app.advance(minutes(10));
    works_off(&app, &mut cuts, "bookings.expire_holds").await;
    assert_eq!(app.count("select count(*) from bookings.hold where status = 'expired'").await, 3);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 6);

    // Requests end two hours before they would begin at the latest.
    app.advance_to(monday(9, 0));
    works_off(&app, &mut cuts, "bookings.expire_requests").await;
    assert_eq!(app.count("select count(*) from bookings.appointment where status = 'expired'").await, 3);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 3);

    app.advance_to(monday(15, 0) + minutes(14 * 60));
    works_off(&app, &mut cuts, "bookings.complete_unmarked").await;
    assert_eq!(app.count("select count(*) from bookings.appointment where status = 'completed'").await, 3);
    assert_eq!(app.count("select count(*) from bookings.appointment_transition").await, 6);
    nothing_is_wrong(&app, &["expire", "complete_unmarked"]).await;

    app.on("2026-12-20");
    works_off(&app, &mut cuts, "bookings.forget_old").await;
    app.on("2034-01-01");
    works_off(&app, &mut cuts, "bookings.destroy_expired").await;
    assert_eq!(app.count("select count(*) from bookings.appointment_party").await, 0);
    let registered = "select count(*) from bookings.destruction where record_class = 'booking'";
    assert_eq!(app.count(registered).await, 6);
    assert_eq!(app.told("booking_destroyed").await.len(), 6);
}

#[tokio::test]
async fn an_offer_that_is_cut_off_is_made_once_afterwards() {
    let app = App::new().await;
    let mut gives_up = app.browser();
    let given_up = app.book(&mut gives_up, monday(10, 0)).await;
    let mut waiting = Vec::new();
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    for account in [1, 2] {
        let patient_id = Some(PatientId(Uuid::from_u128(0xF0 + account)));
        let mut member = signed_in(&app, &Claims { patient_id, ..claims(&app, account) }).await;
        let key = Some(app.key());
        let body = json!({
            "practitioner_role_id": ROLE, "appointment_type_id": LONG,
            "wishes":
                {"weekdays": 1, "from": "10:00:00", "until": "10:05:00", "first": MONDAY, "last": MONDAY},
        });
        let body = body.to_string();
        let joined: WaitlistEntry =
            once(&mut cuts, &mut member, || post(WAITLIST, key, body.clone())).await.read();
        waiting.push((member, joined));
        app.advance(minutes(1));
    }
    gives_up.cancel(given_up.appointment_id, 1).await;
    works_off(&app, &mut cuts, "bookings.offer_times").await;
    assert_eq!(app.count("select count(*) from bookings.waitlist_offer where status = 'open'").await, 1);
    assert_eq!(app.count("select count(*) from bookings.hold where status = 'active'").await, 1);
    assert_eq!(app.told("time_offered").await.len(), 1);

    // The first one leaves, which lets the time go to the second.
    let (member, joined) = &mut waiting[0];
    let path = format!("{WAITLIST}/{}", joined.waitlist_entry_id);
    once(&mut cuts, member, || Request::delete(&path).body(Body::empty()).unwrap()).await;
    works_off(&app, &mut cuts, "bookings.offer_times").await;
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    assert_eq!(app.told("time_offered").await.len(), 2);
    nothing_is_wrong(&app, &["cancel_by_patient"]).await;
}
