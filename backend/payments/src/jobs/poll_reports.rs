//! Asks Medicare what came of claims that it has: how each was assessed, then how it was paid. Where the answer is not there yet, or
//! nobody answers, it is asked again six hours later, until the report is whole or has expired.

use anyhow::Result;

use crate::{claiming, state::State};

/// One claim. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn poll_reports(state: &State) -> Result<u64> {
    claiming::ask_next(&state.core, &*state.medicare).await
}
