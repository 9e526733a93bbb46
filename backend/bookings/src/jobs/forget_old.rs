//! Forgets what has served its purpose: idempotency keys and ended holds after a day, dead links,
//! ended sessions, reasons that no longer stand, quiet addresses, who ran late, and after a month what webhooks were told.

use anyhow::Result;
use kernel::idempotency;

use crate::{
    state::State,
    store::{access_grant, hold, manage, reply, running_late, webhook},
};

/// One round. Always says zero: there is nothing to hurry after.
pub async fn forget_old(state: State) -> Result<u64> {
    let mut conn = state.core.pool.acquire().await?;
    idempotency::forget_old(&mut conn, &state.core).await?;
    manage::forget_sessions(&mut conn, state.core.now()).await?;
    manage::forget_links(&mut conn, state.core.now()).await?;
    reply::forget_over(&mut conn, state.core.now()).await?;
    hold::forget_ended(&mut conn, state.core.now()).await?;
    webhook::forget_old(&mut conn, state.core.now()).await?;
    running_late::forget_old(&mut conn, state.core.now()).await?;
    access_grant::forget_ended(&mut conn, state.core.now()).await?;
    state.holds_per_address.forget_quiet();
    state.feeds_per_address.forget_quiet();
    Ok(0)
}
