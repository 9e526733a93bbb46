//! "Any psychologist of this practice".

use axum::{body::Body, http::Request};
use futures::future::join_all;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared_types::{
    PoolId, PractitionerRoleId,
    bookings::{
        Hold,
        pools::{PoolAvailability, Pools, PracticePool, Rotation},
    },
    users::StaffRole,
};
use uuid::Uuid;

use crate::{
    app::{
        App, Browser, COLLEAGUE, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, MONDAY, ORGANIZATION, ROLE, Reply,
        SHORT, minutes, monday,
    },
    practice::{at_practice, desk, staff},
};

fn draft(rotation: &str, members: &Value) -> Value {
    json!({"name": " Any   psychologist ", "rotation": rotation, "members": members})
}

async fn create(app: &App, body: &Value) -> Reply {
    staff(app, StaffRole::Manager).await.post(&at_practice("pools"), Some(app.key()), body).await
}

/// Both of Harris Park, in turn or as one chooses.
async fn pool(app: &App, rotation: &str) -> PracticePool {
    let reply = create(app, &draft(rotation, &json!([LONG, LONG_COLLEAGUE]))).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

async fn put(app: &App, id: PoolId, body: &Value) -> Reply {
    let request =
        Request::put(at_practice(&format!("pools/{id}"))).header("content-type", "application/json");
    let request = request.body(Body::from(body.to_string())).unwrap();
    staff(app, StaffRole::Manager).await.send(request).await
}

async fn listed(app: &App) -> Pools {
    let reply = app.browser().get(&format!("/api/v1/bookings/pools?organization={ORGANIZATION}")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

async fn availability(app: &App, id: PoolId) -> PoolAvailability {
    let path = format!("/api/v1/bookings/pools/{id}/availability?from={MONDAY}&to={MONDAY}");
    let reply = app.browser().get(&path).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read()
}

impl Browser {
    async fn hold_from(
        &mut self,
        key: Uuid,
        id: PoolId,
        start: Timestamp,
        with: Option<PractitionerRoleId>,
    ) -> Reply {
        let mut body = json!({"start": start});
        if let Some(with) = with {
            body["practitioner_role_id"] = json!(with);
        }
        self.post(&format!("/api/v1/bookings/pools/{id}/holds"), Some(key), &body).await
    }
}

/// Somebody new holds a time, which must work. Says with whom.
async fn held(app: &App, id: PoolId, start: Timestamp) -> Hold {
    let reply = app.browser().hold_from(app.key(), id, start, None).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

#[tokio::test]
async fn a_pools_times_are_the_union_and_one_of_its_people_is_booked() {
    let app = App::new().await;
    let made = pool(&app, "fair").await;
    assert_eq!((made.draft.name.as_str(), made.left_out.len()), ("Any psychologist", 0));
    let shown = &listed(&app).await.items[0];
    assert_eq!((shown.members.len(), shown.rotation), (2, Rotation::Fair));
    app.book(&mut app.browser(), monday(10, 0)).await;
    let there = availability(&app, made.pool_id).await;
    assert!(there.free_times(MONDAY, MONDAY).contains(&monday(10, 0)), "the other is free");
    assert!(!there.free_times_with(ROLE, MONDAY, MONDAY).contains(&monday(10, 0)));
    assert!(there.free_times_with(COLLEAGUE, MONDAY, MONDAY).contains(&monday(10, 0)));
    let mut browser = app.browser();
    let reply = browser.hold_from(app.key(), made.pool_id, monday(10, 0), None).await;
    let hold: Hold = reply.read();
    assert_eq!(hold.role.practitioner_role_id, COLLEAGUE);
    let confirmation = app.confirm(&mut browser, &hold).await;
    let booked = browser.appointment(confirmation.appointment_id).await;
    assert_eq!(booked.role.practitioner_role_id, COLLEAGUE);
    let there = availability(&app, made.pool_id).await;
    assert!(!there.free_times(MONDAY, MONDAY).contains(&monday(10, 0)), "now nobody is");
    let lost = app.browser().hold_from(app.key(), made.pool_id, monday(10, 0), None).await;
    let problem = lost.problem(409, "time-taken");
    assert_eq!(problem.alternatives.len(), 6);
    assert!(problem.alternatives.contains(&monday(10, 30)), "{problem:?}");
}

#[tokio::test]
async fn whoever_has_the_fewest_that_week_is_next_and_then_who_was_booked_longest_ago() {
    let app = App::new().await;
    let made = pool(&app, "fair").await;
    // Nobody was ever booked: the lowest id.
    assert_eq!(held(&app, made.pool_id, monday(9, 0)).await.role.practitioner_role_id, ROLE);
    assert_eq!(held(&app, made.pool_id, monday(9, 30)).await.role.practitioner_role_id, COLLEAGUE);
    app.advance(minutes(1));
    // One each: she was booked first.
    assert_eq!(held(&app, made.pool_id, monday(10, 0)).await.role.practitioner_role_id, ROLE);
    assert_eq!(held(&app, made.pool_id, monday(10, 30)).await.role.practitioner_role_id, COLLEAGUE);
    // Holds that end count no more, and what is booked otherwise does.
    app.advance(minutes(20));
    for hour in 13..16 {
        app.book(&mut app.browser(), monday(hour, 0)).await;
    }
    for minute in [0, 30] {
        let next = held(&app, made.pool_id, monday(11, minute)).await;
        assert_eq!(next.role.practitioner_role_id, COLLEAGUE);
    }
    // Another week counts by itself.
    let next_week = monday(9, 0) + minutes(7 * 24 * 60);
    assert_eq!(held(&app, made.pool_id, next_week).await.start, next_week);
}

#[tokio::test]
async fn where_one_chooses_nobody_else_is_tried() {
    let app = App::new().await;
    let made = pool(&app, "choose").await;
    let mut browser = app.browser();
    let wrong = browser.hold_from(app.key(), made.pool_id, monday(10, 0), None).await;
    assert_eq!(wrong.problem(422, "invalid").errors[0].pointer, "/practitioner_role_id");
    let hold: Hold = browser.hold_from(app.key(), made.pool_id, monday(10, 0), Some(ROLE)).await.read();
    assert_eq!(hold.role.practitioner_role_id, ROLE);
    let again: Hold = browser.hold_from(app.key(), made.pool_id, monday(10, 0), Some(ROLE)).await.read();
    assert_eq!(hold.hold_id, again.hold_id, "what is wanted is theirs already");
    let mut other = app.browser();
    let taken = other.hold_from(app.key(), made.pool_id, monday(10, 0), Some(ROLE)).await;
    taken.problem(409, "time-taken");
    let fair = pool(&app, "fair").await;
    other.hold_from(app.key(), fair.pool_id, monday(10, 0), Some(ROLE)).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_repeat_gets_the_same_hold_and_nobody_keeps_three() {
    let app = App::new().await;
    let made = pool(&app, "fair").await;
    let mut browser = app.browser();
    let key = app.key();
    let first: Hold = browser.hold_from(key, made.pool_id, monday(10, 0), None).await.read();
    let again: Hold = browser.hold_from(key, made.pool_id, monday(10, 0), None).await.read();
    assert_eq!(first, again);
    assert_eq!(browser.hold_from(app.key(), made.pool_id, monday(11, 0), None).await.status, 201);
    let third = browser.hold_from(app.key(), made.pool_id, monday(12, 0), None).await;
    third.problem(409, "too-many-holds");
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2);
}

#[tokio::test]
async fn who_no_longer_offers_the_same_is_left_out_until_they_do() {
    let app = App::new().await;
    let made = pool(&app, "fair").await;
    app.change("update bookings.appointment_type set price_cents = 9900 where appointment_type_id = '00000000-0000-0000-0000-000000000024'")
        .await;
    assert_eq!(listed(&app).await.items[0].members.len(), 1);
    let set: Value = desk(&app).await.get(&at_practice("pools")).await.body;
    assert_eq!(set["items"][0]["left_out"], json!([LONG_COLLEAGUE]));
    let mut changed = serde_json::to_value(&made).unwrap();
    changed["active"] = json!(false);
    let gone: PracticePool = put(&app, made.pool_id, &changed).await.read();
    assert_eq!((gone.version, gone.active), (2, false));
    put(&app, made.pool_id, &changed).await.problem(409, "stale-version");
    assert!(listed(&app).await.items.is_empty());
    let path = format!("/api/v1/bookings/pools/{}/availability", made.pool_id);
    app.browser().get(&path).await.problem(404, "not-found");
    app.browser().hold_from(app.key(), made.pool_id, monday(10, 0), None).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_pool_is_of_the_practices_people_one_type_of_each() {
    let app = App::new().await;
    for members in [json!([LONG, SHORT]), json!([LONG, LONG_ELSEWHERE]), json!([LONG]), json!([LONG, LONG])] {
        let wrong = create(&app, &draft("fair", &members)).await.problem(422, "invalid");
        assert_eq!(wrong.errors[0].pointer, "/members", "{members}");
    }
    let mut reception = desk(&app).await;
    let body = draft("fair", &json!([LONG, LONG_COLLEAGUE]));
    reception.post(&at_practice("pools"), Some(app.key()), &body).await.problem(403, "not-allowed");
    assert_eq!(app.count("select count(*) from bookings.pool").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_who_want_one_time_of_two_people_two_get_it() {
    let app = App::new().await;
    let made = pool(&app, "fair").await;
    let tries = (0..60).map(|_| {
        let (mut browser, key, id) = (app.browser(), app.key(), made.pool_id);
        tokio::spawn(async move { browser.hold_from(key, id, monday(10, 0), None).await })
    });
    let replies: Vec<Reply> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    let won: Vec<Hold> = replies.iter().filter(|reply| reply.status == 201).map(Reply::read).collect();
    assert_eq!(won.len(), 2);
    assert_ne!(won[0].role.practitioner_role_id, won[1].role.practitioner_role_id);
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        reply.problem(409, "time-taken");
    }
    assert_eq!(app.count("select count(*) from bookings.hold").await, 2, "nothing is left of what was tried");
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2);
}
