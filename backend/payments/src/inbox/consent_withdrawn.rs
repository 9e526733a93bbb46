//! Somebody no longer agrees to a text: what rested on it ends.

use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::{payments::coverage::COVERAGE_TEXT, users::ConsentWithdrawn};
use sqlx::PgConnection;

use crate::store;

/// Notes it, and deletes the card numbers unless they were given anew after the withdrawal.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: &ConsentWithdrawn) -> anyhow::Result<()> {
    if fact.text != COVERAGE_TEXT {
        return Ok(());
    }
    store::consent::withdraw(conn, fact).await?;
    let row = store::coverage::find_coverage(conn, fact.patient_id).await?;
    if row.is_none_or(|row| row.updated_at > fact.withdrawn_at) {
        return Ok(());
    }
    store::coverage::delete_coverage(conn, fact.patient_id).await?;
    let entry = Entry {
        actor: Actor::System("payments.inbox"),
        action: "delete_coverage",
        resource: fact.patient_id.into(),
        whose: Some(fact.patient_id),
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
