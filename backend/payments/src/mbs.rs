//! Reads the Medicare Benefits Schedule from the official XML file into dated rows.
//!
//! The file is read twice from its beginning, record by record, so that memory does not grow with it: first to see that it is whole and
//! from which day it holds, then to compare it with what is there and to change that. Either all of it is applied or nothing. A file
//! that drops more than one item in twenty is no new schedule and is refused, and so is one that is older than what is in force. What
//! changed is told, and practices' rules are told anew with the new benefits.

mod compare;
mod item;
mod lists;
mod records;

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read},
};

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use kernel::{
    Core,
    audit::{self, Actor, Outcome, Purpose, Resource},
};
use sha2::{Digest as _, Sha256};
use shared_types::{
    MbsLoadId,
    payments::funding::{MbsLoad, MbsLoadStatus},
};
use sqlx::{Postgres, Transaction};

pub use self::{
    compare::{Change, Changes},
    item::Item,
    lists::{EligibleItem, GapCap, Incentive, List, load_list},
};
use self::{item::Unreadable, records::Records};
use crate::{funding, store::schedule};

/// What is done with a file that can be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Only tell what would change.
    Preview,
    /// Put it in force.
    Apply,
}

/// What came of a file.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The reading as it is kept; a refused one says so.
    pub load: MbsLoad,
    /// What it changes, or would.
    pub changes: Changes,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// Reads a schedule. `open` gives the file from its beginning, and is called twice.
///
/// # Errors
/// When the file cannot be read or the database fails. A file that is no schedule is no error: it is kept as refused.
pub async fn load<R: Read>(
    core: &Core,
    file_name: &str,
    wish: Wish,
    open: impl Fn() -> io::Result<R>,
) -> Result<Loaded> {
    let (read, sha256) = summary(open().context("opening the schedule")?)?;
    let load = MbsLoad {
        mbs_load_id: core.id(),
        file_name: file_name.to_owned(),
        sha256: hex::encode(sha256),
        loaded_at: core.now(),
        status: MbsLoadStatus::Refused,
        items: 0,
        added: 0,
        changed: 0,
        ended: 0,
    };
    let summary = match read {
        Ok(summary) => summary,
        Err(why) => return refuse(core, load, None, Changes::default(), why.to_string()).await,
    };
    let load = MbsLoad { items: i32::try_from(summary.items).context("counting items")?, ..load };
    let mut tx = core.begin().await?;
    schedule::loads::lock_loads(&mut tx).await?;
    let last = schedule::loads::in_force_from(&mut tx).await?;
    let is_applied = schedule::loads::is_applied(&mut tx, &load).await?;
    let why_not = match last {
        Some(last) if last > summary.effective_from => {
            Some(format!("it holds from {}, and the one in force from {last}", summary.effective_from))
        }
        Some(_) if is_applied => Some("it is in force already".to_owned()),
        Some(_) | None => None,
    };
    if let Some(why) = why_not {
        tx.rollback().await?;
        return refuse(core, load, Some(summary.effective_from), Changes::default(), why).await;
    }
    let again = BufReader::new(open().context("opening the schedule again")?);
    // Rows name their load. It stands for what it is once all are compared.
    let begun = MbsLoad { status: MbsLoadStatus::Previewed, ..load.clone() };
    schedule::loads::insert_load(&mut tx, &begun, summary.effective_from).await?;
    let changes = apply(&mut tx, &load, &summary, again).await?;
    let load = MbsLoad {
        added: i32::try_from(changes.added.len())?,
        changed: i32::try_from(changes.changed.len())?,
        ended: i32::try_from(changes.ended.len())?,
        ..load
    };
    if drops_too_many(&load) {
        // What was compared is not kept.
        tx.rollback().await?;
        let why = format!(
            "{} of {} items would end, which is more than one in twenty",
            load.ended,
            load.items + load.ended
        );
        return refuse(core, load, Some(summary.effective_from), changes, why).await;
    }
    let load = match wish {
        Wish::Preview => {
            tx.rollback().await?;
            tx = core.begin().await?;
            let load = MbsLoad { status: MbsLoadStatus::Previewed, ..load };
            schedule::loads::insert_load(&mut tx, &load, summary.effective_from).await?;
            load
        }
        Wish::Apply => {
            let load = MbsLoad { status: MbsLoadStatus::Applied, ..load };
            schedule::loads::finish_load(&mut tx, &load).await?;
            funding::tell_of_items(&mut tx, core, &changes.items()).await?;
            load
        }
    };
    note(&mut tx, core, load.mbs_load_id).await?;
    core.commit(tx).await?;
    Ok(Loaded { load, changes, refused: None })
}

