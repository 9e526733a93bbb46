use std::sync::Arc;

use futures::future::join_all;
use serde_json::{Value, json};
use shared_types::{
    bookings::{
        AppointmentStatus, Busy, Hold, QuestionKind,
        practice::PracticeRoles,
        schedule::{RoleSchedule, RoleType, RoleTypes, SchedulePut},
    },
    users::StaffRole,
};
use uuid::Uuid;

use super::{at_practice, desk, staff};
use crate::app::{App, Browser, ELSEWHERE, IMPORTED, LONG, MONDAY, ROLE, SHORT, minutes, monday, wall};

pub fn of_role(rest: &str) -> String {
    at_practice(&format!("roles/{ROLE}/{rest}"))
}

pub async fn put(browser: &mut Browser, path: &str, body: &Value) -> crate::app::Reply {
    let request = axum::http::Request::put(path).header("content-type", "application/json");
    browser.send(request.body(axum::body::Body::from(body.to_string())).unwrap()).await
}

/// What is set, ready to be changed and sent back.
pub async fn schedule(app: &App) -> Value {
    let reply = desk(app).await.get(&of_role("schedule")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["schedule"].clone()
}

#[tokio::test]
async fn hours_change_for_what_is_booked_from_now_on_and_what_lies_outside_is_named() {
    let app = App::new().await;
    let stays = app.book(&mut app.browser(), monday(10, 0)).await;
    let outside = app.book(&mut app.browser(), monday(15, 0)).await;
    let mut wanted = schedule(&app).await;
    wanted["rules"][0]["rule"]["closes"] = json!("12:00:00");
    wanted["leave"] = json!([{"first": "2026-11-24", "last": "2026-11-24"}]);
    wanted["extra_hours"] =
        json!([{"date": "2026-11-28", "opens": "09:00:00", "closes": "10:00:00", "audience": "new"}]);
    let mut manager = staff(&app, StaffRole::Manager).await;
    let reply = put(&mut manager, &of_role("schedule"), &wanted).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let set: SchedulePut = reply.read();
    assert_eq!(set.schedule.schedule.version, 2);
    let named: Vec<_> = set.outside.iter().map(|one| one.appointment_id).collect();
    assert_eq!(named, [outside.appointment_id]);
    let still = "select count(*) from bookings.appointment where status = 'confirmed'";
    assert_eq!(app.count(still).await, 2, "nothing that is booked is touched");
    assert_eq!(app.free_on(ROLE, LONG, MONDAY).await.last(), Some(&monday(11, 30)));
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&stays.start));
    assert!(app.free_on(ROLE, LONG, jiff::civil::date(2026, 11, 24)).await.is_empty());
    let saturday = jiff::civil::date(2026, 11, 28);
    assert_eq!(app.free_on(ROLE, LONG, saturday).await[0], wall(saturday, 9, 0));
    // Who edits what they no longer see is told.
    put(&mut manager, &of_role("schedule"), &wanted).await.problem(409, "stale-version");
    let read: RoleSchedule = desk(&app).await.get(&of_role("schedule")).await.read();
    assert_eq!(read.schedule, set.schedule.schedule);
}

#[tokio::test]
async fn hours_may_be_for_one_kind_of_visit_only() {
    let app = App::new().await;
    let mut wanted = schedule(&app).await;
    wanted["rules"][0]["only"] = json!([SHORT]);
    let mut owner = staff(&app, StaffRole::Owner).await;
    let reply = put(&mut owner, &of_role("schedule"), &wanted).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
    assert!(!app.free_on(ROLE, SHORT, MONDAY).await.is_empty());
    let mut browser = app.browser();
    browser.hold(app.key(), ROLE, LONG, monday(10, 0)).await.problem(409, "time-taken");
    wanted["version"] = json!(2);
    wanted["rules"][0]["only"] = json!([Uuid::from_u128(9)]);
    let wrong = put(&mut owner, &of_role("schedule"), &wanted).await.problem(422, "invalid");
    assert_eq!(wrong.errors[0].pointer, "/rules/0/only");
}

