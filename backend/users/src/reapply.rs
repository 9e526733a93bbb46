//! Making a restored backup forget again who was erased since it was made (C-14): by the register outside the database. What
//! was destroyed because its time was over needs no such thing: the jobs that destroy it go by dates, and find it again.

use std::{path::Path, time::Duration};

use anyhow::{Result, anyhow, ensure};
use jiff::{SignedDuration, Timestamp};
use kernel::{Core, Reject, config::Settings, jobs::Job};
use shared_types::OrganizationId;

use crate::{
    erasure::{Ask, erase},
    erasure_register::{Line, Register},
    secrets::Secrets,
    store::{account, erasure, platform_staff},
};

/// An erasure is seen a while after the moment that it names.
const LATE: SignedDuration = SignedDuration::from_hours(1);

/// Writes the register outside the database, a minute behind at most. It is safe to run twice and by several workers.
pub fn job(core: &Core, settings: &Settings) -> Job {
    let (core, register) = (core.clone(), Register::in_home(&settings.home));
    Job::new("users.write_erasures", Duration::from_secs(60), move || {
        write_register(core.clone(), register.clone())
    })
}

/// Always says zero: there is nothing to hurry after. Fails, and so says it in the service's log each minute, while a restored
/// database waits for its erasures.
async fn write_register(core: Core, register: Register) -> Result<u64> {
    let written = register.read()?.erasures;
    let newest = written.values().map(|line| line.asked_at).max();
    let from = newest.and_then(|newest| newest.checked_sub(LATE).ok()).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut conn = core.pool.acquire().await?;
    let mut new = erasure::asked_since(&mut conn, from).await?;
    new.retain(|line| !written.contains_key(&line.erasure_id));
    if !new.is_empty() {
        register.add(&new)?;
    }
    let ids: Vec<_> = written.keys().copied().collect();
    let forgotten = erasure::count_unknown(&mut conn, &ids).await?;
    ensure!(
        forgotten == 0,
        "{forgotten} people who were erased are unknown here: the database was restored from a backup; run `hellomapper \
         retention reapply`"
    );
    Ok(0)
}

/// What applying a register did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reapplied {
    /// Accounts that were there again and are erased once more.
    pub erased: u64,
    /// Erasures that the database knows of.
    pub known: u64,
    /// Accounts that are not there: they were opened after the backup was made.
    pub absent: u64,
    /// Lines that cannot be read.
    pub unreadable: u64,
    /// Practices that nobody owns now, since their other owners joined after the backup was made.
    pub left_alone: Vec<OrganizationId>,
}

/// Erases everybody in the register whom the database still has, each in a transaction of its own; the other services hear of
/// it as of any erasure. No letter goes out: they had one. A second time it changes nothing.
///
/// # Errors
/// When there is no register, or a table cannot be changed.
pub async fn reapply_erasures(
    core: &Core,
    settings: &Settings,
    register: Option<&Path>,
) -> Result<Reapplied> {
    let register = register.map_or_else(|| Register::in_home(&settings.home), Register::at);
    ensure!(register.path().exists(), "there is no register of erasures at {}", register.path().display());
    let lines = register.read()?;
    let secrets = Secrets::open(settings, &core.chance)?;
    let mut done = Reapplied { unreadable: lines.unreadable, ..Reapplied::default() };
    for line in lines.erasures.values() {
        reapply(core, &secrets, line, &mut done).await?;
    }
    Ok(done)
}

async fn reapply(core: &Core, secrets: &Secrets, line: &Line, done: &mut Reapplied) -> Result<()> {
    let Line { erasure_id, account_id, patients, asked_at } = line.clone();
    let mut tx = core.begin().await?;
    if erasure::find(&mut tx, erasure_id).await?.is_some() {
        done.known += 1;
        return Ok(());
    }
    account::lock_account(&mut tx, account_id).await?;
    match account::find_account(&mut tx, account_id).await? {
        Some(account) => {
            let left = erasure::owned_alone(&mut tx, account_id).await?;
            platform_staff::dismiss(&mut tx, account_id).await?;
            let ask = Ask { erasure_id, asked_at, others: patients };
            erase(&mut tx, core, secrets, &account, ask)
                .await
                .map_err(|Reject(problem)| anyhow!("erasing {account_id} again: {}", problem.title))?;
            done.erased += 1;
            done.left_alone.extend(left.into_iter().map(|practice| practice.organization_id));
        }
        None => {
            erasure::insert(&mut tx, erasure_id, account_id, &patients, asked_at).await?;
            done.absent += 1;
        }
    }
    core.commit(tx).await?;
    Ok(())
}
