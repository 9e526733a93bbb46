use jiff::{ToSpan, civil::date};
use shared_types::{PractitionerRoleId, Zone, bookings::FreeTimes};
use uuid::Uuid;

use crate::app::{
    App, ELSEWHERE, IMPORTED, LONG, LONG_ELSEWHERE, MONDAY, ROLE, Reply, SHORT, minutes, monday, wall,
};

async fn ask(app: &App, role: PractitionerRoleId, query: &str) -> Reply {
    app.browser().get(&format!("/api/v1/bookings/roles/{role}/free-times?{query}")).await
}

async fn times(app: &App, query: &str) -> FreeTimes {
    ask(app, ROLE, query).await.read()
}

#[tokio::test]
async fn two_weeks_are_shown_by_default() {
    let app = App::new().await;
    let times = times(&app, &format!("appointment_type={LONG}")).await;
    assert_eq!((times.from, times.to), (date(2026, 11, 22), date(2026, 12, 5)));
    assert_eq!((times.as_of, times.time_zone), (app.core.now(), Zone::SYDNEY));
    // Ten weekdays, each from nine to half past four by the quarter.
    assert_eq!(times.starts.len(), 10 * 31);
    assert!(times.starts.is_sorted());
    assert_eq!(times.starts[0], monday(9, 0));
    assert_eq!(times.next, Some(wall(date(2026, 12, 7), 9, 0)));
}

#[tokio::test]
async fn what_is_taken_at_any_of_the_practices_is_left_out() {
    let app = App::new().await;
    let mut browser = app.browser();
    app.book(&mut browser, monday(10, 0)).await;
    let free = app.free_on(ELSEWHERE, LONG_ELSEWHERE, MONDAY).await;
    for (start, expected) in [
        (monday(9, 30), true),
        (monday(9, 45), false),
        (monday(10, 0), false),
        (monday(10, 15), false),
        (monday(10, 30), true),
    ] {
        assert_eq!(free.contains(&start), expected, "{start}");
    }
    // The short one needs five minutes before it and ten after.
    let free = app.free_on(ROLE, SHORT, MONDAY).await;
    for (start, expected) in
        [(monday(9, 30), true), (monday(9, 45), false), (monday(10, 30), false), (monday(10, 45), true)]
    {
        assert_eq!(free.contains(&start), expected, "{start}");
    }
}

#[tokio::test]
async fn the_next_free_time_after_a_full_span_is_named() {
    let app = App::new().await;
    let saturday = date(2026, 11, 28);
    let weekend =
        times(&app, &format!("appointment_type={LONG}&from={saturday}&to={}", saturday + 1.days())).await;
    assert_eq!((weekend.starts.len(), weekend.next), (0, Some(wall(date(2026, 11, 30), 9, 0))));
    let last = date(2026, 11, 22) + 60.days();
    let after = times(&app, &format!("appointment_type={LONG}&from={last}&to={last}")).await;
    assert_eq!((after.starts.len(), after.next), (31, None));
}

#[tokio::test]
async fn days_that_are_over_are_not_asked_about() {
    let app = App::new().await;
    let times = times(&app, &format!("appointment_type={LONG}&from=2020-01-01&to={MONDAY}")).await;
    assert_eq!((times.from, times.starts.len()), (date(2026, 11, 22), 31));
}

#[tokio::test]
async fn closed_days_are_left_out() {
    let app = App::new().await;
    bookings::holidays::load(&mut app.database.connect("bookings_migrate").await).await.unwrap();
    app.change(
        "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, last_date, opens, closes) \
         select gen_random_uuid(), '00000000-0000-0000-0000-000000000011', kind, day, day, opens, closes \
         from (values ('leave', date '2026-11-24', null::time, null::time), ('extra_hours', '2026-11-28', '09:00', '10:00')) \
             as given (kind, day, opens, closes)",
    )
    .await;
    for (day, expected) in [
        (MONDAY, 31),
        (date(2026, 11, 24), 0),
        (date(2026, 11, 28), 3),
        (date(2026, 12, 25), 0),
        (date(2026, 12, 24), 31),
    ] {
        assert_eq!(app.free_on(ROLE, LONG, day).await.len(), expected, "{day}");
    }
    app.change("update bookings.schedule set opens_on_holidays = true").await;
    assert_eq!(app.free_on(ROLE, LONG, date(2026, 12, 25)).await.len(), 31);
}

#[tokio::test]
async fn held_times_come_back_when_the_hold_ends() {
    let app = App::new().await;
    app.hold(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(app.free_on(ROLE, LONG, MONDAY).await.len(), 28);
    app.advance(minutes(10));
    assert_eq!(app.free_on(ROLE, LONG, MONDAY).await.len(), 31);
}

#[tokio::test]
async fn a_role_that_takes_no_bookings_has_no_times() {
    let app = App::new().await;
    app.change("update bookings.role set bookable = false where practitioner_role_id = '00000000-0000-0000-0000-000000000011'")
        .await;
    let times = times(&app, &format!("appointment_type={LONG}")).await;
    assert_eq!((times.starts.len(), times.next), (0, None));
}

#[tokio::test]
async fn what_nobody_offers_is_not_found() {
    let app = App::new().await;
    for (role, of) in
        [(ROLE, LONG_ELSEWHERE), (IMPORTED, LONG), (PractitionerRoleId(Uuid::from_u128(9)), LONG)]
    {
        ask(&app, role, &format!("appointment_type={of}")).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn spans_that_make_no_sense_are_refused_by_name() {
    let app = App::new().await;
    for query in ["&from=2026-12-02&to=2026-12-01", "&to=2026-11-21", "&from=2026-12-01&to=2027-01-26"] {
        let problem =
            ask(&app, ROLE, &format!("appointment_type={LONG}{query}")).await.problem(422, "invalid");
        assert_eq!(problem.errors[0].pointer, "to", "{query}");
    }
    assert_eq!(
        ask(&app, ROLE, &format!("appointment_type={LONG}&from=2026-12-01&to=2027-01-25")).await.status,
        200
    );
    for query in ["&from=9999-12-30&to=9999-12-31", "&from=-009999-01-01"] {
        assert_eq!(ask(&app, ROLE, &format!("appointment_type={LONG}{query}")).await.status, 200, "{query}");
    }
}

#[tokio::test]
async fn unreadable_questions_come_back_as_problems() {
    let app = App::new().await;
    for query in ["", "appointment_type=x", &format!("appointment_type={LONG}&from=tomorrow")] {
        ask(&app, ROLE, query).await.problem(400, "unreadable");
    }
    let reply =
        app.browser().get(&format!("/api/v1/bookings/roles/x/free-times?appointment_type={LONG}")).await;
    reply.problem(400, "unreadable");
}
