//! Facts for the other services, committed together with the change they tell of.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared_types::EventId;
use sqlx::PgConnection;

use crate::Core;

/// A fact on its way. The same on every bus.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// Repeats are known by it.
    pub event_id: EventId,
    /// The service that tells.
    pub producer: String,
    /// What happened: `appointment_confirmed`.
    pub name: String,
    /// The shape of `body`; from 1.
    pub version: i16,
    /// The kind of thing it happened to.
    pub aggregate: String,
    /// Which.
    pub aggregate_id: String,
    /// Goes up with every change of that thing; consumers of copies ignore lower ones.
    pub aggregate_version: i64,
    /// When.
    pub occurred_at: Timestamp,
    /// The request that caused it.
    pub request_id: Option<String>,
    /// The rest, as the event's type writes it.
    pub body: Value,
}

impl Envelope {
    /// The event as its type.
    ///
    /// # Errors
    /// When this build does not know the name or the shape.
    pub fn event<E: serde::de::DeserializeOwned>(&self) -> Result<E, UnknownEvent> {
        let unknown = |_| UnknownEvent {
            producer: self.producer.clone(),
            name: self.name.clone(),
            version: self.version,
        };
        serde_json::from_value(serde_json::json!({"name": self.name, "body": self.body})).map_err(unknown)
    }
}

/// An event that this build cannot read. It does not say why: the reason would quote the body, which may be personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this build cannot read version {version} of the event {name} of {producer}")]
pub struct UnknownEvent {
    producer: String,
    name: String,
    version: i16,
}

/// What an event is about.
#[derive(Clone, Debug)]
pub struct About {
    /// The kind of thing.
    pub aggregate: &'static str,
    /// Which.
    pub id: String,
    /// Its version after the change.
    pub version: i64,
}

/// Tells an event in the caller's transaction. The event's type writes itself as `{"name": …, "body": …}`.
///
/// # Errors
/// When the row cannot be written.
pub async fn tell<E: Serialize>(
    conn: &mut PgConnection,
    core: &Core,
    about: About,
    event: &E,
) -> sqlx::Result<EventId> {
    let event = serde_json::to_value(event).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let event_id: EventId = core.id();
    sqlx::query(
        "insert into outbox (event_id, name, aggregate, aggregate_id, aggregate_version, occurred_at, request_id, body) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(event_id)
    .bind(event["name"].as_str().unwrap_or_default())
    .bind(about.aggregate)
    .bind(about.id)
    .bind(about.version)
    .bind(core.now().to_sqlx())
    .bind(crate::layers::current_request_id())
    .bind(event.get("body").unwrap_or(&Value::Null))
    .execute(conn)
    .await?;
    Ok(event_id)
}
