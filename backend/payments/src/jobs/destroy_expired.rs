//! Destroys what has been kept for seven years (C-43): records of money, card numbers that nobody has touched, and what was
//! agreed to about them. Each hour, two hundred of each at a time; a failure leaves them due.

use anyhow::Result;
use jiff::Span;
use kernel::{
    Core,
    retention::{Destroyed, register, seven_years_before},
};
use shared_types::Zone;

use crate::store::{
    assignment_rights::{destroy_assignments, destroy_claimants},
    claim_rights::destroy_claims,
    retention::{destroy_coverages, destroy_payments, destroy_receipts},
};

const BATCH: i64 = 200;

/// One batch of each. Says how many rows went.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_expired(core: &Core) -> Result<u64> {
    let before = seven_years_before(core.now());
    // What nobody answered is kept as long as what somebody agreed to.
    let today = Zone::SYDNEY.date(core.now());
    let two_years_ago = Zone::SYDNEY.start_of_day(today.saturating_sub(Span::new().years(2)));
    let mut tx = core.begin().await?;
    let gone = [
        ("payment", destroy_payments(&mut tx, before, BATCH).await?),
        ("coverage", destroy_coverages(&mut tx, before, BATCH).await?),
        ("claim", destroy_claims(&mut tx, before, BATCH).await?),
        ("assignment", destroy_assignments(&mut tx, today, two_years_ago, BATCH).await?),
        ("claimant", destroy_claimants(&mut tx, before, BATCH).await?),
        ("consent_receipt", destroy_receipts(&mut tx, before, BATCH).await?),
    ];
    let mut rows = 0;
    for destroyed in gone.iter().filter_map(|(class, moments)| Destroyed::unnamed(class, moments)) {
        register(&mut tx, core, &destroyed).await?;
        rows += destroyed.rows;
    }
    core.commit(tx).await?;
    Ok(rows)
}
