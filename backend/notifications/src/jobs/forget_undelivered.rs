//! Forgets what messages said that were given up, a week after they were written: until then a practice, or an administrator for what
//! is about no practice's booking, can queue them again once what was in their way is mended (`store/undelivered.rs`). Every hour, a
//! thousand at a time; a failure is tried again at the next look.

use jiff::SignedDuration;
use kernel::Core;

use crate::store::message::forget_undelivered as forget;

const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
const BATCH: i64 = 1000;

/// One batch. Says how many were forgotten.
///
/// # Errors
/// When the table cannot be changed.
pub async fn forget_undelivered(core: &Core) -> anyhow::Result<u64> {
    let mut tx = core.begin().await?;
    let forgotten = forget(&mut tx, core.now() - KEPT, BATCH).await?;
    core.commit(tx).await?;
    Ok(forgotten)
}
