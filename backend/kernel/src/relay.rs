//! The loopback bus: takes events out of each service's outbox and hands them to the others' inboxes in process. Of several
//! processes over the same databases one at a time carries a producer's events, so that they are told in their order.

use std::{collections::HashSet, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt as _;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, Row, postgres::PgRow};
use tokio_util::sync::CancellationToken;

use crate::{Core, Service, Subscriber, inbox, outbox::Envelope};

/// How many events one round takes.
const BATCH: i64 = 200;
/// How long the relay sleeps when nobody wakes it.
const IDLE: Duration = Duration::from_millis(500);

/// Carries events between the services of one process.
#[derive(Clone)]
pub struct Relay {
    ends: Arc<Vec<End>>,
}

struct End {
    name: &'static str,
    core: Core,
    subscriber: Arc<dyn Subscriber>,
}

impl Relay {
    /// Joins the services.
    pub fn new(services: &[Service]) -> Self {
        let ends = services.iter().map(|service| End {
            name: service.name,
            core: service.core.clone(),
            subscriber: service.subscriber.clone(),
        });
        Self { ends: Arc::new(ends.collect()) }
    }

    /// Runs until cancelled: one task for each producer.
    pub async fn run(self, stop: CancellationToken) {
        let tasks = (0..self.ends.len()).map(|index| {
            let (relay, stop) = (self.clone(), stop.clone());
            tokio::spawn(async move { relay.run_one(index, stop).await })
        });
        futures::future::join_all(tasks).await;
    }

    async fn run_one(&self, index: usize, stop: CancellationToken) {
        let Some(end) = self.ends.get(index) else { return };
        while !stop.is_cancelled() {
            match self.carry(end).await {
                Ok(0) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = end.core.told.notified() => {}
                        () = tokio::time::sleep(IDLE) => {}
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(producer = end.name, error = format!("{error:#}"), "the relay stumbled");
                    tokio::time::sleep(IDLE).await;
                }
            }
        }
    }

    /// Carries everything there is to carry, whatever it causes included. For tests and short-lived commands.
    ///
    /// # Errors
    /// When an event cannot be delivered.
    pub async fn drain(&self) -> anyhow::Result<()> {
        loop {
            let mut carried = 0;
            for end in self.ends.iter() {
                carried += self.carry(end).await?;
            }
            if carried == 0 {
                return Ok(());
            }
        }
    }

    /// One batch of one producer. Says how many events every subscriber now has; none when another process is at it.
    async fn carry(&self, from: &End) -> anyhow::Result<usize> {
        let mut tx = from.core.begin().await?;
        if !lock(&mut tx).await? {
            return Ok(0);
        }
        let mut told = Vec::new();
        let mut stuck = HashSet::new();
        for envelope in claim(&mut tx, from).await? {
            let about = (envelope.aggregate.clone(), envelope.aggregate_id.clone());
            if stuck.contains(&about) {
                continue;
            }
            let delivered = AssertUnwindSafe(self.deliver(&envelope)).catch_unwind().await;
            match delivered.unwrap_or_else(|_| Err(anyhow::anyhow!("a subscriber panicked"))) {
                Ok(()) => told.push(envelope.event_id),
                Err(error) => {
                    stuck.insert(about);
                    tracing::error!(
                        event = %envelope.name, event.id = %envelope.event_id, error = format!("{error:#}"),
                        "an event could not be delivered and will be tried again"
                    );
                    put_off(&mut tx, &from.core, &envelope).await?;
                }
            }
        }
        sqlx::query("delete from outbox where event_id = any($1)").bind(&told).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(told.len())
    }

    async fn deliver(&self, envelope: &Envelope) -> anyhow::Result<()> {
        for end in self.ends.iter() {
            if end.subscriber.listens_to().contains(&envelope.producer.as_str()) {
                inbox::receive(&end.core, &*end.subscriber, envelope).await?;
            }
        }
        Ok(())
    }
}

/// Takes the outbox's lock until the transaction ends: a second process would go past what this one has in hand and tell
/// later events first. `false` when somebody else has it.
async fn lock(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.outbox', 0))")
        .fetch_one(conn)
        .await
}

/// The next events in order. One that waits for another try holds back the later ones of the same thing, so that
/// nobody hears of a move before the confirmation.
async fn claim(conn: &mut PgConnection, from: &End) -> sqlx::Result<Vec<Envelope>> {
    let rows = sqlx::query(
        "select event_id, name, version, aggregate, aggregate_id, aggregate_version, occurred_at, request_id, body \
         from outbox where next_attempt_at <= $1 and not exists ( \
             select from outbox earlier where earlier.aggregate = outbox.aggregate \
             and earlier.aggregate_id = outbox.aggregate_id and earlier.position < outbox.position \
             and earlier.next_attempt_at > $1 \
         ) order by position limit $2 for update",
    )
    .bind(from.core.now().to_sqlx())
    .bind(BATCH)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| envelope(from.name, &row)).collect()
}

fn envelope(producer: &str, row: &PgRow) -> sqlx::Result<Envelope> {
    Ok(Envelope {
        event_id: row.try_get("event_id")?,
        producer: producer.to_owned(),
        name: row.try_get("name")?,
        version: row.try_get("version")?,
        aggregate: row.try_get("aggregate")?,
        aggregate_id: row.try_get("aggregate_id")?,
        aggregate_version: row.try_get("aggregate_version")?,
        occurred_at: row.try_get::<jiff_sqlx::Timestamp, _>("occurred_at")?.to_jiff(),
        request_id: row.try_get("request_id")?,
        body: row.try_get("body")?,
    })
}

/// Waits twice as long each time, at most five minutes.
async fn put_off(conn: &mut PgConnection, core: &Core, envelope: &Envelope) -> sqlx::Result<()> {
    sqlx::query(
        "update outbox set attempts = attempts + 1, \
         next_attempt_at = $2 + least(interval '5 minutes', interval '1 second' * 2 ^ least(attempts, 10)) \
         where event_id = $1",
    )
    .bind(envelope.event_id)
    .bind(core.now().to_sqlx())
    .execute(conn)
    .await?;
    Ok(())
}
