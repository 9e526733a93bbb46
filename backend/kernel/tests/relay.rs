//! Events on their way from one service to another.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::sync::{Arc, Mutex};

use axum::Router;
use futures::{FutureExt as _, future::BoxFuture};
use jiff::Timestamp;
use kernel::{
    Core, Service, Subscriber,
    outbox::{self, About, Envelope},
    relay::Relay,
    testing::Database,
};
use serde_json::json;
use sqlx::PgConnection;
use tokio::sync::Notify;

/// More than a relay takes at once.
const EVENTS: i64 = 210;

/// Notes what it hears. The first time it says so, and goes on when it is told to.
#[derive(Default)]
struct Listener {
    heard: Arc<Mutex<Vec<i64>>>,
    begun: Notify,
    go_on: Notify,
}

impl Subscriber for Listener {
    fn listens_to(&self) -> &'static [&'static str] {
        &["bookings"]
    }

    fn receive<'a>(
        &'a self,
        _: &'a mut PgConnection,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, anyhow::Result<()>> {
        async move {
            if envelope.aggregate_version == 0 {
                self.begun.notify_one();
                self.go_on.notified().await;
            }
            self.heard.lock().unwrap().push(envelope.aggregate_version);
            Ok(())
        }
        .boxed()
    }
}

/// Listens to nobody.
struct Deaf;

impl Subscriber for Deaf {
    fn listens_to(&self) -> &'static [&'static str] {
        &[]
    }

    fn receive<'a>(&'a self, _: &'a mut PgConnection, _: &'a Envelope) -> BoxFuture<'a, anyhow::Result<()>> {
        async { Ok(()) }.boxed()
    }
}

fn service(name: &'static str, core: &Core, subscriber: Arc<dyn Subscriber>) -> Service {
    Service {
        name,
        core: core.clone(),
        router: Router::new(),
        inventory: Vec::new(),
        jobs: Vec::new(),
        subscriber,
    }
}

#[tokio::test]
async fn two_relays_over_one_database_tell_in_order() {
    let database = Database::new().await;
    let now: Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
    let (bookings, payments) = (database.core("bookings", now).await, database.core("payments", now).await);
    let mut tx = bookings.begin().await.unwrap();
    for version in 0..EVENTS {
        let about = About { aggregate: "thing", id: version.to_string(), version };
        outbox::tell(&mut tx, &bookings, about, &json!({"name": "counted", "body": null})).await.unwrap();
    }
    bookings.commit(tx).await.unwrap();

    let heard = Arc::new(Mutex::new(Vec::new()));
    let listeners = [(); 2].map(|()| Arc::new(Listener { heard: heard.clone(), ..Listener::default() }));
    let [first, second] = listeners.clone().map(|listener| {
        Relay::new(&[
            service("bookings", &bookings, Arc::new(Deaf)),
            service("payments", &payments, listener),
        ])
    });
    let carrying = tokio::spawn(async move { first.drain().await });
    listeners[0].begun.notified().await;
    second.drain().await.unwrap();
    assert_eq!(*heard.lock().unwrap(), Vec::<i64>::new(), "the second went past the first");
    listeners[0].go_on.notify_one();
    carrying.await.unwrap().unwrap();
    assert_eq!(*heard.lock().unwrap(), (0..EVENTS).collect::<Vec<_>>());
    let left: i64 =
        sqlx::query_scalar("select count(*) from outbox").fetch_one(&bookings.pool).await.unwrap();
    assert_eq!(left, 0);
}
