use std::collections::BTreeSet;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
};
use shared_types::{
    AppointmentTypeId, PractitionerRoleId, Zone,
    bookings::{Busy, FreeTimes, RoleAvailability},
};
use uuid::Uuid;

use crate::app::{
    App, COLLEAGUE, ELSEWHERE, IMPORTED, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, MONDAY, ROLE, Reply, SHORT,
    minutes, monday, wall,
};

async fn ask(app: &App, role: PractitionerRoleId, query: &str) -> Reply {
    app.browser().get(&format!("/api/v1/bookings/roles/{role}/availability?{query}")).await
}

async fn availability(app: &App, query: &str) -> RoleAvailability {
    ask(app, ROLE, query).await.read()
}

/// What is told to be taken on [`MONDAY`].
async fn taken(app: &App, role: PractitionerRoleId, of: AppointmentTypeId) -> Vec<Busy> {
    let reply = ask(app, role, &format!("appointment_type={of}&from={MONDAY}&to={MONDAY}")).await;
    reply.read::<RoleAvailability>().busy
}

#[tokio::test]
async fn four_weeks_are_told_by_default() {
    let app = App::new().await;
    let told = availability(&app, &format!("appointment_type={LONG}")).await;
    assert_eq!((told.practitioner_role_id, told.appointment_type_id), (ROLE, LONG));
    assert_eq!((told.from, told.to), (date(2026, 11, 22), date(2026, 12, 19)));
    assert_eq!((told.as_of, told.availability.zone), (app.core.now(), Zone::SYDNEY));
    assert_eq!((told.availability.rules.len(), told.busy.len()), (1, 0));
    // Twenty weekdays, each from nine to half past four by the quarter.
    assert_eq!(told.free_times(told.from, told.to).len(), 20 * 31);
    assert_eq!(told.next, Some(wall(date(2026, 12, 21), 9, 0)));
}

#[tokio::test]
async fn what_is_taken_is_told_without_whose_and_only_by_the_starts_it_takes() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let reply = ask(&app, ROLE, &format!("appointment_type={LONG}")).await;
    let keys: BTreeSet<_> = reply.body["busy"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["end", "start"].map(str::to_owned).into());
    assert_eq!(taken(&app, ROLE, LONG).await, [Busy { start: monday(10, 0), end: monday(10, 30) }]);
    assert_eq!(
        taken(&app, ELSEWHERE, LONG_ELSEWHERE).await,
        [Busy { start: monday(10, 0), end: monday(10, 30) }]
    );
    // The short one, with five minutes before and ten after, is free at half past nine and at a quarter to eleven.
    assert_eq!(taken(&app, ROLE, SHORT).await, [Busy { start: monday(9, 55), end: monday(10, 40) }]);
    assert_eq!(taken(&app, COLLEAGUE, LONG_COLLEAGUE).await, []);
}

#[tokio::test]
async fn what_is_taken_out_of_hours_is_nobodys_business() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    app.change(
        "update bookings.availability_rule set opens = '14:00' \
         where practitioner_role_id = '00000000-0000-0000-0000-000000000012'",
    )
    .await;
    assert_eq!(taken(&app, ELSEWHERE, LONG_ELSEWHERE).await, []);
    // Nor what is taken on a day off.
    app.change(
        "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, last_date) \
         values (gen_random_uuid(), '00000000-0000-0000-0000-000000000011', 'leave', '2026-11-01', '2027-02-01')",
    )
    .await;
    let told = availability(&app, &format!("appointment_type={LONG}&to={MONDAY}")).await;
    assert_eq!(told.busy, []);
    // How long the leave is, too, is told only as far as was asked.
    let closure = told.availability.closures[0];
    assert_eq!((closure.first, closure.last), (date(2026, 11, 22), MONDAY));
}

