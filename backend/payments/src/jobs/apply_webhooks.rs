//! Applies what the processor told: it is asked where the object stands, and that is applied. Every second, twenty at a time. One
//! that cannot be applied is tried again after a while, longer each time; after the tenth it is given up with an error in the log,
//! and the nightly comparison finds what is left of it. What is about a payment that we do not know may be about one whose name we
//! are just being told, so it is looked at a few times before it is ignored.

use jiff::SignedDuration;

use crate::{
    applying::{self, Applied},
    state::State,
    store::webhook_received::{self, Due, End},
};

const BATCH: i64 = 20;
const LEASE: SignedDuration = SignedDuration::from_mins(2);
const TRIES: i16 = 10;
/// Within five minutes we have the names of what we asked for.
const UNKNOWN_TRIES: i16 = 5;

/// One batch. Says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn apply_webhooks(state: &State) -> anyhow::Result<u64> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let due = webhook_received::claim_due(&mut tx, core.now(), core.now() + LEASE, BATCH).await?;
    core.commit(tx).await?;
    for webhook in &due {
        apply(state, webhook).await?;
    }
    Ok(due.len() as u64)
}

async fn apply(state: &State, webhook: &Due) -> anyhow::Result<()> {
    let core = &state.core;
    let id = webhook.webhook_received_id;
    let applied = applying::apply_told(state, &webhook.told).await;
    let mut tx = core.begin().await?;
    match applied {
        Ok(Applied::Changed | Applied::Same) => {
            webhook_received::end(&mut tx, id, End::Applied, core.now()).await?;
        }
        Ok(Applied::Unknown) if webhook.attempts < UNKNOWN_TRIES && applying::may_be_ours(&webhook.told) => {
            let again_at = core.now() + super::run_processor_calls::pause_after(webhook.attempts);
            webhook_received::put_off(&mut tx, id, again_at).await?;
        }
        Ok(Applied::Unknown) => webhook_received::end(&mut tx, id, End::Ignored, core.now()).await?,
        Err(error) if webhook.attempts >= TRIES => {
            tracing::error!(webhook.id = %id, error = format!("{error:#}"), "a webhook was given up");
            webhook_received::end(&mut tx, id, End::GivenUp, core.now()).await?;
        }
        Err(error) => {
            tracing::warn!(webhook.id = %id, error = format!("{error:#}"), "a webhook could not be applied yet");
            let again_at = core.now() + super::run_processor_calls::pause_after(webhook.attempts);
            webhook_received::put_off(&mut tx, id, again_at).await?;
        }
    }
    core.commit(tx).await?;
    Ok(())
}
