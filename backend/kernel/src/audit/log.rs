//! A service's log under its audit role: sequenced each second, and signed every five minutes, every thousand leaves and
//! at the end.
//!
//! An entry is outside the tree for up to a second and outside a checkpoint for up to five minutes; whoever can change
//! the database in that time is not seen. Checkpoints must leave the machine to bear witness against its administrator.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use sqlx::{PgPool, postgres::PgConnectOptions};
use transparency::{Checkpoint, NoteSigner, PublicKey, SignedCheckpoint, note::Algorithm};
use uuid::Uuid;

use super::{files::Folder, rows::stored, sequence};
use crate::{
    Chance, Clock,
    config::{self, Settings},
    database,
    jobs::Job,
    keys,
};

/// The name of the job.
pub(super) const JOB: &str = "kernel.sequence_audit";
/// How long a log goes unsigned while it grows.
const EVERY: SignedDuration = SignedDuration::from_mins(5);
/// How many leaves it may grow by before it is signed all the same.
const LEAVES: u64 = 1_000;
/// How many entries are destroyed at once.
const DESTROYED: i32 = 5_000;

/// The log of one service.
#[derive(Clone)]
pub struct Log {
    pool: PgPool,
    clock: Clock,
    chance: Chance,
    signers: Arc<[NoteSigner]>,
    folder: Folder,
    /// When this process signed last, or began.
    signed_at: Arc<Mutex<Timestamp>>,
}

/// The name of a service's log: the public address without its scheme, as C2SP wants it.
pub fn origin(settings: &Settings, service: &str) -> String {
    let host = settings.public_url.split_once("://").map_or(settings.public_url.as_str(), |(_, host)| host);
    format!("{host}/audit/{service}")
}

impl Log {
    /// Connects as the service's audit role and reads the key; in development it is made at the first start.
    ///
    /// # Errors
    /// When it cannot connect, or a key is missing in production or damaged.
    pub async fn open(
        options: PgConnectOptions,
        service: &str,
        settings: &Settings,
        clock: &Clock,
        chance: &Chance,
    ) -> Result<Self> {
        let signers = signers(service, settings, chance)?;
        let keys: Vec<&PublicKey> = signers.iter().map(NoteSigner::public).collect();
        let folder = Folder::open(&settings.home, service, &keys)?;
        let pool = database::pool(options, &format!("{service} audit"), 2).await?;
        let signed_at = Arc::new(Mutex::new(clock.now()));
        let (clock, chance) = (clock.clone(), chance.clone());
        Ok(Self { pool, clock, chance, signers: signers.into(), folder, signed_at })
    }

    /// The key that its checkpoints are signed with.
    pub fn key(&self) -> &PublicKey {
        self.signers[0].public()
    }

    /// Gives a batch of waiting entries their places and raises an alarm for each that nothing explains (C-19) and for
    /// each that is gone before it had its place. Says how many there were; none when another process is at it.
    ///
    /// # Errors
    /// When the log cannot be read or written, or subtrees are missing from it.
    pub async fn sequence(&self) -> Result<u64> {
        let mut tx = self.pool.begin().await?;
        if !sequence::lock(&mut tx).await? {
            return Ok(0);
        }
        let placed = sequence::batch(&mut tx, self.clock.now()).await?;
        tx.commit().await?;
        for (audit_entry_id, why) in &placed.suspect {
            tracing::error!(%audit_entry_id, why, "an act on a person's record that nothing explains");
        }
        for audit_entry_id in &placed.vanished {
            tracing::error!(%audit_entry_id, "an audit entry was deleted before it had its place in the tree");
        }
        metrics::counter!("audit_suspect").increment(placed.suspect.len() as u64);
        metrics::counter!("audit_vanished").increment(placed.vanished.len() as u64);
        Ok(placed.count)
    }

