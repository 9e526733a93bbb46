//! What is not answered: how often it is tried, when it is given up, and what is sent once more.

use std::sync::{Arc, atomic::Ordering};

use axum::{http::StatusCode, routing::post};
use serde_json::{Value, json};
use shared_types::bookings::{
    BookingsEvent,
    webhook::{DeliveryFailure, DeliveryStatus, Webhook, WebhookDelivery, WebhookStatus, Webhooks},
};

use super::{Program, carry, create, log, owner, path, serve};
use crate::{
    app::{App, minutes, monday},
    practice::at_practice,
};

async fn webhook(app: &App) -> Webhook {
    let list: Webhooks = owner(app).await.get(&at_practice("webhooks")).await.read();
    list.items.into_iter().next().unwrap()
}

#[tokio::test]
async fn what_is_not_answered_is_tried_again_for_a_day_and_then_the_webhook_is_stopped() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(500).await).await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    carry(&app).await;
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    let first = log(&app, &made).await.remove(0);
    assert_eq!((first.status, first.response_status), (DeliveryStatus::Pending, Some(500)));
    assert_eq!(first.failure, Some(DeliveryFailure::Refused));
    assert_eq!(app.run("bookings.send_webhooks").await, 0, "not at once");
    let mut tries = 1;
    while let Some(due) = log(&app, &made).await[0].due_at {
        app.advance_to(due);
        assert_eq!(app.run("bookings.send_webhooks").await, 1);
        tries += 1;
        assert!(tries < 20);
    }
    let given_up = log(&app, &made).await.remove(0);
    assert_eq!((given_up.status, given_up.attempts), (DeliveryStatus::Failed, tries));
    let ids: Vec<_> = program.seen().iter().map(|(headers, _)| headers["webhook-id"].clone()).collect();
    assert!(ids.iter().all(|id| *id == given_up.webhook_delivery_id.to_string()), "{ids:?}");
    assert_eq!(webhook(&app).await.status, WebhookStatus::Stopped);
    let told = app.told("webhook_stopped").await;
    let [BookingsEvent::WebhookStopped(stopped)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(stopped.webhook_id, made.webhook.webhook_id);

    // Nobody is told while it is stopped; switched on, what was given up can be sent once more.
    app.book(&mut app.browser(), crate::app::wall(jiff::civil::date(2026, 11, 25), 10, 0)).await;
    carry(&app).await;
    assert_eq!(log(&app, &made).await.len(), 1);
    let on = owner(&app).await.post(&path(&made, "/active"), None, &json!({"active": true})).await;
    assert_eq!(on.read::<Webhook>().status, WebhookStatus::Active);
    program.answers.store(200, Ordering::SeqCst);
    let again = path(&made, &format!("/deliveries/{}/redeliver", given_up.webhook_delivery_id));
    assert_eq!(owner(&app).await.post(&again, None, &Value::Null).await.status, 200);
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    let delivered = log(&app, &made).await.remove(0);
    assert_eq!((delivered.status, delivered.attempts), (DeliveryStatus::Delivered, 1));
}

#[tokio::test]
async fn what_is_sent_once_more_keeps_its_id_and_what_came_of_the_tries_before() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(410).await).await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    owner(&app).await.post(&path(&made, "/active"), None, &json!({"active": true})).await;
    app.advance(minutes(10));
    let id = log(&app, &made).await[0].webhook_delivery_id;
    program.answers.store(204, Ordering::SeqCst);
    let again = path(&made, &format!("/deliveries/{id}/redeliver"));
    let queued: WebhookDelivery = owner(&app).await.post(&again, None, &Value::Null).await.read();
    assert_eq!((queued.status, queued.attempts, queued.tries.len()), (DeliveryStatus::Pending, 0, 1));
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    let delivered = log(&app, &made).await.remove(0);
    let tries: Vec<_> = delivered.tries.iter().map(|one| (one.response_status, one.failure)).collect();
    assert_eq!(tries, [(Some(410), Some(DeliveryFailure::Refused)), (Some(204), None)]);
    assert!(delivered.tries[0].attempted_at < delivered.tries[1].attempted_at);
    let ids: Vec<_> = program.seen().iter().map(|(headers, _)| headers["webhook-id"].clone()).collect();
    assert!(ids.len() == 2 && ids.iter().all(|sent| *sent == id.to_string()), "{ids:?}");
}

#[tokio::test]
async fn an_address_where_nobody_is_any_more_is_left_alone_at_once() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(410).await).await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    assert_eq!(log(&app, &made).await[0].status, DeliveryStatus::Failed);
    assert_eq!(webhook(&app).await.status, WebhookStatus::Stopped);
}

#[tokio::test]
async fn who_is_answered_after_somebody_else_began_anew_stops_nothing() {
    let app = Arc::new(App::new().await);
    let slow = Arc::clone(&app);
    let hook = post(move || async move {
        slow.change("update bookings.webhook_delivery set attempts = attempts + 1").await;
        StatusCode::GONE
    });
    let made = create(&app, &serve(hook).await).await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    assert_eq!(log(&app, &made).await[0].status, DeliveryStatus::Pending);
    assert_eq!(webhook(&app).await.status, WebhookStatus::Active);
}

#[tokio::test]
async fn whoever_dies_while_sending_leaves_it_to_the_next_one() {
    let app = App::new().await;
    let program = Program::default();
    let made = create(&app, &program.start(200).await).await;
    assert_eq!(owner(&app).await.post(&path(&made, "/ping"), None, &Value::Null).await.status, 201);
    // Claimed, and then nothing more was heard of it.
    app.change("update bookings.webhook_delivery set attempts = 1, due_at = '2026-11-22T00:02:00Z'").await;
    assert_eq!(app.run("bookings.send_webhooks").await, 0);
    app.advance(minutes(2));
    assert_eq!(app.run("bookings.send_webhooks").await, 1);
    assert_eq!(log(&app, &made).await[0].attempts, 2);
}
