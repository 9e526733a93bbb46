//! Gives waiting entries their place in the tree. One at a time for each service: whoever has the lock.

use jiff::{SignedDuration, Timestamp};
use sqlx::{PgConnection, Row as _};
use transparency::{CompactRange, Details, Entry, Hash, Leaf, NodeId, Outcome, Salt};
use uuid::Uuid;

use super::{
    Purpose,
    rows::{entry, entry_columns, index, stored},
};

/// How many entries get their places at once.
const BATCH: i64 = 1_000;
/// How much earlier than a leaf before it an entry may be without anything being wrong: longer than any transaction.
const SLACK: SignedDuration = SignedDuration::from_secs(60);

/// The action of a leaf that stands where an entry was taken away before it had its place.
const VANISHED: &str = "entry_vanished";

/// Takes the log's lock until the transaction ends. `false` when somebody else has it.
pub(super) async fn lock(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.audit_leaf', 0))",
    )
    .fetch_one(conn)
    .await
}

/// How many leaves there are.
pub(super) async fn size(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let size: i64 =
        sqlx::query_scalar("select coalesce(max(leaf_index) + 1, 0) from audit_leaf").fetch_one(conn).await?;
    Ok(index(size))
}

/// The tree of that many leaves.
///
/// # Errors
/// When a subtree is missing, which only somebody who got around the grants can have done.
pub(super) async fn range(conn: &mut PgConnection, size: u64) -> anyhow::Result<CompactRange> {
    let parts = CompactRange::parts(size);
    let found = nodes(conn, &parts).await?;
    let hashes: Option<Vec<_>> = parts.iter().map(|id| found.get(id).copied()).collect();
    let range = hashes.and_then(|hashes| CompactRange::resumed(size, hashes));
    range.ok_or_else(|| anyhow::anyhow!("subtrees of the audit log are missing: it has been tampered with"))
}

/// The hashes of some subtrees, as far as they are there.
pub(super) async fn nodes(
    conn: &mut PgConnection,
    wanted: &[NodeId],
) -> sqlx::Result<std::collections::HashMap<NodeId, Hash>> {
    let levels: Vec<_> = wanted.iter().map(|id| i16::from(id.level)).collect();
    let indexes: Vec<_> = wanted.iter().map(|id| stored(id.index)).collect();
    sqlx::query("select level, node_index, hash from read_audit_nodes($1, $2)")
        .bind(levels)
        .bind(indexes)
        .fetch_all(conn)
        .await?
        .iter()
        .map(|row| {
            let level = row.try_get::<i16, _>("level")?.unsigned_abs() as u8;
            let hash: Vec<u8> = row.try_get("hash")?;
            let hash = hash.as_slice().try_into().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            Ok((NodeId { level, index: index(row.try_get("node_index")?) }, hash))
        })
        .collect()
}

/// What a batch did.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// How many entries got a place.
    pub(super) count: u64,
    /// Those among them that nothing explains (C-19), and why.
    pub(super) suspect: Vec<(Uuid, String)>,
    /// Entries that were gone before they could get theirs.
    pub(super) vanished: Vec<Uuid>,
}

/// One batch, in the caller's transaction, which has the lock.
///
/// # Errors
/// When the tables cannot be read or written.
pub(super) async fn batch(conn: &mut PgConnection, now: Timestamp) -> anyhow::Result<Placed> {
    let vanished = vanished(conn).await?;
    let waiting = sqlx::query(concat!(
        "select ",
        entry_columns!(),
        " from audit_pending as pending join audit_entry as entry using (audit_entry_id) \
         order by entry.occurred_at, entry.audit_entry_id limit $1"
    ))
    .bind(BATCH)
    .fetch_all(&mut *conn)
    .await?;
    if waiting.is_empty() && vanished.is_empty() {
        return Ok(Placed::default());
    }
    let size = size(conn).await?;
    let mut batch = Batch::new(range(conn, size).await?, latest(conn).await?);
    for row in &waiting {
        batch.add(&entry(row)?);
    }
    for audit_entry_id in &vanished {
        batch.add(&instead_of(*audit_entry_id, now));
    }
    let suspect =
        sqlx::query_as("select audit_entry_id, why from audit_suspect where audit_entry_id = any($1)")
            .bind(&batch.ids)
            .fetch_all(&mut *conn)
            .await?;
    let count = batch.ids.len() as u64;
    batch.insert(conn).await?;
    Ok(Placed { count, suspect, vanished })
}

