//! Ends requests that a practice has not answered in time, each in a transaction of its own, fifty in a row. A failure leaves
//! them due, and fails the job once the others are ended; nobody can accept them meanwhile, since accepting asks the clock itself.

use anyhow::Result;

use super::one_by_one::OneByOne;
use crate::{
    domain::{Standing, Step},
    state::State,
    steps,
    store::appointment,
};

const BATCH: u64 = 50;

/// One batch.
pub async fn expire_requests(state: State) -> Result<u64> {
    let (core, mut run) = (&state.core, OneByOne::new());
    while run.done < BATCH {
        let mut tx = core.begin().await?;
        let Some(due) = appointment::claim_overdue(&mut tx, &run.failed, core.now()).await? else { break };
        let step = (Step::Expire, "bookings.expire_requests", "expire_appointment");
        let ended = steps::take_by_itself(&mut tx, core, due, step, Standing::expire).await;
        run.settle(core, tx, due, ended).await?;
    }
    run.end()
}
