//! Ends appointments that nobody has paid for in time, each in a transaction of its own, fifty in a row. A failure leaves them
//! due, and fails the job once the others are ended. Money that comes while they are still there is in time; what comes later goes
//! back.

use anyhow::Result;
use kernel::Core;
use shared_types::AppointmentId;
use sqlx::PgConnection;

use super::one_by_one::OneByOne;
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
    let (core, mut run) = (&state.core, OneByOne::new());
    while run.done < BATCH {
        let mut tx = core.begin().await?;
        let Some(due) = appointment::claim_unpaid(&mut tx, &run.failed, core.now()).await? else { break };
        let ended = give_up(&mut tx, core, due).await;
        run.settle(core, tx, due, ended).await?;
    }
    run.end()
}

async fn give_up(conn: &mut PgConnection, core: &Core, due: AppointmentId) -> Result<()> {
    if !payment_step::catch_up(conn, core, due).await? {
        let step = (Step::GiveUp, "bookings.give_up_awaiting", "give_up_appointment");
        steps::take_by_itself(conn, core, due, step, Standing::give_up).await?;
    }
    Ok(())
}