#[tokio::test]
async fn hours_may_be_for_video_and_phone_only() {
    let app = App::new().await;
    let mut wanted = schedule(&app).await;
    wanted["rules"][0]["rule"]["audience"] = json!("telehealth");
    wanted["extra_hours"] =
        json!([{"date": "2026-11-28", "opens": "09:00:00", "closes": "10:00:00", "audience": "telehealth"}]);
    let mut owner = staff(&app, StaffRole::Owner).await;
    let set = put(&mut owner, &of_role("schedule"), &wanted).await;
    assert_eq!(set.status, 200, "{}", set.body);
    app.change("update bookings.appointment_type set telehealth = true where name = 'Short review'").await;
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty(), "nobody comes in these hours");
    assert!(!app.free_on(ROLE, SHORT, MONDAY).await.is_empty());
    assert!(!app.free_on(ROLE, SHORT, jiff::civil::date(2026, 11, 28)).await.is_empty());
    app.browser().hold(app.key(), ROLE, LONG, monday(10, 0)).await.problem(409, "time-taken");
    // In hours for everybody, there is both.
    wanted["version"] = json!(2);
    wanted["rules"][0]["rule"]["audience"] = json!("all");
    assert_eq!(put(&mut owner, &of_role("schedule"), &wanted).await.status, 200);
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.is_empty());
    assert!(!app.free_on(ROLE, SHORT, MONDAY).await.is_empty());
}

#[tokio::test]
async fn a_part_of_a_day_off_offers_nothing_and_stands_in_the_calendar() {
    let app = App::new().await;
    let mut wanted = schedule(&app).await;
    wanted["leave"] = json!([{"first": MONDAY, "last": MONDAY, "from": "13:00:00", "until": "15:00:00"}]);
    let mut manager = staff(&app, StaffRole::Manager).await;
    let reply = put(&mut manager, &of_role("schedule"), &wanted).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(schedule(&app).await["leave"], wanted["leave"], "it is kept as it was sent");
    let free = app.free_on(ROLE, LONG, MONDAY).await;
    assert_eq!(free.len(), 22, "nine of thirty-one reach into it");
    assert!(free.contains(&monday(12, 30)) && !free.contains(&monday(12, 45)));
    assert!(!free.contains(&monday(14, 45)) && free.contains(&monday(15, 0)));
    app.browser().hold(app.key(), ROLE, LONG, monday(13, 0)).await.problem(409, "time-taken");
    let day = app.calendar("2026-11-23").await;
    let column = day.roles.iter().find(|column| column.practitioner_role_id == ROLE).unwrap();
    assert_eq!(column.away, [Busy { start: monday(13, 0), end: monday(15, 0) }]);
    let open: Vec<_> = column.open.iter().map(|span| (span.start, span.end)).collect();
    assert_eq!(open, [(monday(9, 0), monday(13, 0)), (monday(15, 0), monday(17, 0))]);
    assert!(column.closed.is_empty(), "the day is not off");
    wanted["version"] = json!(2);
    wanted["leave"][0]["until"] = json!("13:00:00");
    let wrong = put(&mut manager, &of_role("schedule"), &wanted).await.problem(422, "invalid");
    assert_eq!(wrong.errors[0].pointer, "/leave/0/until");
}

