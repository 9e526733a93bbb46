//! The key directory's log: appended to in the transaction of the act that publishes a key, and signed at once, since a key
//! that nobody can check is of no use. Who reads gets everything under one checkpoint.
//!
//! Whoever can change the database could still shorten the log unseen by us; browsers that have pinned a checkpoint notice.

use std::sync::Arc;

use anyhow::{Context as _, anyhow, ensure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use kernel::{Chance, Core, Reject, config::Settings, keys::secret_in_file};
use sealing::directory::VerifiedLeaf;
use shared_types::{
    Problem,
    problem::FieldError,
    users::{DirectoryEntry, KeyLogHead},
};
use sqlx::PgConnection;
use transparency::{
    Checkpoint, CompactRange, Hash, NodeId, NoteSigner, SignedCheckpoint, note::Algorithm, proof,
};

use crate::store::key_log::{self, CheckpointRow, LeafRow};

/// The log, with the key that signs it.
#[derive(Clone)]
pub struct KeyLog(Arc<NoteSigner>);

/// The log at one moment, for one reply.
pub struct Shown {
    /// What it said of itself then.
    pub head: KeyLogHead,
    size: u64,
}

impl KeyLog {
    /// Reads the key; in development it is made at the first start. The log's name is the public address without its
    /// scheme, as C2SP wants it, and `/keys`.
    ///
    /// # Errors
    /// When the file cannot be read or made, or is missing in production, which generates no keys.
    pub fn open(settings: &Settings, chance: &Chance) -> anyhow::Result<Self> {
        let path = settings.home.join("keys").join("users-key-log-key");
        settings.mode.check_key(&path)?;
        let url = settings.public_url.as_str();
        let origin = format!("{}/keys", url.split_once("://").map_or(url, |(_, host)| host));
        let signer = NoteSigner::new(&origin, Algorithm::Log, &secret_in_file(&path, chance)?);
        let signer = signer
            .with_context(|| format!("HELLOMAPPER_PUBLIC_URL makes {origin:?}, which cannot name a log"))?;
        Ok(Self(Arc::new(signer)))
    }

    /// Adds a leaf in the caller's transaction, as its last act: others who publish wait until it ends. Says its place.
    ///
    /// # Errors
    /// When the log contradicts its newest checkpoint: then nothing is added until somebody has looked. Or when a table
    /// cannot be changed.
    pub async fn append(
        &self,
        conn: &mut PgConnection,
        core: &Core,
        leaf: &VerifiedLeaf,
    ) -> anyhow::Result<u64> {
        key_log::lock(conn).await?;
        let mut range = range(conn).await?;
        let row = LeafRow { index: range.size(), data: leaf.leaf().to_bytes() };
        let (hash, now) = (Hash::leaf(&row.data), core.now());
        let mut nodes = Vec::new();
        range.push(hash, |id, hash| {
            if id.level > 0 {
                nodes.push((id, hash));
            }
        });
        key_log::insert_leaf(conn, &row, leaf.subject(), hash, now).await?;
        key_log::insert_nodes(conn, &nodes).await?;
        key_log::insert_checkpoint(conn, range.size(), &self.sign(&range, now), now).await?;
        Ok(row.index)
    }

    fn sign(&self, range: &CompactRange, now: Timestamp) -> CheckpointRow {
        let key = self.0.public();
        let checkpoint = Checkpoint { origin: key.name().to_owned(), size: range.size(), root: range.root() };
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        let signed = SignedCheckpoint::sign(checkpoint, [&*self.0], seconds);
        CheckpointRow { note: signed.to_string(), public_key: key.to_string() }
    }

    /// The log as it is now. What is shown with it must have been read before, so that it is in there.
    ///
    /// # Errors
    /// 422 when somebody has seen more of it than there is; else when a table cannot be read.
    pub async fn show(
        &self,
        conn: &mut PgConnection,
        core: &Core,
        since: Option<u64>,
    ) -> Result<Shown, Reject> {
        let newest = match key_log::newest_checkpoint(conn).await? {
            Some(newest) => newest,
            None => self.sign(&CompactRange::new(), core.now()),
        };
        let size = said(&newest)?.size;
        let consistency = match since {
            None => None,
            Some(old) if old > size => {
                let detail = "The log is shorter than that: what was seen before is missing from it";
                return Err(Problem::invalid(vec![FieldError::new("since", detail)]).into());
            }
            Some(old) => Some(consistency(conn, old, size).await?),
        };
        let head = KeyLogHead { checkpoint: newest.note, key: newest.public_key, consistency };
        Ok(Shown { head, size })
    }
}

impl Shown {
    /// Leaves with their way to the checkpoint's root.
    ///
    /// # Errors
    /// When a table cannot be read, or a part of the tree is missing.
    pub async fn entries(
        &self,
        conn: &mut PgConnection,
        leaves: &[LeafRow],
    ) -> anyhow::Result<Vec<DirectoryEntry>> {
        let wanted: Vec<NodeId> =
            leaves.iter().flat_map(|leaf| proof::inclusion_nodes(leaf.index, self.size)).collect();
        let nodes = key_log::nodes(conn, &wanted).await?;
        let entry = |leaf: &LeafRow| {
            let proof = proof::inclusion(leaf.index, self.size, &mut |id| nodes.get(&id).copied());
            Ok::<_, anyhow::Error>(DirectoryEntry {
                leaf: URL_SAFE_NO_PAD.encode(&leaf.data),
                index: leaf.index,
                proof: texts(proof.ok_or_else(incomplete)?),
            })
        };
        leaves.iter().map(entry).collect()
    }

    /// One leaf.
    ///
    /// # Errors
    /// As [`Shown::entries`].
    pub async fn entry(&self, conn: &mut PgConnection, leaf: LeafRow) -> anyhow::Result<DirectoryEntry> {
        self.entries(conn, &[leaf]).await?.pop().ok_or_else(incomplete)
    }
}

/// The tree as it is, if it is what the newest checkpoint says.
async fn range(conn: &mut PgConnection) -> anyhow::Result<CompactRange> {
    let size = key_log::size(conn).await?;
    let parts = CompactRange::parts(size);
    let nodes = key_log::nodes(conn, &parts).await?;
    let hashes: Option<Vec<_>> = parts.iter().map(|id| nodes.get(id).copied()).collect();
    let range = hashes.and_then(|hashes| CompactRange::resumed(size, hashes)).ok_or_else(incomplete)?;
    let signed = match key_log::newest_checkpoint(conn).await? {
        Some(newest) => {
            let said = said(&newest)?;
            (said.size, said.root)
        }
        None => (0, Hash::empty()),
    };
    ensure!(
        signed == (size, range.root()),
        "the key directory's log contradicts its checkpoint of {} leaves: it was tampered with",
        signed.0
    );
    Ok(range)
}

fn said(checkpoint: &CheckpointRow) -> anyhow::Result<Checkpoint> {
    let signed: SignedCheckpoint = checkpoint.note.parse().context("a checkpoint of the key directory")?;
    Ok(signed.unverified().clone())
}

async fn consistency(conn: &mut PgConnection, old: u64, new: u64) -> anyhow::Result<Vec<String>> {
    let nodes = key_log::nodes(conn, &proof::consistency_nodes(old, new)).await?;
    let proof = proof::consistency(old, new, &mut |id| nodes.get(&id).copied());
    Ok(texts(proof.ok_or_else(incomplete)?))
}

fn texts(hashes: Vec<Hash>) -> Vec<String> {
    hashes.iter().map(Hash::to_string).collect()
}

fn incomplete() -> anyhow::Error {
    anyhow!("parts of the key directory's log are missing: it was tampered with")
}
