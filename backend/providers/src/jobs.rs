//! Background jobs. Each is safe to run twice and by several workers.

use std::time::Duration;

use kernel::{
    audit::{self, Actor, Outcome, Purpose},
    idempotency,
    jobs::Job,
};

use crate::{
    state::State,
    store::listing,
    suspending::{refreshed, resource},
};

/// How many suspensions one look lifts, each in a transaction of its own.
const BATCH: u64 = 50;

/// The service's jobs.
pub fn jobs(state: &State) -> Vec<Job> {
    let (ended, replies) = (state.clone(), state.clone());
    vec![
        Job::new("providers.lift_suspensions", Duration::from_secs(60), move || {
            lift_suspensions(ended.clone())
        }),
        Job::new("providers.forget_replies", Duration::from_secs(600), move || {
            let state = replies.clone();
            async move {
                let mut tx = state.core.begin().await?;
                let gone = idempotency::forget_old(&mut tx, &state.core).await?;
                state.core.commit(tx).await?;
                Ok(gone)
            }
        }),
    ]
}

/// Lifts suspensions whose time is over. A failure leaves them due, and the listing away a while longer.
async fn lift_suspensions(state: State) -> anyhow::Result<u64> {
    let core = &state.core;
    for done in 0..BATCH {
        let mut tx = core.begin().await?;
        let Some(ended) = listing::claim_ended(&mut tx, core.now()).await? else { return Ok(done) };
        if let Some(lifted) = listing::lift(&mut tx, ended, None, core.now()).await? {
            refreshed(&mut tx, core, lifted).await?;
            let entry = audit::Entry {
                actor: Actor::System("providers.lift_suspensions"),
                action: "lift_suspension",
                resource: resource(lifted),
                whose: None,
                purpose: Purpose::Administration,
                outcome: Outcome::Allowed,
            };
            audit::record(&mut tx, core, entry).await?;
        }
        core.commit(tx).await?;
    }
    Ok(BATCH)
}