#[tokio::test]
async fn held_times_come_back_when_the_hold_ends() {
    let app = App::new().await;
    app.hold(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(taken(&app, ROLE, LONG).await.len(), 1);
    app.advance(minutes(10));
    assert_eq!(taken(&app, ROLE, LONG).await, []);
}

#[tokio::test]
async fn a_role_that_takes_no_bookings_tells_nothing() {
    let app = App::new().await;
    app.change("update bookings.role set bookable = false where practitioner_role_id = '00000000-0000-0000-0000-000000000011'")
        .await;
    let told = availability(&app, &format!("appointment_type={LONG}")).await;
    assert_eq!((told.offering, told.next), (None, None));
    assert_eq!((told.availability.rules.len(), told.busy.len()), (0, 0));
    assert_eq!(told.free_times(told.from, told.to), []);
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
    for query in ["&from=2026-12-01&to=2027-01-25", "&from=9999-12-30&to=9999-12-31", "&from=-009999-01-01"] {
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
        app.browser().get(&format!("/api/v1/bookings/roles/x/availability?appointment_type={LONG}")).await;
    reply.problem(400, "unreadable");
}

/// Every type that can be booked, with its role.
const OFFERED: [(PractitionerRoleId, AppointmentTypeId); 4] =
    [(ROLE, LONG), (ROLE, SHORT), (ELSEWHERE, LONG_ELSEWHERE), (COLLEAGUE, LONG_COLLEAGUE)];

/// Days from today on, around both changes of the clock, and over the horizon.
const SPANS: [(Date, Date); 5] = [
    (date(2026, 11, 22), date(2027, 1, 16)),
    (date(2027, 4, 4), date(2027, 4, 4)),
    (date(2027, 3, 29), date(2027, 4, 11)),
    (date(2027, 9, 27), date(2027, 10, 10)),
    (date(2027, 11, 15), date(2027, 12, 5)),
];

#[tokio::test]
async fn a_browser_that_works_the_free_times_out_finds_what_the_service_lists() {
    let app = App::new().await;
    // Open day and night, so that clocks change in open hours and buffers reach over midnight.
    for change in [
        "update bookings.schedule set horizon_days = 365, opens_on_holidays = false",
        "update bookings.availability_rule set weekdays = 127, opens = '00:00', closes = '23:59'",
        "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, last_date, opens, closes) \
         select gen_random_uuid(), practitioner_role_id, kind, day, day, opens, closes from bookings.schedule, \
         (values ('leave', date '2027-04-01', null::time, null::time), ('extra_hours', '2027-04-05', '18:00', '19:10')) \
             as given (kind, day, opens, closes)",
    ] {
        app.change(change).await;
    }
    bookings::holidays::load(&mut app.database.connect("bookings_migrate").await).await.unwrap();
    hold_some_of_everything(&app).await;
    let (mut told, mut spans_with_taken) = (0, BTreeSet::new());
    for change in [
        "update bookings.role set time_zone = 'Australia/Sydney'",
        "update bookings.role set time_zone = 'Australia/Lord_Howe' where practitioner_role_id <> '00000000-0000-0000-0000-000000000011'",
        "update bookings.role set time_zone = 'Australia/Adelaide'",
        "update bookings.role set time_zone = 'Australia/Perth' where practitioner_role_id = '00000000-0000-0000-0000-000000000012'",
    ] {
        app.change(change).await;
        for ((role, of), (from, to)) in OFFERED.into_iter().flat_map(|of| SPANS.map(|span| (of, span))) {
            let availability = same_as_listed(&app, role, of, from, to).await;
            told += availability.free_times(from, to).len();
            if !availability.busy.is_empty() {
                spans_with_taken.insert(from);
            }
        }
    }
    assert!(told > 10_000, "{told}");
    assert_eq!(spans_with_taken.len(), SPANS.len(), "something is taken in each: {spans_with_taken:?}");
}

/// Asks for both, and works one out from the other: all of it, and from the third day on.
async fn same_as_listed(
    app: &App,
    role: PractitionerRoleId,
    of: AppointmentTypeId,
    from: Date,
    to: Date,
) -> RoleAvailability {
    let query = format!("appointment_type={of}&from={from}&to={to}");
    let told: RoleAvailability = ask(app, role, &query).await.read();
    let listed = app.browser().get(&format!("/api/v1/bookings/roles/{role}/free-times?{query}")).await;
    let listed: FreeTimes = listed.read();
    let zone = told.availability.zone;
    assert_eq!(told.free_times(from, to), listed.starts, "{query} in {zone}");
    assert_eq!((told.from, told.to, told.next), (listed.from, listed.to, listed.next), "{query} in {zone}");
    assert_eq!((zone, told.as_of), (listed.time_zone, listed.as_of));
    let later: Vec<Timestamp> =
        listed.starts.into_iter().filter(|start| zone.date(*start) >= from + 2.days()).collect();
    assert_eq!(told.free_times(from + 2.days(), to), later, "{query} in {zone}");
    told
}

/// Holds times of each type in each span, at any time of the day and night.
async fn hold_some_of_everything(app: &App) {
    for (role, of) in OFFERED {
        for (from, to) in SPANS {
            let query = format!("appointment_type={of}&from={from}&to={to}");
            let path = format!("/api/v1/bookings/roles/{role}/free-times?{query}");
            let starts = app.browser().get(&path).await.read::<FreeTimes>().starts;
            for start in starts.into_iter().step_by(97).take(12) {
                let reply = app.browser().hold(app.key(), role, of, start).await;
                assert_eq!(reply.status, 201, "{}", reply.body);
            }
        }
    }
}