    /// Signs the log as it is and keeps the checkpoint in its folder and its table. `None` when nothing is new, or another
    /// process is at it.
    ///
    /// # Errors
    /// When the log contradicts the newest checkpoint in the folder: then nothing is signed, ever, until somebody has
    /// looked.
    pub async fn checkpoint(&self) -> Result<Option<SignedCheckpoint>> {
        let mut tx = self.pool.begin().await?;
        if !sequence::lock(&mut tx).await? {
            return Ok(None);
        }
        let size = sequence::size(&mut tx).await?;
        if let Some(newest) = self.folder.newest()? {
            let older = newest.verified(self.key()).context("the newest checkpoint in the folder")?;
            if size < older.size || sequence::range(&mut tx, older.size).await?.root() != older.root {
                // Dropped, it would keep the lock for a while.
                tx.rollback().await?;
                bail!(
                    "the audit log contradicts its checkpoint of {} leaves: it was tampered with",
                    older.size
                );
            }
            if size == older.size {
                return Ok(None);
            }
        }
        let now = self.clock.now();
        let root = sequence::range(&mut tx, size).await?.root();
        let checkpoint = Checkpoint { origin: self.key().name().to_owned(), size, root };
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        let signed = SignedCheckpoint::sign(checkpoint, self.signers.iter(), seconds);
        self.folder.keep(&signed)?;
        sqlx::query(
            "insert into audit_checkpoint (size, note, public_key, made_at) values ($1, $2, $3, $4) on conflict do nothing",
        )
        .bind(stored(size))
        .bind(signed.to_string())
        .bind(self.key().to_string())
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        *self.signed_at.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(Some(signed))
    }

    /// Destroys a batch of entries that are older than seven years (C-43). Their leaves stay, and an entry in the log says
    /// which went; the database refuses anything younger. Says how many; none when another process is at it.
    ///
    /// # Errors
    /// When the log cannot be read or written.
    pub async fn destroy_old(&self) -> Result<u64> {
        let mut tx = self.pool.begin().await?;
        if !sequence::lock(&mut tx).await? {
            return Ok(0);
        }
        let gone: i64 = sqlx::query_scalar("select destroy_audit_details($1, $2, $3, $4, $5)")
            .bind(self.chance.id::<Uuid>(&self.clock))
            .bind(self.chance.id::<Uuid>(&self.clock))
            .bind(self.clock.now().to_sqlx())
            .bind(self.chance.bytes::<16>().to_vec())
            .bind(DESTROYED)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(gone.unsigned_abs())
    }

    /// Sequences a batch, and signs when it is time.
    async fn tend(&self) -> Result<u64> {
        let placed = self.sequence().await?;
        let signed_at = *self.signed_at.lock().unwrap_or_else(PoisonError::into_inner);
        let size = sequence::size(&mut *self.pool.acquire().await?).await?;
        let signed = self.folder.newest()?.map_or(0, |newest| newest.unverified().size);
        let overdue = self.clock.now().duration_since(signed_at) >= EVERY;
        // A log that got shorter is for `checkpoint` to complain of.
        if size < signed || size >= signed + LEAVES || (overdue && size > signed) {
            self.checkpoint().await?;
        }
        Ok(placed)
    }

    /// What is left to do when the process ends.
    async fn close(&self) -> Result<u64> {
        while self.sequence().await? > 0 {}
        Ok(u64::from(self.checkpoint().await?.is_some()))
    }

    /// Destroys each hour what is older than seven years.
    pub fn destroying(&self) -> Job {
        let log = self.clone();
        Job::new("kernel.destroy_audit_details", Duration::from_secs(3600), move || {
            let log = log.clone();
            async move { log.destroy_old().await }
        })
    }

    /// Sequences each second while there is work, signs in time, and signs at the end.
    pub fn job(self) -> Job {
        let (tending, closing) = (self.clone(), self);
        let tend = move || {
            let log = tending.clone();
            async move { log.tend().await }
        };
        let close = move || {
            let log = closing.clone();
            async move { log.close().await }
        };
        Job::new(JOB, Duration::from_secs(1), tend).finally(close)
    }
}

/// The log's own key and, when there is one, a witness's. Both are files; a witness's belongs to somebody else.
fn signers(service: &str, settings: &Settings, chance: &Chance) -> Result<Vec<NoteSigner>> {
    let path = settings.home.join("keys").join(format!("{service}-audit-key"));
    settings.mode.check_key(&path)?;
    let name = origin(settings, service);
    let mut signers = vec![signer(&name, Algorithm::Log, &path, chance)?];
    if let Some(path) = config::witness_key() {
        ensure!(path.exists(), "HELLOMAPPER_WITNESS_KEY names {}, which is not there", path.display());
        let name = format!("{name}/witness");
        signers.push(signer(&name, Algorithm::Witness, &path, chance)?);
    }
    Ok(signers)
}

fn signer(name: &str, algorithm: Algorithm, path: &Path, chance: &Chance) -> Result<NoteSigner> {
    let seed = keys::secret_in_file(path, chance)?;
    NoteSigner::new(name, algorithm, &seed)
        .with_context(|| format!("HELLOMAPPER_PUBLIC_URL makes {name:?}, which cannot name a log"))
}
