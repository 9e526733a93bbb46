//! Looking for entries under the audit role: whose record, who acted, and when.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use serde::Serialize;
use shared_types::{AccountId, PatientId};
use sqlx::{PgConnection, Row as _, postgres::PgRow};
use transparency::Entry;
use uuid::Uuid;

use super::rows::{entry, entry_columns};

/// What to look for; what is absent does not matter.
#[derive(Clone, Debug)]
pub struct Search {
    /// The patient whose record it was.
    pub whose: Option<PatientId>,
    /// The account that acted.
    pub actor: Option<AccountId>,
    /// From this moment on.
    pub from: Timestamp,
    /// Before this one.
    pub to: Timestamp,
}

/// An entry that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// Its place in the tree; none for a second after it was written.
    pub index: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
}

/// Entries, the oldest first, at most so many.
///
/// # Errors
/// When the log cannot be read.
pub async fn search(conn: &mut PgConnection, search: &Search, at_most: i64) -> sqlx::Result<Vec<Found>> {
    let rows = sqlx::query(concat!(
        "select leaf.leaf_index, ",
        entry_columns!(),
        " from audit_entry as entry left join audit_leaf as leaf using (audit_entry_id) \
         where ($1::uuid is null or entry.whose = $1) \
         and ($2::text is null or (entry.actor_kind = 'account' and entry.actor = $2)) \
         and entry.occurred_at >= $3 and entry.occurred_at < $4 \
         order by entry.occurred_at, entry.audit_entry_id limit $5"
    ))
    .bind(search.whose)
    .bind(search.actor.map(|id| id.to_string()))
    .bind(search.from.to_sqlx())
    .bind(search.to.to_sqlx())
    .bind(at_most)
    .fetch_all(conn)
    .await?;
    rows.iter().map(found).collect()
}

fn found(row: &PgRow) -> sqlx::Result<Found> {
    let at = row.try_get::<jiff_sqlx::Timestamp, _>("occurred_at")?.to_jiff();
    Ok(Found { index: row.try_get("leaf_index")?, at, entry: entry(row)? })
}

/// Somebody or something that acts of one actor touched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Touched {
    /// The patient, when the entry names one.
    pub whose: Option<Uuid>,
    /// What kind of thing.
    pub resource_kind: String,
    /// Which.
    pub resource_id: String,
}

/// Whom a breach may affect: everything that an account touched, each once, and whose it was.
///
/// # Errors
/// When the log cannot be read.
pub async fn touched(
    conn: &mut PgConnection,
    actor: AccountId,
    from: Timestamp,
    to: Timestamp,
) -> sqlx::Result<Vec<Touched>> {
    let rows = sqlx::query(
        "select distinct whose, resource_kind, resource_id from audit_entry \
         where actor_kind = 'account' and actor = $1 and outcome = 'allowed' and occurred_at >= $2 and occurred_at < $3 \
         order by whose nulls last, resource_kind, resource_id",
    )
    .bind(actor.to_string())
    .bind(from.to_sqlx())
    .bind(to.to_sqlx())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Touched {
                whose: row.try_get("whose")?,
                resource_kind: row.try_get("resource_kind")?,
                resource_id: row.try_get("resource_id")?,
            })
        })
        .collect()
}

/// An act that nothing explains.
#[derive(Clone, Debug, Serialize)]
pub struct Suspect {
    /// The entry.
    pub audit_entry_id: Uuid,
    /// When.
    pub at: Timestamp,
    /// What is missing.
    pub why: String,
}

/// Reads with no care relationship and help without a stated reason (C-19), the oldest first.
///
/// # Errors
/// When the log cannot be read.
pub async fn suspect(conn: &mut PgConnection, from: Timestamp, to: Timestamp) -> sqlx::Result<Vec<Suspect>> {
    let rows = sqlx::query(
        "select audit_entry_id, occurred_at, why from audit_suspect where occurred_at >= $1 and occurred_at < $2 \
         order by occurred_at, audit_entry_id",
    )
    .bind(from.to_sqlx())
    .bind(to.to_sqlx())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Suspect {
                audit_entry_id: row.try_get("audit_entry_id")?,
                at: row.try_get::<jiff_sqlx::Timestamp, _>("occurred_at")?.to_jiff(),
                why: row.try_get("why")?,
            })
        })
        .collect()
}
