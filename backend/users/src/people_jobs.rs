//! Jobs about people: leave to act that ends by itself, and letters nobody will answer any more.

use std::time::Duration;

use kernel::{
    Core,
    audit::{Actor, Purpose},
    jobs::Job,
};

use crate::{
    people::{leave_ended, note},
    store::{delegation, invitation},
};

/// How many are ended in one transaction.
const BATCH: i64 = 100;

/// The jobs. Each is safe to run twice and by several workers; what fails is due again at the next look.
pub fn jobs(core: &Core) -> Vec<Job> {
    let (ending, forgetting) = (core.clone(), core.clone());
    vec![
        Job::new("users.end_delegations", Duration::from_secs(60), move || end_delegations(ending.clone())),
        Job::new("users.forget_invitations", Duration::from_secs(3600), move || {
            forget_invitations(forgetting.clone())
        }),
    ]
}

/// Ends leave whose time is up: a parent's as the child turns 18, anybody else's as agreed. Tokens that still carry it
/// end with it.
async fn end_delegations(core: Core) -> anyhow::Result<u64> {
    let mut tx = core.begin().await?;
    let ended = delegation::end_due(&mut tx, core.now(), BATCH).await?;
    for one in &ended {
        leave_ended(&mut tx, &core, one).await?;
        let (actor, whose) = (Actor::System("users.end_delegations"), Some(one.patient_id));
        note(&mut tx, &core, actor, "end_delegation", one.delegation_id, whose, Purpose::Administration)
            .await?;
    }
    core.commit(tx).await?;
    Ok(u64::try_from(ended.len())?)
}

async fn forget_invitations(core: Core) -> anyhow::Result<u64> {
    let mut tx = core.begin().await?;
    let forgotten = invitation::forget_old(&mut tx, core.now()).await?;
    core.commit(tx).await?;
    Ok(forgotten)
}
