//! What is booked outside of somebody's hours: told before they are set, and for as long as it is so. And who keeps them.

use serde_json::{Value, json};
use shared_types::{
    bookings::schedule::{OutsideHours, RoleSchedule, SchedulePut},
    users::StaffRole,
};
use uuid::Uuid;

use super::{
    at_practice, desk,
    schedule::{of_role, put, schedule},
    staff,
};
use crate::app::{App, Browser, ELSEWHERE, LONG, MONDAY, ROLE, monday};

const OUTSIDE: &str = "schedule/outside";

async fn listed(app: &App) -> OutsideHours {
    let reply = desk(app).await.get(&of_role(OUTSIDE)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

async fn checked(browser: &mut Browser, wanted: &Value) -> OutsideHours {
    let reply = browser.post(&of_role(OUTSIDE), None, wanted).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

/// The hours as they are, but until another time on each day.
async fn until(app: &App, closes: &str) -> Value {
    let mut wanted = schedule(app).await;
    wanted["rules"][0]["rule"]["closes"] = json!(closes);
    wanted
}

#[tokio::test]
async fn before_hours_are_set_it_is_told_what_would_lie_outside_and_nothing_changes() {
    let app = App::new().await;
    let morning = app.book(&mut app.browser(), monday(10, 0)).await;
    let afternoon = app.book(&mut app.browser(), monday(15, 0)).await;
    let mut manager = staff(&app, StaffRole::Manager).await;
    let noon = until(&app, "12:00:00").await;
    let would = checked(&mut manager, &noon).await;
    let [visit] = would.items.as_slice() else { panic!("{would:?}") };
    assert_eq!((would.count, visit.booking_id), (1, afternoon.booking_id));
    assert_eq!(
        (visit.appointment.appointment_id, visit.appointment.start),
        (afternoon.appointment_id, monday(15, 0))
    );
    assert!(visit.name.expose().starts_with("Ada Nguyen"), "{:?}", visit.name.expose());
    assert_eq!(visit.preferred_name.as_ref().map(|name| name.expose().as_str()), Some("Ada"));
    let read: RoleSchedule = manager.get(&of_role("schedule")).await.read();
    assert_eq!(read.schedule.version, 1, "nothing was set");
    assert!(app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(16, 0)));
    let written = "select count(*) from bookings.audit_entry entry \
         join bookings.appointment on entry.resource_id = appointment.booking_id::text \
         where entry.action = 'check_outside' and entry.outcome = 'allowed' and starts_at = '2026-11-23T04:00:00Z'";
    assert_eq!(app.count(written).await, 1, "who was shown is written down");
    let all = "select count(*) from bookings.audit_entry where action = 'check_outside'";
    assert_eq!(app.count(all).await, 1, "and nobody else");

    // What lies outside already is not what the change would do.
    assert_eq!(put(&mut manager, &of_role("schedule"), &noon).await.status, 200);
    let would = checked(&mut manager, &until(&app, "10:00:00").await).await;
    let named: Vec<_> = would.items.iter().map(|one| one.booking_id).collect();
    assert_eq!(named, [morning.booking_id]);
    // Leave is a change of hours like another one.
    let mut away = schedule(&app).await;
    away["leave"] = json!([{"first": "2026-11-23", "last": "2026-11-23"}]);
    assert_eq!(checked(&mut manager, &away).await.count, 1);
    // So is a part of a day; what begins when it ends does not lie in it.
    for (until, lies_outside) in [("10:00:00", 0), ("10:15:00", 1)] {
        away["leave"] =
            json!([{"first": "2026-11-23", "last": "2026-11-23", "from": "09:30:00", "until": until}]);
        assert_eq!(checked(&mut manager, &away).await.count, lies_outside, "{until}");
    }
    assert_eq!(checked(&mut manager, &noon).await.count, 0);
}

#[tokio::test]
async fn only_who_may_set_hours_is_told_what_they_would_do_and_only_of_hours_that_can_be_set() {
    let app = App::new().await;
    let mut wanted = until(&app, "12:00:00").await;
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    practitioner.post(&of_role(OUTSIDE), None, &wanted).await.problem(403, "not-allowed");
    let denied =
        "select count(*) from bookings.audit_entry where action = 'check_outside' and outcome = 'denied'";
    assert_eq!(app.count(denied).await, 1);
    desk(&app).await.post(&of_role(OUTSIDE), None, &wanted).await.problem(403, "not-allowed");
    let mut manager = staff(&app, StaffRole::Manager).await;
    let elsewhere = at_practice(&format!("roles/{ELSEWHERE}/{OUTSIDE}"));
    manager.post(&elsewhere, None, &wanted).await.problem(404, "not-found");
    manager.get(&elsewhere).await.problem(404, "not-found");
    wanted["rules"][0]["rule"]["closes"] = json!("08:00:00");
    let wrong = manager.post(&of_role(OUTSIDE), None, &wanted).await.problem(422, "invalid");
    assert_eq!(wrong.errors[0].pointer, "/rules/0/rule/closes");
}

#[tokio::test]
async fn what_lies_outside_is_listed_for_as_long_as_it_does() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let outside = app.book(&mut app.browser(), monday(15, 0)).await;
    assert_eq!(listed(&app).await, OutsideHours { items: Vec::new(), count: 0 });
    let mut manager = staff(&app, StaffRole::Manager).await;
    let noon = until(&app, "12:00:00").await;
    assert_eq!(put(&mut manager, &of_role("schedule"), &noon).await.status, 200);
    // However often it is asked: by the desk, too, which moves it.
    for _ in 0..2 {
        let now = listed(&app).await;
        let named: Vec<_> = now.items.iter().map(|one| one.booking_id).collect();
        assert_eq!((now.count, named), (1, vec![outside.booking_id]));
    }
    let reschedule = at_practice(&format!("appointments/{}/reschedule", outside.appointment_id));
    let earlier = json!({"version": outside.version, "start": monday(11, 0), "end": monday(11, 30)});
    let moved = desk(&app).await.post(&reschedule, Some(app.key()), &earlier).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    assert_eq!(listed(&app).await.count, 0);
}

#[tokio::test]
async fn what_is_no_longer_offered_lies_outside_only_where_nobody_is_there() {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    app.change("update bookings.appointment_type set active = false where name = 'Standard consultation'")
        .await;
    assert_eq!(listed(&app).await.count, 0);
    app.change(
        "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, \
         last_date) values (gen_random_uuid(), '00000000-0000-0000-0000-000000000011', 'leave', '2026-11-23', '2026-11-23')",
    )
    .await;
    assert_eq!(listed(&app).await.count, 1);
}

#[tokio::test]
async fn who_comes_to_the_practice_lies_outside_of_hours_in_which_nobody_is_there() {
    for (audience, seen) in
        [("telehealth", r#"{"telehealth": true}"#), ("home_visit", r#"{"home_visit": true}"#)]
    {
        let app = App::new().await;
        let comes = app.book(&mut app.browser(), monday(10, 0)).await;
        let stays = app.book(&mut app.browser(), monday(15, 0)).await;
        sqlx::query(
            "update bookings.appointment set appointment_type = appointment_type || $1::jsonb where appointment_id = $2",
        )
        .bind(seen)
        .bind(stays.appointment_id.0)
        .execute(&mut app.administrator().await)
        .await
        .unwrap();
        let mut wanted = schedule(&app).await;
        for rule in wanted["rules"].as_array_mut().unwrap() {
            rule["rule"]["audience"] = json!(audience);
        }
        let mut manager = staff(&app, StaffRole::Manager).await;
        let would = checked(&mut manager, &wanted).await;
        let named: Vec<_> = would.items.iter().map(|one| one.booking_id).collect();
        assert_eq!(named, [comes.booking_id], "before they are {audience}");
        let set: SchedulePut = put(&mut manager, &of_role("schedule"), &wanted).await.read();
        let named: Vec<_> = set.outside.iter().map(|one| one.appointment_id).collect();
        assert_eq!(named, [comes.appointment_id], "once they are {audience}");
        let named: Vec<_> = listed(&app).await.items.iter().map(|one| one.booking_id).collect();
        assert_eq!(named, [comes.booking_id], "for as long as they are {audience}");
        // Whoever is booked may have been there before: hours for new patients put nobody out.
        wanted["version"] = json!(2);
        for rule in wanted["rules"].as_array_mut().unwrap() {
            rule["rule"]["audience"] = json!("new");
        }
        assert_eq!(checked(&mut manager, &wanted).await.count, 0);
        assert_eq!(put(&mut manager, &of_role("schedule"), &wanted).await.status, 200);
        assert_eq!(listed(&app).await.count, 0);
    }
}

#[tokio::test]
async fn who_keeps_a_schedule_is_said_with_it() {
    let app = App::new().await;
    let mut owner = staff(&app, StaffRole::Owner).await;
    let keeper = Uuid::from_u128(50);
    for given in [Some(keeper), None] {
        let reply = put(&mut owner, &of_role("keeper"), &json!({"account_id": given})).await;
        assert_eq!(reply.status, 204, "{}", reply.body);
        let read: RoleSchedule = owner.get(&of_role("schedule")).await.read();
        assert_eq!(read.keeper.map(|account| account.0), given);
    }
}