#[tokio::test]
async fn what_lasts_less_than_a_minute_is_refused_by_the_name_of_its_field() {
    let app = App::new().await;
    let mut manager = staff(&app, StaffRole::Manager).await;
    let set = schedule(&app).await;
    for until in ["13:00:00.0000001", "13:00:00.000001", "13:00:59"] {
        let mut hours = set.clone();
        hours["rules"][0]["rule"]["opens"] = json!("13:00:00");
        hours["rules"][0]["rule"]["closes"] = json!(until);
        let mut leave = set.clone();
        leave["leave"] = json!([{"first": MONDAY, "last": MONDAY, "from": "13:00:00", "until": until}]);
        let mut extra = set.clone();
        extra["extra_hours"] =
            json!([{"date": MONDAY, "opens": "13:00:00", "closes": until, "audience": "all"}]);
        for (wanted, field) in
            [(hours, "/rules/0/rule/closes"), (leave, "/leave/0/until"), (extra, "/extra_hours/0/closes")]
        {
            let wrong = put(&mut manager, &of_role("schedule"), &wanted).await.problem(422, "invalid");
            assert_eq!(wrong.errors[0].pointer, field, "{until}");
            let path = of_role("schedule/outside");
            manager.post(&path, None, &wanted).await.problem(422, "invalid");
        }
    }
    assert_eq!(schedule(&app).await, set);
}

#[tokio::test]
async fn a_leave_since_before_the_databases_calendar_is_refused() {
    let app = App::new().await;
    let mut wanted = schedule(&app).await;
    wanted["leave"] = json!([{"first": "-005000-01-01", "last": MONDAY}]);
    let mut manager = staff(&app, StaffRole::Manager).await;
    let wrong = put(&mut manager, &of_role("schedule"), &wanted).await.problem(422, "invalid");
    assert_eq!(wrong.errors[0].pointer, "/leave/0/first");
}

#[tokio::test]
async fn a_first_schedule_is_set_for_somebody_who_was_only_listed() {
    let app = App::new().await;
    let path = at_practice(&format!("roles/{IMPORTED}/schedule"));
    let mut manager = staff(&app, StaffRole::Manager).await;
    let unset: RoleSchedule = manager.get(&path).await.read();
    assert_eq!((unset.schedule.version, unset.schedule.rules.len()), (0, 0));
    let unset = serde_json::to_value(unset.schedule).unwrap();
    let set: SchedulePut = put(&mut manager, &path, &unset).await.read();
    assert_eq!(set.schedule.schedule.version, 1);
    put(&mut manager, &path, &unset).await.problem(409, "stale-version");
}

#[tokio::test]
async fn practitioners_keep_the_schedule_that_was_given_to_them_and_no_other() {
    let app = App::new().await;
    let wanted = schedule(&app).await;
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    put(&mut practitioner, &of_role("schedule"), &wanted).await.problem(403, "not-allowed");
    let denied =
        "select count(*) from bookings.audit_entry where action = 'put_schedule' and outcome = 'denied'";
    assert_eq!(app.count(denied).await, 1);
    // Everybody in these tests who works here has account 50.
    let given = json!({"account_id": Uuid::from_u128(50)});
    put(&mut practitioner, &of_role("keeper"), &given).await.problem(403, "not-allowed");
    let mut manager = staff(&app, StaffRole::Manager).await;
    assert_eq!(put(&mut manager, &of_role("keeper"), &given).await.status, 204);
    assert_eq!(put(&mut practitioner, &of_role("schedule"), &wanted).await.status, 200);
    let roles: PracticeRoles = practitioner.get(&at_practice("roles")).await.read();
    let edits: Vec<_> = roles.items.iter().filter(|role| role.may_edit).collect();
    assert_eq!(edits.len(), 1);
    assert_eq!(edits[0].practitioner_role_id, ROLE);
    let mut reception = desk(&app).await;
    put(&mut reception, &of_role("schedule"), &wanted).await.problem(403, "not-allowed");
    let elsewhere = at_practice(&format!("roles/{ELSEWHERE}/schedule"));
    put(&mut manager, &elsewhere, &wanted).await.problem(404, "not-found");
}

fn draft(name: &str) -> Value {
    json!({
        "name": name, "position": 3, "duration_minutes": 45, "buffer_before_minutes": 0, "buffer_after_minutes": 5,
        "price_cents": 12000, "bulk_billed": false, "telehealth": true, "audience": "new"
    })
}

