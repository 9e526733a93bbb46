//! What ends by itself, each kind by a job of its own: a hold, a request, a booking that nobody paid for, a proposal, and a time that
//! was offered to somebody who waits. The program goes by the machine's clock, and nobody is offered a time at night, so it is the end
//! of an offer that it is killed at here, whatever the hour.

use jiff::SignedDuration;
use kernel::Clock;
use serde_json::json;
use shared_types::{
    Zone,
    bookings::{Hold, proposal::Proposal, waitlist::WaitlistEntry},
    users::StaffRole,
};

use super::{BEFORE, COMMITTING, Outage};
use crate::{
    app::{App, COLLEAGUE, LONG, LONG_COLLEAGUE, ROLE, wall},
    members::{ada, signed_in},
    practice::{at_practice, staff},
};

/// What is left to end; a proposal and an offer have each a hold of its own.
const LEFT: &str = "select (select count(*) from bookings.hold where status = 'active')
    + (select count(*) from bookings.appointment where status in ('requested', 'awaiting_payment'))
    + (select count(*) from bookings.proposal where status = 'open')
    + (select count(*) from bookings.waitlist_offer where status = 'open')";

/// What there is once everything has ended.
const ENDED: [(&str, i64); 10] = [
    ("select count(*) from bookings.appointment where status = 'expired'", 2),
    ("select count(*) from bookings.appointment_transition where step = 'expire'", 1),
    ("select count(*) from bookings.appointment_transition where step = 'give_up'", 1),
    ("select count(*) from bookings.audit_entry where action = 'expire_appointment'", 1),
    ("select count(*) from bookings.audit_entry where action = 'give_up_appointment'", 1),
    ("select count(*) from bookings.outbox where name = 'appointment_cancelled'", 2),
    ("select count(*) from bookings.outbox where name = 'time_not_taken'", 1),
    ("select count(*) from bookings.waitlist_offer where status = 'lapsed'", 1),
    ("select count(*) from bookings.waitlist_entry where status = 'waiting'", 1),
    // That of the appointment which stands.
    ("select count(*) from bookings.reservation", 1),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_nobody_answered_or_paid_for_ends_once_when_the_program_is_killed() {
    // A noon so long ago that even the longest of the deadlines, two days, is over by now.
    let day = Zone::SYDNEY.date(Clock::System.now() - SignedDuration::from_hours(50));
    let mut outage = Outage::at(wall(day.yesterday().unwrap(), 12, 0)).await;
    let [stands, proposed, offered, unpaid] = outage.free_after(SignedDuration::from_hours(100)).await;
    let app = &outage.app;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true \
         where appointment_type_id = '00000000-0000-0000-0000-000000000024'",
    )
    .await;
    let mut patient = app.browser();
    let asked: Hold = patient.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, stands).await.read();
    app.confirm(&mut patient, &asked).await;

    let booked = app.book(&mut app.browser(), stands).await;
    let mut owner = staff(app, StaffRole::Owner).await;
    let path = at_practice(&format!("appointments/{}/proposal", booked.appointment_id));
    let reply = owner.post(&path, None, &json!({"version": 1, "start": proposed})).await;
    reply.read::<Proposal>();

    let mut holding = app.browser();
    let held = app.hold(&mut holding, offered).await;
    let (date, time) = (Zone::SYDNEY.date(offered), Zone::SYDNEY.time(offered));
    let body = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG,
        "wishes": {"weekdays": 127, "from": time, "until": time, "first": date, "last": date},
    });
    let mut waiting = signed_in(app, &ada(app)).await;
    let reply = waiting.post("/api/v1/bookings/me/waitlist", Some(app.key()), &body).await;
    reply.read::<WaitlistEntry>();
    assert_eq!(holding.release(&held).await.status, 204);
    assert_eq!(app.run("bookings.offer_times").await, 1);

    app.collects_after_visits().await;
    app.awaiting(&mut app.browser(), unpaid).await;

    let mut left = app.count(LEFT).await;
    assert_eq!(left, 6);
    // All five jobs are about it at once.
    outage.dies_at(BEFORE, 5, async |outage: &mut Outage| outage.start().await).await;
    assert_eq!(outage.app.count(LEFT).await, left, "nothing was committed");
    // Who frees time of the same practitioner waits for who does already: each time, some of it is committed.
    while left > 0 {
        outage.dies_at(COMMITTING, 1, async |outage: &mut Outage| outage.start().await).await;
        let still = outage.app.count(LEFT).await;
        assert!(still < left, "what was committing is committed: {still} of {left}");
        left = still;
    }
    all_has_ended(&outage.app).await;
    outage.start().await;
    let program = outage.program.take().unwrap();
    program.is_ready().await;
    assert!(program.end().await.success());
    all_has_ended(&outage.app).await;
}

/// Each once.
async fn all_has_ended(app: &App) {
    for (what, count) in ENDED {
        assert_eq!(app.count(what).await, count, "{what}");
    }
}
