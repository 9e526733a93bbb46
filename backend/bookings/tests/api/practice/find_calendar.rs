use serde_json::json;
use shared_types::{
    bookings::{
        AppointmentStatus,
        practice::{PracticeCalendar, PracticeRoles, RoleCalendar, TakenBy},
    },
    users::StaffRole,
};

use super::{at_practice, desk, staff};
use crate::app::{App, COLLEAGUE, ELSEWHERE, IMPORTED, LONG_ELSEWHERE, ORGANIZATION, ROLE, minutes, monday};

const DAY: &str = "calendar?from=2026-11-23&to=2026-11-23";

fn column(calendar: &PracticeCalendar, role: shared_types::PractitionerRoleId) -> &RoleCalendar {
    calendar.roles.iter().find(|column| column.practitioner_role_id == role).unwrap()
}

#[tokio::test]
async fn a_day_shows_what_is_open_booked_held_and_taken_elsewhere() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let hold = app.hold(&mut app.browser(), monday(11, 0)).await;
    let mut elsewhere = app.browser();
    elsewhere.hold(app.key(), ELSEWHERE, LONG_ELSEWHERE, monday(14, 0)).await;
    let calendar = app.calendar("2026-11-23").await;
    let ids: Vec<_> = calendar.roles.iter().map(|column| column.practitioner_role_id).collect();
    assert_eq!(ids, [IMPORTED, COLLEAGUE, ROLE], "in order of their names, and nobody of another practice");
    let day = column(&calendar, ROLE);
    assert_eq!((day.open[0].start, day.open[0].end), (monday(9, 0), monday(17, 0)));
    let [appointment] = day.appointments.as_slice() else { panic!("{day:?}") };
    assert_eq!(appointment.appointment_id, booked.appointment_id);
    assert_eq!(appointment.takes, Some((monday(10, 0), monday(10, 30))));
    assert!(appointment.may_reschedule && !appointment.fitted_in);
    let taken: Vec<_> = day.taken.iter().map(|span| (span.start, span.by)).collect();
    let held = TakenBy::Held { until: hold.expires_at };
    assert_eq!(taken, [(monday(11, 0), held), (monday(14, 0), TakenBy::Elsewhere)]);
    assert!(column(&calendar, COLLEAGUE).taken.is_empty());
    app.advance(minutes(10));
    assert!(column(&app.calendar("2026-11-23").await, ROLE).taken.is_empty(), "holds lapse by the clock");
}

#[tokio::test]
async fn leave_and_holidays_close_days_and_say_which_they_are() {
    let app = App::new().await;
    app.change(
        "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, \
         last_date) values (gen_random_uuid(), '00000000-0000-0000-0000-000000000011', 'leave', '2026-11-24', '2026-11-25')",
    )
    .await;
    app.change("insert into bookings.holiday (scope, date, name, source) values ('NSW', '2026-11-26', 'A day', 'test')")
        .await;
    let path = at_practice(&format!("calendar?from=2026-11-23&to=2026-11-29&roles={ROLE}"));
    let calendar: PracticeCalendar = desk(&app).await.get(&path).await.read();
    assert_eq!(calendar.roles.len(), 1);
    let week = column(&calendar, ROLE);
    let closed: Vec<_> =
        week.closed.iter().map(|days| (days.first.to_string(), days.holiday.clone())).collect();
    assert_eq!(
        closed,
        [("2026-11-24".to_owned(), None), ("2026-11-26".to_owned(), Some("A day".to_owned()))]
    );
    assert_eq!(week.open.len(), 2, "Monday and Friday");
}

#[tokio::test]
async fn each_booking_that_is_read_is_written_down_and_so_is_an_empty_day() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    app.book(&mut app.browser(), monday(11, 0)).await;
    let looks = "select count(*) from bookings.audit_entry where action = 'find_calendar' and resource_kind = 'booking'";
    app.calendar("2026-11-23").await;
    assert_eq!(app.count(looks).await, 2);
    app.calendar("2026-11-24").await;
    assert_eq!(app.count(looks).await, 2);
    let empty = "select count(*) from bookings.audit_entry where action = 'find_calendar'";
    assert_eq!(app.count(empty).await, 3);
}

