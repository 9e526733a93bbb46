//! Ends appointments that nobody has paid for in time, each in a transaction of its own, fifty in a row. A failure leaves them
//! due. Money that comes while they are still there is in time; what comes later goes back.

use anyhow::Result;

use crate::{
    domain::{Standing, Step},
    inbox::payment_step,
    state::State,
    steps,
    store::appointment,
};

const BATCH: u64 = 50;

/// One batch.
pub async fn give_up_awaiting(state: State) -> Result<u64> {
    let core = &state.core;
    for done in 0..BATCH {
        let mut tx = core.begin().await?;
        let Some(due) = appointment::claim_unpaid(&mut tx, core.now()).await? else { return Ok(done) };
        if !payment_step::catch_up(&mut tx, core, due).await? {
            let step = (Step::GiveUp, "bookings.give_up_awaiting", "give_up_appointment");
            steps::take_by_itself(&mut tx, core, due, step, Standing::give_up).await?;
        }
        core.commit(tx).await?;
    }
    Ok(BATCH)
}