/// What the first reading tells.
struct Summary {
    items: usize,
    /// The latest day on which anything in it begins: from then on it holds.
    effective_from: Date,
}

/// Reads all of a file, to see that it is whole, and its hash.
fn summary<R: Read>(file: R) -> Result<(Result<Summary, Unreadable>, [u8; 32])> {
    let mut hashing = Hashing { file, hash: Sha256::new() };
    let read = summary_of(BufReader::new(&mut hashing));
    // What stands behind the end of the document, or behind where it was given up, belongs to the hash, too.
    io::copy(&mut hashing, &mut io::sink()).context("reading the schedule")?;
    Ok((read, hashing.hash.finalize().into()))
}

fn summary_of(file: impl BufRead) -> Result<Summary, Unreadable> {
    let mut seen: HashMap<String, [u8; 32]> = HashMap::new();
    let mut effective_from: Option<Date> = None;
    for record in Records::new(file) {
        let item = Item::read(&record?)?;
        effective_from = effective_from.max(Some(item.effective_from));
        let digest = item.digest();
        let before = seen.insert(item.item_number.clone(), digest);
        if before.is_some_and(|before| before != digest) {
            return Err(Unreadable::Differs(item.item_number));
        }
    }
    let effective_from = effective_from.ok_or(Unreadable::Empty)?;
    Ok(Summary { items: seen.len(), effective_from })
}

/// Compares and changes, item by item. An item that is there twice is the same both times, and changes nothing the second time.
async fn apply(
    tx: &mut Transaction<'static, Postgres>,
    load: &MbsLoad,
    summary: &Summary,
    file: impl BufRead,
) -> Result<Changes> {
    let mut changes = Changes::default();
    for record in Records::new(file) {
        let item = Item::read(&record?)?;
        let old = schedule::latest(tx, &item.item_number).await?;
        compare::apply(tx, load.mbs_load_id, old, item, &mut changes).await?;
    }
    changes.ended = schedule::end_unseen(tx, load.mbs_load_id, summary.effective_from).await?;
    Ok(changes)
}

/// The database's constraint `mbs_load_keeps_items` says the same.
fn drops_too_many(load: &MbsLoad) -> bool {
    i64::from(load.ended) * 20 > i64::from(load.items) + i64::from(load.ended)
}

async fn refuse(
    core: &Core,
    load: MbsLoad,
    effective_from: Option<Date>,
    changes: Changes,
    why: String,
) -> Result<Loaded> {
    let mut tx = core.begin().await?;
    let load = MbsLoad { status: MbsLoadStatus::Refused, ..load };
    let from = effective_from.unwrap_or_else(|| shared_types::Zone::SYDNEY.date(core.now()));
    schedule::loads::insert_load(&mut tx, &load, from).await?;
    note(&mut tx, core, load.mbs_load_id).await?;
    core.commit(tx).await?;
    Ok(Loaded { load, changes, refused: Some(why) })
}

async fn note(tx: &mut Transaction<'static, Postgres>, core: &Core, id: MbsLoadId) -> sqlx::Result<()> {
    let entry = audit::Entry {
        actor: Actor::System("payments.mbs_load"),
        action: "load_schedule",
        resource: Resource { kind: "mbs_load", id: id.0 },
        whose: None,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(tx, core, entry).await?;
    Ok(())
}

/// Hashes what is read through it.
struct Hashing<R> {
    file: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.hash.update(&buffer[..length]);
        Ok(length)
    }
}