#[tokio::test]
async fn who_has_it_already_is_told_nothing_and_nobody_is_written_down_until_it_changes() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let first = app.calendar("2026-11-23").await;
    let looks = "select count(*) from bookings.audit_entry where action = 'find_calendar'";
    assert_eq!(app.count(looks).await, 1);
    let again = at_practice(&format!("{DAY}&unless={}", first.tag));
    app.advance(minutes(1));
    assert_eq!(desk(&app).await.get(&again).await.status, 204);
    assert_eq!(app.count(looks).await, 1);
    app.acts(booked.appointment_id, 1, json!({"action": "cancel", "reason": "other"})).await;
    let changed: PracticeCalendar = desk(&app).await.get(&again).await.read();
    assert_ne!(changed.tag, first.tag);
    assert_eq!(column(&changed, ROLE).appointments[0].status, AppointmentStatus::CancelledByProvider);
    assert_eq!(app.count(looks).await, 2);
    app.browser().get(&again).await.problem(401, "signed-out");
}

#[tokio::test]
async fn the_same_hours_have_the_same_tag_in_whatever_order_they_are_stored() {
    let app = App::new().await;
    app.change(
        "insert into bookings.availability_rule (availability_rule_id, practitioner_role_id, weekdays, opens, closes, audience) \
         select gen_random_uuid(), practitioner_role_id, weekdays, opens, closes, 'new' from bookings.availability_rule",
    )
    .await;
    let first = app.calendar("2026-11-23").await;
    assert_eq!(column(&first, ROLE).open.len(), 2);
    // Rows that are written anew lie behind the others.
    app.change("update bookings.availability_rule set audience = audience where audience = 'all'").await;
    assert_eq!(app.calendar("2026-11-23").await.tag, first.tag);
}

#[tokio::test]
async fn all_who_are_read_are_written_down_at_once_each_with_their_own_booking() {
    let app = App::new().await;
    let mut booked = Vec::new();
    for hour in [10, 11, 13] {
        let appointment = app.book(&mut app.browser(), monday(hour, 0)).await;
        booked.push(appointment.booking_id.to_string());
    }
    app.calendar("2026-11-23").await;
    // Rows of one statement have the same `cmin`.
    let written: Vec<(String, String)> = sqlx::query_as(
        "select resource_id, cmin::text from bookings.audit_entry where action = 'find_calendar' order by ctid",
    )
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap();
    let (subjects, statements): (Vec<_>, Vec<_>) = written.into_iter().unzip();
    assert_eq!(subjects, booked);
    assert!(statements.iter().all(|statement| *statement == statements[0]), "{statements:?}");
}

#[tokio::test]
async fn nobody_is_shown_who_cannot_be_written_down() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    app.book(&mut app.browser(), monday(11, 0)).await;
    sqlx::query("alter table bookings.audit_entry add constraint broken check (action <> 'find_calendar')")
        .execute(&mut app.administrator().await)
        .await
        .unwrap();
    let reply = desk(&app).await.get(&at_practice(DAY)).await;
    reply.problem(503, "not-recorded");
    assert!(!reply.body.to_string().contains(&booked.booking_id.to_string()));
    let looks = "select count(*) from bookings.audit_entry where action = 'find_calendar'";
    assert_eq!(app.count(looks).await, 0);
}

#[tokio::test]
async fn who_looks_after_money_only_does_not_read_the_calendar() {
    let app = App::new().await;
    let mut biller = staff(&app, StaffRole::Billing).await;
    biller.get(&at_practice(DAY)).await.problem(403, "not-allowed");
    app.browser().get(&at_practice(DAY)).await.problem(401, "signed-out");
    let mut desk = desk(&app).await;
    desk.get(&at_practice("calendar?from=2026-11-23&to=2027-01-03")).await.read::<PracticeCalendar>();
    desk.get(&at_practice("calendar?from=2026-11-23&to=2027-01-04")).await.problem(422, "invalid");
    desk.get(&at_practice("calendar?from=2026-11-24&to=2026-11-23")).await.problem(422, "invalid");
    desk.get(&at_practice(&format!("{DAY}&roles=x"))).await.problem(422, "invalid");
    desk.get(&at_practice(&format!("{DAY}&roles={ELSEWHERE}"))).await.problem(404, "not-found");
}

#[tokio::test]
async fn the_columns_are_the_practices_people_with_what_can_be_booked() {
    let app = App::new().await;
    let roles: PracticeRoles = desk(&app).await.get(&at_practice("roles")).await.read();
    let names: Vec<_> = roles.items.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, ["Bo Imported", "Cy Colleague", "Dr Ada Nguyen"], "of {ORGANIZATION}");
    let versions: Vec<_> = roles.items.iter().map(|role| role.schedule_version).collect();
    assert_eq!(versions, [None, Some(1), Some(1)]);
    assert_eq!(roles.items[2].appointment_types.len(), 2);
    assert!(roles.items.iter().all(|role| !role.may_edit), "the desk does not edit");
    let billing = staff(&app, StaffRole::Billing).await.get(&at_practice("roles")).await;
    assert_eq!(billing.read::<PracticeRoles>(), roles, "who says what is paid for a type finds it");
}
