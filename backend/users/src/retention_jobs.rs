//! Jobs that destroy what has been kept long enough (C-43), and forget replies that no request will ask for again.

use std::time::Duration;

use anyhow::Result;
use kernel::{
    Core, idempotency,
    jobs::Job,
    retention::{Destroyed, register, seven_years_before},
};

use crate::store::retention;

/// How many rows of each kind go in one transaction.
const BATCH: i64 = 200;

/// The jobs. Each is safe to run twice and by several workers; what fails is due again at the next look.
pub fn jobs(core: &Core) -> Vec<Job> {
    let (destroying, forgetting) = (core.clone(), core.clone());
    vec![
        Job::new("users.destroy_expired", Duration::from_secs(3600), move || {
            destroy_expired(destroying.clone())
        }),
        Job::new("users.forget_replies", Duration::from_secs(600), move || {
            forget_replies(forgetting.clone())
        }),
    ]
}

/// Seven years after it ended: leave to act for somebody, stated reasons, former details, receipts of those who are gone,
/// and closed accounts to which nothing refers any more.
async fn destroy_expired(core: Core) -> Result<u64> {
    let before = seven_years_before(core.now());
    let mut tx = core.begin().await?;
    let gone = [
        ("delegation", retention::destroy_delegations(&mut tx, before, BATCH).await?),
        ("access_grant", retention::destroy_access_grants(&mut tx, before, BATCH).await?),
        ("patient_history", retention::destroy_patient_history(&mut tx, before, BATCH).await?),
        ("consent_receipt", retention::destroy_consents(&mut tx, before, BATCH).await?),
        ("account", retention::destroy_accounts(&mut tx, before, BATCH).await?),
    ];
    let mut rows = 0;
    for destroyed in gone.iter().filter_map(|(class, moments)| Destroyed::unnamed(class, moments)) {
        register(&mut tx, &core, &destroyed).await?;
        rows += destroyed.rows;
    }
    core.commit(tx).await?;
    Ok(rows)
}

/// A day after the request. Always says zero: there is nothing to hurry after.
async fn forget_replies(core: Core) -> Result<u64> {
    let mut conn = core.pool.acquire().await?;
    idempotency::forget_old(&mut conn, &core).await?;
    Ok(0)
}
