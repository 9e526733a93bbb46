use serde_json::json;
use shared_types::{
    bookings::{Appointment, AppointmentStatus, BookingsEvent, Hold},
    payments::PaymentFailure,
};

use crate::app::{App, BORN, LONG, MONDAY, ROLE, SHORT, minutes, monday, wall};

#[tokio::test]
async fn a_move_makes_a_new_link_of_the_chain() {
    let app = App::new().await;
    let mut browser = app.browser();
    let old = app.book(&mut browser, monday(10, 0)).await;
    let reply = browser.r#move(app.key(), old.appointment_id, 1, monday(14, 0)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let new: Appointment = reply.read();
    assert_ne!(new.appointment_id, old.appointment_id);
    assert_eq!((new.booking_id, new.status, new.version), (old.booking_id, AppointmentStatus::Confirmed, 1));
    assert_eq!((new.start, new.end), (monday(14, 0), monday(14, 30)));
    let before = browser.appointment(old.appointment_id).await;
    assert_eq!((before.status, before.version), (AppointmentStatus::Rescheduled, 2));
    let free = app.free_on(ROLE, LONG, MONDAY).await;
    assert!(free.contains(&monday(10, 0)) && !free.contains(&monday(14, 0)));
    let chained = "select count(*) from bookings.appointment new join bookings.appointment old \
        on new.replaces = old.appointment_id and new.booking_id = old.booking_id \
        and new.quote_id = old.quote_id and new.price_cents = old.price_cents and new.policy = old.policy \
        and new.bulk_billed = old.bulk_billed and new.appointment_type = old.appointment_type \
        and new.sequence = old.sequence + 1 and new.late_fee_cents = 0 and old.late_fee_cents = 0";
    assert_eq!(app.count(chained).await, 1);
    let acts = app.audited(old.booking_id.0).await;
    assert!(acts.contains(&("move_appointment".to_owned(), "allowed".to_owned())), "{acts:?}");
}

#[tokio::test]
async fn money_stays_as_agreed_when_prices_changed_meanwhile() {
    let app = App::new().await;
    let mut browser = app.browser();
    let old = app.book(&mut browser, monday(10, 0)).await;
    app.change("update bookings.appointment_type set price_cents = 20000 where not bulk_billed").await;
    app.change("update bookings.schedule set late_fee_cents = 9900, free_until_hours = 72").await;
    let new: Appointment = browser.r#move(app.key(), old.appointment_id, 1, monday(14, 0)).await.read();
    assert_eq!((new.policy, new.appointment_type), (old.policy, old.appointment_type));
    let prices = "select count(*) from bookings.appointment where price_cents = 8500";
    assert_eq!(app.count(prices).await, 2);
}

