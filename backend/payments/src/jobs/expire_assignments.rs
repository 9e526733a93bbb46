//! Ends the asking for assignments that nobody answered in time, two hundred at a time; practices see that they have to ask again.

use anyhow::{Context as _, Result};
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::payments::assignment::AssignmentStatus;

use crate::{assigning, domain::assignment::StepBy, store::assignment};

const BATCH: i64 = 200;

/// One batch. Says how many were ended.
///
/// # Errors
/// When a table cannot be changed.
pub async fn expire_assignments(core: &Core) -> Result<u64> {
    let mut tx = core.begin().await?;
    let due = assignment::unanswered(&mut tx, core.now(), BATCH).await?;
    for id in &due {
        let row = assignment::find(&mut tx, *id).await?.context("what is locked is there")?;
        let entry = Entry {
            actor: Actor::System("payments.expire_assignments"),
            action: "expire_assignment",
            resource: row.assignment.organization_id.into(),
            whose: row.patient_id,
            purpose: Purpose::Payment,
            outcome: Outcome::Allowed,
        };
        let row = assignment::step(&mut tx, core, row, AssignmentStatus::Expired, StepBy::System).await?;
        assigning::tell(&mut tx, core, &row, None).await?;
        audit::record(&mut tx, core, entry).await?;
    }
    core.commit(tx).await?;
    Ok(due.len() as u64)
}
