//! What practices offer: hours, notice, buffers, and who takes bookings at all.

use axum::http::header;
use jiff::{Timestamp, ToSpan, civil::date};
use serde_json::json;
use shared_types::{AppointmentTypeId, PractitionerRoleId};
use uuid::Uuid;

use super::{PATH, check};
use crate::app::{
    App, COLLEAGUE, ELSEWHERE, IMPORTED, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, MONDAY, ROLE, SHORT, monday,
    wall,
};

#[tokio::test]
async fn times_outside_the_rules_are_refused() {
    let app = App::new().await;
    app.change(
        "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, last_date) \
         values (gen_random_uuid(), '00000000-0000-0000-0000-000000000011', 'leave', '2026-12-01', '2026-12-02')",
    )
    .await;
    bookings::holidays::load(&mut app.database.connect("bookings_migrate").await).await.unwrap();
    let horizon = date(2026, 11, 22) + 60.days();
    for (what, start) in [
        ("yesterday", wall(date(2026, 11, 20), 10, 0)),
        ("Sunday", wall(date(2026, 11, 29), 10, 0)),
        ("before opening", monday(8, 45)),
        ("would end after closing", monday(16, 45)),
        ("off the grid", monday(10, 5)),
        ("off the grid by a second", monday(10, 0) + jiff::SignedDuration::from_secs(1)),
        ("off the grid by a microsecond", monday(10, 0) + jiff::SignedDuration::from_micros(1)),
        ("first day of leave", wall(date(2026, 12, 1), 9, 0)),
        ("last day of leave", wall(date(2026, 12, 2), 16, 30)),
        ("Christmas Day, a Friday", wall(date(2026, 12, 25), 10, 0)),
        ("a day beyond the horizon", wall(horizon + 1.days(), 10, 0)),
        ("years away", wall(date(2036, 11, 24), 10, 0)),
    ] {
        let reply = app.browser().hold(app.key(), ROLE, LONG, start).await;
        assert_eq!(reply.status, 409, "{what}: {}", reply.body);
        reply.problem(409, "time-taken");
        assert_eq!(reply.headers.get(header::SET_COOKIE), None, "{what}");
    }
    assert_eq!(app.count("select count(*) from bookings.hold").await, 0);
    assert_eq!(app.count("select count(*) from bookings.idempotency").await, 0);
    check(&app, ROLE, LONG, wall(date(2026, 12, 3), 9, 0), true).await;
    check(&app, ROLE, LONG, monday(16, 30), true).await;
    check(&app, ROLE, LONG, wall(horizon, 10, 0), true).await;
}

#[tokio::test]
async fn a_refusal_offers_the_six_nearest_times_in_order() {
    let app = App::new().await;
    check(&app, ROLE, LONG, monday(12, 0), true).await;
    let reply = app.browser().hold(app.key(), ROLE, LONG, monday(12, 0)).await;
    let nearest = [(11, 0), (11, 15), (11, 30), (12, 30), (12, 45), (13, 0)];
    let nearest = nearest.map(|(hour, minute)| monday(hour, minute));
    assert_eq!(reply.problem(409, "time-taken").alternatives, nearest);
}

#[tokio::test]
async fn notice_counts_to_the_minute_from_when_the_time_was_shown() {
    let app = App::new().await;
    app.advance_to(monday(9, 21));
    check(&app, ROLE, LONG, monday(10, 15), false).await;
    // Who looked at the page for five minutes still gets what it shows.
    app.advance_to(monday(9, 35));
    check(&app, ROLE, LONG, monday(10, 30), true).await;
}

#[tokio::test]
async fn instants_at_the_edges_of_time_are_refused_calmly() {
    let app = App::new().await;
    for start in [
        Timestamp::MIN.to_string(),
        Timestamp::MAX.to_string(),
        "-004800-01-01T00:00:00Z".to_owned(),
        "9999-12-30T00:00:00Z".to_owned(),
        "1969-12-31T23:59:59.999999999Z".to_owned(),
    ] {
        let body = json!({"practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": start});
        let reply = app.browser().post(PATH, Some(app.key()), &body).await;
        assert!(matches!(reply.status, 409 | 422), "{start}: {}", reply.body);
    }
}

#[tokio::test]
async fn buffers_add_up_and_are_never_shared() {
    let app = App::new().await;
    // Takes 9:55 to 10:25.
    check(&app, ROLE, SHORT, monday(10, 0), true).await;
    check(&app, ROLE, LONG, monday(9, 30), false).await;
    check(&app, ROLE, LONG, monday(10, 15), false).await;
    check(&app, ROLE, LONG, monday(9, 15), true).await;
    check(&app, ROLE, LONG, monday(10, 30), true).await;
    // Buffers of the one that comes later count as well: this one would need 11:55 to 12:25.
    check(&app, ROLE, LONG, monday(12, 30), true).await;
    check(&app, ROLE, SHORT, monday(12, 15), false).await;
    check(&app, ROLE, SHORT, monday(13, 0), false).await;
    check(&app, ROLE, SHORT, monday(13, 15), true).await;
    check(&app, ROLE, SHORT, monday(12, 0), true).await;
    // Between two short ones both buffers stand: 13:40 is where the one at 13:15 ends.
    check(&app, ROLE, SHORT, monday(13, 30), false).await;
    check(&app, ROLE, SHORT, monday(13, 45), true).await;
}

#[tokio::test]
async fn nobody_is_booked_at_two_practices_at_once() {
    let app = App::new().await;
    check(&app, ROLE, LONG, monday(10, 0), true).await;
    check(&app, ELSEWHERE, LONG_ELSEWHERE, monday(10, 0), false).await;
    check(&app, ELSEWHERE, LONG_ELSEWHERE, monday(9, 45), false).await;
    assert!(!app.free_on(ELSEWHERE, LONG_ELSEWHERE, MONDAY).await.contains(&monday(10, 0)));
    check(&app, ELSEWHERE, LONG_ELSEWHERE, monday(10, 30), true).await;
    check(&app, ROLE, LONG, monday(10, 30), false).await;
    check(&app, COLLEAGUE, LONG_COLLEAGUE, monday(10, 0), true).await;
}

#[tokio::test]
async fn what_nobody_offers_is_not_found() {
    let app = App::new().await;
    app.change("update bookings.appointment_type set active = false where appointment_type_id = '00000000-0000-0000-0000-000000000024'")
        .await;
    for (role, of) in [
        (PractitionerRoleId(Uuid::from_u128(0x99)), LONG),
        (ROLE, AppointmentTypeId(Uuid::from_u128(0x99))),
        (ROLE, LONG_ELSEWHERE),
        (IMPORTED, LONG),
        (COLLEAGUE, LONG_COLLEAGUE),
    ] {
        app.browser().hold(app.key(), role, of, monday(10, 0)).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_role_that_stopped_taking_bookings_says_so() {
    let app = App::new().await;
    app.change("update bookings.role set bookable = false where practitioner_role_id = '00000000-0000-0000-0000-000000000011'")
        .await;
    app.browser().hold(app.key(), ROLE, LONG, monday(10, 0)).await.problem(409, "not-bookable");
}