#[tokio::test]
async fn others_are_told_each_time_with_a_higher_sequence() {
    let app = App::new().await;
    let mut browser = app.browser();
    let mut at = app.book(&mut browser, monday(10, 0)).await;
    for start in [monday(11, 0), monday(12, 0), monday(13, 0)] {
        at = browser.r#move(app.key(), at.appointment_id, at.version, start).await.read();
    }
    browser.cancel(at.appointment_id, at.version).await;
    let mut told = Vec::new();
    for event in [app.told("appointment_moved").await, app.told("appointment_cancelled").await].concat() {
        match event {
            BookingsEvent::AppointmentMoved(fact) | BookingsEvent::AppointmentCancelled(fact) => {
                assert_eq!(fact.manage_token, None);
                told.push((fact.sequence, fact.start));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, [(1, monday(11, 0)), (2, monday(12, 0)), (3, monday(13, 0)), (4, monday(13, 0))]);
    let versions: Vec<i64> = sqlx::query_scalar(
        "select aggregate_version from bookings.outbox where aggregate = 'booking' order by position",
    )
    .fetch_all(&app.core.pool)
    .await
    .unwrap();
    assert_eq!(versions, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn one_may_move_onto_ones_own_time() {
    let app = App::new().await;
    let mut browser = app.browser();
    let old = app.book(&mut browser, monday(10, 0)).await;
    let new: Appointment = browser.r#move(app.key(), old.appointment_id, 1, monday(10, 15)).await.read();
    assert_eq!(new.start, monday(10, 15));
    let same: Appointment = browser.r#move(app.key(), new.appointment_id, 1, monday(10, 15)).await.read();
    assert_eq!(same.start, monday(10, 15));
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
}

#[tokio::test]
async fn buffers_move_along() {
    let app = App::new().await;
    let mut browser = app.browser();
    let hold: Hold = browser.hold(app.key(), ROLE, SHORT, monday(10, 0)).await.read();
    let id = app.confirm(&mut browser, &hold).await.appointment_id;
    assert_eq!(browser.r#move(app.key(), id, 1, monday(14, 0)).await.status, 200);
    let kept = "select count(*) from bookings.reservation \
                where during = tstzrange('2026-11-23T02:55:00Z', '2026-11-23T03:25:00Z')";
    assert_eq!(app.count(kept).await, 1);
}

#[tokio::test]
async fn a_taken_time_names_others_and_the_old_one_stays() {
    let app = App::new().await;
    let (mut browser, mut other) = (app.browser(), app.browser());
    let own = app.book(&mut browser, monday(10, 0)).await;
    app.book(&mut other, monday(14, 0)).await;
    app.hold(&mut other, monday(15, 0)).await;
    for (what, start) in [
        ("booked", monday(14, 0)),
        ("overlapping what is booked", monday(13, 45)),
        ("held", monday(15, 0)),
        ("closed", monday(18, 0)),
        ("off the grid", monday(12, 7)),
        ("past", wall(jiff::civil::date(2026, 11, 20), 10, 0)),
    ] {
        let reply = browser.r#move(app.key(), own.appointment_id, 1, start).await;
        assert_eq!(reply.status, 409, "{what}: {}", reply.body);
        assert!(!reply.problem(409, "time-taken").alternatives.is_empty(), "{what}");
    }
    assert_eq!(browser.appointment(own.appointment_id).await.version, 1);
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 2);
    assert_eq!(
        app.count("select count(*) from bookings.reservation where appointment_id is not null").await,
        2
    );
    assert!(app.told("appointment_moved").await.is_empty());
}

#[tokio::test]
async fn a_lapsed_hold_does_not_stand_in_the_way() {
    let app = App::new().await;
    let mut browser = app.browser();
    let own = app.book(&mut browser, monday(10, 0)).await;
    app.hold(&mut app.browser(), monday(14, 0)).await;
    app.advance(minutes(10));
    assert_eq!(browser.r#move(app.key(), own.appointment_id, 1, monday(14, 0)).await.status, 200);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1);
}

#[tokio::test]
async fn what_changed_since_it_was_read_is_left_alone() {
    let app = App::new().await;
    let mut browser = app.browser();
    let own = app.book(&mut browser, monday(10, 0)).await;
    let reply = browser.r#move(app.key(), own.appointment_id, 7, monday(14, 0)).await;
    reply.problem(409, "stale-version");
    assert_eq!(browser.appointment(own.appointment_id).await, own);
}

#[tokio::test]
async fn once_it_started_or_no_longer_stands_it_stays() {
    let app = App::new().await;
    let mut browser = app.browser();
    let cancelled = app.book(&mut browser, monday(10, 0)).await;
    let moved = app.book(&mut browser, monday(11, 0)).await;
    browser.cancel(cancelled.appointment_id, 1).await;
    let newest: Appointment = browser.r#move(app.key(), moved.appointment_id, 1, monday(12, 0)).await.read();
    for id in [cancelled.appointment_id, moved.appointment_id] {
        browser.r#move(app.key(), id, 2, monday(15, 0)).await.problem(409, "not-cancellable");
    }
    app.advance_to(monday(12, 0));
    let reply = browser.r#move(app.key(), newest.appointment_id, 1, monday(15, 0)).await;
    reply.problem(409, "not-cancellable");
}

#[tokio::test]
async fn the_same_move_again_gets_the_same_reply() {
    let app = App::new().await;
    let mut browser = app.browser();
    let own = app.book(&mut browser, monday(10, 0)).await;
    let key = app.key();
    let first = browser.r#move(key, own.appointment_id, 1, monday(14, 0)).await;
    let again = browser.r#move(key, own.appointment_id, 1, monday(14, 0)).await;
    assert_eq!((first.status, again.status), (200, 200));
    assert_eq!(first.body, again.body);
    let other = browser.r#move(key, own.appointment_id, 1, monday(15, 0)).await;
    other.problem(422, "idempotency-key-reused");
    let path = format!("/api/v1/bookings/appointments/{}/move", own.appointment_id);
    let keyless = browser.post(&path, None, &json!({"version": 1, "start": monday(15, 0)})).await;
    keyless.problem(400, "idempotency-key-missing");
    assert_eq!(app.told("appointment_moved").await.len(), 1);
}

#[tokio::test]
async fn the_manage_link_lives_on_with_the_new_time() {
    let app = App::new().await;
    let mut browser = app.browser();
    let own = app.book(&mut browser, monday(10, 0)).await;
    let token = app.manage_token(own.booking_id.0).await;
    let later = wall(jiff::civil::date(2026, 12, 3), 10, 0);
    browser.r#move(app.key(), own.appointment_id, 1, later).await;
    app.advance_to(wall(jiff::civil::date(2026, 12, 4), 9, 59));
    let mut managing = app.browser();
    let opened = managing.open(&token, json!({"date_of_birth": BORN})).await;
    assert_eq!(opened.status, 200, "{}", opened.body);
    assert_eq!(opened.read::<Appointment>().start, later);
}

#[tokio::test]
async fn a_manage_session_may_move_its_own_booking() {
    let app = App::new().await;
    let own = app.book(&mut app.browser(), monday(10, 0)).await;
    let token = app.manage_token(own.booking_id.0).await;
    let mut managing = app.browser();
    managing.open(&token, json!({"date_of_birth": BORN})).await;
    let moved: Appointment = managing.r#move(app.key(), own.appointment_id, 1, monday(14, 0)).await.read();
    managing.appointment(moved.appointment_id).await;
}

#[tokio::test]
async fn nobody_else_can_move_it() {
    let app = App::new().await;
    let (mut owner, mut other) = (app.browser(), app.browser());
    let own = app.book(&mut owner, monday(10, 0)).await;
    app.book(&mut other, monday(11, 0)).await;
    for mut browser in [app.browser(), other] {
        let reply = browser.r#move(app.key(), own.appointment_id, 1, monday(14, 0)).await;
        reply.problem(404, "not-found");
    }
    assert_eq!(owner.appointment(own.appointment_id).await.start, monday(10, 0));
}

#[tokio::test]
async fn that_a_card_was_refused_meanwhile_moves_along() {
    let app = App::new().await;
    let mut browser = app.browser();
    let own = app.book(&mut browser, monday(10, 0)).await;
    let mut admin = app.administrator().await;
    let mut held = sqlx::Connection::begin(&mut admin).await.unwrap();
    sqlx::query("select from bookings.resource for update").execute(&mut *held).await.unwrap();
    let (key, mut moving) = (app.key(), browser.clone());
    let waits = tokio::spawn(async move { moving.r#move(key, own.appointment_id, 1, monday(14, 0)).await });
    app.somebody_waits().await;
    // As when its card is refused: that makes no version.
    sqlx::query(
        "update bookings.appointment set payment_failure = 'insufficient_funds', repair_until = starts_at",
    )
    .execute(&mut *held)
    .await
    .unwrap();
    held.commit().await.unwrap();
    let moved: Appointment = waits.await.unwrap().read();
    let failure = browser.appointment(moved.appointment_id).await.payment_failure;
    assert_eq!(failure, Some(PaymentFailure::InsufficientFunds));
}
