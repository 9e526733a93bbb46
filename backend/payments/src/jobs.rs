//! Background jobs. Each is safe to run twice and by several workers.

mod destroy_expired;
mod reseal_coverage;

use std::time::Duration;

use kernel::jobs::Job;

use crate::state::State;

/// The service's jobs.
pub fn jobs(state: &State) -> Vec<Job> {
    let (destroying, resealing) = (state.core.clone(), state.clone());
    vec![
        Job::new("payments.destroy_expired", Duration::from_secs(3600), move || {
            let core = destroying.clone();
            async move { destroy_expired::destroy_expired(&core).await }
        }),
        Job::new("payments.reseal_coverage", Duration::from_secs(600), move || {
            let state = resealing.clone();
            async move { reseal_coverage::reseal_coverage(&state).await }
        }),
    ]
}