#[tokio::test]
async fn a_kind_of_visit_is_offered_changed_and_retired() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let mut manager = staff(&app, StaffRole::Manager).await;
    let path = of_role("appointment-types");
    let key = app.key();
    let made = manager.post(&path, Some(key), &draft("First visit")).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let made: RoleType = made.read();
    let again: RoleType = manager.post(&path, Some(key), &draft("First visit")).await.read();
    assert_eq!(made, again);
    assert_eq!(app.free_on(ROLE, made.appointment_type_id, MONDAY).await[0], monday(9, 0));
    let wrong = manager.post(&path, Some(app.key()), &draft("")).await.problem(422, "invalid");
    assert_eq!(wrong.errors[0].pointer, "/name");
    // The price of what is booked stays as it was agreed.
    let types: RoleTypes = manager.get(&path).await.read();
    let long = types.items.iter().find(|of| of.appointment_type_id == LONG).unwrap();
    let mut changed = serde_json::to_value(long).unwrap();
    changed["price_cents"] = json!(9900);
    let long_path = of_role(&format!("appointment-types/{LONG}"));
    let dearer: RoleType = put(&mut manager, &long_path, &changed).await.read();
    assert_eq!((dearer.version, dearer.draft.price_cents.0), (2, 9_900));
    put(&mut manager, &long_path, &changed).await.problem(409, "stale-version");
    assert_eq!(app.count("select price_cents from bookings.appointment").await, 8_500);
    changed["version"] = json!(2);
    changed["active"] = json!(false);
    let gone: RoleType = put(&mut manager, &long_path, &changed).await.read();
    assert!(!gone.active);
    app.browser().hold(app.key(), ROLE, LONG, monday(11, 0)).await.problem(404, "not-found");
    let calendar = app.calendar("2026-11-23").await;
    let column = calendar.roles.iter().find(|role| role.practitioner_role_id == ROLE).unwrap();
    assert_eq!(column.appointments[0].booking_id, booked.booking_id);
    assert_eq!(column.appointments[0].status, AppointmentStatus::Confirmed);
}

fn questions() -> Value {
    json!([
        {"id": 2, "words": "Which side hurts?", "kind": "one_of", "choices": ["Left", "Right"], "required": true},
        {"id": 1, "words": "Anything else?", "help": "Such as allergies.", "kind": "long_text", "required": false}
    ])
}

