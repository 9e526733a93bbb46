//! Background jobs about accounts. Each is safe to run twice and by several workers.

use std::time::Duration;

use kernel::jobs::Job;

use crate::{state::State, store::attempt};

/// The jobs.
pub fn jobs(state: &State) -> Vec<Job> {
    let (ended, quiet) = (state.clone(), state.clone());
    vec![
        Job::new("users.forget_ended", Duration::from_secs(600), move || {
            let state = ended.clone();
            async move {
                let mut tx = state.core.begin().await?;
                let gone = attempt::forget_ended(&mut tx, state.core.now()).await?;
                state.core.commit(tx).await?;
                Ok(gone)
            }
        }),
        Job::new("users.forget_quiet_addresses", Duration::from_secs(600), move || {
            quiet.tries_per_address.forget_quiet();
            quiet.notes_per_address.forget_quiet();
            async { Ok(0) }
        }),
    ]
}
