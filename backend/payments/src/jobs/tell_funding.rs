//! Tells once more who pays for the appointment types of which something was not told when it was: a type in a transaction, a hundred at
//! a time every ten seconds.

use anyhow::Result;
use kernel::Core;

use crate::{funding::tell, store::funding};

const BATCH: u64 = 100;

/// One batch. Says how many types were told of.
///
/// # Errors
/// When a table cannot be read or changed.
pub async fn tell_funding(core: &Core) -> Result<u64> {
    for done in 0..BATCH {
        if !tell_next(core).await? {
            return Ok(done);
        }
    }
    Ok(BATCH)
}

/// The next type. False where none is to be told of.
async fn tell_next(core: &Core) -> Result<bool> {
    let mut tx = core.begin().await?;
    let Some((organization_id, of_type)) = funding::take_to_tell(&mut tx).await? else { return Ok(false) };
    let rules = funding::find(&mut tx, organization_id, of_type).await?;
    tell(&mut tx, core, &rules).await?;
    core.commit(tx).await?;
    Ok(true)
}
