//! Sends claims to Medicare that were written down to be sent: one message at a time, each under its own id. A try without an answer
//! is followed by another, further apart each time; before each it is asked whether the last one arrived. The tenth failure is like the
//! first: the claim stands as `gateway_error` in the practice's queue until Medicare answers.

use anyhow::Result;

use crate::{claiming, state::State};

/// One message. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn lodge_claims(state: &State) -> Result<u64> {
    claiming::lodge_next(&state.core, &state.cipher, &*state.medicare).await
}
