//! Tables `users.key_leaf`, `users.key_node` and `users.key_checkpoint`: the key directory's log.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sealing::directory::{Leaf, Subject, VerifiedLeaf};
use shared_types::AccountId;
use sqlx::PgConnection;
use transparency::{Hash, NodeId};
use uuid::Uuid;

/// A leaf and its place.
#[derive(Clone, Debug)]
pub struct LeafRow {
    /// From 0.
    pub index: u64,
    /// As its subject signed it.
    pub data: Vec<u8>,
}

impl LeafRow {
    /// What it says.
    ///
    /// # Errors
    /// When the table holds something else than what was let in.
    pub fn read(&self) -> sqlx::Result<VerifiedLeaf> {
        let leaf = Leaf::parse(&self.data).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        leaf.verify().map_err(|error| sqlx::Error::Decode(Box::new(error)))
    }
}

/// What the log said of itself when it was signed last.
#[derive(Clone, Debug)]
pub struct CheckpointRow {
    /// The signed checkpoint.
    pub note: String,
    /// The key that signed it.
    pub public_key: String,
}

/// Takes the log's lock until the transaction ends: one writer at a time.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('users.key_leaf', 0))").execute(conn).await?;
    Ok(())
}

/// How many leaves there are.
///
/// # Errors
/// When the table cannot be read.
pub async fn size(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let size =
        sqlx::query_scalar!(r#"select coalesce(max(leaf_index) + 1, 0) as "size!" from users.key_leaf"#)
            .fetch_one(conn)
            .await?;
    Ok(read_index(size))
}

/// The newest checkpoint; none while there are no leaves.
///
/// # Errors
/// When the table cannot be read.
pub async fn newest_checkpoint(conn: &mut PgConnection) -> sqlx::Result<Option<CheckpointRow>> {
    sqlx::query_as!(
        CheckpointRow,
        "select note, public_key from users.key_checkpoint order by size desc limit 1"
    )
    .fetch_optional(conn)
    .await
}

/// The hashes of some subtrees, as far as they are there.
///
/// # Errors
/// When a table cannot be read.
pub async fn nodes(conn: &mut PgConnection, wanted: &[NodeId]) -> sqlx::Result<HashMap<NodeId, Hash>> {
    let levels: Vec<i16> = wanted.iter().map(|id| i16::from(id.level)).collect();
    let indexes: Vec<i64> = wanted.iter().map(|id| stored_index(id.index)).collect();
    let rows = sqlx::query!(
        r#"select wanted.level as "level!", wanted.node_index as "node_index!", coalesce(node.hash, leaf.hash) as "hash!"
           from unnest($1::smallint[], $2::bigint[]) as wanted (level, node_index)
               left join users.key_node node on node.level = wanted.level and node.node_index = wanted.node_index
               left join users.key_leaf leaf on wanted.level = 0 and leaf.leaf_index = wanted.node_index
           where coalesce(node.hash, leaf.hash) is not null"#,
        &levels,
        &indexes,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let level = u8::try_from(row.level).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            let hash =
                Hash::try_from(row.hash.as_slice()).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            Ok((NodeId { level, index: read_index(row.node_index) }, hash))
        })
        .collect()
}

/// Adds a leaf.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert_leaf(
    conn: &mut PgConnection,
    leaf: &LeafRow,
    subject: Subject,
    hash: Hash,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (kind, id) = match subject {
        Subject::Account(account_id) => ("account", account_id.0),
        Subject::Practice(organization_id) => ("practice", organization_id.0),
    };
    sqlx::query!(
        "insert into users.key_leaf (leaf_index, subject_kind, subject_id, data, hash, added_at) \
         values ($1, $2, $3, $4, $5, $6)",
        stored_index(leaf.index),
        kind,
        id,
        leaf.data,
        hash.0.as_slice(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds the subtrees that a leaf completes.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert_nodes(conn: &mut PgConnection, nodes: &[(NodeId, Hash)]) -> sqlx::Result<()> {
    for (id, hash) in nodes {
        sqlx::query!(
            "insert into users.key_node (level, node_index, hash) values ($1, $2, $3)",
            i16::from(id.level),
            stored_index(id.index),
            hash.0.as_slice(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Keeps a checkpoint of the log with that many leaves.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert_checkpoint(
    conn: &mut PgConnection,
    size: u64,
    checkpoint: &CheckpointRow,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.key_checkpoint (size, note, public_key, made_at) values ($1, $2, $3, $4)",
        stored_index(size),
        checkpoint.note,
        checkpoint.public_key,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Every leaf of some accounts, the earliest first.
///
/// # Errors
/// When the table cannot be read.
pub async fn of_accounts(conn: &mut PgConnection, accounts: &[AccountId]) -> sqlx::Result<Vec<LeafRow>> {
    let accounts: Vec<Uuid> = accounts.iter().map(|account_id| account_id.0).collect();
    let rows = sqlx::query!(
        "select leaf_index, data from users.key_leaf where subject_kind = 'account' and subject_id = any($1) \
         order by leaf_index",
        &accounts,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| LeafRow { index: read_index(row.leaf_index), data: row.data }).collect())
}

/// An index or a size, which the tables keep from being negative.
pub fn read_index(stored: i64) -> u64 {
    stored.unsigned_abs()
}

/// The same for the tables.
pub fn stored_index(index: u64) -> i64 {
    i64::try_from(index).expect("a log of 2^63 leaves takes longer to write than there is time")
}
