//! Rows of the log as the values that are hashed.

use sqlx::{Row as _, postgres::PgRow};
use transparency::{Details, Entry, Outcome, Salt, entry::Logged};

/// The columns of an entry, from a table or a function called `entry`.
macro_rules! entry_columns {
    () => {
        "entry.audit_entry_id, entry.occurred_at, entry.actor_kind, entry.actor, entry.action, entry.resource_kind, \
         entry.resource_id, entry.purpose, entry.outcome, entry.request_id, entry.session_id, entry.strength, \
         entry.organization_id, entry.on_behalf_of, entry.access_grant_id, entry.whose, entry.network, entry.salt"
    };
}
pub(super) use entry_columns;

/// An entry.
pub(super) fn entry(row: &PgRow) -> sqlx::Result<Entry> {
    let salt: Vec<u8> = row.try_get("salt")?;
    Ok(Entry {
        action: row.try_get("action")?,
        details: details(row)?,
        outcome: outcome(row.try_get("outcome")?)?,
        salt: Salt(salt.try_into().map_err(|_| sqlx::Error::Decode("a salt has 16 bytes".into()))?),
        time_us: row.try_get::<jiff_sqlx::Timestamp, _>("occurred_at")?.to_jiff().as_microsecond(),
    })
}

fn details(row: &PgRow) -> sqlx::Result<Details> {
    Ok(Details {
        access_grant_id: row.try_get("access_grant_id")?,
        actor: row.try_get("actor")?,
        actor_kind: row.try_get("actor_kind")?,
        audit_entry_id: row.try_get("audit_entry_id")?,
        network: row.try_get("network")?,
        on_behalf_of: row.try_get("on_behalf_of")?,
        organization_id: row.try_get("organization_id")?,
        purpose: row.try_get("purpose")?,
        request_id: row.try_get("request_id")?,
        resource_id: row.try_get("resource_id")?,
        resource_kind: row.try_get("resource_kind")?,
        session_id: row.try_get("session_id")?,
        strength: row.try_get("strength")?,
        whose: row.try_get("whose")?,
    })
}

fn outcome(text: &str) -> sqlx::Result<Outcome> {
    [(Outcome::Allowed, "allowed"), (Outcome::Denied, "denied"), (Outcome::Failed, "failed")]
        .into_iter()
        .find_map(|(outcome, stored)| (stored == text).then_some(outcome))
        .ok_or_else(|| sqlx::Error::Decode("an outcome that the table's own check refuses".into()))
}

/// A leaf with its entry, from a row with `leaf_index`, `data` and the columns of an entry; those are null once the
/// entry is gone. Data that is no text any more was changed, and its hash will say so.
pub(super) fn logged(row: &PgRow) -> sqlx::Result<Logged> {
    let data: Vec<u8> = row.try_get("data")?;
    let is_there = row.try_get::<Option<uuid::Uuid>, _>("audit_entry_id")?.is_some();
    Ok(Logged {
        index: index(row.try_get("leaf_index")?),
        leaf: String::from_utf8_lossy(&data).into_owned(),
        entry: is_there.then(|| entry(row)).transpose()?,
    })
}

/// An index or a size, which the tables keep from being negative.
pub(super) fn index(stored: i64) -> u64 {
    stored.unsigned_abs()
}

/// The same for the tables.
pub(super) fn stored(index: u64) -> i64 {
    i64::try_from(index).expect("a log of 2^63 entries takes longer to write than there is time")
}
