//! Forgets what has served its purpose: idempotency keys after a day, ended sessions, quiet addresses.

use anyhow::Result;
use kernel::idempotency;

use crate::{state::State, store::manage};

/// One round. Always says zero: there is nothing to hurry after.
pub async fn forget_old(state: State) -> Result<u64> {
    let mut conn = state.core.pool.acquire().await?;
    idempotency::forget_old(&mut conn, &state.core).await?;
    manage::forget_sessions(&mut conn, state.core.now()).await?;
    state.holds_per_address.forget_quiet();
    Ok(0)
}
