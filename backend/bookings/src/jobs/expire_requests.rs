//! Ends requests that a practice has not answered in time, each in a transaction of its own, fifty in a row. A failure leaves
//! them due; nobody can accept them meanwhile, since accepting asks the clock itself.

use anyhow::Result;

use crate::{
    domain::{Standing, Step},
    state::State,
    steps,
    store::appointment,
};

const BATCH: u64 = 50;

/// One batch.
pub async fn expire_requests(state: State) -> Result<u64> {
    let core = &state.core;
    for done in 0..BATCH {
        let mut tx = core.begin().await?;
        let Some(due) = appointment::claim_overdue(&mut tx, core.now()).await? else { return Ok(done) };
        let step = (Step::Expire, "bookings.expire_requests", "expire_appointment");
        steps::take_by_itself(&mut tx, core, due, step, Standing::expire).await?;
        core.commit(tx).await?;
    }
    Ok(BATCH)
}
