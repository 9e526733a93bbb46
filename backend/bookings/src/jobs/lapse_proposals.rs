//! Ends proposals that nobody answered in time, a hundred at a time, and has whoever proposed them told. A failure leaves them due;
//! nobody can agree to one meanwhile, since answering asks the clock itself. The time that one kept is its hold's to free.

use anyhow::Result;
use shared_types::bookings::NotTakenFact;

use crate::{state::State, steps, store::proposal};

const BATCH: i64 = 100;

/// One batch.
pub async fn lapse_proposals(state: State) -> Result<u64> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let lapsed = proposal::lapse(&mut tx, now, BATCH).await?;
    for one in &lapsed {
        let Some(proposed_by) = one.proposed_by else { continue };
        let fact = NotTakenFact {
            booking_id: one.booking_id,
            proposed_by,
            refused: false,
            stands_at: one.stands_at,
            time_zone: one.time_zone,
        };
        steps::tell_not_taken(&mut tx, core, one.proposal_id, fact).await?;
    }
    core.commit(tx).await?;
    Ok(u64::try_from(lapsed.len())?)
}