/// Entries that wait for a place and are not there: row and place commit together, so somebody took them away.
async fn vanished(conn: &mut PgConnection) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar(
        "select audit_entry_id from audit_pending as pending where not exists ( \
             select from audit_entry as entry where entry.audit_entry_id = pending.audit_entry_id) \
         order by audit_entry_id limit $1",
    )
    .bind(BATCH)
    .fetch_all(conn)
    .await
}

/// What is put into the tree in an entry's stead. The log goes on, or whoever deletes one entry could stop it; and as
/// there is no entry to that leaf, it never again passes for whole. The salt is no secret: who knows the id can tell
/// that it is meant.
fn instead_of(audit_entry_id: Uuid, now: Timestamp) -> Entry {
    Entry {
        action: VANISHED.to_owned(),
        details: Details {
            access_grant_id: None,
            actor: Some(super::log::JOB.to_owned()),
            actor_kind: "system".to_owned(),
            audit_entry_id,
            network: None,
            on_behalf_of: None,
            organization_id: None,
            purpose: Purpose::Administration.as_str().to_owned(),
            request_id: None,
            resource_id: audit_entry_id.to_string(),
            resource_kind: "audit_entry".to_owned(),
            session_id: None,
            strength: None,
            whose: None,
        },
        outcome: Outcome::Failed,
        salt: Salt([0; 16]),
        time_us: now.as_microsecond(),
    }
}

/// The latest time in the tree.
async fn latest(conn: &mut PgConnection) -> sqlx::Result<i64> {
    let latest = sqlx::query_scalar("select latest_us from audit_leaf order by leaf_index desc limit 1")
        .fetch_optional(conn);
    Ok(latest.await?.unwrap_or(Timestamp::MIN.as_microsecond()))
}

/// Columns of the rows to be written.
struct Batch {
    range: CompactRange,
    latest_us: i64,
    indexes: Vec<i64>,
    ids: Vec<Uuid>,
    data: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
    latest: Vec<i64>,
    nodes: (Vec<i16>, Vec<i64>, Vec<Vec<u8>>),
}

impl Batch {
    fn new(range: CompactRange, latest_us: i64) -> Self {
        Self {
            range,
            latest_us,
            indexes: Vec::new(),
            ids: Vec::new(),
            data: Vec::new(),
            hashes: Vec::new(),
            latest: Vec::new(),
            nodes: Default::default(),
        }
    }

    fn add(&mut self, entry: &Entry) {
        let index = self.range.size();
        let back = self.latest_us.saturating_sub(entry.time_us) > SLACK.as_micros() as i64;
        self.latest_us = self.latest_us.max(entry.time_us);
        let data = Leaf::of(entry, index, back).data();
        let hash = Hash::leaf(&data);
        self.indexes.push(stored(index));
        self.ids.push(entry.details.audit_entry_id);
        self.data.push(data);
        self.hashes.push(hash.0.to_vec());
        self.latest.push(self.latest_us);
        let (levels, places, hashes) = &mut self.nodes;
        self.range.push(hash, |id, hash| {
            if id.level > 0 {
                levels.push(i16::from(id.level));
                places.push(stored(id.index));
                hashes.push(hash.0.to_vec());
            }
        });
    }

    async fn insert(self, conn: &mut PgConnection) -> sqlx::Result<()> {
        sqlx::query("delete from audit_pending where audit_entry_id = any($1)")
            .bind(&self.ids)
            .execute(&mut *conn)
            .await?;
        sqlx::query(
            "insert into audit_leaf (leaf_index, audit_entry_id, data, hash, latest_us) \
             select * from unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[], $5::bigint[])",
        )
        .bind(self.indexes)
        .bind(self.ids)
        .bind(self.data)
        .bind(self.hashes)
        .bind(self.latest)
        .execute(&mut *conn)
        .await?;
        let (levels, places, hashes) = self.nodes;
        sqlx::query(
            "insert into audit_node (level, node_index, hash) \
             select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])",
        )
        .bind(levels)
        .bind(places)
        .bind(hashes)
        .execute(conn)
        .await?;
        Ok(())
    }
}