#[tokio::test]
async fn what_a_practice_asks_is_shown_with_a_hold_in_its_order() {
    let app = App::new().await;
    let mut manager = staff(&app, StaffRole::Manager).await;
    let mut asking = draft("First visit");
    asking["questions"] = questions();
    let made = manager.post(&of_role("appointment-types"), Some(app.key()), &asking).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["questions"], questions());
    let made: RoleType = made.read();
    let mut guest = app.browser();
    let reply = guest.hold(app.key(), ROLE, made.appointment_type_id, monday(10, 0)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(reply.body["questions"], questions());
    let hold: Hold = reply.read();
    assert_eq!(guest.find_hold(&hold).await.body["questions"], questions());
    // Another kind of visit asks nothing.
    let other = app.hold(&mut app.browser(), monday(11, 0)).await;
    assert!(other.questions.is_empty(), "{other:?}");

    // What was changed is asked from then on.
    let path = of_role(&format!("appointment-types/{}", made.appointment_type_id));
    let mut changed = serde_json::to_value(&made).unwrap();
    changed["questions"][0]["words"] = json!("Which knee hurts?");
    let put: RoleType = put(&mut manager, &path, &changed).await.read();
    assert_eq!(put.draft.questions[0].words, "Which knee hurts?");
    assert_eq!(guest.find_hold(&hold).await.read::<Hold>().questions, put.draft.questions);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_and_kept_nowhere() {
    let app = App::new().await;
    let mut manager = staff(&app, StaffRole::Manager).await;
    let path = of_role("appointment-types");
    let mut asking = draft("First visit");
    asking["questions"] = questions();
    asking["questions"][0]["choices"] = json!(["Left"]);
    let wrong = manager.post(&path, Some(app.key()), &asking).await.problem(422, "invalid");
    assert_eq!(wrong.errors[0].pointer, "/questions/0/choices");
    asking["questions"][0]["kind"] = json!("signature");
    manager.post(&path, Some(app.key()), &asking).await.problem(422, "invalid");
    let asked = "select count(*) from bookings.appointment_type where questions <> '[]'";
    assert_eq!(app.count(asked).await, 0);
}

#[tokio::test]
async fn where_there_is_no_practice_to_write_to_nothing_is_asked() {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set questions = '[{\"id\": 1, \"words\": \"Why?\", \"kind\": \"yes_no\"}]'",
    )
    .await;
    let asked = app.hold(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(asked.questions[0].kind, QuestionKind::YesNo);
    app.change("update bookings.role set organization_id = null").await;
    let hold = app.hold(&mut app.browser(), monday(11, 0)).await;
    assert!(hold.note_ticket.is_none() && hold.questions.is_empty(), "{hold:?}");
}

#[tokio::test]
async fn a_day_takes_no_more_of_a_kind_than_the_practice_wants() {
    let app = App::new().await;
    app.change("update bookings.appointment_type set daily_cap = 2 where name = 'Standard consultation'")
        .await;
    let mut first = app.browser();
    let booked = app.book(&mut first, monday(10, 0)).await;
    let hold = app.hold(&mut app.browser(), monday(11, 0)).await;
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
    assert!(!app.free_on(ROLE, SHORT, MONDAY).await.is_empty(), "others are not counted");
    let refused = app.browser().hold(app.key(), ROLE, LONG, monday(14, 0)).await;
    let problem = refused.problem(409, "time-taken");
    assert!(problem.alternatives.iter().all(|start| *start > monday(17, 0)), "{problem:?}");
    // What is there already may still move within its day.
    assert_eq!(first.r#move(app.key(), booked.appointment_id, 1, monday(14, 0)).await.status, 200);
    app.advance_to(hold.expires_at + minutes(1));
    app.run("bookings.expire_holds").await;
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.is_empty());
}

/// They take nothing from each other but the last of the day, so no constraint decides it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_want_different_times_at_once_one_gets_the_last_of_the_day() {
    let app = Arc::new(App::new().await);
    app.change("update bookings.appointment_type set daily_cap = 1 where name = 'Standard consultation'")
        .await;
    // Both have read the calendar while there was one left.
    let mut admin = app.administrator().await;
    let mut held = sqlx::Connection::begin(&mut admin).await.unwrap();
    sqlx::query("select from bookings.resource for update").execute(&mut *held).await.unwrap();
    let asked = [monday(10, 0), monday(14, 0)].map(|start| {
        let app = Arc::clone(&app);
        tokio::spawn(async move { app.browser().hold(app.key(), ROLE, LONG, start).await })
    });
    app.so_many_wait(2).await;
    held.commit().await.unwrap();
    let replies: Vec<_> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
    let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 201);
    assert_eq!((won.len(), lost.len()), (1, 1), "{replies:?}");
    let problem = lost[0].problem(409, "time-taken");
    assert!(problem.alternatives.iter().all(|start| *start > monday(17, 0)), "{problem:?}");
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
    assert!(app.free_on(ROLE, LONG, MONDAY).await.is_empty());
}

#[tokio::test]
async fn a_kind_of_visit_may_have_a_notice_and_a_horizon_of_its_own() {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set notice_minutes = 1440, horizon_days = 1 where name = 'Standard consultation'",
    )
    .await;
    assert_eq!(app.free_on(ROLE, LONG, MONDAY).await.first(), Some(&monday(11, 0)), "a day ahead");
    assert!(app.free_on(ROLE, LONG, jiff::civil::date(2026, 11, 24)).await.is_empty());
    assert!(!app.free_on(ROLE, SHORT, jiff::civil::date(2026, 11, 24)).await.is_empty());
}
