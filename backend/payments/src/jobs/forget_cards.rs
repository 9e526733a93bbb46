//! Has the processor forget cards that nobody wants offered again, once nothing is paid with them any more: a guest's, one that was
//! given for a single booking, and one of somebody who was erased. Every hour, fifty at a time; what the processor does not answer is
//! asked again by `run_processor_calls`.

use anyhow::Result;
use jiff::SignedDuration;
use kernel::Core;

use crate::store::{
    processor_call::{NewCall, Operation, enqueue},
    saved_card,
};

const BATCH: i64 = 50;
/// So long after a visit what is left of its price may still be charged: a fee, or a higher price that was agreed to.
const AFTER_VISIT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// One batch. Says how many cards were removed.
///
/// # Errors
/// When a table cannot be changed.
pub async fn forget_cards(core: &Core) -> Result<u64> {
    let mut tx = core.begin().await?;
    let now = core.now();
    let removed = saved_card::remove_unneeded(&mut tx, now - AFTER_VISIT, now, BATCH).await?;
    for saved_card_id in &removed {
        enqueue(&mut tx, core, NewCall::about(Operation::DetachCard, saved_card_id.0)).await?;
    }
    core.commit(tx).await?;
    Ok(removed.len() as u64)
}
