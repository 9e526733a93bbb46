//! Destroys messages three months after they were written (C-43): what they said is forgotten long before, and that they were
//! sent is in the audit log. Each hour, a thousand at a time; a failure is tried again at the next look.

use jiff::SignedDuration;
use kernel::{
    Core,
    retention::{Destroyed, register},
};

use crate::store::retention::destroy_messages;

const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
const BATCH: i64 = 1000;

/// One batch. Says how many went.
///
/// # Errors
/// When the table cannot be changed.
pub async fn destroy_expired(core: &Core) -> anyhow::Result<u64> {
    let mut tx = core.begin().await?;
    let gone = destroy_messages(&mut tx, core.now() - KEPT, BATCH).await?;
    if let Some(destroyed) = Destroyed::unnamed("message", &gone) {
        register(&mut tx, core, &destroyed).await?;
    }
    core.commit(tx).await?;
    Ok(gone.len() as u64)
}
