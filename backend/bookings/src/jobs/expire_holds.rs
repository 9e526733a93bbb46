//! Ends holds whose ten minutes are up, a hundred at a time. A failure leaves them due; nobody can confirm them
//! meanwhile, since confirming asks the clock itself.

use anyhow::Result;

use crate::{
    state::State,
    store::{hold, reservation},
};

const BATCH: i64 = 100;

/// One batch.
pub async fn expire_holds(state: State) -> Result<u64> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let roles = hold::expire(&mut tx, now, BATCH).await?;
    if !roles.is_empty() {
        reservation::tell_next_free_soon(&mut tx, &roles, now).await?;
    }
    core.commit(tx).await?;
    Ok(u64::try_from(roles.len())?)
}
