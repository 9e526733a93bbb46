//! Asks patients anew whose agreement for a visit to come is to a provider number that is the practitioner's no more, or in words that cover
//! no item: role by role, one visit in a transaction, a hundred at a time every ten seconds. One that fails is logged and left to staff, so
//! that it is in nobody's way.

use anyhow::Result;
use kernel::Core;
use shared_types::BookingId;

use crate::{
    assigning,
    state::State,
    store::{
        claimant,
        role_setup::{self, AskingAnew},
    },
};

const BATCH: u64 = 100;

/// One batch. Says how many visits were asked about, and how many roles are done with.
///
/// # Errors
/// When a table cannot be changed.
pub async fn ask_anew(state: &State) -> Result<u64> {
    for done in 0..BATCH {
        if !ask_next(state).await? {
            return Ok(done);
        }
    }
    Ok(BATCH)
}

/// The next visit, or the end of a role's. False where no role is gone through.
async fn ask_next(state: &State) -> Result<bool> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let Some(of) = role_setup::asking_anew(&mut tx).await? else { return Ok(false) };
    let next = claimant::next_to_ask_anew(&mut tx, &of, core.now()).await?;
    let failed = match next {
        Some(booking_id) => {
            let asked = assigning::anew(&mut tx, core, &state.cipher, booking_id).await;
            asked.err().map(|error| (booking_id, error))
        }
        None => None,
    };
    if let Some((booking_id, error)) = failed {
        tx.rollback().await?;
        tracing::error!(
            booking.id = %booking_id,
            error = format!("{error:#}"),
            "a patient was not asked anew for a bulk-billed visit"
        );
        pass_over(core, &of, booking_id).await?;
        return Ok(true);
    }
    role_setup::go_on_asking(&mut tx, &of, next).await?;
    core.commit(tx).await?;
    Ok(true)
}

/// Goes on behind a visit about which nobody was asked.
async fn pass_over(core: &Core, of: &AskingAnew, booking_id: BookingId) -> Result<()> {
    let mut tx = core.begin().await?;
    role_setup::go_on_asking(&mut tx, of, Some(booking_id)).await?;
    core.commit(tx).await?;
    Ok(())
}
