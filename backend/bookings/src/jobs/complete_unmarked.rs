//! Has visits that nobody marked count as having taken place, fourteen hours after their start: each in a transaction of its own,
//! fifty in a row. The history says that nobody pressed a button. A failure leaves them due.

use anyhow::Result;

use crate::{
    domain::{Standing, Step, UNMARKED},
    state::State,
    steps,
    store::appointment,
};

const BATCH: u64 = 50;

/// One batch.
pub async fn complete_unmarked(state: State) -> Result<u64> {
    let core = &state.core;
    for done in 0..BATCH {
        let mut tx = core.begin().await?;
        let began_before = core.now().saturating_sub(UNMARKED)?;
        let Some(due) = appointment::claim_unmarked(&mut tx, began_before).await? else { return Ok(done) };
        let step = (Step::CompleteUnmarked, "bookings.complete_unmarked", "complete_unmarked");
        steps::take_by_itself(&mut tx, core, due, step, Standing::complete_unmarked).await?;
        core.commit(tx).await?;
    }
    Ok(BATCH)
}
