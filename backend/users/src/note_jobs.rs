//! A job about notes: those of a booking that was never made are nobody's.

use std::time::Duration;

use kernel::{
    Core,
    audit::{Actor, Purpose},
    jobs::Job,
};

use crate::{people::note, store::note::destroy_due};

/// How many bookings' notes are destroyed in one transaction.
const BATCH: i64 = 100;
/// Its name, in the log too.
const NAME: &str = "users.destroy_orphan_notes";

/// The job. Safe to run twice and by several workers; what fails is due again at the next look.
pub fn jobs(core: &Core) -> Vec<Job> {
    let core = core.clone();
    vec![Job::new(NAME, Duration::from_secs(300), move || destroy_orphan_notes(core.clone()))]
}

async fn destroy_orphan_notes(core: Core) -> anyhow::Result<u64> {
    let mut tx = core.begin().await?;
    let destroyed = destroy_due(&mut tx, core.now(), BATCH).await?;
    for booking_id in &destroyed {
        let (actor, purpose) = (Actor::System(NAME), Purpose::Administration);
        note(&mut tx, &core, actor, "destroy_orphan_notes", *booking_id, None, purpose).await?;
    }
    core.commit(tx).await?;
    Ok(u64::try_from(destroyed.len())?)
}
